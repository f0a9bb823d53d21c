"""What our workbook reader does not tell: errors, formulas without a value, what is hidden, the epoch."""

from __future__ import annotations

import io
import zipfile

from orchestration.intake.readers.marks.book import UNCALCULATED, BookMarks, SheetMarks
from orchestration.intake.readers.marks.ods import ods_marks
from orchestration.intake.readers.marks.xls import xls_marks
from orchestration.intake.readers.marks.xlsb import xlsb_marks
from orchestration.intake.readers.marks.xlsx import xlsx_marks

__all__ = ["UNCALCULATED", "BookMarks", "SheetMarks", "marks_of"]


def marks_of(content: bytes) -> BookMarks:
    """Marks of a workbook of any kind; raises what its library raises where the workbook is damaged."""
    book = _marks_of(content)
    if book.awaits_calculation and not any(sheet.has_values for sheet in book.sheets.values()):
        for sheet in book.sheets.values():
            sheet.shown |= dict.fromkeys(sheet.valueless, UNCALCULATED)
    return book


def _marks_of(content: bytes) -> BookMarks:
    if not content.startswith(b"PK"):
        return xls_marks(content)
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        names = set(container.namelist())
        if "content.xml" in names:
            return ods_marks(container)
        return xlsb_marks(container) if "xl/workbook.bin" in names else xlsx_marks(container)
