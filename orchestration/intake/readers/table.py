"""A table as it was received: text cells only, nothing interpreted, each distinct text of a column once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import overload

MOST_COLUMNS = 16_384  # what a sheet of Excel can have
MALFORMED = -1
_BATCH = 4096


class UnreadableFileError(Exception):
    """The file cannot be opened or read with certainty; the message tells the partner why."""


@dataclass
class RawColumn:
    """`distinct` texts, first the empty one, then as they first occur; `codes`: which one each row has."""

    codes: array[int]
    distinct: list[str]


@dataclass
class RawTable:
    """One sheet, delimited file or JSON array.

    Row 0 is row `first_row` as a person counts. `widths`: cells that each row was written with, `MALFORMED`
    where quotation marks are out of place. `has_fixed_width` where every record must have as many as the
    header; `may_lack_columns` where a field that no record has is not written at all. `epoch`: 1900 or 1904
    where a number may stand for a day, counted from there. `encoding` of a text file, else empty.
    `merged`: first row, column and last row of cells merged over several rows, from 0. `notes` are remarks on
    hidden rows and the like.
    """

    sheet: str
    columns: list[RawColumn]
    widths: array[int]
    first_row: int = 1
    has_fixed_width: bool = False
    epoch: int | None = None
    may_lack_columns: bool = False
    encoding: str = ""
    is_hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: str, rows: Iterable[list[str]]) -> RawTable:
        """A table of these rows; raises `UnreadableFileError` when one is wider than a sheet can be."""
        builder = Builder()
        builder.extend(rows)
        return cls(sheet, builder.columns, builder.widths)

    @property
    def rows(self) -> Rows:
        """The cells row by row."""
        return Rows(self)


@dataclass(frozen=True)
class Rows(Sequence[list[str]]):
    """A table seen row by row; each is made when it is asked for."""

    table: RawTable

    def __len__(self) -> int:
        return len(self.table.widths)

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[str]]: ...
    def __getitem__(self, at: int | slice) -> list[str] | list[list[str]]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        width = self.table.widths[at]
        wanted = self.table.columns[:1] if width == MALFORMED else self.table.columns[:width]
        return [column.distinct[column.codes[at]] for column in wanted]

    def __iter__(self) -> Iterator[list[str]]:
        return (self[n] for n in range(len(self)))


class Builder:
    """Takes rows in turn and keeps them by column; cells that a row does not have are empty."""

    def __init__(self) -> None:
        self.widths: array[int] = array("i")
        self._numbers: list[defaultdict[str, int]] = []  # of texts, in the order they first occur
        self._codes: list[array[int]] = []

    def extend(self, rows: Iterable[list[str]]) -> None:
        """Add rows; raises `UnreadableFileError` when one is wider than a sheet can be."""
        rows = iter(rows)
        while batch := list(islice(rows, _BATCH)):
            self._add(batch, list(map(len, batch)))

    def add_malformed(self, text: str) -> None:
        """Add a row of which only the text is known."""
        self._add([[text]], [MALFORMED])

    def _add(self, batch: list[list[str]], widths: list[int]) -> None:
        self._widen(max(map(len, batch)))
        self.widths.extend(widths)
        if min(widths) < len(self._codes):
            batch = [row + [""] * (len(self._codes) - len(row)) for row in batch]
        for numbers, codes, cells in zip(self._numbers, self._codes, zip(*batch, strict=True), strict=True):
            codes.extend(map(numbers.__getitem__, cells))

    def _widen(self, width: int) -> None:
        if width > MOST_COLUMNS:
            raise UnreadableFileError(f"it has {width:,} columns or fields, more than any return")
        while len(self._codes) < width:
            self._numbers.append(defaultdict(count(1).__next__, {"": 0}))
            self._codes.append(array("i", bytes(array("i").itemsize * len(self.widths))))

    @property
    def columns(self) -> list[RawColumn]:
        """What was added so far."""
        return [RawColumn(c, list(n)) for c, n in zip(self._codes, self._numbers, strict=True)]
