"""Marks of a binary workbook (xlsb): a stream of records, each a kind, a length and its bytes."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from orchestration.intake.readers.marks.book import ERRORS, BookMarks, SheetMarks, Shown, shown_by_style
from orchestration.intake.readers.marks.xlsx import part_targets
from orchestration.intake.readers.table import UnreadableFileError

_ROW, _ERROR, _FORMULA_ERROR, _COLUMN, _BOOK, _SHEET = 0, 3, 11, 60, 153, 156
_SHORT_NUMBER, _NUMBER, _FORMULA_NUMBER = 2, 5, 9
_FORMULAS, _CALCULATION = (8, 9, 10, 11), 157  # texts, numbers, truth values, errors
_VALUELESS = {8: bytes(4), 9: bytes(8)}  # an empty text, zero
_VALUES, _SHARED, _STRING = (*range(2, 12), 62), 7, 19  # kinds of cells that hold something
_EMPTY = {6: bytes(4), 8: bytes(4), 62: bytes(5)}  # texts without a character
_SHORT = range(12, 19)  # cells that leave their column to be counted
_FORMAT, _STYLE, _STYLES, _STYLES_END = 44, 47, 617, 618


def xlsb_marks(container: zipfile.ZipFile) -> BookMarks:
    """Marks of every sheet."""
    book, targets = BookMarks(), part_targets(container, "xl/_rels/workbook.bin.rels")
    shows, empty = _shown_by_style(container.read("xl/styles.bin")), _empty_strings(container)
    for kind, record in _records(container.read("xl/workbook.bin")):
        if kind == _BOOK and record[0] & 1:
            book.epoch = 1904
        elif kind == _SHEET:
            relation, end = _text(record, 8)
            name, _ = _text(record, end)
            book.sheets[name] = _sheet(container.read(targets[relation]), shows, empty)
        elif kind == _CALCULATION:
            book.awaits_calculation = bool(record[24] & 1)
    return book


def _shown_by_style(content: bytes) -> dict[int, Shown]:
    codes, styles, is_cell = dict[int, str](), list[int](), False
    for kind, record in _records(content):
        is_cell = kind == _STYLES or (is_cell and kind != _STYLES_END)
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _text(record, 2)[0]
        elif kind == _STYLE and is_cell:
            styles.append(struct.unpack_from("<H", record, 2)[0])
    return shown_by_style(styles, codes)


def _empty_strings(container: zipfile.ZipFile) -> set[bytes]:
    """Numbers, as cells hold them, of the shared strings that are empty."""
    if "xl/sharedStrings.bin" not in container.namelist():
        return set()
    strings = (record for kind, record in _records(container.read("xl/sharedStrings.bin")) if kind == _STRING)
    return {struct.pack("<I", n) for n, record in enumerate(strings) if record[1:5] == bytes(4)}


def _sheet(content: bytes, shows: dict[int, Shown], empty: set[bytes]) -> SheetMarks:
    marks, row, is_filled = SheetMarks(), 0, False
    for kind, record in _long(content):
        is_filled = is_filled or (kind in _VALUES and not _is_empty(kind, record[8:], empty))
        if kind in _VALUELESS and record[8:].startswith(_VALUELESS[kind]):
            marks.valueless.append((row, struct.unpack_from("<I", record)[0]))
        elif kind in _FORMULAS:
            marks.has_values = True
        if kind == _ROW:
            row = struct.unpack_from("<I", record)[0]
            marks.rows, is_filled = marks.rows + is_filled, False
            if record[11] & 0x10:
                marks.hidden_rows.append(row)
        elif kind in (_ERROR, _FORMULA_ERROR):
            marks.shown[row, struct.unpack_from("<I", record)[0]] = ERRORS.get(record[8], "#ERROR!")
        elif kind in (_SHORT_NUMBER, _NUMBER, _FORMULA_NUMBER):
            column, style = struct.unpack_from("<II", record)
            if show := shows.get(style & 0xFFFFFF):
                marks.show((row, column), show(_number_in(kind, record)))
        elif kind == _COLUMN and record[16] & 1:
            first, last = struct.unpack_from("<II", record)
            marks.hidden_columns += range(first, min(last + 1, first + 256))
    marks.rows += is_filled
    return marks


def _long(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Records of a sheet; raises `UnreadableFileError` at a cell that our reader passes over."""
    for kind, record in _records(content):
        if kind in _SHORT:
            raise UnreadableFileError("its cells are written in a short form that we cannot read")
        yield kind, record


def _is_empty(kind: int, value: bytes, empty: set[bytes]) -> bool:
    return value in empty if kind == _SHARED else kind in _EMPTY and value.startswith(_EMPTY[kind])


def _number_in(kind: int, record: bytes) -> float:
    """The number of a cell; a short one has 30 bits, and two that say: whole, a hundredth of it."""
    if kind != _SHORT_NUMBER:
        return float(struct.unpack_from("<d", record, 8)[0])
    bits = struct.unpack_from("<i", record, 8)[0]
    number = bits >> 2 if bits & 2 else struct.unpack("<d", bytes(4) + struct.pack("<i", bits & ~3))[0]
    return float(number / 100 if bits & 1 else number)


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        length, at = _number(content, at, 4)
        yield kind, content[at : at + length]
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to `most` bytes of seven bits each, and where it ends."""
    number = 0
    for n in range(most):
        number |= (content[at] & 0x7F) << 7 * n
        at += 1
        if content[at - 1] < 0x80:
            break
    return number, at


def _text(record: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * struct.unpack_from("<I", record, at)[0]
    return record[at + 4 : end].decode("utf-16-le"), end
