"""An attacker who has this release, all earlier ones and the listed figures, and a linear programme.

A hidden count passes if no whole number from 1 to 9 is excluded. What the attacker supposes is tried from
the strongest on: that counts which earlier releases show have not changed since, and that what is hidden
is from 1 to 9; where that contradicts the figures, this release alone; at last, that parts make no more
than their whole. A weaker supposition allows more, so that the strongest one possible decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from orchestration.publishing.knowledge import Knowledge
from orchestration.publishing.observed import hidden_counts, intervals, listed_frame, with_parts
from orchestration.publishing.relations import Relation, at_least, relations
from orchestration.publishing.rounding import LARGEST, SMALLEST, Floats

NEAR = 1e-6


@dataclass(frozen=True)
class Leak:
    """A hidden count that the attacker knows to lie between `low` and `high`, so not to be one of 1 to 9."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Attack:
    """What came of it: `leaks`, and how many hidden counts were attacked.

    For repair: every relation used, and between what the strongest supposition has each count.
    """

    leaks: list[Leak]
    attacked: int
    relations: list[Relation]
    supposed: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class System:
    """Counts between `low` and `high`, tied by the rows of `matrix` between `least` and `most`."""

    names: list[str]
    low: Floats
    high: Floats
    matrix: csr_array
    least: Floats
    most: Floats


def attack(
    candidate: pd.DataFrame, earlier: Sequence[pd.DataFrame], known: Knowledge, also: Iterable[str] = ()
) -> Attack:
    """Attack every count that the candidate or an earlier release hides, and those named by `also`.

    `candidate` and `earlier` (oldest first) as `read_release` gives them; `also` are counts that were
    hidden before they were withdrawn.
    """
    listed = with_parts(listed_frame(known), known)
    frames = [with_parts(f, known) for f in (candidate, *reversed(earlier))]
    frames[0] = pd.concat([frames[0], _unseen(listed, frames[0])], ignore_index=True)
    everything = pd.concat(frames, ignore_index=True)
    units = _units(everything)
    secret = {n for f in frames for n in hidden_counts(f)} | (units.keys() & set(also))
    hidden = sorted(secret - _public(frames))
    tied = relations(units, everything, known)
    for relation in tied:
        for name in relation.counts:
            units.setdefault(name, "")
    suppositions = [
        _system(units, [intervals(f, is_prior=True) for f in frames], tied),
        _system(units, [intervals(frames[0], is_prior=True)], tied),
        _system(units, [intervals(frames[0], is_prior=False)], tied),
        _system(units, [intervals(frames[0], is_prior=False)], [at_least(r) for r in tied]),
    ]
    first = suppositions[0]
    supposed = {n: (low, high) for n, low, high in zip(first.names, first.low, first.high, strict=True)}
    return Attack(_leaks(suppositions, hidden), len(hidden), tied, supposed)


def _unseen(listed: pd.DataFrame, candidate: pd.DataFrame) -> pd.DataFrame:
    """Listed figures that no cell of the candidate shows."""
    shown = candidate.loc[candidate["status"] == "", "name"]
    return listed[~listed["name"].isin(shown)]


def _public(frames: Iterable[pd.DataFrame]) -> set[str]:
    """Counts that stand exactly in public: there is nothing left to protect."""
    exact = [f[(f["basis"] == "already_public") & (f["status"] == "") & ~f["is_derived"]] for f in frames]
    return {n for f in exact for n in f["name"]}


def _units(frame: pd.DataFrame) -> dict[str, str]:
    """Every count with its unit; a part of a rate that has no cell takes its metric's usual unit."""
    plain = frame[~frame["is_derived"]].drop_duplicates("name")
    units = dict(zip(plain["name"], plain["unit"], strict=True))
    usual = dict(zip(plain["metric_id"], plain["unit"], strict=True))
    shown = frame[frame["is_derived"]]
    for name in sorted(set(shown["top"]) | set(shown["bottom"])):
        units.setdefault(name, usual.get(name.partition("|")[0], ""))
    return units


def _system(units: dict[str, str], said: list[pd.DataFrame], tied: list[Relation]) -> System:
    names = sorted(units)
    place = {name: i for i, name in enumerate(names)}
    low, high = np.zeros(len(names)), np.full(len(names), np.inf)
    for frame in said:  # newest first; what contradicts it has changed since
        at = frame["name"].map(place).to_numpy(dtype=int)
        least = np.maximum(low[at], frame["low"].to_numpy())
        most = np.minimum(high[at], frame["high"].to_numpy())
        fits = least <= most
        low[at[fits]], high[at[fits]] = least[fits], most[fits]
    rows = [i for i, r in enumerate(tied) for _ in r.counts]
    columns = [place[c] for r in tied for c in r.counts]
    factors = [f for r in tied for f in r.factors]
    matrix = coo_array((factors, (rows, columns)), shape=(len(tied), len(names))).tocsr()
    least, most = np.array([r.low for r in tied]), np.array([r.high for r in tied])
    return System(names, low, high, matrix, least, most)


def _leaks(suppositions: list[System], hidden: list[str]) -> list[Leak]:
    place = {name: i for i, name in enumerate(suppositions[0].names)}
    wanted = {place[name] for name in hidden}
    leaks: list[Leak] = []
    for counts, rows in _components(suppositions[0].matrix, wanted):
        targets = [int(i) for i, c in enumerate(counts) if c in wanted]
        for system in suppositions:
            found = _bounds(_part(system, counts, rows), targets)
            if found is not None:
                leaks += found
                break
    return sorted(leaks, key=lambda leak: leak.name)


def _components(matrix: csr_array, wanted: set[int]) -> list[tuple[Floats, Floats]]:
    """Counts and rows that hang together, of those that hold something hidden."""
    rows, counts = matrix.shape
    pairs = matrix.tocoo()
    both = coo_array(
        (np.ones(pairs.nnz), (pairs.row, pairs.col + rows)), shape=(rows + counts, rows + counts)
    )
    _, label = connected_components(both, directed=False)
    chosen = sorted({label[c + rows] for c in wanted})
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], chosen)
    ends = np.searchsorted(label[order], chosen, side="right")
    members = [np.sort(order[s:e]) for s, e in zip(starts, ends, strict=True)]
    return [(m[m >= rows] - rows, m[m < rows]) for m in members]


def _part(system: System, counts: Floats, rows: Floats) -> System:
    own = system.matrix[rows][:, counts]
    names = [system.names[i] for i in counts]
    return System(names, system.low[counts], system.high[counts], own, system.least[rows], system.most[rows])


def _bounds(system: System, targets: list[int]) -> list[Leak] | None:
    """The targets that leak; None if the suppositions contradict each other.

    One solution that has a target at 1 or less, and one at 9 or more, shows that it is safe; so most are
    settled by two programmes for all of them together, and the rest by two each.
    """
    least, most = system.low[targets].copy(), system.high[targets].copy()
    if system.matrix.shape[0] == 0:
        return _excluded(system, targets, least, most)
    low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
    for sign in (1.0, -1.0):
        aim = np.zeros(len(system.names))
        aim[targets] = sign
        found = _solve(system, aim)
        if found is None:
            return None
        low, high = np.minimum(low, found[targets]), np.maximum(high, found[targets])
    for i, target in enumerate(targets):
        for sign in (1.0, -1.0):
            if low[i] <= SMALLEST + NEAR if sign > 0 else high[i] >= LARGEST - NEAR:
                continue
            aim = np.zeros(len(system.names))
            aim[target] = sign
            found = _solve(system, aim)
            if found is not None:
                low, high = np.minimum(low, found[targets]), np.maximum(high, found[targets])
    return _excluded(system, targets, low, high)


def _excluded(system: System, targets: list[int], low: Floats, high: Floats) -> list[Leak]:
    fails = (low > SMALLEST + NEAR) | (high < LARGEST - NEAR)
    return [Leak(system.names[targets[i]], float(low[i]), float(high[i])) for i in np.flatnonzero(fails)]


def _solve(system: System, aim: Floats) -> Floats | None:
    """A solution that makes `aim` least; None if there is none. Without a limit, 10 is as good as more."""
    high = np.where(aim < 0, np.minimum(system.high, np.maximum(system.low, LARGEST + 1)), system.high)
    answer = milp(
        aim,
        constraints=LinearConstraint(system.matrix, system.least, system.most),
        bounds=Bounds(system.low, high),
    )
    return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)
