"""What a release says of each count behind it, as an interval: rounding, hiding and exact figures undone.

A count is named by its cell's key in one text. A share, an average or an amount says something of the
counts it is made of; where such a part has no cell of its own, its name ends in `#n` or `#d`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.columns import (
    ALREADY_PUBLIC,
    ESTIMATED,
    HIDDEN,
    KEY,
    MONEY,
    NOT_AVAILABLE,
    PLACES,
    SHOWN,
    TEN_FIVE,
)
from orchestration.publishing.knowledge import PARTS_OF_KNOWN_RATES, SAME_UNITS, TARGETS, Knowledge
from orchestration.publishing.rounding import BASE, LARGEST, LEAST, SMALLEST, Floats, nearest_five

SPLIT = "|"
HALF = BASE // 2
MANY_EACH = (MONEY, "hours", "events")
"""Units of which a few people can stand for many, so that a hidden figure need not be small."""


def names(frame: pd.DataFrame, suffix: str = "", **replaced: str | pd.Series) -> pd.Series:
    """The name of each row's count; `replaced` gives key columns other values."""
    columns = [replaced.get(k, frame[k]) for k in KEY]
    texts = [[c] * len(frame) if isinstance(c, str) else c.tolist() for c in columns]
    joined = [SPLIT.join(key) + suffix for key in zip(*texts, strict=True)]
    return pd.Series(joined, index=frame.index, dtype="str")


def with_parts(frame: pd.DataFrame, known: Knowledge) -> pd.DataFrame:
    """`frame` with `name`, `is_derived`, `factor`, `printed_decimals`, and the names of its parts.

    `top` and `bottom` are the counts above and below the line.
    """
    factor = frame[KEY].merge(known.factors, on=KEY, how="left")["factor"].to_numpy()
    listed = known.figures.assign(cohort_quarter="all")[[*KEY, "printed_decimals"]].drop_duplicates(KEY)
    printed = frame[KEY].merge(listed, on=KEY, how="left")["printed_decimals"].to_numpy()
    is_derived = frame["unit"].isin(PLACES.keys()) | frame["denominator"].notna() | ~np.isnan(factor)
    is_derived &= ~((frame["unit"] == MONEY) & np.isnan(factor))
    named = frame.assign(factor=np.nan_to_num(factor, nan=1.0), is_derived=is_derived, name=names(frame))
    named["printed_decimals"] = printed
    top, bottom = names(named, "#n"), names(named, "#d")
    for side, part, metrics in ((0, top, known.parts), (1, bottom, known.parts)):
        metric = frame["metric_id"].map({m: p[side] for m, p in metrics.items() if p[side]})
        found = metric.notna().to_numpy()
        part[found] = names(frame[found], metric_id=metric[found])
    return _known_parts(named.assign(top=top, bottom=bottom))


def _known_parts(frame: pd.DataFrame) -> pd.DataFrame:
    """Parts that the definitions state in words: groups of starts, units of money, averages, targets."""
    top, bottom = frame["top"].copy(), frame["bottom"].copy()
    for metric, (above, below) in PARTS_OF_KNOWN_RATES.items():
        rows = (frame["metric_id"] == metric).to_numpy()
        top[rows] = names(frame[rows], metric_id=above)
        bottom[rows] = names(frame[rows], metric_id=below, breakdown_type="all", breakdown_value="all")
    for money, units in SAME_UNITS.items():
        rows = ((frame["breakdown_type"] == money) & frame["is_derived"]).to_numpy()
        top[rows] = names(frame[rows], breakdown_type=units)
    rows = (frame["breakdown_value"] == "attendances_per_session").to_numpy()
    top[rows] = names(frame[rows], breakdown_value="attendances")
    bottom[rows] = names(frame[rows], breakdown_value="sessions")
    for target, metric in TARGETS.items():
        rows = ((frame["metric_id"] == "M26") & (frame["breakdown_value"] == target)).to_numpy()
        top[rows] = names(frame[rows], metric_id=metric, breakdown_type="all", breakdown_value="all")
    return frame.assign(top=top, bottom=bottom)


def intervals(frame: pd.DataFrame, is_prior: bool) -> pd.DataFrame:
    """What a release (as `with_parts` gives it) says: `name`, `low`, `high`; one row a count.

    With `is_prior` a hidden count of people is taken to lie between 1 and 9, else it may be anything.
    """
    plain = frame[~frame["is_derived"]]
    low, high = _of_counts(plain, is_prior)
    said = [pd.DataFrame({"name": plain["name"], "low": low, "high": high})]
    shown = frame[frame["is_derived"] & (frame["status"] == SHOWN)]
    for side, column in (("top", "numerator"), ("bottom", "denominator")):
        rows = shown[shown[column].notna()]
        low, high = _of_parts(rows, column)
        said.append(pd.DataFrame({"name": rows[side], "low": low, "high": high}))
    both = pd.concat(said, ignore_index=True)
    together = both.groupby("name", sort=True).agg(low=("low", "max"), high=("high", "min"))
    first = both.drop_duplicates("name").set_index("name").reindex(together.index)
    broken = (together["low"] > together["high"]).to_numpy()
    together[broken] = first.loc[broken, ["low", "high"]]
    return together.reset_index()


def hidden_counts(frame: pd.DataFrame) -> pd.Series:
    """Names of the counts that a release hides."""
    hidden = frame[(frame["status"] == HIDDEN) & ~frame["is_derived"] & (frame["basis"] == TEN_FIVE)]
    return hidden["name"]


def _of_counts(cells: pd.DataFrame, is_prior: bool) -> tuple[Floats, Floats]:
    value = cells["value"].to_numpy()
    rounded = (cells["basis"] == TEN_FIVE).to_numpy()
    low, high = _unrounded(value, cells["unit"].isin(["hours"]).to_numpy())
    low, high = np.where(rounded, low, value), np.where(rounded, high, value)
    few = ~cells["unit"].isin(MANY_EACH).to_numpy() & is_prior
    no_total = rounded & (cells["unit"] == MONEY).to_numpy()  # the sum of published parts, nothing else
    status = cells["status"].to_numpy()
    told = [status == HIDDEN, (status == NOT_AVAILABLE) | no_total, status == ESTIMATED]
    least = np.select(
        told, [np.where(few, SMALLEST, 0.0), 0.0, cells["bound_lower"].fillna(0.0).to_numpy()], low
    )
    most = np.select(
        told, [np.where(few, LARGEST, np.inf), np.inf, cells["bound_upper"].fillna(np.inf).to_numpy()], high
    )
    return np.where(np.isnan(least), 0.0, least), np.where(np.isnan(most), np.inf, most)


def _of_parts(cells: pd.DataFrame, column: str) -> tuple[Floats, Floats]:
    """A part is exact where it is no multiple of 5 or the figure is already public, else it was rounded."""
    value = cells[column].to_numpy()
    exact = (value != nearest_five(value)) | (cells["basis"] != TEN_FIVE).to_numpy()
    low, high = _unrounded(value, np.zeros(len(value), dtype=bool))
    return np.where(exact, value, low), np.where(exact, value, high)


def _unrounded(value: Floats, is_fraction: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The counts that round to a value: two below to two above, from ten on; nought is nought."""
    half = np.where(is_fraction, BASE / 2, HALF)
    low = np.where(value == 0, 0.0, np.maximum(value - half, LEAST))
    return low, np.where(value == 0, 0.0, value + half)


def listed_frame(known: Knowledge) -> pd.DataFrame:
    """The listed figures as if a release had carried them."""
    listed = known.figures[known.figures["metric_id"] != ""].assign(cohort_quarter="all")
    listed = listed.drop_duplicates(KEY)
    blank = dict.fromkeys(("numerator", "denominator", "bound_lower", "bound_upper"), np.nan)
    told = listed[[*KEY, "value", "unit"]]
    return told.assign(**blank, status=SHOWN, basis=ALREADY_PUBLIC)
