"""Marks of a workbook of Excel 97 to 2003."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from orchestration.intake.readers.marks.book import ERRORS, BookMarks, SheetMarks, shown_by_style

_SHEET, _BEGIN, _END, _FORMULA = 0x85, 0x809, 0x0A, 0x06
_VALUELESS = (bytes(8), b"\x03\x00\x00\x00\x00\x00\xff\xff")  # zero, an empty text
_MADE_BY = "\x05SummaryInformation"  # what a spreadsheet writes and a program that cannot calculate does not


def xls_marks(content: bytes) -> BookMarks:
    """Marks of every sheet."""
    import xlrd

    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    found = BookMarks(epoch=1904 if book.datemode else 1900)
    codes = {key: shown.format_str or "" for key, shown in book.format_map.items()}
    shows = shown_by_style([style.format_key for style in book.xf_list], codes)
    for sheet in book.sheets():
        marks = found.sheets[sheet.name] = SheetMarks(
            hidden_rows=sorted(row for row, info in sheet.rowinfo_map.items() if info.hidden),
            hidden_columns=sorted(column for column, info in sheet.colinfo_map.items() if info.hidden),
        )
        for row in range(sheet.nrows):
            marks.rows += any(value != "" for value in sheet.row_values(row))
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    marks.shown[row, column] = ERRORS.get(int(sheet.cell_value(row, column)), "#ERROR!")
                elif kind == xlrd.XL_CELL_NUMBER and (show := shows.get(sheet.cell_xf_index(row, column))):
                    marks.show((row, column), show(float(sheet.cell_value(row, column))))
    _mark_formulas(content, found)
    return found


def _mark_formulas(content: bytes, book: BookMarks) -> None:
    from xlrd.compdoc import CompDoc

    document = CompDoc(content, logfile=io.StringIO())
    stream = document.get_named_stream("Workbook") or document.get_named_stream("Book") or b""
    # As xlrd, we count worksheets only, which are of kind 0.
    starts = [
        struct.unpack_from("<i", r)[0] for kind, r in _records(stream, 0) if kind == _SHEET and not r[5]
    ]
    book.awaits_calculation = document.get_named_stream(_MADE_BY) is None
    for sheet, at in zip(book.sheets.values(), starts, strict=True):
        for kind, record in _records(stream, at):
            if kind == _FORMULA and record[6:14] in _VALUELESS:
                sheet.valueless.append(struct.unpack_from("<HH", record))
            elif kind == _FORMULA:
                sheet.has_values = True


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of the part that begins there, without the parts within it."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if not depth:
            return
        at += 4 + length
        if depth == 1:
            yield kind, stream[at - length : at]
