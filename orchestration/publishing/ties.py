"""What ties figures beyond their hierarchies: printed rates, money, what reference data states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any

import numpy as np
import pandas as pd

from orchestration.publishing.columns import ALREADY_PUBLIC, MONEY, PLACES, SHARES, SHOWN
from orchestration.publishing.knowledge import Count, Knowledge
from orchestration.publishing.observed import finder, intervals, names, names_of
from orchestration.publishing.parts import IS_FIGURE
from orchestration.publishing.relation import Relation, Units, sum_of


def of_rates(frame: pd.DataFrame) -> Iterator[Relation]:
    """A figure printed exactly ties its parts; the top of a share is no more than its base."""
    own = frame[frame["is_derived"]]
    exact = own[(own["status"] == SHOWN) & (own["basis"] == ALREADY_PUBLIC)]
    for row in exact.to_dict("records"):
        yield from _of_printed(row)
    shares = own[own["unit"].isin(SHARES) & own["top"].astype("str").str.endswith("#n")]
    for top, bottom in shares[["top", "bottom"]].drop_duplicates("top").itertuples(index=False):
        yield sum_of(bottom, [top], inf)


def _of_printed(row: Mapping[Any, Any]) -> Iterator[Relation]:
    places = row["printed_decimals"]
    half = 0.5 * 10.0 ** -(PLACES.get(row["unit"], 0) if np.isnan(places) else places)
    value, top, bottom, factor = row["value"], row["top"], row["bottom"], row["factor"]
    if row["unit"] == MONEY:
        yield Relation((top,), (factor,), value - half, value + half)
        return
    yield Relation((top, bottom), (factor, -(value - half)), 0.0, inf)
    yield Relation((top, bottom), (factor, -(value + half)), -inf, 0.0)


def of_money(frame: pd.DataFrame, units: Units, known: Knowledge) -> Iterator[Relation]:
    """Pounds of every stream: units times unit value; together the total."""
    wholes = [breakdown for breakdown, makes_whole in known.breakdowns.items() if makes_whole]
    money = frame[frame["is_derived"] & (frame["unit"] == MONEY) & frame["breakdown_type"].isin(wholes)]
    money = money.drop_duplicates("name")
    totals = names(money, breakdown_type="all", breakdown_value="all")
    together = money.assign(total=totals)
    for (total, _), own in together.groupby(["total", "breakdown_type"]):
        if total in units:
            minus = tuple(-f for f in own["factor"])
            yield Relation((str(total), *own["top"]), (1.0, *minus), -0.005, 0.005)


def stated_of(frame: pd.DataFrame, known: Knowledge) -> Iterator[Relation]:
    """What reference data states of figures that are parts of others, for every cell that is there.

    Parts make a whole where each kind of them is there; else they are parts of it.
    """
    cells, are_alike = frame.drop_duplicates("name"), _alike(frame)
    rows_of = finder(cells)
    wholes: dict[tuple[str, str, Count], dict[str, str]] = {}
    kinds: dict[tuple[str, Count], set[str]] = {}
    for stated in known.stated:
        if stated.relation in (*IS_FIGURE, "own"):
            continue
        kinds.setdefault((stated.relation, stated.of), set()).add(stated.count.breakdown_type)
        rows = cells.iloc[rows_of(stated.count)]
        for part, whole in zip(names_of(rows, stated.count), names_of(rows, stated.of), strict=True):
            if stated.relation == "at_most":
                yield sum_of(whole, [part], inf)
            elif stated.relation == "alike":
                if are_alike(part, whole):
                    yield sum_of(whole, [part])
            else:
                parts = wholes.setdefault((stated.relation, whole, stated.of), {})
                parts[part] = stated.count.breakdown_type
    for (relation, whole, of), parts in wholes.items():
        is_whole = relation == "makes" and set(parts.values()) == kinds[relation, of]
        yield sum_of(whole, parts, 0.0 if is_whole else inf)


def _alike(frame: pd.DataFrame) -> Callable[[str, str], bool]:
    """What tells whether a count is shown, and no release shows that another is not the same."""
    told = intervals(frame).set_index("name")
    low, high = told["low"].to_dict(), told["high"].to_dict()

    def are_alike(one: str, other: str) -> bool:
        most = high.get(one, inf)
        return most < inf and max(low[one], low.get(other, 0.0)) <= min(most, high.get(other, inf))

    return are_alike
