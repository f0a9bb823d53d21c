"""Marks of an OpenDocument spreadsheet."""

from __future__ import annotations

import re
import zipfile

from orchestration.intake.readers.marks.book import UNCALCULATED, BookMarks, SheetMarks, percentage
from orchestration.intake.readers.marks.xlsx import parse

_MOST_ALIKE = 10_000  # rows; beyond is the empty rest of the sheet


def ods_marks(container: zipfile.ZipFile) -> BookMarks:
    """Marks of every sheet."""
    reader = _Reader()
    parse(container.read("content.xml"), reader.start, reader.end, reader.text)
    return reader.book


class _Reader:
    """Follows rows and cells, each of which may stand for several alike."""

    def __init__(self) -> None:
        self.book = BookMarks()
        self._sheet = SheetMarks()
        self._row = self._column = 0
        self._repeated = 1
        self._cell: dict[str, str] | None = None
        self._shown, self._is_filled = "", False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A table, a column definition, a row or a cell."""
        if name == "table:table":
            self._sheet = self.book.sheets[attributes.get("table:name", "")] = SheetMarks()
            self._row = self._column = 0
        elif name == "table:table-column":
            repeated = int(attributes.get("table:number-columns-repeated", 1))
            if _is_hidden(attributes):
                self._sheet.hidden_columns += range(self._column, self._column + min(repeated, 256))
            self._column += repeated
        elif name == "table:table-row":
            self._column, self._is_filled = 0, False
            self._repeated = int(attributes.get("table:number-rows-repeated", 1))
            if (
                _is_hidden(attributes) and self._repeated < _MOST_ALIKE
            ):  # beyond is the empty rest of the sheet
                self._sheet.hidden_rows += range(self._row, self._row + self._repeated)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._shown = attributes, ""

    def text(self, text: str) -> None:
        """What a cell shows."""
        if self._cell is not None:
            self._shown += text

    def end(self, name: str) -> None:
        """The end of a row or cell."""
        if name == "table:table-row":
            self._row += self._repeated
            self._sheet.rows += self._repeated * self._is_filled
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            repeated = int(self._cell.get("table:number-columns-repeated", 1))
            value = (
                self._shown
                if self._cell.get("office:value-type") == "string"
                else "office:value-type" in self._cell
            )
            self._is_filled |= bool(value) and not name.endswith("covered-table-cell")
            if mark := _mark(self._cell, self._shown.strip()):
                rows = range(self._row, self._row + min(self._repeated, _MOST_ALIKE))
                columns = range(self._column, self._column + min(repeated, 256))
                self._sheet.shown |= {(row, column): mark for row in rows for column in columns}
            self._column += repeated
            self._cell = None


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility") in ("collapse", "filter")


def _is_reference(shown: str, value: float) -> bool:
    """Whether a number is shown with zeros or letters before it, as in 00123 or AB-123."""
    before = shown.removesuffix(str(int(value))) if value >= 0 and value.is_integer() else ""
    return before != shown and (before.endswith("0") or re.search("[A-Za-z]", before) is not None)


def _mark(cell: dict[str, str], shown: str) -> str | None:
    if cell.get("calcext:value-type") == "error":
        return shown or "#ERROR!"
    if cell.get("office:value-type") == "percentage" and "office:value" in cell:
        return percentage(float(cell["office:value"]))
    if cell.get("office:value-type") == "time":
        return shown
    if cell.get("office:value-type") == "float" and _is_reference(shown, float(cell["office:value"])):
        return shown
    if "table:formula" not in cell:
        return None
    if "office:value-type" not in cell:
        return UNCALCULATED
    return shown if shown.startswith(("#", "Err:")) else None
