"""What a release says of each count behind it, as an interval: rounding, hiding and exact figures undone.

A count is named by its cell's key in one text. A share, an average or an amount says something of the
counts it is made of; where such a part has no cell of its own, its name ends in `#n` or `#d`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
from orchestration.publishing.knowledge import Count, Knowledge
from orchestration.publishing.parts import ANY, IS_FIGURE, SAME, newest_ends
from orchestration.publishing.rounding import BASE, LEAST, Floats, nearest_five

SPLIT = "|"
SUFFIX = {"figure": "", "numerator": "#n", "denominator": "#d", "least": "#low", "most": "#high"}
PART = {"top": "numerator", "bottom": "denominator"}
"""The name of each part of a derived figure, and the column that shows it."""
ENDS = {"#low": "bound_lower", "#high": "bound_upper"}
"""What is added to a name for the least and the most of a figure that is known between bounds."""
APART = "#apart"
"""And for how far these lie apart: of people, those who are counted without a name beside those with one."""
Places = npt.NDArray[np.intp]
HALF = BASE // 2
ESTIMATES, JOB_ESTIMATES = "estimates", "job estimates"
"""Units of what survival rates are made of: numbers of participations or jobs, but not whole ones."""
FRACTIONS = ("hours", ESTIMATES, JOB_ESTIMATES)
NAMED, COUNTED, MIXED = "record", "aggregate", "mixed"
"""Whether records name those in a figure, or somebody has counted them."""


def names(frame: pd.DataFrame, suffix: str = "", **replaced: str | pd.Series) -> pd.Series:
    """The name of each row's count; `replaced` gives key columns other values."""
    columns = [replaced.get(k, frame[k]) for k in KEY]
    texts = [[c] * len(frame) if isinstance(c, str) else c.tolist() for c in columns]
    joined = [SPLIT.join(key) + suffix for key in zip(*texts, strict=True)]
    return pd.Series(joined, index=frame.index, dtype="str")


def names_of(frame: pd.DataFrame, count: Count) -> pd.Series:
    """The name of `count` in the programme, area and period of each row; its cohort is in the period."""
    replaced = {"metric_id": count.metric_id, "cohort_quarter": "all"}
    for column in ("breakdown_type", "breakdown_value"):
        said = getattr(count, column)
        replaced |= {} if said in (SAME, ANY) else {column: said}
    return names(frame, SUFFIX[count.side], **replaced)


def finder(frame: pd.DataFrame) -> Callable[[Count], Places]:
    """What finds the places of the rows that a count speaks of."""
    of_metric = frame.groupby("metric_id").indices
    named = {c: frame[c].to_numpy(dtype=object) for c in ("breakdown_type", "breakdown_value")}

    def rows_of(count: Count) -> Places:
        found: Places = np.asarray(of_metric.get(count.metric_id, []), dtype=np.intp)
        for column, texts in named.items():
            said = getattr(count, column)
            found = found if said == ANY else found[texts[found] == said]
        return found

    return rows_of


def with_parts(frame: pd.DataFrame, known: Knowledge) -> pd.DataFrame:
    """`frame` with `name`, `is_derived`, `factor`, `printed_decimals`, and the names of its parts.

    `top` and `bottom` are the counts above and below the line; `is_fraction` where they are not whole.
    """
    factor = frame[KEY].merge(known.factors, on=KEY, how="left")["factor"].to_numpy()
    listed = known.figures.assign(cohort_quarter="all")[[*KEY, "printed_decimals"]].drop_duplicates(KEY)
    printed = frame[KEY].merge(listed, on=KEY, how="left")["printed_decimals"].to_numpy()
    is_derived = frame["unit"].isin(PLACES.keys()) | frame["denominator"].notna() | ~np.isnan(factor)
    is_derived &= ~((frame["unit"] == MONEY) & np.isnan(factor))
    top = names(frame, "#n", cohort_quarter="all").to_numpy(dtype=object, copy=True)
    bottom = names(frame, "#d", cohort_quarter="all").to_numpy(dtype=object, copy=True)
    is_fraction = frame["unit"].isin(FRACTIONS).to_numpy(copy=True)
    derived, rows_of = is_derived.to_numpy(), finder(frame)
    for stated in known.stated:
        if stated.relation in (*IS_FIGURE, "own"):
            rows = rows_of(stated.count)
            rows = rows[derived[rows]]
            is_fraction[rows] |= stated.unit in FRACTIONS
            if stated.relation in IS_FIGURE and len(rows):
                side, own = top if stated.count.side == "numerator" else bottom, frame.iloc[rows]
                if stated.relation == "to_date":
                    of = frame[frame["metric_id"] == stated.of.metric_id]
                    own = own.assign(period_end=newest_ends(own, of))
                side[rows] = names_of(own, stated.of)
    return frame.assign(
        factor=np.nan_to_num(factor, nan=1.0),
        is_derived=is_derived,
        printed_decimals=printed,
        name=names(frame),
        top=pd.Series(top, index=frame.index, dtype="str"),
        bottom=pd.Series(bottom, index=frame.index, dtype="str"),
        is_fraction=is_fraction,
    )


def unstated_parts(derived: pd.DataFrame, known: Knowledge) -> list[str]:
    """Numerators and denominators of which reference data does not say what they count."""
    missing: set[str] = set()
    rows_of = finder(derived)
    for side in PART.values():
        is_stated = np.zeros(len(derived), dtype=bool)
        for stated in known.stated:
            if stated.count.side == side and stated.relation in (*IS_FIGURE, "own"):
                is_stated[rows_of(stated.count)] = True
        rows = derived[~is_stated & derived[side].notna().to_numpy()]
        kinds = rows[["metric_id", "breakdown_type"]].drop_duplicates()
        missing |= {f"{side} of {m} by {b}" for m, b in kinds.itertuples(index=False)}
    return sorted(missing)


def intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """What a release (as `with_parts` gives it) says: `name`, `low`, `high`; one row a count."""
    plain = frame[~frame["is_derived"]]
    low, high = _of_counts(plain)
    said = [pd.DataFrame({"name": plain["name"], "low": low, "high": high})]
    shown = frame[frame["is_derived"] & (frame["status"] == SHOWN)]
    for side, column in PART.items():
        rows = shown[shown[column].notna()]
        low, high = _of_parts(rows, column)
        said.append(pd.DataFrame({"name": rows[side], "low": low, "high": high}))
    between = plain[plain["status"] == ESTIMATED]
    for end, column in ENDS.items():
        rows = between[between[column].notna()]
        low, high = _of_ends(rows, column)
        said.append(pd.DataFrame({"name": rows["name"] + end, "low": low, "high": high}))
    both = pd.concat(said, ignore_index=True)
    together = both.groupby("name", sort=True).agg(low=("low", "max"), high=("high", "min"))
    first = both.drop_duplicates("name").set_index("name").reindex(together.index)
    broken = (together["low"] > together["high"]).to_numpy()
    together[broken] = first.loc[broken, ["low", "high"]]
    return together.reset_index()


def ranges(frame: pd.DataFrame) -> set[str]:
    """Names of the counts that are known between bounds."""
    return set(frame.loc[(frame["status"] == ESTIMATED) & ~frame["is_derived"], "name"])


def is_mixed(frame: pd.DataFrame) -> pd.Series:
    """People whom records name and others count: between bounds that lie apart by people."""
    return (frame["source_grain"] == MIXED) & (frame["unit"] == "people")


def cell_of(name: str) -> str:
    """Name of the count whose bound this may be."""
    cell, mark, end = name.rpartition("#")
    return cell if mark + end in (*ENDS, APART) else name


def rounded_counts(frame: pd.DataFrame) -> set[str]:
    """Names of the counts that a release shows to the nearest five."""
    shown = frame[(frame["status"] == SHOWN) & (frame["basis"] == TEN_FIVE)]
    plain = shown[~shown["is_derived"] & (shown["value"] > 0) & (shown["unit"] != MONEY)]
    parts = [
        shown.loc[shown["is_derived"] & (shown[column] > 0) & (shown[column] % BASE == 0), side]
        for side, column in PART.items()
    ]
    return {n for s in (plain["name"], *parts) for n in s}


def hidden_counts(frame: pd.DataFrame) -> set[str]:
    """Names of the counts that a release hides."""
    hidden = frame[(frame["status"] == HIDDEN) & (frame["basis"] == TEN_FIVE)]
    parts = [hidden.loc[hidden["is_derived"], side] for side in PART]
    return {n for s in (hidden.loc[~hidden["is_derived"], "name"], *parts) for n in s}


def exact_counts(frames: Iterable[pd.DataFrame]) -> set[str]:
    """Counts that stand exactly in public: there is nothing left to protect."""
    exact = [f[(f["basis"] == ALREADY_PUBLIC) & (f["status"] == SHOWN) & ~f["is_derived"]] for f in frames]
    return {n for f in exact for n in f["name"]}


def listed_parts(frame: pd.DataFrame) -> set[str]:
    """Counts of which a release says nothing but in figures that a source has printed."""
    shown = frame[frame["is_derived"] & (frame["status"] == SHOWN)]
    is_listed = shown["basis"] == ALREADY_PUBLIC
    listed, ours = (
        {n for side in PART for n in rows[side]} for rows in (shown[is_listed], shown[~is_listed])
    )
    return listed - ours - set(frame.loc[~frame["is_derived"], "name"])


def own_counts(frame: pd.DataFrame) -> set[str]:
    """Counts of people of which a release says anything that no source has printed."""
    rows = frame[(frame["basis"] == TEN_FIVE) & (frame["status"] != NOT_AVAILABLE)]
    return {n for column in ("name", *PART) for n in rows[column]}


def _of_counts(cells: pd.DataFrame) -> tuple[Floats, Floats]:
    value = cells["value"].to_numpy()
    rounded = (cells["basis"] == TEN_FIVE).to_numpy()
    low, high = _unrounded(value, cells["is_fraction"].to_numpy())
    low, high = np.where(rounded, low, value), np.where(rounded, high, value)
    no_total = rounded & (cells["unit"] == MONEY).to_numpy()  # the sum of published parts, nothing else
    status = cells["status"].to_numpy()
    told = [(status == HIDDEN) | (status == NOT_AVAILABLE) | no_total, status == ESTIMATED]
    least = np.select(told, [0.0, cells["bound_lower"].fillna(0.0).to_numpy()], low)
    most = np.select(told, [np.inf, cells["bound_upper"].fillna(np.inf).to_numpy()], high)
    return np.where(np.isnan(least), 0.0, least), np.where(np.isnan(most), np.inf, most)


def _of_ends(cells: pd.DataFrame, column: str) -> tuple[Floats, Floats]:
    """What a bound was before it was rounded outward; nine and less went down to nought, or up to ten."""
    value = cells[column].to_numpy()
    step = np.where(cells["is_fraction"], BASE, BASE - 1)
    step = np.where((cells["basis"] == TEN_FIVE).to_numpy(), step, 0)
    if column == "bound_lower":
        return value, value + np.where((value == 0) & (step > 0), LEAST - 1, step)
    step = np.where((value == LEAST) & (step > 0), LEAST - 1, step)
    return np.maximum(value - step, 0), value


def _of_parts(cells: pd.DataFrame, column: str) -> tuple[Floats, Floats]:
    """A part is exact where it is no multiple of 5 or the figure is already public, else it was rounded."""
    value = cells[column].to_numpy()
    exact = (value != nearest_five(value)) | (cells["basis"] != TEN_FIVE).to_numpy()
    low, high = _unrounded(value, cells["is_fraction"].to_numpy())
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
