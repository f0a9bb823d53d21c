"""Repair of figures that an attacker can undo: the earlier value kept, else one more figure hidden.

Each round attacks what would be released, the last one byte for byte, and repairs every leak by one of the
figures that tell it: one that differs from the last release goes back to what that said; else the one that
takes least along is hidden as well, under the same mark as the others; where only hidden ones are left that
tell by being hidden, one is withdrawn. The next round attacks what has become of it, until nothing leaks or
nothing can be done. Figures that are already public cannot be taken back: what leaks by them holds the
release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from orchestration.publishing.attack import Attack, Attacker, Kind, Leak
from orchestration.publishing.columns import HIDDEN, KEY, NOT_AVAILABLE, NUMBERS, TEN_FIVE
from orchestration.publishing.knowledge import Knowledge, read_release
from orchestration.publishing.observed import ENDS, cell_of, exact_counts, with_parts
from orchestration.publishing.protect import Protected
from orchestration.publishing.tables import as_text, csv_bytes

WITHDRAWN = "Withdrawn: with other figures it would tell of fewer than ten people."
KEPT = "As released before: the change would tell of fewer than ten people."


@dataclass
class _Repair:
    """The figures as far as they are repaired, and what has been tried."""

    cells: pd.DataFrame
    known: Knowledge
    last: pd.DataFrame

    def __post_init__(self) -> None:
        named = with_parts(self.cells, self.known)
        self.rows: dict[str, list[int]] = {}
        for name_of in ("name", "top", "bottom"):
            shows = named["is_derived"] == (name_of != "name")
            for row, name in named.loc[shows, name_of].items():
                self.rows.setdefault(name, []).append(int(str(row)))
        self.exact = exact_counts([named])
        free = (self.cells["basis"] == TEN_FIVE) & (self.cells["audience"] == "public")
        self.free = set(np.flatnonzero(free.to_numpy()).tolist())

        shown = self.cells[["numerator", "value", *ENDS.values()]].max(axis=1).fillna(0.0)
        self.value = shown.to_numpy(dtype=np.float64)
        self.status: list[str] = self.cells["status"].tolist()
        self.changed = _differing(self.cells, self.last)

    def keep(self, name: str) -> bool:
        """Go back to what the last release said of this count; whether that changes anything."""
        return self._say([r for r in self._rows_of(name) if r in self.changed], None, KEPT)

    def hide(self, name: str) -> bool:
        """Hide this count, and the figures that show it as a part; whether anything was left to hide."""
        silent = (HIDDEN, NOT_AVAILABLE)
        return self._say([r for r in self._rows_of(name) if self.status[r] not in silent], HIDDEN, "")

    def withdraw(self, name: str) -> bool:
        """Say of a hidden count that it is not available, so that nobody knows it is from 1 to 9."""
        hidden = [r for r in self._rows_of(name) if self.status[r] == HIDDEN]
        return self._say(hidden, NOT_AVAILABLE, WITHDRAWN)

    def cost(self, name: str) -> tuple[bool, bool, bool, int, float, str]:
        """What is hidden first: ranges, parts before wholes, what takes few and small along, nought last."""
        rows = self._rows_of(name)
        value = max((float(self.value[r]) for r in rows), default=0.0)
        shown = sum(self.status[r] not in (HIDDEN, NOT_AVAILABLE) for r in rows)
        return value == 0, cell_of(name) == name, "|all|all|all|" in name, shown, value, name

    def _say(self, rows: list[int], status: str | None, caveat: str) -> bool:
        """Give rows another status and no number, or without a status what the last release said."""
        for row in rows:
            for column in NUMBERS:
                said = np.nan if status else self.last.at[row, column]
                self.cells.at[row, column] = said  # type: ignore[assignment]
            self.status[row] = status or str(self.last.at[row, "status"])
            self.cells.at[row, "status"] = self.status[row]
            before = str(self.cells.at[row, "caveat"]).removesuffix(KEPT).strip()
            note = WITHDRAWN if caveat == KEPT and self.status[row] == NOT_AVAILABLE else caveat
            self.cells.at[row, "caveat"] = f"{before} {note}".strip()
        self.changed.difference_update(rows)
        return bool(rows)

    def _rows_of(self, name: str) -> list[int]:
        """Rows that show a count and can be changed; none where it stands exactly in public all the same."""
        rows = [] if name in self.exact else self.rows.get(cell_of(name), [])
        return [r for r in rows if r in self.free]


def repaired(
    protected: Protected, releases: Sequence[bytes], known: Knowledge, secret: Mapping[str, Kind]
) -> tuple[Protected, Attack]:
    """What can be released without telling of one to nine people, and the attack that it stood.

    `releases`: `metrics.csv` of every earlier release, oldest first; `secret` as `secret_counts` gives it.
    The attack's `leaks` are what could not be repaired.
    """
    work = _Repair(protected.cells.copy(), known, _last(protected.cells, releases))
    earlier = [read_release(content) for content in dict.fromkeys(releases)]
    attacker = Attacker(_as_released(protected), earlier, known, secret)
    while True:
        now = replace(protected, cells=work.cells)
        if not _repair(work, attacker.attack(now.of("public")).leaks):
            return now, attacker.attack(_as_released(now))


def _as_released(protected: Protected) -> pd.DataFrame:
    return read_release(csv_bytes(as_text(protected.of("public"))))


def _last(cells: pd.DataFrame, releases: Sequence[bytes]) -> pd.DataFrame:
    """What the last release said of each cell, row for row."""
    if not releases:
        return pd.DataFrame(np.nan, index=cells.index, columns=[*NUMBERS, "status"]).astype(object)
    last = read_release(releases[-1])
    return cells[KEY].merge(last[[*KEY, *NUMBERS, "status"]], on=KEY, how="left")


def _differing(cells: pd.DataFrame, last: pd.DataFrame) -> set[int]:
    """Rows that the last release had, and of which it said something else."""
    differs = (cells["status"] != last["status"]).to_numpy()
    for column in NUMBERS:
        then, now = last[column].to_numpy(dtype=np.float64), cells[column].to_numpy(dtype=np.float64)
        differs = differs | ~np.isclose(then, now, rtol=0, atol=1e-9, equal_nan=True)
    return set(np.flatnonzero(differs & last["status"].notna().to_numpy()).tolist())


def _repair(work: _Repair, leaks: Sequence[Leak]) -> bool:
    """One step for each leak, unless a step of this round already took away what tells it."""
    touched: set[str] = set()
    for leak in leaks:
        if touched.isdisjoint(map(cell_of, leak.binding)):
            ordered = sorted(leak.binding, key=work.cost)
            steps = (work.keep, work.hide, work.withdraw)
            done = next((name for step in steps for name in ordered if step(name)), None)
            touched |= {cell_of(done)} if done else set()
    return bool(touched)
