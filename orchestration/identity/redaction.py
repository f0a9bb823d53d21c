"""The lines of a received file that name one person, and the file with them blanked.

Every other line stays where it was.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration.identity.formats import BLANKS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_KEPT = re.compile(r"[^,;|\t\r\n]+")
_SEPARATORS = re.compile(r"[,;|\t]")
_UNSEEN = dict.fromkeys(map(ord, BLANKS.replace("\t", "") + "\"'"))
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_OPEN = re.compile(r'(?:^|[,;|\t])"(?:[^"]|"")*$')
_BREAKS = re.compile(r"[^\r\n]+")
_MOST_BREAKS = 10  # in one quoted cell; beyond that a quotation mark is a slip of the pen
_ZIP, _LEGACY = b"PK", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Parted:
    """`lines` that name the person, as text; `rest`: the file without them.

    No `rest` where nobody can rewrite the file in place, or even read it: it has to go as a whole.
    """

    rest: bytes | None
    lines: list[str] = field(default_factory=list)


def parted(content: bytes, words: set[str]) -> Parted:
    """Part a file from the lines, rows or objects that hold one of the words as a cell.

    `words`: references and numbers of the person.
    """
    wanted = {_plain(word) for word in words if word.strip()}
    try:
        if content.startswith(_LEGACY):
            return Parted(None)
        if content.startswith(_ZIP):
            return _of_workbook(content, wanted)
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return _of_document(content, wanted)
        return _of_text(content, wanted)
    except Exception:  # damaged, ods or xlsb: every library has words of its own for it
        return Parted(None)


def _plain(cell: object) -> str:
    return str(cell).translate(_UNSEEN).replace("\t", "").casefold()


def _of_text(content: bytes, wanted: set[str]) -> Parted:
    encoding = _encoding(content)
    rows, lines = list(_rows(content.decode(encoding))), []
    for number, row in enumerate(rows):
        if _names(row, wanted):
            lines.append(row.strip())
            rows[number] = _blanked(row)
    return Parted("".join(rows).encode(encoding) if lines else content, lines)


def _encoding(content: bytes) -> str:
    """An encoding in which what is read is written again byte for byte."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"  # keeps any bytes
    return "utf-8"


def _rows(text: str) -> Iterator[str]:
    """Lines, those that a quoted cell with breaks joins as one."""
    lines = _LINE.findall(text)
    at = 0
    while at < len(lines):
        end = at + 1
        if '"' in lines[at]:
            ends = range(end, min(at + _MOST_BREAKS, len(lines)) + 1)
            end = next((n for n in ends if not _OPEN.search("".join(lines[at:n]))), end)
        yield "".join(lines[at:end])
        at = end


def _names(row: str, wanted: set[str]) -> bool:
    return not wanted.isdisjoint(_SEPARATORS.split(row.translate(_UNSEEN).casefold()))


def _blanked(row: str) -> str:
    """Separators and breaks only: as many cells and lines as before."""
    made, at = "", 0
    for cell in _QUOTED.finditer(row):
        breaks = _BREAKS.sub("", cell[0])
        made += _KEPT.sub("", row[at : cell.start()]) + (f'"{breaks}"' if breaks else "")
        at = cell.end()
    return made + _KEPT.sub("", row[at:])


def _of_document(content: bytes, wanted: set[str]) -> Parted:
    document, found = json.loads(content.decode("utf-8-sig")), list[str]()
    pruned = _pruned(document, wanted, found)
    return Parted(json.dumps(pruned, ensure_ascii=False).encode() if found else content, found)


def _pruned(value: Any, wanted: set[str], found: list[str]) -> Any:
    """The same document, objects that name the person emptied with all that hangs on them."""
    if isinstance(value, dict):
        if any(_plain(one) in wanted for one in value.values() if isinstance(one, str | int)):
            found.append(json.dumps(value, ensure_ascii=False))
            return dict.fromkeys(value)
        return {name: _pruned(one, wanted, found) for name, one in value.items()}
    return [_pruned(one, wanted, found) for one in value] if isinstance(value, list) else value


def _of_workbook(content: bytes, wanted: set[str]) -> Parted:
    from openpyxl import load_workbook
    from openpyxl.cell import MergedCell

    book = load_workbook(io.BytesIO(content), data_only=True)  # values as they were seen, and no formula
    if not any(sheet.max_row > 1 for sheet in book.worksheets):
        return Parted(None)  # some kinds of workbook read as if they were empty
    lines = []
    for sheet in book.worksheets:
        sheet._pivots = []  # a pivot table keeps a copy of the rows that it is made of
        for number in sorted(_numbers(sheet, wanted)):
            cells = [cell for cell in sheet[number] if not isinstance(cell, MergedCell)]
            lines.append("\t".join("" if cell.value is None else str(cell.value) for cell in cells))
            for cell in cells:
                cell.value, cell.comment = None, None
    buffer = io.BytesIO()
    book.save(buffer)
    return Parted(buffer.getvalue() if lines else content, lines)


def _numbers(sheet: Worksheet, wanted: set[str]) -> set[int]:
    """Rows in which one of the words stands; a merged cell stands in all of its rows."""
    cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    found = {(c.row, c.column) for c in cells if _plain(c.value) in wanted}
    spans = [s for s in sheet.merged_cells.ranges if (s.min_row, s.min_col) in found]
    return {row for row, _ in found} | {n for s in spans for n in range(s.min_row, s.max_row + 1)}
