"""How counts hang together: parts and wholes, districts and regions, quarters and years.

Units that add up do; of people a whole has no more than its parts together and no fewer than each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import inf

import numpy as np
import pandas as pd

from orchestration.publishing.columns import MONEY
from orchestration.publishing.knowledge import Knowledge
from orchestration.publishing.observed import (
    APART,
    COUNTED,
    ENDS,
    ESTIMATES,
    JOB_ESTIMATES,
    NAMED,
    SPLIT,
    is_mixed,
    ranges,
)
from orchestration.publishing.relation import Relation, Units, sum_of
from orchestration.publishing.ties import of_money, of_rates, stated_of

ADD_UP = ("referrals", "participations", MONEY, "events", "hours", "placements", ESTIMATES)
COUNTED_ONCE = ("jobs", JOB_ESTIMATES)
"""Add up by breakdown, by time and within a programme; over programmes where no two claim the same one."""
OF_PEOPLE = ("people", "employers")
"""One of them can be in several parts of a whole, but for the parts of a breakdown."""
NOT_COUNTS = ("days", "engagements", "residents")
"""Medians and public reference figures: nothing adds up."""
QUARTER = timedelta(days=92)
METRIC, PROGRAMME, AREA, TYPE, VALUE, COHORT, START, END, SIDE = range(9)
Families = dict[tuple[str, ...], dict[str, list[str]]]
"""The figures of each part of a programme, by the key of the programme's figure."""
Keys = Mapping[str, tuple[str, ...]]
HIGH = list(ENDS)[-1]
Between = dict[str, tuple[str, str]]
"""What came in between two figures to date, with their names."""


def relations(units: dict[str, str], frame: pd.DataFrame, known: Knowledge) -> tuple[list[Relation], Between]:
    """Every relation among the counts of `units` (name to unit) and the figures of `frame`.

    Wholes that no release shows, and what came in between two figures to date, are added to `units`.
    """
    between: Between = {}
    keys = {name: _key(name) for name in units}
    found = [*_by_breakdown(keys, units, known)]
    keys |= {name: _key(name) for name in units if name not in keys}
    found += _with_ends([*_by_area(keys, units), *_by_region(keys, units, known)], ranges(frame))
    found += _apart(keys, frame, known)
    found += _by_time(keys, units, between)
    found += [*of_rates(frame), *of_money(frame, units, known), *stated_of(frame, known)]
    return found, between


def _key(name: str) -> tuple[str, ...]:
    cell, _, side = name.partition("#")
    return (*cell.split(SPLIT), side)


def _name(key: Iterable[str]) -> str:
    *cell, side = key
    return SPLIT.join(cell) + (f"#{side}" if side else "")


def _whole(
    total: str, parts: Iterable[str], unit: str, is_whole: bool, add: tuple[str, ...]
) -> list[Relation]:
    """A total and its parts, by whether the unit is one of those that add up; all parts with `is_whole`."""
    own = tuple(sorted(parts))
    if unit in add:
        return [sum_of(total, own, 0.0 if is_whole else inf)]
    if unit not in (*OF_PEOPLE, *COUNTED_ONCE):
        return []
    most = [Relation((total, *own), (1.0, *(-1.0 for _ in own)), -inf, 0.0)] if is_whole else []
    return [*most, *(sum_of(total, [one], inf) for one in own)]


def _with_ends(found: list[Relation], ranged: set[str]) -> list[Relation]:
    """Sums of intervals are intervals, so what ties figures ties their least and their most as well."""
    ends = [
        replace(relation, counts=tuple(n + end if n in ranged else n for n in relation.counts))
        for relation in found
        if not ranged.isdisjoint(relation.counts)
        for end in ENDS
    ]
    return found + ends


def _grouped(keys: Keys, without: tuple[int, ...], chosen: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in chosen:
        key = tuple(part for i, part in enumerate(keys[name]) if i not in without)
        groups.setdefault(key, []).append(name)
    return groups


def _by_breakdown(keys: Keys, units: dict[str, str], known: Knowledge) -> Iterator[Relation]:
    """The parts of a breakdown and the total, which is there even where no release shows it."""
    adding = (*ADD_UP, *COUNTED_ONCE, *OF_PEOPLE)
    parts = [
        n for n, k in keys.items() if known.breakdowns.get(k[TYPE]) and units[n] in adding and not k[SIDE]
    ]
    for own in _grouped(keys, (VALUE,), parts).values():
        key = list(keys[own[0]])
        key[TYPE] = key[VALUE] = "all"
        units.setdefault(_name(key), units[own[0]])
        yield sum_of(_name(key), own)


def _by_area(keys: Keys, units: Units) -> Iterator[Relation]:
    """The areas of a programme and the programme."""
    for own in _grouped(keys, (AREA,), keys).values():
        total = next((name for name in own if keys[name][AREA] == "all"), None)
        parts = [name for name in own if name != total]
        if total is not None and parts and keys[total][PROGRAMME] != "all":
            yield from _whole(total, parts, units[total], is_whole=True, add=(*ADD_UP, *COUNTED_ONCE))


def _by_region(keys: Keys, units: Units, known: Knowledge) -> Iterator[Relation]:
    """A programme's parts, such as the districts of a region, and the programme.

    A part that began later than the region's window goes in with all of its own.
    """
    families = _families(keys, known)
    for total, key in keys.items():
        found = _parts_of_region(key, families, keys, known)
        parts = [name for own in found.values() for name in own]
        if parts:
            is_whole = all(found.values())
            yield from _whole(total, parts, units[total], is_whole, add=ADD_UP)
            if units[total] in COUNTED_ONCE:
                yield sum_of(total, parts, 0.0 if is_whole else inf)


def _families(keys: Keys, known: Knowledge) -> Families:
    families: Families = {}
    for name, key in keys.items():
        parent = known.programme_parents.get(key[PROGRAMME])
        if parent:
            family = (key[METRIC], parent, *key[TYPE:START], key[SIDE])
            families.setdefault(family, {}).setdefault(key[PROGRAMME], []).append(name)
    return families


def _parts_of_region(
    total: tuple[str, ...], families: Families, keys: Keys, known: Knowledge
) -> dict[str, list[str]]:
    """The figures of each part of a programme that go into a figure of the whole."""
    children = families.get((*total[:AREA], *total[TYPE:START], total[SIDE]), {})
    return {child: _within_region(total, own, keys, known) for child, own in children.items()}


def _apart(keys: Keys, frame: pd.DataFrame, known: Knowledge) -> Iterator[Relation]:
    """How far the bounds of people lie apart, who are named by records and counted by others beside."""
    plain, families = frame[~frame["is_derived"]], _families(keys, known)
    shown = plain.drop_duplicates("name").set_index("name")[["unit", "source_grain"]]
    shown["size"] = plain.groupby("name")[["value", "bound_lower"]].max().max(axis=1)
    shown["end"] = np.where(shown.index.isin(ranges(frame)), HIGH, "")
    events = {s.count.metric_id: s.of.metric_id for s in known.stated if s.relation == "at_most"}
    for total in shown.index[is_mixed(shown) & (shown["end"] != "")]:
        yield Relation(tuple(total + end for end in (*ENDS, APART)), (1.0, -1.0, 1.0), 0.0, 0.0)
        key = keys[total]
        found = _parts_of_region((events.get(key[METRIC], ""), *key[1:]), families, keys, known)
        found |= _parts_of_region(key, families, keys, known)
        parts = shown.reindex([name for own in found.values() for name in own]).dropna(subset=["unit"])
        yield from _beside(total + APART, parts)


def _beside(apart: str, parts: pd.DataFrame) -> Iterator[Relation]:
    """Those who are counted and not named; where one count is above what is named, all but that one."""
    people = parts[parts["unit"] == "people"].sort_values("size", na_position="first")
    if people.empty:
        return
    if people["source_grain"].iloc[-1] == COUNTED:
        rest = parts.drop(index=people.index[-1])
        yield from _whole(apart, rest.index + rest["end"], "people", is_whole=True, add=())
    else:
        rest = parts[parts["source_grain"] != NAMED]
        if len(rest):
            yield sum_of(apart, rest.index + rest["end"].mask(is_mixed(rest), APART))


def _within_region(total: tuple[str, ...], own: list[str], keys: Keys, known: Knowledge) -> list[str]:
    """The figures of one part that go into a region's: of the same period, or from when the part began."""
    begun = max(total[START], min(keys[n][START] for n in own))
    return [
        n for n in own
        if keys[n][START:SIDE] == (begun, total[END])
        and total[AREA] in (keys[n][AREA], known.area_parents.get(keys[n][AREA]))
    ]  # fmt: skip


def _by_time(keys: Keys, units: dict[str, str], between: Between) -> Iterator[Relation]:
    """Quarters and the longer periods that hold them; a later figure to date and an earlier one."""
    dated = [name for name, key in keys.items() if key[START] and key[END]]
    for own in _grouped(keys, (START, END), dated).values():
        if len(own) == 1:
            continue
        spans = {n: (date.fromisoformat(keys[n][START]), date.fromisoformat(keys[n][END])) for n in own}
        short = sorted((n for n in own if spans[n][1] - spans[n][0] <= QUARTER), key=lambda n: spans[n])
        for whole in sorted(set(own) - set(short)):
            yield from _within(whole, short, spans, units[whole])
        yield from _to_date(own, keys, units, between)


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
    if parts:
        yield from _whole(whole, parts, unit, is_whole, add=(*ADD_UP, *COUNTED_ONCE))


def _to_date(own: list[str], keys: Keys, units: dict[str, str], between: Between) -> Iterator[Relation]:
    """A later figure to date is the earlier one and what came in between."""
    for earlier, later in pairwise(sorted(own, key=lambda n: keys[n][START:])):
        if keys[earlier][START] != keys[later][START]:
            continue
        if units[later] in (*ADD_UP, *COUNTED_ONCE):
            key = list(keys[later])
            key[START] = (date.fromisoformat(keys[earlier][END]) + timedelta(days=1)).isoformat()
            units.setdefault(_name(key), units[later])
            between[_name(key)] = (earlier, later)
            yield sum_of(later, [earlier, _name(key)])
        elif units[later] in OF_PEOPLE:
            yield sum_of(later, [earlier], inf)
