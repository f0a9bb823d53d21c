"""Bytes of a received file → tables of text with the coordinates that a person sees.

Belongs here: file formats. Does not: contracts' meaning, types, rules. What kind of file it is, the
bytes say and not the name.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.intake.readers.delimited import read_delimited
from orchestration.intake.readers.headers import Wanted
from orchestration.intake.readers.json_records import read_json
from orchestration.intake.readers.table import RawTable, UnreadableFileError
from orchestration.intake.readers.workbook import PACKED, read_workbook

__all__ = ["RawTable", "UnreadableFileError", "Wanted", "read"]

_FOREIGN = {
    b"%PDF": "it is a PDF document",
    b"\x89PNG": "it is a picture",
    b"\xff\xd8\xff": "it is a picture",
    b"GIF8": "it is a picture",
    b"II*\x00": "it is a picture",
    b"\x1f\x8b": PACKED,
    b"BZh": PACKED,
    b"\xfd7zXZ": PACKED,
    b"\x28\xb5\x2f\xfd": PACKED,
    b"7z\xbc\xaf": PACKED,
    b"Rar!": PACKED,
    b"{\\rtf": "it is a text document",
    b"PAR1": "it is a Parquet file",
    b"SQLite format 3": "it is a database",
    b"<": "it is a web page or XML, whatever its name says",
}
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(
    content: bytes, wanted: Sequence[Wanted], records_at: str | None = None, list_by: str = ";"
) -> list[RawTable]:
    """Every table of a file.

    `wanted` are the headers of the contract's tables; of two readings of a delimited file the one that
    shows more of them is taken. `records_at` is the dotted path of the records of a JSON file, `list_by`
    joins a JSON array of words. Raises `UnreadableFileError`, also where no cell says anything.
    """
    tables = _tables(content, wanted, records_at, list_by)
    if not any(len(column.distinct) > 1 for table in tables for column in table.columns):
        raise UnreadableFileError("it is empty")
    return tables


def _tables(content: bytes, wanted: Sequence[Wanted], records_at: str | None, list_by: str) -> list[RawTable]:
    start = content[:1000].lstrip(_BLANK)
    if not start and not content.strip(_BLANK):
        return []
    if content.startswith((_ZIP, _OLE)):
        return read_workbook(content)
    for first, what in _FOREIGN.items():
        if start.startswith(first):
            raise UnreadableFileError(what)
    if start[:1] in (b"{", b"["):
        return read_json(content, records_at, list_by)
    return read_delimited(content, wanted)
