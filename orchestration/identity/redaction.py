"""A received file with one person's lines blanked, so that every other line stays where it was."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from orchestration.identity.formats import BLANKS

_KEPT = re.compile(r"[^,;|\t\r\n]+")
_ZIP, _LEGACY = b"PK", b"\xd0\xcf\x11\xe0"


def blanked(content: bytes, words: set[str]) -> bytes | None:
    """The file without the lines, rows or objects that hold one of the words as a cell.

    `words`: references and numbers of the person. None for a format that cannot be rewritten in place:
    such a file has to go as a whole.
    """
    wanted = {_plain(word) for word in words if word.strip()}
    if content.startswith(_LEGACY):
        return None
    if content.startswith(_ZIP):
        return _workbook(content, wanted)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"  # latin-1 keeps any bytes
    text = content.decode(encoding)
    if text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")[:1] in ("{", "["):
        return json.dumps(
            _pruned(json.loads(content.decode("utf-8-sig")), wanted), ensure_ascii=False
        ).encode()
    lines = text.splitlines(keepends=True)
    return "".join(_KEPT.sub("", line) if _names(line, wanted) else line for line in lines).encode(encoding)


def _plain(cell: object) -> str:
    return re.sub(f"[{BLANKS}]+", "", str(cell)).casefold()


def _names(line: str, wanted: set[str]) -> bool:
    return any(_plain(cell.strip(" \"'\r\n")) in wanted for cell in re.split(r"[,;|\t]", line))


def _pruned(value: Any, wanted: set[str]) -> Any:
    """The same document, objects that name the person emptied with all that hangs on them."""
    if isinstance(value, dict):
        if any(_plain(one) in wanted for one in value.values() if isinstance(one, str | int)):
            return dict.fromkeys(value)
        return {name: _pruned(one, wanted) for name, one in value.items()}
    return [_pruned(one, wanted) for one in value] if isinstance(value, list) else value


def _workbook(content: bytes, wanted: set[str]) -> bytes | None:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
    except Exception:  # ods, xlsb or damaged: openpyxl has many words for it
        return None
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            if any(cell.value is not None and _plain(cell.value) in wanted for cell in row):
                for cell in row:
                    cell.value, cell.comment = None, None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
