"""A column of text as received: each distinct text once, and which of them every row has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from orchestration.intake.readers.characters import plain
from orchestration.intake.readers.table import RawColumn


@dataclass(frozen=True)
class Texts:
    """`distinct` texts in the order they first occur; `codes` says which one each row has."""

    codes: np.ndarray
    distinct: list[str]

    @classmethod
    def of(cls, values: Iterable[str]) -> Texts:
        """Find the distinct texts of a column."""
        numbers: dict[str, int] = {}
        codes = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int32)
        return cls(codes, list(numbers))

    @classmethod
    def within(cls, column: RawColumn, rows: np.ndarray) -> Texts:
        """The texts of some rows of a received column, and no others."""
        codes = np.frombuffer(column.codes, dtype=np.int32)[rows]
        used = np.flatnonzero(np.bincount(codes, minlength=len(column.distinct)))
        if len(used) == len(column.distinct):
            return cls(codes, column.distinct)
        numbers = np.empty(len(column.distinct), dtype=np.int32)
        numbers[used] = np.arange(len(used), dtype=np.int32)
        return cls(numbers[codes], [column.distinct[n] for n in used])

    def plain(self) -> Texts:
        """The same texts without characters that nobody sees."""
        return Texts(self.codes, list(map(plain, self.distinct)))

    def where(self, test: Callable[[str], bool]) -> np.ndarray:
        """Which rows pass a test; each distinct text is tested once."""
        passed = np.fromiter(map(test, self.distinct), dtype=bool, count=len(self.distinct))
        return passed[self.codes] if len(passed) else np.zeros(len(self.codes), dtype=bool)

    def is_filled(self) -> np.ndarray:
        """Which rows hold more than blanks."""
        return self.where(is_filled)

    def at(self, rows: np.ndarray) -> list[str]:
        """The texts of some rows."""
        return list(map(self.distinct.__getitem__, self.codes[rows].tolist()))


def is_filled(text: str) -> bool:
    """Whether a text is more than blanks."""
    return bool(text) and not text.isspace()
