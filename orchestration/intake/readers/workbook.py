"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as text: dates in ISO form, numbers as Excel stores them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from orchestration.intake.readers.table import RawTable, UnreadableFileError

MOST_BYTES = 1 << 30
MOST_CELLS = 50_000_000


def read_workbook(content: bytes) -> list[RawTable]:
    """Every visible sheet; hidden ones are left out and named in the notes of the first.

    Cells that were merged all hold the value of their first one. Raises `UnreadableFileError`.
    """
    import python_calamine as calamine

    _check_size(content)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        shown: list[str] = []
        hidden: list[str] = []
        for sheet in book.sheets_metadata:
            visible = sheet.visible == calamine.SheetVisibleEnum.Visible
            (shown if visible else hidden).append(sheet.name)
        tables = [_table(book.get_sheet_by_name(name), name) for name in shown]
        _show_errors(content, tables)
    except calamine.PasswordError as error:
        raise UnreadableFileError("it is protected by a password") from error
    except (KeyboardInterrupt, SystemExit, UnreadableFileError):
        raise
    except BaseException as error:  # the reader's own panics are no Exceptions
        raise UnreadableFileError("it is damaged or not a workbook") from error
    if tables and hidden:
        tables[0].notes.append(f"hidden sheets: {', '.join(hidden)}")
    return tables


def _check_size(content: bytes) -> None:
    """Refuse a container that says itself how much it would unpack to."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        if sum(part.file_size for part in container.infolist()) > MOST_BYTES:
            raise UnreadableFileError("it would unpack to more than any return")


def _table(sheet: Any, name: str) -> RawTable:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise UnreadableFileError(f"its sheet '{name}' has more cells than any return")
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, top, left, bottom, right)
    return RawTable(name, rows, has_serial_dates=True)


def _show_errors(content: bytes, tables: list[RawTable]) -> None:
    """Put `#N/A` and the like where they stand: our reader leaves such cells empty."""
    if not _has_error_cells(content):
        return
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    for table in tables:
        for row in book[table.sheet].iter_rows():
            for cell in row:
                if cell.data_type == "e" and cell.row <= len(table.rows):
                    cells = table.rows[cell.row - 1]
                    cells += [""] * (cell.column - len(cells))
                    cells[cell.column - 1] = str(cell.value)


def _has_error_cells(content: bytes) -> bool:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        sheets = [name for name in container.namelist() if re.match(r"xl/worksheets/[^/]+\.xml$", name)]
        return any(b't="e"' in container.read(name) for name in sheets)


def _fill(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = rows[top][left]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
