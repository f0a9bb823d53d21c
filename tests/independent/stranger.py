"""A second attacker, written apart from the gate's: whole numbers, and none of the code of `publishing`.

It knows what is released, which of the hidden counts are small, and every sum that the exact figures keep:
of a breakdown, of areas, of districts, of quarters. Sums that they do not keep would mislead it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

METRIC, PROGRAMME, AREA, TYPE, VALUE, COHORT, START, END = range(8)
KEY = (
    "metric_id", "programme_id", "area_code", "breakdown_type", "breakdown_value", "cohort_quarter",
    "period_start", "period_end",
)  # fmt: skip
COUNTS = ("referrals", "participations", "jobs", "people", "placements")
NO_MORE_THAN = (("M02", "M01"), ("M05", "M04"), ("M11", "M08"), ("M08", "M04"), ("M22", "M04"))
DAY = timedelta(days=1)
NINE = 9
Cell = tuple[str, ...]
Sum = tuple[Cell, Sequence[Cell], bool]
"""A total, parts of it, whether they are all of it."""


@dataclass
class Stranger:
    """What each cell can be, at least and at most, what it is, which are small, and how they add up."""

    low: dict[Cell, float] = field(default_factory=dict)
    high: dict[Cell, float] = field(default_factory=dict)
    exact: dict[Cell, float] = field(default_factory=dict)
    small: set[Cell] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)


def read(release: Path, warehouse: Path) -> Stranger:
    """What a release tells of its counts, and what they are."""
    found = Stranger()
    with duckdb.connect(str(warehouse), read_only=True) as con:
        cells = con.execute(f"select {', '.join(KEY)}, value from metrics.metric_values").fetchall()
        parents = dict(
            con.execute("select programme_id, parent_programme_id from reference.programmes").fetchall()
        )
        kinds = con.execute("select breakdown_type, parts from reference.breakdowns").fetchall()
    whole = {breakdown for breakdown, parts in kinds if parts == "each_once"}
    exact = {tuple(str(part or "") for part in key): value for *key, value in cells}
    with (release / "metrics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cell = tuple(row[column] for column in KEY)
            if row["unit"] in COUNTS and not row["denominator"] and exact.get(cell) is not None:
                found.exact[cell] = float(exact[cell])
                found.low[cell], found.high[cell] = _told(row)
                if row["status"] in ("[c]", "[x]") and 0 < found.exact[cell] <= NINE:
                    found.small.add(cell)
                    found.low[cell], found.high[cell] = (1, NINE) if row["status"] == "[c]" else (0, np.inf)
    for total, parts, is_all in _sums(sorted(found.exact), parents, whole):
        apart = found.exact[total] - sum(found.exact[part] for part in parts)
        if apart == 0 or (apart > 0 and not is_all):
            found.sums.append((total, parts, is_all))
    return found


def _told(row: dict[str, str]) -> tuple[float, float]:
    if row["status"] == "[e]":
        return float(row["bound_lower"] or 0), float(row["bound_upper"] or "inf")
    if row["status"]:
        return 0, np.inf
    value = float(row["value"])
    if row["basis"] != "ten_five" or value == 0:
        return value, value
    return max(10, value - 2), value + 2


def _sums(cells: Sequence[Cell], parents: Mapping[str, str], whole: Container[str]) -> Iterator[Sum]:
    there = set(cells)
    for own in _grouped(cells, VALUE):
        total = (*own[0][:TYPE], "all", "all", *own[0][COHORT:])
        if own[0][TYPE] in whole and total in there:
            yield total, own, True
    for own in _grouped(cells, AREA):
        yield from ((cell, [c for c in own if c != cell], True) for cell in own if cell[AREA] == "all")
    for own in _grouped(cells, PROGRAMME, AREA):
        yield from _in_region(own, parents)
    for own in _grouped(cells, START, END):
        yield from _in_time(own)
    for fewer, more in NO_MORE_THAN:
        yield from (
            ((more, *c[1:]), [c], False) for c in cells if c[METRIC] == fewer and (more, *c[1:]) in there
        )


def _grouped(cells: Sequence[Cell], *without: int) -> Iterator[list[Cell]]:
    rest = {cell: tuple(part for i, part in enumerate(cell) if i not in without) for cell in cells}
    for _, own in groupby(sorted(cells, key=rest.__getitem__), key=rest.__getitem__):
        yield list(own)


def _in_region(own: list[Cell], parents: Mapping[str, str]) -> Iterator[Sum]:
    """Districts are the region, or no more than it where one of them is silent."""
    for total in own:
        parts = [cell for cell in own if parents.get(cell[PROGRAMME]) == total[PROGRAMME]]
        if parts:
            yield total, parts, True
            yield total, parts, False


def _in_time(own: list[Cell]) -> Iterator[Sum]:
    """The shortest periods within a longer one, one after the other."""
    dated = sorted((date.fromisoformat(c[END]), date.fromisoformat(c[START]), c) for c in own if c[START])
    for end, start, total in dated:
        at, parts = start, []
        for until, begun, cell in dated:
            if cell != total and begun == at and until <= end:
                parts.append(cell)
                at = until + DAY
        if parts:
            yield total, parts, at == end + DAY


def narrowed_down(found: Stranger) -> dict[Cell, tuple[float, float]]:
    """Small counts that are not safe, and what they can be.

    One that is hidden can be every number from 1 to 9; one that is withdrawn, any of nine.
    """
    cells = sorted(found.exact)
    place = {cell: i for i, cell in enumerate(cells)}
    rows = [(i, place[c], 1.0 if c == total else -1.0)
            for i, (total, parts, _) in enumerate(found.sums) for c in (total, *parts)]  # fmt: skip
    at, columns, factors = zip(*rows, strict=True)
    matrix = coo_array((factors, (at, columns)), shape=(len(found.sums), len(cells))).tocsr()
    most = np.array([0.0 if is_all else np.inf for *_, is_all in found.sums])
    low, high = (np.array([told[cell] for cell in cells]) for told in (found.low, found.high))
    _, label = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
    asked: dict[int, list[int]] = defaultdict(list)
    for cell in found.small:
        asked[label[place[cell]]].append(place[cell])
    leaks = {}
    for component, small in asked.items():
        own = np.flatnonzero(label == component)
        used = np.unique(matrix[:, own].nonzero()[0])
        part = matrix[used][:, own]
        ties = [LinearConstraint(part, 0, most[used])] if len(used) else []
        seen = {i: [found.exact[cells[i]]] * 2 for i in small}
        for i in small:
            for sign in (1, -1):
                answer = milp(
                    sign * (own == i), constraints=ties, bounds=Bounds(low[own], high[own]), integrality=1
                )
                for j in small if answer.x is not None else []:
                    value = round(answer.x[np.searchsorted(own, j)])
                    seen[j] = [min(seen[j][0], value), max(seen[j][1], value)]
        leaks |= {cells[i]: (least, most) for i, (least, most) in seen.items() if most - least < NINE - 1}
    return leaks
