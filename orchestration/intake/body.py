"""What stands below a header: data rows as a frame of text, and the rows that are no data, each named."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from orchestration.intake.contract import Table
from orchestration.intake.header import Header
from orchestration.intake.readers import RawTable
from orchestration.intake.texts import Texts


@dataclass(frozen=True)
class Body:
    """Data rows of one table of a file.

    `cells`: the text of each contract column that the file has; `source_row`: the row as a person sees it.
    `subtotals`, `remarks` and `blank` are no data; `off_width` were set aside because their number of
    cells is not that of the header. `totals`: contract column → text in the grand total.
    """

    table: Table
    sheet: str
    header: Header
    has_serial_dates: bool
    cells: dict[str, Texts]
    source_row: np.ndarray
    extras: dict[str, Texts]
    subtotals: list[int]
    remarks: list[int]
    blank: int
    off_width: list[int]
    totals: dict[str, str]

    @property
    def records(self) -> int:
        """Data rows."""
        return len(self.source_row)

    @property
    def rows_no_data(self) -> int:
        """Rows that are neither records nor faults."""
        return len(self.subtotals) + len(self.remarks) + self.blank

    @property
    def rows_read(self) -> int:
        """All rows below the header."""
        return self.records + len(self.off_width) + self.rows_no_data


def read_body(sheet: RawTable, header: Header, end: int) -> Body:
    """Sort the rows between a header and `end` into data and no data."""
    rows = sheet.rows[header.body : _last_row(sheet.rows, header.body, end)]
    first = sheet.first_row + header.body
    kinds = [_kind(row, header, sheet.has_fixed_width) for row in map(_Words(header.table), rows)]
    numbers: dict[str, list[int]] = {kind: [] for kind in ("data", "blank", "subtotal", "remark", "width")}
    for number, kind in enumerate(kinds):
        numbers[kind].append(number)
    data = [rows[n] for n in numbers["data"]]
    return Body(
        table=header.table,
        sheet=sheet.sheet,
        header=header,
        has_serial_dates=sheet.has_serial_dates,
        cells={name: _column(data, i) for name, i in header.positions.items()},
        source_row=first + np.array(numbers["data"], dtype="int64"),
        extras={name or f"(column {i + 1})": _column(data, i) for i, name in header.extras.items()},
        subtotals=[first + n for n in numbers["subtotal"]],
        remarks=[first + n for n in numbers["remark"]],
        blank=len(numbers["blank"]),
        off_width=[first + n for n in numbers["width"]],
        totals=_totals(rows, numbers["subtotal"], header),
    )


@dataclass(frozen=True)
class _Row:
    cells: list[str]
    filled: int
    is_subtotal: bool


class _Words:
    """Looks at a row once: how many cells are filled, and whether the first of them says "total"."""

    def __init__(self, table: Table) -> None:
        words = "|".join(re.escape(word) for word in sorted(table.subtotal_words, key=len, reverse=True))
        self.pattern = (
            re.compile(rf"^\s*(?:(?:{words})\b|.{{0,40}}\b(?:{words})\s*:?\s*$)", re.I) if words else None
        )

    def __call__(self, cells: list[str]) -> _Row:
        filled = [cell for cell in cells if cell and not cell.isspace()]
        is_subtotal = bool(filled and self.pattern and self.pattern.match(filled[0]))
        return _Row(cells, len(filled), is_subtotal)


def _kind(row: _Row, header: Header, has_fixed_width: bool) -> str:
    width = len(header.names)
    if not row.filled:
        return "blank"
    if row.is_subtotal:
        return "subtotal"
    if has_fixed_width and (len(row.cells) < width or any(c.strip() for c in row.cells[width:])):
        return "width"
    if not has_fixed_width and row.filled == 1 and len(header.positions) > 2:
        return "remark"
    return "data"


def _last_row(rows: list[list[str]], start: int, end: int) -> int:
    """Rows after the last filled one are no part of the table."""
    while end > start and not any(cell.strip() for cell in rows[end - 1]):
        end -= 1
    return end


def _column(rows: list[list[str]], index: int) -> Texts:
    # A workbook's rows may be shorter than its widest; a delimited record that is has been set aside.
    return Texts.of(row[index] if index < len(row) else "" for row in rows)


def _totals(rows: list[list[str]], subtotals: list[int], header: Header) -> dict[str, str]:
    """The row of a grand total: the last subtotal, when nothing but "total" or "grand total" is its name."""
    named = [
        n
        for n in subtotals
        if re.match(r"^\s*(grand )?total\s*:?\s*$", next(c for c in rows[n] if c.strip()), re.I)
    ]
    if not named:
        return {}
    row = rows[named[-1]]
    return {name: row[i] if i < len(row) else "" for name, i in header.positions.items()}
