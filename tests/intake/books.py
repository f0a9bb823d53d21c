"""One table in every kind of workbook; nothing in Python writes xlsb, so that is put together here."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Cell = str | int | float | bool | date | time | None
NOT_AVAILABLE = "#N/A"


class Percent(float):
    """A number that the sheet shows as a percentage."""

    shown_by = "0.0%"


class Reference(float):
    """A number that the sheet shows as a reference of five digits."""

    shown_by = '"AB-"00000'


Formatted = Percent | Reference


_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = {
    f"{_TRANSITIONAL}spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    f"{_TRANSITIONAL}officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def xlsx(rows: list[list[Cell]], epoch: int = 1900, strict: bool = False, **changes: Any) -> bytes:
    """`changes`: hidden_rows, hidden_columns (letters), merge (ranges), more_sheets and hidden_sheets.

    The sheets by title with their rows.
    """
    book = openpyxl.Workbook()
    if epoch == 1904:
        book.epoch = datetime(1904, 1, 1)
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, Formatted)):
        cell.number_format = cell.value.shown_by
    for row in changes.get("hidden_rows", ()):
        sheet.row_dimensions[row].hidden = True
    for column in changes.get("hidden_columns", ()):
        sheet.column_dimensions[column].hidden = True
    for merged in changes.get("merge", ()):
        sheet.merge_cells(merged)
    hidden = changes.get("hidden_sheets", {})
    for title, inner in (changes.get("more_sheets", {}) | hidden).items():
        book.create_sheet(title).sheet_state = "hidden" if title in hidden else "visible"
        for row in inner:
            book[title].append(row)
    out = io.BytesIO()
    book.save(out)
    return rewritten(out.getvalue(), _STRICT) if strict else out.getvalue()


def rewritten(content: bytes, words: dict[str, str]) -> bytes:
    """A container with words replaced in every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for word, by in words.items():
                part = part.replace(word.encode(), by.encode())
            new.writestr(name, part)
    return out.getvalue()


def xls(rows: list[list[Cell]], epoch: int = 1900, hidden_row: int | None = None) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = epoch == 1904
    sheet = book.add_sheet("Data")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell == NOT_AVAILABLE:
                sheet.row(r).set_cell_error(c, 0x2A)
            elif cell is not None:
                shown = "DD/MM/YYYY" if isinstance(cell, date) else getattr(cell, "shown_by", "General")
                style = xlwt.easyxf(num_format_str=shown)
                sheet.write(r, c, xlwt.Formula(cell[1:]) if _is_formula(cell) else cell, style)
    if hidden_row is not None:
        sheet.row(hidden_row).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: list[list[Cell]], hidden_row: int | None = None) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    for r, row in enumerate(rows):
        line = TableRow(visibility="collapse" if r == hidden_row else "visible")
        for cell in row:
            line.addElement(_ods_cell(cell))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("=")


def _ods_cell(cell: Cell) -> TableCell:
    if cell is None:
        return TableCell()
    if _is_formula(cell):
        return TableCell(formula=f"of:{cell}")
    if cell == NOT_AVAILABLE:
        made = TableCell(valuetype="string", stringvalue="", formula="of:=NA()")
    elif isinstance(cell, bool):
        made = TableCell(valuetype="boolean", booleanvalue=str(cell).lower())
    elif isinstance(cell, date):
        made = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, time):
        made = TableCell(valuetype="time", timevalue=f"PT{cell:%HH%MM%SS}")
    elif isinstance(cell, str):
        made = TableCell(valuetype="string")
    elif isinstance(cell, Percent):
        made = TableCell(valuetype="percentage", value=repr(float(cell)))
    else:
        made = TableCell(valuetype="float", value=repr(cell))
    made.addElement(P(text=f"AB-{cell:05.0f}" if isinstance(cell, Reference) else str(cell)))
    return made


def xlsb(
    rows: list[list[Cell]],
    epoch: int = 1900,
    hidden_row: int | None = None,
    numbers: list[int] | None = None,
) -> bytes:
    """`numbers`: of the rows from 0, where they are not in turn."""
    size = struct.pack("<IIII", 0, len(rows), 0, max(map(len, rows)))
    sheet = [_record(129), _record(148, size), _record(145)]
    for r, row in zip(numbers or range(len(rows)), rows, strict=True):
        flags = 0x10 if r == hidden_row else 0
        sheet.append(_record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, flags, 0, 0)))
        sheet += [_xlsb_cell(c, cell) for c, cell in enumerate(row) if cell is not None]
    sheet += [_record(146), _record(130)]
    name = struct.pack("<II", 0, 1) + _text("rId1") + _text("Data")
    flags = struct.pack("<III", epoch == 1904, 0, 0)
    asks = _record(157, bytes(24) + b"\x01\x00")  # to be calculated when it is opened
    book = [
        _record(131),
        _record(153, flags),
        _record(143),
        _record(156, name),
        _record(144),
        asks,
        _record(132),
    ]
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("xl/workbook.bin", b"".join(book))
        container.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
        container.writestr("xl/styles.bin", _STYLES)
        container.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
    return out.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    return _seven_bits(kind) + _seven_bits(len(content)) + content


def _seven_bits(number: int) -> bytes:
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _seven_bits(high) if high else bytes([low])


def _text(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


# Four cell styles: the second shows a day (format 14), the third a percentage (9), the last a reference.
_STYLES = (
    _record(278)
    + _record(44, struct.pack("<H", 164) + _text(Reference.shown_by))
    + _record(617, struct.pack("<I", 4))
    + b"".join(
        _record(47, struct.pack("<HHHHHHHBB", 0, shown, 0, 0, 0, 0, 0, 0, 0)) for shown in (0, 14, 9, 164)
    )
    + _record(618)
    + _record(279)
)


def _xlsb_cell(column: int, cell: Cell) -> bytes:
    style = next((n for n, kind in enumerate((date, Percent, Reference), 1) if isinstance(cell, kind)), 0)
    place = struct.pack("<II", column, style)
    if cell == NOT_AVAILABLE:
        return _record(3, place + b"\x2a")
    if _is_formula(cell):
        return _record(9, place + bytes(8) + bytes(10))
    if isinstance(cell, bool):
        return _record(4, place + bytes([cell]))
    if isinstance(cell, date):
        return _record(5, place + struct.pack("<d", (cell - date(1899, 12, 30)).days))
    if isinstance(cell, str):
        return _record(6, place + _text(cell))
    return _record(5, place + struct.pack("<d", float(cell or 0)))
