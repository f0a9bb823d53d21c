"""A column read: one typed value a distinct text, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from orchestration.intake.findings import Fault


@dataclass(frozen=True)
class Parsed:
    """One distinct text read: its value, the faults with their details, and what follows from it.

    `stops`: a record with it is set aside. `is_unread`: it goes on as unknown, which is told already.
    `is_nothing`: the contract says that the word means none.
    """

    value: Any = None
    faults: tuple[tuple[str, dict[str, str]], ...] = ()
    stops: bool = False
    is_unread: bool = False
    is_nothing: bool = False


@dataclass
class Converted:
    """Typed values beside what was wrong: `values` one a distinct text, `codes` which of them a row has."""

    values: Any
    codes: np.ndarray
    parsed: list[Parsed]
    used: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.used = np.zeros(len(self.codes), dtype=bool)

    @cached_property
    def is_flawless(self) -> bool:
        """Whether every cell was read, and none says that there is nothing."""
        return not any(p.stops or p.is_unread or p.is_nothing for p in self.parsed)

    def at(self, rows: np.ndarray) -> Any:
        """The values of some rows."""
        return self.values.take(self.codes[rows])

    def flag(self, name: str) -> np.ndarray:
        """`stops`, `is_unread` or `is_nothing` of every cell."""
        flags = np.array([getattr(p, name) for p in self.parsed], dtype=bool)
        return flags[self.codes] if len(flags) else np.zeros(len(self.codes), dtype=bool)

    def faults(self, sheet: str, header: str, source_row: np.ndarray) -> list[Fault]:
        """Faults of the cells that were used, one for each distinct text and rule."""
        wrong = [n for n, p in enumerate(self.parsed) if p.faults]
        if not wrong:
            return []
        hit = np.flatnonzero(np.isin(self.codes, wrong) & self.used)
        rows = source_row[hit]
        found = []
        for number, positions in pd.Series(rows).groupby(self.codes[hit]):
            for rule_id, details in self.parsed[int(number)].faults:  # type: ignore[call-overload]
                found.append(
                    Fault(rule_id, details, sheet, tuple(sorted({int(r) for r in positions})), header)
                )
        return found


def typed(values: list[Any], data_type: str) -> Any:
    """An array of the type that the door uses for a standard column."""
    if data_type == "date":
        return pd.array(np.array(values, dtype="datetime64[s]"))
    if data_type == "boolean":
        return pd.array(values, dtype="boolean")
    if data_type == "integer":
        return pd.array(values, dtype="Int64")
    if data_type.startswith("decimal"):
        return np.array(values, dtype="float64")
    if data_type == "interval":
        return np.array([*values, None], dtype="object")[:-1]
    return pd.array(np.array([*values, None], dtype="object")[:-1], dtype="str")


def empty_series(length: int, data_type: str) -> pd.Series:
    """A column without values, of the type that the door uses for a standard column."""
    return pd.Series(typed([None], data_type).take(np.zeros(length, dtype=np.intp)))
