"""Delimited text: encoding, then the dialect by several opinions, then every record."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orchestration.intake.readers.table import RawTable, UnreadableFileError

Fits = Callable[[list[list[str]]], int]
_SAMPLE = 20_000
_PREAMBLE = 60
_DELIMITERS = (",", ";", "\t", "|")
# UTF-8 read as cp1252 somewhere on the way to us, or a character that was already lost.
_GARBLED = re.compile("\u00c3[\u0080-\u00bf\u0192\u2018-\u2122]|\u00e2\u20ac|\ufffd|\u00c2[\u00a0-\u00bf]")
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written."""

    delimiter: str
    quotechar: str | None = '"'
    escapechar: str | None = None

    def parse(self, text: str) -> Iterator[list[str]]:
        """Records of `text`; raises `csv.Error` where the text is not written like this."""
        return csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quotechar,
            escapechar=self.escapechar,
            doublequote=self.escapechar is None,
            quoting=csv.QUOTE_MINIMAL if self.quotechar else csv.QUOTE_NONE,
            strict=True,
        )


def read_delimited(content: bytes, fits: Fits) -> list[RawTable]:
    """The table of a delimited file; raises `UnreadableFileError` where it can be read in two ways."""
    text = decode(content)
    rows = _parse(text, fits)
    return [RawTable("", rows, has_fixed_width=True, is_garbled=bool(_GARBLED.search(text)))]


def decode(content: bytes) -> str:
    """Text of UTF-8 (with or without a byte order mark), UTF-16 or Windows-1252 bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if b"\x00" in content[:4000]:
        evens, odds = content[0:4000:2].count(0), content[1:4000:2].count(0)
        return _decoded(content, "utf-16-le" if odds > evens else "utf-16-be")
    try:
        return _checked(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("its characters are in no encoding that we know") from error
    return _checked(text)


def _checked(text: str) -> str:
    if "\x00" in text or sum(c < " " and c not in "\t\r\n\f" for c in text[:4000]) > 20:
        raise UnreadableFileError("it is not a text file")
    return text


def _parse(text: str, fits: Fits) -> list[list[str]]:
    """Read in the dialect that shows the contract's headers; refuse where two that do disagree."""
    readings: list[list[list[str]]] = []
    too_long = False
    for dialect in _fitting(text, fits):
        try:
            rows = list(dialect.parse(text))
        except csv.Error as error:
            too_long |= "larger than field limit" in str(error)
            continue
        if all(rows != other for other in readings):
            readings.append(rows)
    if not readings and too_long:
        raise UnreadableFileError("one of its cells has more than a million characters")
    if not readings:
        raise UnreadableFileError("a quotation mark is opened and not closed, or closed in mid-cell")
    even = [rows for rows in readings if not _ragged(rows, fits)]
    best = even or [min(readings, key=lambda rows: _ragged(rows, fits))]
    if len(best) > 1:
        raise UnreadableFileError("its quotation marks or backslashes can be read in two ways")
    return best[0]


def _fitting(text: str, fits: Fits) -> list[Dialect]:
    """Dialects that show the most of the contract's headers in the first rows."""
    scores = {dialect: fits(_first_rows(dialect, text)) for dialect in _candidates(text)}
    best = max(scores.values())
    if best == 0:
        # None shows the contract's table: F05 will say so, with the headers as the usual dialect gives them.
        return [next(iter(scores))]
    return [dialect for dialect, score in scores.items() if score == best]


def _candidates(text: str) -> list[Dialect]:
    sample = text[:_SAMPLE]
    delimiters = list(dict.fromkeys([*_opinions(sample), *(d for d in _DELIMITERS if d in sample), ","]))
    found = [Dialect(d) for d in delimiters]
    for delimiter in delimiters:
        quotes = ['"', "'"] if _may_quote_with_apostrophes(text, delimiter) else ['"']
        found += [Dialect(delimiter, quote) for quote in quotes[1:]]
        if re.search(r"\\[\\\"'\r\n" + re.escape(delimiter) + "]", text):
            found += [Dialect(delimiter, quote, "\\") for quote in (*quotes, None)]
    return found


def _may_quote_with_apostrophes(text: str, delimiter: str) -> bool:
    """Whether some cell begins with an apostrophe: only then can it be the quotation mark."""
    return re.search(rf"(?:^|[\r\n]|{re.escape(delimiter)})'", text) is not None


def _opinions(sample: str) -> list[str]:
    """Delimiters that the standard library and CleverCSV see; neither is trusted alone."""
    found = []
    with contextlib.suppress(csv.Error):
        found.append(csv.Sniffer().sniff(sample, delimiters=",;\t|:^~").delimiter)
    if not found or found[0] not in _DELIMITERS:
        import clevercsv

        try:
            seen = clevercsv.Sniffer().sniff(sample[:4000])
            found += [seen.delimiter] if seen and seen.delimiter else []
        except clevercsv.Error:
            pass
    return found


def _first_rows(dialect: Dialect, text: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in dialect.parse(text):
            rows.append(row)
            if len(rows) == _PREAMBLE:
                break
    except csv.Error:
        pass
    return rows


def _ragged(rows: list[list[str]], fits: Fits) -> int:
    """Records below the header whose width differs from it, empty cells at the end left out."""
    header = next((n for n, row in enumerate(rows[:_PREAMBLE]) if fits([row])), 0)
    width = _width(rows[header]) if rows else 0
    return sum(
        bool(row) and _width(row) > 0 and (len(row) < width or _width(row) > len(rows[header]))
        for row in rows[header:]
    )


def _width(row: list[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
