"""How many rows of a sheet of Office Open XML hold something, counted in its bytes and not by our reader."""

from __future__ import annotations

import re

_DATA = re.compile(rb"<((?:\w+:)?)sheetData>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NO_VALUE = re.compile(rb"<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>|<[^>]*>")
_STRING = re.compile(rb"<(?:\w+:)?si\b(?:[^>]*/>|.*?</(?:\w+:)?si>)", re.DOTALL)
_MAY_BE_EMPTY = (b"<v></", b"<t></", b":v></", b'"></', b"v/>", b"t/>", b"v />", b"t />", b"si/>")


def empty_strings(shared: bytes) -> set[bytes]:
    """Numbers, as written, of the shared strings that are empty."""
    if not _may_hold_empty(shared):
        return set()
    return {str(n).encode() for n, one in enumerate(_STRING.findall(shared)) if not _NO_VALUE.sub(b"", one)}


def rows_with_values(sheet: bytes, empty: set[bytes]) -> int:
    """Rows with a value that is no empty text; `empty` shared strings are none."""
    begin = _DATA.search(sheet)
    if not begin:
        return 0
    tag = b"<" + begin[1]
    rows = sheet[begin.end() : sheet.rfind(b"sheetData>")].split(tag + b"row")[1:]
    if not empty and not _may_hold_empty(sheet):
        return sum(tag + b"v>" in row or tag + b"is>" in row for row in rows)
    return sum(any(_is_filled(a, inner, empty) for a, inner in _CELL.findall(row)) for row in rows)


def _is_filled(attributes: bytes, inner: bytes, empty: set[bytes]) -> bool:
    value = _NO_VALUE.sub(b"", inner)
    return bool(value) and not (b't="s"' in attributes and value in empty)


def _may_hold_empty(part: bytes) -> bool:
    return any(written in part for written in _MAY_BE_EMPTY)
