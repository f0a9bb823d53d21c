"""How counts hang together: parts and wholes, districts and regions, quarters and years, rates and money.

A relation is a line of numbers, `low` ≤ sum of factor times count ≤ `high`. Units that add up do; of people
a whole has no more than its parts together and no fewer than each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
import pandas as pd

from orchestration.publishing.columns import ALREADY_PUBLIC, MONEY, PLACES, SHARES, SHOWN
from orchestration.publishing.knowledge import PARTITIONS, Knowledge
from orchestration.publishing.observed import SPLIT, names

ADD_UP = ("referrals", "participations", MONEY, "events", "hours", "placements")
COUNTED_ONCE = ("jobs",)
"""Add up by breakdown, by time and within a programme; two programmes can claim one of them."""
QUARTER = timedelta(days=92)
PROGRAMME, AREA, TYPE, VALUE, START, END = 1, 2, 3, 4, 6, 7


@dataclass(frozen=True)
class Relation:
    """`counts` names with `factors`; `total` and `parts` say which of them are withdrawn first."""

    kind: str
    counts: tuple[str, ...]
    factors: tuple[float, ...]
    low: float
    high: float
    total: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The counts without the total."""
        return tuple(c for c in self.counts if c != self.total)


def relations(universe: Mapping[str, str], frame: pd.DataFrame, known: Knowledge) -> list[Relation]:
    """Every relation among the counts of `universe` (name to unit) and the figures of `frame`."""
    keys = {name: tuple(name.split(SPLIT)) for name in universe if "#" not in name}
    return [
        *_by_breakdown(keys),
        *_by_area(keys, universe),
        *_by_region(keys, universe, known),
        *_by_time(keys, universe),
        *_of_rates(frame),
        *_of_money(frame, universe),
    ]


def at_least(relation: Relation) -> Relation:
    """The same where parts may be missing or belong to several: the whole is no less than they."""
    return Relation(relation.kind, relation.counts, relation.factors, relation.low, inf, relation.total)


def _sum(kind: str, total: str, parts: Iterable[str], high: float = 0.0) -> Relation:
    """Total less parts, from 0 to `high`."""
    own = tuple(sorted(parts))
    return Relation(kind, (total, *own), (1.0, *(-1.0 for _ in own)), 0.0, high, total)


def _of_people(kind: str, total: str, parts: Iterable[str], is_whole: bool) -> Iterator[Relation]:
    own = tuple(sorted(parts))
    if is_whole:
        yield Relation(kind, (total, *own), (1.0, *(-1.0 for _ in own)), -inf, 0.0, total)
    for one in own:
        yield _sum(kind, total, [one], inf)


def _grouped(
    keys: Mapping[str, tuple[str, ...]], without: tuple[int, ...], chosen: Iterable[str]
) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in chosen:
        key = tuple(part for i, part in enumerate(keys[name]) if i not in without)
        groups.setdefault(key, []).append(name)
    return groups


def _by_breakdown(keys: Mapping[str, tuple[str, ...]]) -> Iterator[Relation]:
    """The parts of a breakdown and the total, which is there even where no release shows it."""
    parts = [name for name, key in keys.items() if key[TYPE] in PARTITIONS]
    for own in _grouped(keys, (VALUE,), parts).values():
        key = list(keys[own[0]])
        key[TYPE] = key[VALUE] = "all"
        yield _sum("breakdown", SPLIT.join(key), own)


def _by_area(keys: Mapping[str, tuple[str, ...]], units: Mapping[str, str]) -> Iterator[Relation]:
    """The areas of a programme and the programme."""
    for own in _grouped(keys, (AREA,), keys).values():
        total = next((name for name in own if keys[name][AREA] == "all"), None)
        parts = [name for name in own if name != total]
        if total is None or not parts or keys[total][PROGRAMME] == "all":
            continue
        if units[total] in (*ADD_UP, *COUNTED_ONCE):
            yield _sum("geography", total, parts)
        else:
            yield from _of_people("geography", total, parts, is_whole=True)


def _by_region(
    keys: Mapping[str, tuple[str, ...]], units: Mapping[str, str], known: Knowledge
) -> Iterator[Relation]:
    """A programme's parts, such as the districts of a region, and the programme."""
    children: dict[str, list[str]] = {}
    for name, key in keys.items():
        parent = known.programme_parents.get(key[PROGRAMME])
        if parent:
            above = _first_known(key, parent, known, keys)
            if above:
                children.setdefault(above, []).append(name)
    most: dict[tuple[str, ...], int] = {}
    for total, own in children.items():
        family = keys[total][:2]
        most[family] = max(most.get(family, 0), len(own))
    for total, own in children.items():
        is_whole = len(own) == most[keys[total][:2]]
        if units[total] in ADD_UP:
            yield _sum("geography", total, own, 0.0 if is_whole else inf)
        else:
            yield from _of_people("geography", total, own, is_whole)


def _first_known(
    key: tuple[str, ...], parent: str, known: Knowledge, keys: Mapping[str, tuple[str, ...]]
) -> str | None:
    for area in (known.area_parents.get(key[AREA], ""), key[AREA], "all"):
        above = SPLIT.join((key[0], parent, area, *key[3:]))
        if above in keys:
            return above
    return None


def _by_time(keys: Mapping[str, tuple[str, ...]], units: Mapping[str, str]) -> Iterator[Relation]:
    """Quarters and the longer periods that hold them; a later figure to date and an earlier one."""
    dated = [name for name, key in keys.items() if key[START] and key[END]]
    for own in _grouped(keys, (START, END), dated).values():
        if len(own) == 1:
            continue
        spans = {n: (date.fromisoformat(keys[n][START]), date.fromisoformat(keys[n][END])) for n in own}
        short = sorted((n for n in own if spans[n][1] - spans[n][0] <= QUARTER), key=lambda n: spans[n])
        for whole in sorted(set(own) - set(short)):
            yield from _within(whole, short, spans, units[whole])
        yield from _to_date(own, spans)


def _within(
    whole: str, short: list[str], spans: Mapping[str, tuple[date, date]], unit: str
) -> Iterator[Relation]:
    """The quarters of a longer period, one after the other; all of it if they reach from end to end."""
    reached, parts = spans[whole][0], []
    for one in short:
        start, end = spans[one]
        if start >= reached and end <= spans[whole][1]:
            parts.append(one)
            reached = end + timedelta(days=1)
    days = sum((spans[p][1] - spans[p][0]).days + 1 for p in parts)
    is_whole = days == (spans[whole][1] - spans[whole][0]).days + 1
    if parts and unit in (*ADD_UP, *COUNTED_ONCE):
        yield _sum("time", whole, parts, 0.0 if is_whole else inf)
    elif parts:
        yield from _of_people("time", whole, parts, is_whole)


def _to_date(own: list[str], spans: Mapping[str, tuple[date, date]]) -> Iterator[Relation]:
    ordered = sorted(own, key=lambda n: spans[n])
    for earlier, later in pairwise(ordered):
        if spans[earlier][0] == spans[later][0]:
            yield _sum("time", later, [earlier], inf)


def _of_rates(frame: pd.DataFrame) -> Iterator[Relation]:
    """A figure printed exactly ties its parts; the top of a share is no more than its base."""
    own = frame[frame["is_derived"]]
    exact = own[(own["status"] == SHOWN) & (own["basis"] == ALREADY_PUBLIC)]
    for row in exact.to_dict("records"):
        yield from _of_printed(row)
    shares = own[own["unit"].isin(SHARES) & own["top"].astype("str").str.endswith("#n")].drop_duplicates(
        "top"
    )
    for top, bottom in zip(shares["top"], shares["bottom"], strict=True):
        yield _sum("rate", bottom, [top], inf)
    yield from _of_statuses(shares)


def _of_statuses(shares: pd.DataFrame) -> Iterator[Relation]:
    """Jobs sustained and jobs whose check is not known are two parts of the jobs due."""
    parts = shares[shares["breakdown_type"] == "sustainment_status"]
    whole = names(parts, breakdown_type="all", breakdown_value="all")
    for total, own in parts.groupby(whole.to_numpy()):
        yield _sum("rate", f"{total}#d", [f"{total}#n", *own["top"]], inf)


def _of_printed(row: Mapping[Any, Any]) -> Iterator[Relation]:
    places = row["printed_decimals"]
    half = 0.5 * 10.0 ** -(PLACES.get(row["unit"], 0) if np.isnan(places) else places)
    value, top, bottom, factor = row["value"], row["top"], row["bottom"], row["factor"]
    if row["unit"] == MONEY:
        yield Relation("money", (top,), (factor,), value - half, value + half, top)
        return
    yield Relation("rate", (top, bottom), (factor, -(value - half)), 0.0, inf, bottom)
    yield Relation("rate", (top, bottom), (factor, -(value + half)), -inf, 0.0, bottom)


def _of_money(frame: pd.DataFrame, units: Mapping[str, str]) -> Iterator[Relation]:
    """Pounds of every stream: units times unit value; together the total."""
    money = frame[frame["is_derived"] & (frame["unit"] == MONEY) & frame["breakdown_type"].isin(PARTITIONS)]
    money = money.drop_duplicates("name")
    totals = names(money, breakdown_type="all", breakdown_value="all")
    together = money.assign(total=totals)
    for (total, _), own in together.groupby(["total", "breakdown_type"]):
        if total in units:
            minus = tuple(-f for f in own["factor"])
            yield Relation("money", (str(total), *own["top"]), (1.0, *minus), -0.005, 0.005, str(total))
