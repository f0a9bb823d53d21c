"""What is told of a workbook beside its values."""

from __future__ import annotations

from dataclasses import dataclass, field

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


@dataclass
class SheetMarks:
    """`shown`: (row, column) from 0 → what a person sees there instead of a value; hidden ones from 0."""

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass
class BookMarks:
    """Marks by sheet, and the year from which days are counted."""

    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    epoch: int = 1900
