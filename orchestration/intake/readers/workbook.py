"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as text: dates in ISO form, numbers as Excel stores them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orchestration.intake.readers.marks import BookMarks, SheetMarks, marks_of
from orchestration.intake.readers.table import MOST_COLUMNS, RawTable, UnreadableFileError

PACKED = "it is packed (a zip or the like) and must be unpacked first"
MOST_BYTES = 1 << 30
MOST_CELLS = 50_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK_PARTS = ("xl/", "xl\\", "[content_types].xml", "content.xml")  # of Excel, of OpenDocument
_NAMED = 10
_PROTECTED = "it is protected by a password"


def read_workbook(content: bytes) -> list[RawTable]:
    """Every sheet, the hidden ones last; hidden rows and columns are named in the notes of the first.

    A cell merged over several rows stands in each of them. An error cell, and a formula that was never
    calculated, is the text that a person sees. Raises `UnreadableFileError`.
    """
    import python_calamine as calamine

    _check_container(content)
    if not content.startswith(b"PK") and _ENCRYPTED in content:
        raise UnreadableFileError(_PROTECTED)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
        marks = marks_of(content)
        tables = [
            _table(
                book.get_sheet_by_name(s.name), s.name, marks, s.visible != calamine.SheetVisibleEnum.Visible
            )
            for s in sheets
        ]
    except calamine.PasswordError as error:
        raise UnreadableFileError(_PROTECTED) from error
    except (KeyboardInterrupt, SystemExit, UnreadableFileError, MemoryError):
        raise
    except BaseException as error:  # the reader's own panics are no Exceptions
        why = _PROTECTED if _is_protected(content) else "it is damaged or not a workbook"
        raise UnreadableFileError(why) from error
    tables.sort(key=lambda table: table.is_hidden)
    if tables:
        tables[0].notes += _notes(marks)
    return tables


def _is_protected(content: bytes) -> bool:
    """Whether a book that cannot be opened is encrypted: ods says so in its manifest, xls in a record."""
    import xlrd

    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as container:
                return b"encryption-data" in container.read("META-INF/manifest.xml")
        xlrd.open_workbook(file_contents=content, on_demand=True)
    except Exception as error:  # a damaged file makes them fail in any way
        return "encrypted" in str(error)
    return False


def _check_container(content: bytes) -> None:
    """Refuse a container that is no workbook, or says itself that it would unpack to too much."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        if sum(part.file_size for part in container.infolist()) > MOST_BYTES:
            raise UnreadableFileError("it would unpack to more than any return")
        if not any(name.casefold().startswith(_BOOK_PARTS) for name in container.namelist()):
            raise UnreadableFileError(PACKED)


def _table(sheet: Any, name: str, marks: BookMarks, is_hidden: bool) -> RawTable:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise UnreadableFileError(f"its sheet '{name}' has more cells than any return")
    ranges = sheet.merged_cell_ranges or []
    merged = [(top, left, bottom) for (top, left), (bottom, _) in ranges if bottom > top]
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    own = marks.sheets.get(name, SheetMarks())
    rows = _shown((margin + list(map(_text, row)) for row in sheet.iter_rows()), own)
    table = RawTable.of(name, _filled(_counted(rows, own.rows, name), merged))
    table.epoch, table.is_hidden, table.merged = marks.epoch, is_hidden, sorted(merged)
    return table


def _shown(rows: Iterable[list[str]], marks: SheetMarks) -> Iterator[list[str]]:
    """Put what a person sees where our reader leaves cells empty, also below and beside the last value."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in marks.shown.items():
        if row * column <= MOST_CELLS and column < MOST_COLUMNS:
            by_row.setdefault(row, {})[column] = text
    number = -1
    for number, cells in enumerate(rows):
        yield _with(cells, by_row.pop(number, {}))
    for later in range(number + 1, max(by_row, default=number) + 1):
        yield _with([], by_row.get(later, {}))


def _with(cells: list[str], shown: dict[int, str]) -> list[str]:
    for column, text in shown.items():
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text
    return cells


def _counted(rows: Iterable[list[str]], told: int, name: str) -> Iterator[list[str]]:
    """Every row; raises `UnreadableFileError` where fewer of them hold something than were `told`."""
    found = 0
    for cells in rows:
        found += any(cells)
        yield cells
    if found < told:
        raise UnreadableFileError(
            f"its sheet '{name}' has {told:,} rows with values, and {found:,} can be read"
        )


def _filled(rows: Iterable[list[str]], merged: list[tuple[int, int, int]]) -> Iterator[list[str]]:
    """Repeat a merged cell in the rows below its first."""
    open_below: dict[int, tuple[int, str]] = {}
    starts = {(top, left): bottom for top, left, bottom in merged}
    columns = {left for _, left, _ in merged}
    for number, cells in enumerate(rows):
        for column in columns:
            last, text = open_below.get(column, (-1, ""))
            if number <= last:
                cells = _with(cells, {column: text})
            elif (number, column) in starts and column < len(cells):
                open_below[column] = starts[number, column], cells[column]
        yield cells


def _notes(marks: BookMarks) -> Iterator[str]:
    for name, sheet in marks.sheets.items():
        if sheet.hidden_rows:
            yield f"hidden rows in '{name}': {_named(sheet.hidden_rows, lambda row: str(row + 1))}"
        if sheet.hidden_columns:
            yield f"hidden columns in '{name}': {_named(sheet.hidden_columns, _letters)}"


def _named(numbers: list[int], name: Callable[[int], str]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(map(name, numbers[:_NAMED])) + more


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return "" if cell is None else str(cell)
