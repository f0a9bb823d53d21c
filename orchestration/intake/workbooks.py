"""The partner's workbook with its faults marked, as bytes; nothing in it is run when it is opened."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from orchestration.control.rules import load_rules
from orchestration.intake.feedback import FOLLOWS, Feedback, Mark
from orchestration.intake.readers import RawTable

MOST_MARKS = 5000
MOST_OWN_BYTES = 3_000_000
_COLOURS = {"return": "F8CBAD", "record": "F8CBAD", "release": "F8CBAD", "warn": "FFE699", "info": "DDEBF7"}
_WIDE, _LINE = 90, 15  # characters; points
_FINDINGS = {
    "Rule": 8,
    "What follows": 26,
    "Sheet": 18,
    "First row": 10,
    "Column": 22,
    "Times": 8,
    "What is wrong": _WIDE,
    "Perhaps you meant": 30,
    "Put right by": 14,
}
_WHO = {"partner": "you", "officer": "us", "steward": "us", "engineer": "us"}
_EXACT_DAY = datetime(2020, 1, 1)  # the same file for the same faults
_BOLD, _TOP = Font(bold=True), Alignment(vertical="top")


def write_workbook(told: Feedback) -> bytes:
    """Summary, findings, then the partner's own sheets with each faulty cell filled and commented."""
    book = _own(told.content) or _made(told.tables)
    marked = _mark(book, told)
    _summary(book, told, marked)
    _findings(book, told)
    book.active = 0
    book.properties.created = book.properties.modified = _EXACT_DAY
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _own(content: bytes) -> Workbook | None:
    """The partner's own workbook without macros, links and formulas; none where it is something else."""
    if not content.startswith(b"PK") or len(content) > MOST_OWN_BYTES:
        return None
    try:
        book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile):
        return None
    book.defined_names.clear()
    for sheet in book.worksheets:
        sheet.defined_names.clear()
        sheet.conditional_formatting = ConditionalFormattingList()  # its colours would hide ours
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell):
                    cell.hyperlink = None
                    if isinstance(cell.value, str):
                        _put(cell, cell.value)
    return book if book.worksheets else None


def _made(tables: list[RawTable]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(_title(table.sheet, number))
        for r, row in enumerate(table.rows, start=max(1, table.first_row)):
            for c, text in enumerate(row, start=1):
                _put(sheet.cell(r, c), text)
    return book


def _title(name: str, number: int) -> str:
    plain = "".join(c for c in name if c not in r"[]:*?/\'")[:28]
    return plain or ("Your file" if number == 1 else f"Table {number}")


def _put(cell: Any, text: object) -> None:
    """Write text that stays text: what begins like a formula is no formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(text))[:32_000]
    if cell.value and cell.value[0] in "=+-@\t\r":
        cell.data_type = "s"
        cell.quotePrefix = True


def _mark(book: Workbook, told: Feedback) -> int:
    """Fill and comment the cells; several faults of one cell share a comment."""
    comments: dict[tuple[str, str], list[str]] = {}
    offsets = {table.sheet: 1 if table.first_row == 0 else 0 for table in told.tables}
    names = {table.sheet: _title(table.sheet, n) for n, table in enumerate(told.tables, start=1)}
    worst: dict[tuple[str, str], str] = {}
    for mark in told.marks[:MOST_MARKS]:
        title = mark.sheet if mark.sheet in book.sheetnames else names.get(mark.sheet, "")
        if title not in book.sheetnames:
            continue
        place = title, f"{get_column_letter((mark.column or 0) + 1)}{mark.row + offsets.get(mark.sheet, 0)}"
        comments.setdefault(place, []).append(_said(mark))
        if mark.severity not in ("warn", "info") or place not in worst:
            worst[place] = mark.severity
    for (title, at), said in comments.items():
        cell = book[title][at]
        if not isinstance(cell, MergedCell):
            cell.comment = Comment("\n".join(said)[:2000], "Pathways", width=320, height=120)
            cell.fill = PatternFill("solid", fgColor=_COLOURS[worst[title, at]])
    return len(comments)


def _said(mark: Mark) -> str:
    return mark.text + (f" Perhaps you meant: {mark.proposal}" if mark.proposal else "")


def _summary(book: Workbook, told: Feedback, marked: int) -> None:
    sheet = book.create_sheet(_free(book, "Summary"), 0)
    left = len(told.marks) - MOST_MARKS
    rows = {
        **told.summary,
        "Cells marked": str(marked) + (f", {left} more are not marked" if left > 0 else ""),
    }
    for number, (label, value) in enumerate(rows.items(), start=1):
        _put(sheet.cell(number, 1), label)
        _put(sheet.cell(number, 2), value)
        sheet.cell(number, 1).font, sheet.cell(number, 1).alignment = _BOLD, _TOP
        _wrap(sheet.cell(number, 2), value, _WIDE)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, _WIDE
    _fit_on_page(sheet)


def _findings(book: Workbook, told: Feedback) -> None:
    sheet = book.create_sheet(_free(book, "Findings"), 1)
    for number, label in enumerate(_FINDINGS, start=1):
        sheet.cell(1, number, label).font = _BOLD
    rules = load_rules()
    proposed = {(m.text[:3], m.sheet, m.row): m.proposal for m in reversed(told.marks) if m.proposal}
    for number, f in enumerate(told.findings, start=2):
        perhaps = proposed.get((f.rule_id, f.sheet or "", f.row or 0), "")
        who = _WHO[rules[f.rule_id].responsibility]
        cells = (f.rule_id, FOLLOWS[f.severity], f.sheet, f.row, f.column, f.count, f.message, perhaps, who)
        for column, value in enumerate(cells, start=1):
            sheet.cell(number, column).alignment = _TOP
            if isinstance(value, int):
                sheet.cell(number, column, value)
            else:
                _put(sheet.cell(number, column), value or "")
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor=_COLOURS[f.severity])
        _wrap(sheet.cell(number, 7), f.message, _WIDE)
    for number, width in enumerate(_FINDINGS.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    _fit_on_page(sheet)


def _wrap(cell: Any, text: str, width: int) -> None:
    """Show a long text on as many lines as it takes: no program makes a row higher when it opens the file."""
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    lines = sum(len(line) // width + 1 for line in text.split("\n"))
    cell.parent.row_dimensions[cell.row].height = _LINE * lines


def _fit_on_page(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _free(book: Workbook, title: str) -> str:
    """A title that the partner's own sheets do not bear."""
    return title if title not in book.sheetnames else f"{title} (Pathways)"
