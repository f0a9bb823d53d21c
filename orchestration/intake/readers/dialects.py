"""How a delimited file may be written, and its records in one such dialect."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from orchestration.intake.readers.table import UnreadableFileError

MOST_CHARACTERS = 1_000_000
csv.field_size_limit(MOST_CHARACTERS)
_USUAL = (",", ";", "\t", "|")
_NEVER = set("\"'\\\r\n._-/()&£$%#@+*=[]{}<>?!\u2013\u2019")
_SAMPLE_LINES = 200
OPEN_AT_END = "unexpected end of data"


@dataclass(frozen=True)
class Dialect:
    """One way to write a delimited file; `skips_blanks` after a delimiter."""

    delimiter: str
    quotechar: str | None = '"'
    escapechar: str | None = None
    skips_blanks: bool = False

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Records of `lines`; raises `csv.Error` where they are not written like this."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quotechar,
            escapechar=self.escapechar,
            doublequote=True,  # without it nothing that follows a closing mark is an error
            skipinitialspace=self.skips_blanks,
            quoting=csv.QUOTE_MINIMAL if self.quotechar else csv.QUOTE_NONE,
            strict=True,
        )

    def records(self, lines: Iterable[str]) -> Iterator[list[str] | None]:
        """Records in turn, none for one whose quotation marks are out of place.

        Raises `UnreadableFileError` for a cell beyond all measure.
        """
        reader = self.reader(lines)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                refuse_too_long(error)
                yield None

    def sample(self, lines: Iterable[str]) -> list[list[str]]:
        """The first records, the malformed ones by line; a cover may hold any quotation mark."""
        lines = list(islice(lines, _SAMPLE_LINES))
        whole = list(self.records(lines))
        if None not in whole:
            return [record for record in whole if record is not None]
        return [record or [] for line in lines for record in islice(self.records([line]), 1)]


def refuse_too_long(error: csv.Error) -> None:
    """Raise `UnreadableFileError` where the error is a cell of more characters than any return has."""
    if "larger than field limit" in str(error):
        raise UnreadableFileError("one of its cells has more than a million characters") from error


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
    if delimiter != " " and delimiter + " " in text and re.search(rf'{d} +"', text):
        yield Dialect(delimiter, skips_blanks=True)
    if "\\" in text and _may_escape(d, text):
        yield Dialect(delimiter, '"', "\\")
        if has_apostrophes:
            yield Dialect(delimiter, "'", "\\")
        yield Dialect(delimiter, None, "\\")


def _may_escape(delimiter: str, text: str) -> bool:
    """Whether backslashes stand before what needs one, and none stands before anything else."""
    special = rf"\\[\\\"'\r\n{delimiter}]"
    return re.search(special, text) is not None and "\\" not in re.sub(special, "", text)
