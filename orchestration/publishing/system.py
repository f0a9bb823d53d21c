"""Linear programmes over counts: what each can be, given what is said of it and how it hangs together.

Suppositions (what earlier releases said; that parts make a whole) can be wrong. Where they contradict
what is certain, the fewest of them are given up, so that the strongest attack that fits the figures is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
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
        programme = Programme(own)
        if programme.least(np.zeros(len(counts))) is None:
            if len(batch) > 1:
                middle = len(batch) // 2
                self._probe(batch[:middle])
                self._probe(batch[middle:])
                return
            own = self._mended[int(counts[0])] = without_contradiction(own)
            programme = Programme(own)
        chance = np.random.default_rng(1)
        for _ in range(PROBES):
            aim = np.where(self._open(counts), chance.uniform(0.5, 1.5, len(counts)), 0.0)
            for sign in (1.0, -1.0) if aim.any() else ():
                self._take(counts, programme.solved(sign * aim)[0])
        for part in batch:
            if self._open(part[0]).any():
                self._ask(Programme(self._of(part)), part[0])

    def _ask(self, programme: Programme, counts: Places) -> None:
        """Each count alone, what binds it noted; a solution for one may settle others."""
        for place in range(len(counts)):
            if self._open(counts[place : place + 1])[0]:
                for sign in (1.0, -1.0):
                    aim = np.zeros(len(counts))
                    aim[place] = sign
                    found, binding = programme.solved(aim)
                    self._take(counts, found)
                    self._binding[int(counts[place]), sign] = counts[binding]

    def _open(self, counts: Places) -> npt.NDArray[np.bool_]:
        return ~self._settled(counts, self.low[counts], self.high[counts])

    def _take(self, counts: Places, found: Floats) -> None:
        """A solution: each count can be what it is there."""
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


class Programme:
    """A system to be solved for one aim after another, each from where the last one ended."""

    def __init__(self, system: System) -> None:
        """What has no limit gets a high one."""
        low, high = system.bounds
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(low), len(system.least)
        model.col_cost_, model.row_lower_, model.row_upper_ = np.zeros(len(low)), system.least, system.most
        model.col_lower_, model.col_upper_ = low, np.where(np.isinf(high), low + UNLIMITED, high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = system.matrix.indptr, system.matrix.indices
        model.a_matrix_.value_ = system.matrix.data
        self._places = np.arange(len(low), dtype=np.int32)
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.passModel(model)

    def least(self, aim: Floats) -> tuple[Floats, Places] | None:
        """A solution that makes `aim` least, and the counts whose bounds keep it there; None without one."""
        self._solver.changeColsCost(len(aim), self._places, aim)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = self._solver.getSolution()
        return np.array(found.col_value), np.flatnonzero(np.abs(np.array(found.col_dual)) > NEAR)

    def solved(self, aim: Floats) -> tuple[Floats, Places]:
        """The same where there is a solution; raises `ArithmeticError` if the solver finds none."""
        found = self.least(aim)
        if found is None:
            raise ArithmeticError("The solver found no solution where there is one.")
        return found


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
