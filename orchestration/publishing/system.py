"""Linear programmes over counts: what each can be, given what is said of it and how it hangs together.

Suppositions (what earlier releases said; that parts make a whole) can be wrong. Where they contradict
what is certain, the fewest of them are given up, so that the strongest attack that fits the figures is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from orchestration.publishing.rounding import Floats

NEAR = 1e-6
RELATION_COST = 100.0
"""A relation is given up only where a hundred counts would have to have changed instead."""
AT_ONCE = 4_000
"""Counts in one linear programme; what hangs together is never split."""
UNLIMITED = 1e7
PROBES = 6
"""Pairs of programmes for all counts together, before any is asked alone."""
Places = npt.NDArray[np.int64]
Part = tuple[Places, Places]
"""Counts and rows of a system that hang together."""
Bounded = tuple[Floats, Floats]
"""The least and the most of each count."""
Found = tuple[Places, Bounded]
"""Counts, and what they were found to be."""


@dataclass(frozen=True)
class System:
    """Counts between `low` and `high`, supposed between `soft_low` and `soft_high`, tied by `matrix`.

    Each row of `matrix` is a relation that lies between `least` and `most`.
    """

    low: Floats
    high: Floats
    soft_low: Floats
    soft_high: Floats
    matrix: csr_array
    least: Floats
    most: Floats

    @property
    def bounds(self) -> Bounded:
        """The least and the most of each count, by what is certain and what is supposed."""
        return np.maximum(self.low, self.soft_low), np.minimum(self.high, self.soft_high)

    @cached_property
    def sides(self) -> tuple[csr_array, Floats, csr_array, Floats]:
        """The relations as `linprog` takes them: matrix and most, then matrix and what it equals."""
        is_equal = self.least == self.most
        above, below = ~is_equal & np.isfinite(self.most), ~is_equal & np.isfinite(self.least)
        most = vstack([self.matrix[above], -self.matrix[below]], format="csr")
        ends = np.concatenate([self.most[above], -self.least[below]])
        return most, ends, self.matrix[is_equal], self.least[is_equal]

    def part(self, counts: Places, rows: Places) -> System:
        """The system of some of its counts and rows."""
        own = self.matrix[rows][:, counts]
        soft = self.soft_low[counts], self.soft_high[counts]
        return System(self.low[counts], self.high[counts], *soft, own, self.least[rows], self.most[rows])


def components(matrix: csr_array) -> list[Part]:
    """Counts and rows that hang together."""
    rows, counts = matrix.shape
    pairs = matrix.tocoo()
    both = coo_array(
        (np.ones(pairs.nnz), (pairs.row, pairs.col + rows)), shape=(rows + counts, rows + counts)
    )
    _, label = connected_components(both, directed=False)
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    members = [np.sort(m) for m in np.split(order, cuts)]
    return [(m[m >= rows] - rows, m[m < rows]) for m in members]


Settled = Callable[[Places, Floats, Floats], npt.NDArray[np.bool_]]
"""Of which counts the range found so far, from low to high, is known well enough."""


class Ranges:
    """What each count can be at least (`low`) and at most (`high`), as far as `settled` asks for it."""

    def __init__(
        self, system: System, parts: Sequence[Part], settled: Settled, found: Iterable[Found] = ()
    ) -> None:
        """Work out the counts of `parts`, beginning with what was `found` before; other ranges are empty."""
        self.low, self.high = np.full(len(system.low), np.inf), np.full(len(system.low), -np.inf)
        for counts, (low, high) in found:
            self.low[counts], self.high[counts] = low, high
        self._system, self._settled = system, settled
        self._mended: dict[int, System] = {}
        self._binding: dict[tuple[int, float], Places] = {}
        for batch in _batches(parts):
            self._probe(batch)

    def told_by(self, part: Part, place: int) -> set[int]:
        """Counts whose stated bounds keep the count at `place` of `part` within its range."""
        low, high = self._of(part).bounds
        at = int(part[0][place])
        held = ((1.0, self.low[at] > low[place] + NEAR), (-1.0, self.high[at] < high[place] - NEAR))
        return {int(i) for sign, is_held in held if is_held for i in self._binding[at, sign]}

    def is_mended(self, part: Part) -> bool:
        """Whether suppositions of a part had to be given up."""
        return int(part[0][0]) in self._mended

    def _of(self, part: Part) -> System:
        return self._mended.get(int(part[0][0])) or self._system.part(*part)

    def _probe(self, batch: list[Part]) -> None:
        """Many counts by few programmes: a solution bounds all at once; who is left is asked alone."""
        counts = np.concatenate([c for c, _ in batch])
        own = self._system.part(counts, np.concatenate([r for _, r in batch]))
        if _solve(own, np.zeros(len(counts))) is None:
            if len(batch) > 1:
                middle = len(batch) // 2
                self._probe(batch[:middle])
                self._probe(batch[middle:])
                return
            own = self._mended[int(counts[0])] = without_contradiction(own)
        chance = np.random.default_rng(1)
        for _ in range(PROBES):
            aim = np.where(self._open(counts), chance.uniform(0.5, 1.5, len(counts)), 0.0)
            for sign in (1.0, -1.0):
                self._take(counts, _solve(own, sign * aim) if aim.any() else None)
        for part in batch:
            if self._open(part[0]).any():
                self._ask(self._of(part), part[0])

    def _ask(self, own: System, counts: Places) -> None:
        """Each count alone, what binds it noted; a solution for one may settle others."""
        for place in range(len(counts)):
            if self._open(counts[place : place + 1])[0]:
                at = int(counts[place])
                for sign in (1.0, -1.0):
                    found, binding = _extreme(own, place, sign)
                    self._take(counts, found)
                    self._binding[at, sign] = counts[binding]
                    if found is None:
                        self.high[at] = UNLIMITED

    def _open(self, counts: Places) -> npt.NDArray[np.bool_]:
        return ~self._settled(counts, self.low[counts], self.high[counts])

    def _take(self, counts: Places, found: Floats | None) -> None:
        """A solution: each count can be what it is there."""
        if found is not None:
            self.low[counts] = np.minimum(self.low[counts], found)
            self.high[counts] = np.maximum(self.high[counts], found)


def _batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    batch: list[Part] = []
    size = 0
    for part in parts:
        if batch and size + len(part[0]) > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += len(part[0])
    if batch:
        yield batch


def _solve(system: System, aim: Floats) -> Floats | None:
    """A solution that makes `aim` least; None if there is none. What has no limit gets a high one."""
    low, high = system.bounds
    high = np.where((aim < 0) & np.isinf(high), low + UNLIMITED, high)
    answer = milp(
        aim, constraints=LinearConstraint(system.matrix, system.least, system.most), bounds=Bounds(low, high)
    )
    return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)


def _extreme(system: System, place: int, sign: float) -> tuple[Floats | None, Places]:
    """A solution with the count at `place` as low as can be (as high with sign -1), and what keeps it there.

    None where it has no limit.
    """
    low, high = system.bounds
    aim = np.zeros(len(low))
    aim[place] = sign
    answer = linprog(aim, *system.sides, bounds=np.column_stack([low, high]), method="highs")
    if answer.x is None:
        return None, np.array([], dtype=np.int64)
    felt = np.abs(answer.lower.marginals) + np.abs(answer.upper.marginals)
    return np.asarray(answer.x, dtype=np.float64), np.flatnonzero(felt > NEAR)


def without_contradiction(system: System) -> System:
    """The system without the fewest suppositions and relations that contradict what is certain."""
    counts, rows = len(system.low), len(system.least)
    slack = eye_array(rows, format="csr")
    change = eye_array(counts, format="csr")
    nothing, none = csr_array((rows, 2 * counts)), csr_array((counts, 2 * rows))
    matrix = vstack(
        [hstack([system.matrix, slack, -slack, nothing]), hstack([change, none, change, -change])],
        format="csr",
    )
    least = np.concatenate([system.least, system.soft_low])
    most = np.concatenate([system.most, system.soft_high])
    free = np.full(2 * (rows + counts), np.inf)
    answer = milp(
        np.concatenate([np.zeros(counts), np.full(2 * rows, RELATION_COST), np.ones(2 * counts)]),
        constraints=LinearConstraint(matrix, least, most),
        bounds=Bounds(np.concatenate([system.low, np.zeros(len(free))]), np.concatenate([system.high, free])),
    )
    given_up = answer.x[counts:] > NEAR
    short, over, fewer, more = np.split(given_up, [rows, 2 * rows, 2 * rows + counts])
    return replace(
        system,
        soft_low=np.where(fewer, system.low, system.soft_low),
        soft_high=np.where(more, system.high, system.soft_high),
        least=np.where(short, -np.inf, system.least),
        most=np.where(over, np.inf, system.most),
    )


def tied(relations: Iterable[Any], place: dict[str, int]) -> tuple[csr_array, Floats, Floats]:
    """The matrix of relations with their least and most."""
    listed = list(relations)
    rows = [i for i, r in enumerate(listed) for _ in r.counts]
    columns = [place[c] for r in listed for c in r.counts]
    factors = [f for r in listed for f in r.factors]
    matrix = coo_array((factors, (rows, columns)), shape=(len(listed), len(place))).tocsr()
    return matrix, np.array([r.low for r in listed]), np.array([r.high for r in listed])
