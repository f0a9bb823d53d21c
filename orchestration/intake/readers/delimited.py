"""Delimited text: the dialect that shows the contract's headers, then every record, none swallowed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from orchestration.intake.readers import dialects
from orchestration.intake.readers.dialects import Dialect
from orchestration.intake.readers.encoding import decode, encoding_of, is_garbled
from orchestration.intake.readers.headers import Candidate, Wanted, best
from orchestration.intake.readers.table import MALFORMED, Builder, RawTable, UnreadableFileError

Lines = Callable[[], Iterator[str]]
_PREAMBLE = 60
_SAMPLE = 20_000


class _SwallowedError(Exception):
    """A quotation mark is out of place, so that one record may hold several."""


def read_delimited(content: bytes, wanted: Sequence[Wanted]) -> list[RawTable]:
    """The table of a delimited file; raises `UnreadableFileError` where it can be read in two ways."""
    content = content.removesuffix(b"\x1a")  # the end of a file, to DOS
    encoding = encoding_of(content)
    text = decode(content, encoding)
    garbled = is_garbled(text, encoding)

    def lines() -> Iterator[str]:
        return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")

    found = _fitting(text, lines, wanted)
    del text  # as large as the file
    table = _best([_read(lines, dialect, header) for dialect, header in found])
    table.has_fixed_width, table.is_garbled = True, garbled
    return [table]


def _fitting(text: str, lines: Lines, wanted: Sequence[Wanted]) -> list[tuple[Dialect, Candidate | None]]:
    """Dialects that show the most of the contract's headers, with the header that each shows."""
    shown = {d: best(wanted, d.sample(lines())[:_PREAMBLE]) for d in dialects.usual(text)}
    if all(header is None or header.score < 2 for header in shown.values()):
        sample = text[:_SAMPLE]
        others = dialects.unusual(text, sample)
        shown |= {d: best(wanted, d.sample(lines())[:_PREAMBLE]) for d in others}
    most = max(header.score if header else 0 for header in shown.values())
    if most == 0:
        # None shows the contract's table: F05 will say so, with the headers as the usual dialect gives them.
        return [(_commonest(lines), None)]
    return [(dialect, header) for dialect, header in shown.items() if header and header.score == most]


def _commonest(lines: Lines) -> Dialect:
    """The usual dialect that splits the first lines into most cells."""
    plain = [Dialect(delimiter) for delimiter in (",", ";", "\t", "|")]
    return max(plain, key=lambda d: sum(map(len, d.sample(lines()))))


def _best(readings: list[tuple[int, RawTable]]) -> RawTable:
    """The reading with the fewest records whose width is off; refuse where two such differ."""
    fewest = min(off for off, _ in readings)
    first, *others = [table for off, table in readings if off == fewest]
    if all(_is_alike(first, other) for other in others):
        return first
    raise UnreadableFileError("its quotation marks or backslashes can be read in two ways")


def _is_alike(plain: RawTable, other: RawTable) -> bool:
    """Whether another reading gives the same cells.

    It may take marks away that the plain one keeps only where they were not needed: nobody quotes a word
    with apostrophes that would do without.
    """
    if plain.widths != other.widths or len(plain.columns) != len(other.columns):
        return False
    for one, two in zip(plain.columns, other.columns, strict=True):
        pairs = set(zip(one.codes, two.codes, strict=True))
        texts = ((one.distinct[a], two.distinct[b]) for a, b in pairs)
        if any(a != b and not _is_needless(a, b) for a, b in texts):
            return False
    return True


def _is_needless(kept: str, taken: str) -> bool:
    return kept.lstrip(" ") == taken.lstrip(" ") or (kept == f"'{taken}'" and taken.isalnum())


def _read(lines: Lines, dialect: Dialect, header: Candidate | None) -> tuple[int, RawTable]:
    """Every record, and how many are off; line by line where some quotation mark is out of place."""
    row = header.row if header else 0
    try:
        table = _streamed(lines(), dialect)
        _refuse_swallowed(table, dialect, row)
    except _SwallowedError:
        table = _line_by_line(lines(), dialect, row)
    return len(off_width(table, row, len(table.widths))), table


def _streamed(lines: Iterator[str], dialect: Dialect) -> RawTable:
    def whole() -> Iterator[list[str]]:
        for record in dialect.records(lines):
            if record is None:
                raise _SwallowedError
            yield record

    return RawTable.of("", whole())


def _refuse_swallowed(table: RawTable, dialect: Dialect, header: int) -> None:
    """Raise where a cell of several lines holds one that could be a record of its own."""
    width = table.widths[header] if len(table.widths) > header else 0
    if width < 2:
        return
    spanning = (t for column in table.columns for t in column.distinct if "\n" in t or "\r" in t)
    for text in spanning:
        inner = io.StringIO(text, newline="").readlines()[1:-1]
        if any(record and len(record) == width for line in inner for record in dialect.records([line])):
            raise _SwallowedError


def _line_by_line(lines: Iterator[str], dialect: Dialect, header: int) -> RawTable:
    """Each line a record; one that cannot stand alone is malformed.

    Raises `UnreadableFileError` where records may lie between a mark that opens and one that closes.
    """
    builder = Builder()
    opened: int | None = None
    width = -1
    for number, line in enumerate(lines):
        record, is_open = _alone(line, dialect)
        if number == header and record:
            width = len(record)
        if record is not None:
            builder.extend([record])
            continue
        builder.add_malformed(line.rstrip("\r\n"))
        if is_open:
            opened = number
        elif opened is not None:
            if width in builder.widths[opened + 1 : number]:
                raise UnreadableFileError(
                    f"a quotation mark is opened in row {opened + 1}, and it is not clear whether it is "
                    f"closed in row {number + 1}"
                )
            opened = None
    return RawTable("", builder.columns, builder.widths)


def _alone(line: str, dialect: Dialect) -> tuple[list[str] | None, bool]:
    """The record of one line, none where it cannot stand alone, and whether a mark stays open in it."""
    try:
        record = next(dialect.reader([line]), [])
    except csv.Error as error:
        dialects.refuse_too_long(error)
        return None, dialects.OPEN_AT_END in str(error)
    mark = dialect.quotechar
    is_stray = mark is not None and any(mark in cell for cell in record)
    is_told = mark is not None and (mark * 2 in line or (dialect.escapechar or "\0") + mark in line)
    return (None if is_stray and not is_told else record), False


def off_width(table: RawTable, header: int, end: int) -> list[int]:
    """Rows from below `header` to `end` that are not written with as many cells as their table.

    That is as many as the header has, or as many as nearly all rows have where those beyond are empty.
    """
    if end <= header:
        return []
    needed = _filled_width(table.rows[header])
    counts = Counter(table.widths[header + 1 : end])
    usual = _usual_width(counts, needed, table.widths[header])
    beyond = any(text.strip() for column in table.columns[needed:] for text in column.distinct)
    if set(counts) <= {usual} and not beyond:
        return []
    return [n for n in range(header + 1, end) if _is_off(table, n, usual, needed if beyond else usual)]


def _is_off(table: RawTable, row: int, usual: int, needed: int) -> bool:
    width = table.widths[row]
    if width == usual:
        return width > needed and any(map(str.strip, table.rows[row][needed:]))
    return width == MALFORMED or any(map(str.strip, table.rows[row]))


def _usual_width(counts: Counter[int], needed: int, header: int) -> int:
    """How many cells a record has: an empty one at the end may come with every record, never with one."""
    common = [w for w, n in counts.most_common() if w in (header, needed) or (w > needed and n >= 3)]
    return common[0] if common else needed


def _filled_width(row: list[str]) -> int:
    return max((n for n, cell in enumerate(row, start=1) if cell.strip()), default=0)
