"""What is told of a workbook beside its values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

UNCALCULATED = "#NOT CALCULATED!"
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def percentage(value: float) -> str:
    """What a cell with a percent format shows: 0.9 is 90%, whatever binary fractions make of it."""
    return f"{Decimal(repr(round(value * 100, 10))):f}".removesuffix(".0") + "%"


@dataclass
class SheetMarks:
    """`shown`: (row, column) from 0 → what a person sees there instead of a value; hidden ones from 0.

    `valueless`: formulas with a zero or nothing for a value; `has_values` where another has some other one.
    """

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    valueless: list[tuple[int, int]] = field(default_factory=list)
    has_values: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass
class BookMarks:
    """Marks by sheet, and the year from which days are counted.

    `awaits_calculation` where a program wrote it that may have left all formulas to whoever opens it.
    """

    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    epoch: int = 1900
    awaits_calculation: bool = False
