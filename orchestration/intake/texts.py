"""A column of text as received: each distinct text once, and which of them every row has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Texts:
    """`distinct` texts in the order they first occur; `codes` says which one each row has."""

    codes: np.ndarray
    distinct: list[str]

    @classmethod
    def of(cls, values: Iterable[str]) -> Texts:
        """Find the distinct texts of a column."""
        numbers: dict[str, int] = {}
        codes = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.intp)
        return cls(codes, list(numbers))

    def where(self, test: Callable[[str], bool]) -> np.ndarray:
        """Which rows pass a test; each distinct text is tested once."""
        passed = np.array([test(text) for text in self.distinct], dtype=bool)
        return passed[self.codes] if len(passed) else np.zeros(len(self.codes), dtype=bool)

    def is_filled(self) -> np.ndarray:
        """Which rows hold more than blanks."""
        return self.where(lambda text: bool(text.strip()))

    def at(self, rows: np.ndarray) -> list[str]:
        """The texts of some rows."""
        return [self.distinct[code] for code in self.codes[rows]]
