"""Delimited text: the dialect that shows the contract's headers, then every record, none swallowed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from orchestration.intake.readers import dialects
from orchestration.intake.readers.dialects import Dialect
from orchestration.intake.readers.encoding import decode, encoding_of
from orchestration.intake.readers.headers import Candidate, Wanted, best
from orchestration.intake.readers.table import MALFORMED, Builder, RawTable, UnreadableFileError

Lines = Callable[[], Iterator[str]]
_PREAMBLE = 60
_SAMPLE = 20_000


def read_delimited(content: bytes, wanted: Sequence[Wanted]) -> list[RawTable]:
    """The table of a delimited file; raises `UnreadableFileError` where it can be read in two ways."""
    content = content.removesuffix(b"\x1a")  # the end of a file, to DOS
    encoding = encoding_of(content)
    text = decode(content, encoding)

    def lines() -> Iterator[str]:
        return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")

    found = _fitting(text, lines, wanted)
    del text  # as large as the file
    table = _best([_read(lines, dialect, header) for dialect, header in found])
    table.has_fixed_width, table.encoding = True, encoding
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
    """Every record, and how many are surely off."""
    row, doubtful, is_damaged = header.row if header else 0, 0, False
    try:
        table = RawTable.of("", dialect.records(lines()))
    except csv.Error:
        is_damaged = True
    if is_damaged or _spans_lines(table) or _has_mark_at_an_edge(table, dialect.quotechar):
        table, doubtful = _resumed(lines(), dialect, len(header.names) if header else 0, is_damaged)
    return len(off_width(table, row, len(table.widths))) - doubtful, table


def _spans_lines(table: RawTable) -> bool:
    return any("\n" in text or "\r" in text for column in table.columns for text in column.distinct)


def _has_mark_at_an_edge(table: RawTable, mark: str | None) -> bool:
    return mark is not None and any(_is_at_edge(mark, t) for column in table.columns for t in column.distinct)


def _is_at_edge(mark: str, text: str) -> bool:
    return text.count(mark) % 2 == 1 and mark in {text.strip()[0], text.strip()[-1]}


def _resumed(lines: Iterator[str], dialect: Dialect, width: int, is_damaged: bool) -> tuple[RawTable, int]:
    """Every record, or as malformed each line of what may not be one; of how many that is only a doubt.

    Raises `UnreadableFileError` where records may lie between a mark that opens and one that closes.
    """
    builder, doubtful = Builder(), 0
    for record, taken in dialect.resumed(lines):
        if record is not None and width > 1 and _holds_records(taken, dialect, width):
            first = len(builder.widths) + 1
            raise UnreadableFileError(
                f"a quotation mark is opened in row {first}, and it is not clear whether it is closed in row "
                f"{first + len(taken) - 1}"
            )
        may_be_two = width > 1 and _may_be_two(taken, dialect, width)
        if record is None or may_be_two or _is_stray(record, taken, dialect, is_damaged):
            for line in taken:
                builder.add_malformed(line.rstrip("\r\n"))
            doubtful += len(taken) * may_be_two
        else:
            builder.extend([record])
    return RawTable("", builder.columns, builder.widths), doubtful


def _holds_records(taken: list[str], dialect: Dialect, width: int) -> bool:
    """Whether a line inside a record could be one."""
    return any(len(r) == width for line in taken[1:-1] for r, _ in dialect.resumed([line]) if r)


def _may_be_two(taken: list[str], dialect: Dialect, width: int) -> bool:
    """Whether the first and the last line of a record could be records with a mark in a cell each."""
    ends = {taken[0], taken[-1]}
    return len(taken) > 1 and all(
        line.count(dialect.delimiter) + 1 >= width == dialect.width(line) for line in ends
    )


def _is_stray(record: list[str], taken: list[str], dialect: Dialect, is_damaged: bool) -> bool:
    """Whether a mark in a cell, or where nothing else is amiss at its edge, may be half of a pair."""
    mark, escape = dialect.quotechar, dialect.escapechar
    if mark is None or not any(mark in c if is_damaged else _is_at_edge(mark, c) for c in record):
        return False
    # Two marks in a cell are one that is meant; two that are the cell are none.
    d = re.escape(dialect.delimiter)
    bare = [re.sub(rf"(^|{d}){mark * 2}(?={d}|[\r\n]|$)", r"\1", line) for line in taken]
    return not any(mark * 2 in line or (escape and escape + mark in line) for line in bare)


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
