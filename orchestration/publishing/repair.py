"""Repair of figures that an attacker can undo: the earlier value kept, else the breakdown withdrawn.

Each round attacks what would be released, byte for byte, and repairs every leak in the relation that
shows it; the next round attacks what has become of it, until nothing leaks or nothing can be done.
Figures that are already public cannot be taken back: what leaks by them holds the release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from orchestration.publishing.attack import Attack, Leak, attack
from orchestration.publishing.columns import KEY, NOT_AVAILABLE, NUMBERS, TEN_FIVE
from orchestration.publishing.knowledge import Knowledge, read_release
from orchestration.publishing.observed import hidden_counts, with_parts
from orchestration.publishing.protect import Protected
from orchestration.publishing.relations import Relation
from orchestration.publishing.rounding import LARGEST, SMALLEST
from orchestration.publishing.tables import as_text, csv_bytes

WITHDRAWN = "Withdrawn: with other figures it would tell of fewer than ten people."
KEPT = "As released before: the change would tell of fewer than ten people."
ORDER = ("breakdown", "time", "geography", "money", "rate")
"""Which relation gives way first where no single one does it."""


@dataclass
class _Repair:
    """The figures as far as they are repaired, and what has been tried."""

    cells: pd.DataFrame
    known: Knowledge
    last: pd.DataFrame
    kept: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        named = with_parts(self.cells, self.known)
        self.rows: dict[str, list[int]] = {}
        for name_of in ("name", "top", "bottom"):
            shows = named["is_derived"] == (name_of != "name")
            for row, name in named.loc[shows, name_of].items():
                self.rows.setdefault(name, []).append(int(str(row)))
        free = (self.cells["basis"] == TEN_FIVE) & (self.cells["audience"] == "public")
        self.free = set(np.flatnonzero(free.to_numpy()).tolist())

    def keep(self, names: Sequence[str]) -> bool:
        """Go back to what the last release said of these counts; whether that changes anything."""
        rows = [r for r in self._rows_of(names) if r not in self.kept and self._differs(r)]
        said = [*NUMBERS, "status"]
        self.cells.loc[rows, said] = self.last.loc[rows, said]
        for row in rows:
            self._note(row, KEPT)
        self.kept.update(rows)
        return bool(rows)

    def withdraw(self, names: Sequence[str]) -> bool:
        """Take these counts out, and the figures that show them as a part; whether anything was left."""
        rows = [r for r in self._rows_of(names) if r not in self.withdrawn]
        self.cells.loc[rows, NUMBERS] = np.nan
        self.cells.loc[rows, "status"] = NOT_AVAILABLE
        for row in rows:
            self._note(row, WITHDRAWN)
        self.withdrawn.update(rows)
        return bool(rows)

    def _rows_of(self, names: Sequence[str]) -> list[int]:
        return sorted({r for name in names for r in self.rows.get(name, []) if r in self.free})

    def _differs(self, row: int) -> bool:
        then, now = self.last.loc[row], self.cells.loc[row]
        is_there = isinstance(then["status"], str)
        return is_there and any(
            then[c] != now[c] and not (pd.isna(then[c]) and pd.isna(now[c])) for c in (*NUMBERS, "status")
        )

    def _note(self, row: int, said: str) -> None:
        before = str(self.cells.loc[row, "caveat"]).replace(KEPT, "").strip()
        self.cells.loc[row, "caveat"] = f"{before} {said}".strip()


def repaired(protected: Protected, releases: Sequence[bytes], known: Knowledge) -> tuple[Protected, Attack]:
    """What can be released without telling of one to nine people, and the attack that it stood.

    `releases`: `metrics.csv` of every earlier release, oldest first. The attack's `leaks` are what could
    not be repaired.
    """
    earlier = [read_release(content) for content in dict.fromkeys(releases)]
    work = _Repair(protected.cells.copy(), known, _last(protected.cells, releases))
    hidden = set(hidden_counts(with_parts(protected.of("public"), known)))
    while True:
        now = replace(protected, cells=work.cells)
        came_of = attack(read_release(csv_bytes(as_text(now.of("public")))), earlier, known, hidden)
        around: dict[str, list[Relation]] = {}
        for relation in came_of.relations:
            for name in relation.counts:
                around.setdefault(name, []).append(relation)
        done = [_repair(work, leak, around.get(leak.name, []), came_of.supposed) for leak in came_of.leaks]
        if not any(done):
            return now, came_of


def _last(cells: pd.DataFrame, releases: Sequence[bytes]) -> pd.DataFrame:
    """What the last release said of each cell, row for row."""
    if not releases:
        return pd.DataFrame(np.nan, index=cells.index, columns=[*NUMBERS, "status"]).astype(object)
    last = read_release(releases[-1])
    return cells[KEY].merge(last[[*KEY, *NUMBERS, "status"]], on=KEY, how="left")


def _repair(
    work: _Repair, leak: Leak, around: list[Relation], supposed: Mapping[str, tuple[float, float]]
) -> bool:
    """Keep or withdraw in the first relation that helps; those that show the leak alone come first."""
    ordered = sorted(around, key=lambda r: (not _shows(r, leak.name, supposed), ORDER.index(r.kind)))
    return (
        any(work.keep(relation.counts) for relation in ordered)
        or any(work.withdraw(_given_up(relation)) for relation in ordered)
        or any(work.withdraw([relation.total]) for relation in ordered)
    )


def _given_up(relation: Relation) -> tuple[str, ...]:
    return relation.parts or relation.counts


def _shows(relation: Relation, name: str, supposed: Mapping[str, tuple[float, float]]) -> bool:
    """Whether this relation alone, with what is known of its counts, excludes a number from 1 to 9."""
    least, most, factor = relation.low, relation.high, 0.0
    for count, times in zip(relation.counts, relation.factors, strict=True):
        if count == name:
            factor += times
            continue
        low, high = supposed.get(count, (0.0, np.inf))
        ends = [times * low if times else 0.0, times * high if times else 0.0]
        least, most = least - max(ends), most - min(ends)
    if factor == 0 or np.isnan(least) or np.isnan(most):
        return False
    low, high = sorted((least / factor, most / factor))
    own = supposed.get(name, (0.0, np.inf))
    return max(low, own[0]) > SMALLEST or min(high, own[1]) < LARGEST
