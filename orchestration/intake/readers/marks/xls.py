"""Marks of a workbook of Excel 97 to 2003."""

from __future__ import annotations

from orchestration.intake.readers.marks.book import ERRORS, BookMarks, SheetMarks, percentage


def xls_marks(content: bytes) -> BookMarks:
    """Marks of every sheet."""
    import io

    import xlrd

    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    found = BookMarks(epoch=1904 if book.datemode else 1900)
    formats = (book.format_map.get(style.format_key) for style in book.xf_list)
    percents = {number for number, shown in enumerate(formats) if shown and "%" in shown.format_str}
    for sheet in book.sheets():
        marks = found.sheets[sheet.name] = SheetMarks(
            hidden_rows=sorted(row for row, info in sheet.rowinfo_map.items() if info.hidden),
            hidden_columns=sorted(column for column, info in sheet.colinfo_map.items() if info.hidden),
        )
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    marks.shown[row, column] = ERRORS.get(int(sheet.cell_value(row, column)), "#ERROR!")
                elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                    marks.shown[row, column] = percentage(float(sheet.cell_value(row, column)))
    return found
