"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as text: dates in ISO form, numbers as Excel stores them."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from orchestration.intake.readers.table import RawTable, UnreadableFileError


def read_workbook(content: bytes) -> list[RawTable]:
    """Every visible sheet; hidden ones are left out and named in the notes of the first.

    Cells that were merged all hold the value of their first one. Raises `UnreadableFileError`.
    """
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(content))
        shown: list[str] = []
        hidden: list[str] = []
        for sheet in book.sheets_metadata:
            visible = sheet.visible == calamine.SheetVisibleEnum.Visible
            (shown if visible else hidden).append(sheet.name)
        tables = [_table(book.get_sheet_by_name(name), name) for name in shown]
    except calamine.PasswordError as error:
        raise UnreadableFileError("it is protected by a password") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's own panics are no Exceptions
        raise UnreadableFileError("it is damaged or not a workbook") from error
    if tables and hidden:
        tables[0].notes.append(f"hidden sheets: {', '.join(hidden)}")
    return tables


def _table(sheet: Any, name: str) -> RawTable:
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, top, left, bottom, right)
    return RawTable(name, rows, has_serial_dates=True)


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
