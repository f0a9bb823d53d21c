"""How a delimited file may be written, and its records in one such dialect."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from orchestration.intake.readers.table import UnreadableFileError

MOST_CHARACTERS = 1_000_000
csv.field_size_limit(MOST_CHARACTERS)
_USUAL = (",", ";", "\t", "|")
_NEVER = set("\"'\\\r\n._-/()&£$%#@+*=[]{}<>?!\u2013\u2019")
_SAMPLE_LINES = 200


@dataclass(frozen=True)
class Dialect:
    """One way to write a delimited file; `skips_blanks` after a delimiter."""

    delimiter: str
    quotechar: str | None = '"'
    escapechar: str | None = None
    skips_blanks: bool = False

    def records(self, lines: Iterable[str], strict: bool = True) -> Iterator[list[str]]:
        """Records of `lines`; where `strict`, raises `csv.Error` where a quotation mark is out of place.

        Raises `UnreadableFileError` for a cell beyond all measure.
        """
        reader = csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quotechar,
            escapechar=self.escapechar,
            doublequote=True,  # without it nothing that follows a closing mark is an error
            skipinitialspace=self.skips_blanks,
            quoting=csv.QUOTE_MINIMAL if self.quotechar else csv.QUOTE_NONE,
            strict=strict,
        )
        try:
            yield from reader
        except csv.Error as error:
            if "larger than field limit" in str(error):
                raise UnreadableFileError(
                    "one of its cells or rows has more than a million characters"
                ) from error
            raise

    def resumed(self, lines: Iterable[str]) -> Iterator[tuple[list[str] | None, list[str]]]:
        """Records in turn, each with its lines, and none for a line with which no record begins."""
        rest, back = iter(lines), deque[str]()
        while True:
            taken: list[str] = []
            try:
                record = next(self.records(_noted(rest, back, taken)), None)
            except csv.Error:
                back.extendleft(reversed(taken[1:]))
                yield None, taken[:1]
                continue
            if record is None:
                return
            yield record, taken

    def width(self, line: str) -> int:
        """How many cells a line has by itself, where a mark that stays open is taken for a character."""
        *cells, last = next(self.records([line], strict=False), []) or [""]
        is_open = last.endswith(("\n", "\r"))
        return len(cells) + (last.count(self.delimiter) + 1 if is_open else 1)

    def sample(self, lines: Iterable[str]) -> list[list[str]]:
        """The first records; a cover may hold any quotation mark."""
        return [record or [] for record, _ in self.resumed(islice(lines, _SAMPLE_LINES))]


def _noted(rest: Iterator[str], back: deque[str], taken: list[str]) -> Iterator[str]:
    """Lines given back, then the others; each is noted as it is taken."""
    while (line := back.popleft() if back else next(rest, None)) is not None:
        taken.append(line)
        yield line


def usual(text: str) -> list[Dialect]:
    """Dialects with a usual delimiter, the plainest first."""
    delimiters = [d for d in _USUAL if d in text or d == ","]
    return [dialect for delimiter in delimiters for dialect in _with(delimiter, text)]


def unusual(text: str, sample: str) -> list[Dialect]:
    """Dialects with any other delimiter that the sample holds."""
    found = {c: None for c in sample if not c.isalnum() and c not in _NEVER and c not in _USUAL}
    return [d for delimiter in found for d in _with(delimiter, text)]


def _with(delimiter: str, text: str) -> Iterator[Dialect]:
    yield Dialect(delimiter)
    d = re.escape(delimiter)
    has_apostrophes = "'" in text and re.search(rf"(?:^|[\r\n]|{d})'", text) is not None
    if has_apostrophes:
        yield Dialect(delimiter, "'")
    if delimiter != " " and ' "' in text and re.search(rf'{d} +"|(?:^|[\r\n]) +"[^"\r\n]*" *{d}', text):
        yield Dialect(delimiter, skips_blanks=True)
    if "\\" in text and _may_escape(d, text):
        yield Dialect(delimiter, '"', "\\")
        if has_apostrophes:
            yield Dialect(delimiter, "'", "\\")
        if not re.search(rf'(?:^|[\r\n]|{d})"', text):
            yield Dialect(delimiter, None, "\\")


def _may_escape(delimiter: str, text: str) -> bool:
    """Whether backslashes stand before what needs one, and none stands before anything else."""
    special = rf"\\[\\\"'{delimiter}]"
    return re.search(special, text) is not None and "\\" not in re.sub(special, "", text)
