"""Bytes of a received file → tables of text with the coordinates that a person sees.

Belongs here: file formats. Does not: contracts' meaning, types, rules. What kind of file it is, the
bytes say and not the name.
"""

from __future__ import annotations

from collections.abc import Callable

from orchestration.intake.readers.delimited import read_delimited
from orchestration.intake.readers.json_records import read_json
from orchestration.intake.readers.table import RawTable, UnreadableFileError, narrow
from orchestration.intake.readers.workbook import read_workbook

__all__ = ["RawTable", "UnreadableFileError", "read"]

_FOREIGN = {
    b"%PDF": "it is a PDF document",
    b"\x89PNG": "it is a picture",
    b"\xff\xd8\xff": "it is a picture",
    b"GIF8": "it is a picture",
    b"\x1f\x8b": "it is compressed",
    b"7z\xbc\xaf": "it is compressed",
    b"Rar!": "it is compressed",
    b"{\\rtf": "it is a text document",
    b"<": "it is a web page or XML, whatever its name says",
}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(
    content: bytes, fits: Callable[[list[list[str]]], int], records_at: str | None = None, list_by: str = ";"
) -> list[RawTable]:
    """Every table of a file.

    `fits` says how many of the contract's headers the first rows of a table show; of two readings of
    a delimited file the one that shows more is taken. `records_at` is the dotted path of the records
    of a JSON file, `list_by` joins a JSON array of words. Raises `UnreadableFileError`.
    """
    if not content.strip():
        return []
    if content.startswith((_ZIP, _OLE)):
        return narrow(read_workbook(content))
    for first, what in _FOREIGN.items():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(first):
            raise UnreadableFileError(what)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return narrow(read_json(content, records_at, list_by))
    return narrow(read_delimited(content, fits))
