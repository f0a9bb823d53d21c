"""What is told of a workbook beside its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

Shown = Callable[[float], str | None]
"""What a person sees of a number, or none where that is the number."""

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
_PERCENT_FORMATS = {9: "0%", 10: "0.00%"}  # those that a workbook need not define
_REFERENCE = re.compile('(?:"([^"]*[A-Za-z][^"]*)")?(0+)')


def shown_by(code: str) -> Shown | None:
    """How a number format shows a number, where it is a percentage or a reference such as 00123 or AB-123."""
    if "%" in code:
        return percentage
    literal = re.sub(r"\\(.)", r'"\1"', re.sub(r"\[[^]]*]", "", code.partition(";")[0])).replace('""', "")
    found = _REFERENCE.fullmatch(literal)
    if not found or literal == "0":
        return None
    before, digits = found[1] or "", len(found[2])
    return lambda value: f"{before}{int(value):0{digits}d}" if value >= 0 and value.is_integer() else None


def shown_by_style(styles: list[int], codes: dict[int, str]) -> dict[int, Shown]:
    """Number of a cell style → how it shows a number; `styles`: the number format of each."""
    shows = {number: shown_by(code) for number, code in (_PERCENT_FORMATS | codes).items()}
    return {n: show for n, style in enumerate(styles) if (show := shows.get(style))}


def percentage(value: float) -> str:
    """What a cell with a percent format shows: 0.9 is 90%, whatever binary fractions make of it."""
    return f"{Decimal(repr(round(value * 100, 10))):f}".removesuffix(".0") + "%"


@dataclass
class SheetMarks:
    """`shown`: (row, column) from 0 → what a person sees there instead of a value; hidden ones from 0.

    `valueless`: formulas with a zero or nothing for a value; `has_values` where another has some other one.
    `rows` that hold a value, counted without our reader; 0 where they were not.
    """

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    valueless: list[tuple[int, int]] = field(default_factory=list)
    has_values: bool = False
    rows: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def show(self, place: tuple[int, int], text: str | None) -> None:
        """Note what a person sees in a cell, where there is something to note."""
        if text is not None:
            self.shown[place] = text


@dataclass
class BookMarks:
    """Marks by sheet, and the year from which days are counted.

    `awaits_calculation` where a program wrote it that may have left all formulas to whoever opens it.
    """

    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    epoch: int = 1900
    awaits_calculation: bool = False
