"""`comparison.csv`: the areas of a region side by side, with intervals, funnel limits and ranks.

Made of released figures alone, so that it can say no more than they do (design 16). Wilson intervals and
funnel limits are two sides of one score test: an area's 95% interval leaves out the average of its peers
exactly where the area lies outside the 95% limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.columns import NOT_PERSONAL, SHOWN
from orchestration.publishing.rounding import Z, wilson
from orchestration.publishing.tables import as_text, csv_bytes

Floats = npt.NDArray[np.float64]
Z_998: Final = 3.090232306167813
"""Quantile of the normal distribution for limits that one area in five hundred crosses by chance."""
WINDOW: Final = [
    "metric_id", "group_id", "breakdown_type", "breakdown_value", "cohort_quarter", "period_start",
    "period_end",
]  # fmt: skip
"""What two areas must share to be compared: above all the same days, or one has had more time."""
COLUMNS: Final = [
    "metric_id", "metric_name", "group_id", "programme_id", "area_code", "area_name", "breakdown_type",
    "breakdown_value", "cohort_quarter", "period_start", "period_end", "numerator", "denominator", "value",
    "ci_lower", "ci_upper", "average", "limit_95_lower", "limit_95_upper", "limit_998_lower",
    "limit_998_upper", "rank", "rank_best", "rank_worst", "areas_compared", "comparison", "figure_origin",
]  # fmt: skip
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "group_id": "Programme whose areas are compared: the area's own, or the one above it",
    "average": "Sum of the areas' numerators over the sum of their denominators, as released",
    "limit_95_lower": "Lower funnel limit: 1 in 40 areas like the average falls below by chance",
    "limit_95_upper": "Upper funnel limit: 1 in 40 areas like the average rises above by chance",
    "limit_998_lower": "Lower funnel limit: 1 in 1,000 areas like the average falls below by chance",
    "limit_998_upper": "Upper funnel limit: 1 in 1,000 areas like the average rises above by chance",
    "rank": "Place by value, 1 the highest; equal values share a place",
    "rank_best": "Best place that the 95% intervals allow",
    "rank_worst": "Worst place that the 95% intervals allow",
    "areas_compared": "Areas with a released figure for the same days",
    "comparison": "above or below the average where its 95% limits are crossed, far above or far below at "
    "99.8%, else not distinguishable",
}
RATE: Final = "rate"
PLACES: Final = ["rank", "rank_best", "rank_worst", "areas_compared"]
LIMITS: Final = [c for c in COLUMNS if c == "average" or c.startswith("limit_")]


def comparison_bytes(cells: pd.DataFrame, programme_parents: Mapping[str, str]) -> bytes:
    """`comparison.csv`, from the released columns with numbers as floats."""
    compared = compare_areas(cells, programme_parents)
    text = as_text(compared.assign(unit=RATE)).drop(columns="unit")
    for column in LIMITS:
        text[column] = [f"{v:.6f}" for v in compared[column].tolist()]
    return csv_bytes(text)


def compare_areas(cells: pd.DataFrame, programme_parents: Mapping[str, str]) -> pd.DataFrame:
    """Columns `COLUMNS`, one row an area and metric, where two areas or more have a figure for the same days.

    `cells`: released columns with numbers as floats. Only rates of the whole with both parts shown are
    compared: none of a group, but each number of weeks since the start, whose denominator stands for its
    variance. A district's programme is compared with those of the same parent; the areas within one programme
    with each other.
    """
    rows = _grouped(cells[_is_comparable(cells)], programme_parents)
    peers = rows.groupby(WINDOW, sort=False)["area_code"].transform("size")
    rows = rows[peers > 1].sort_values([*WINDOW, "area_code"], ignore_index=True)
    judged = [_judged(group) for _, group in rows.groupby(WINDOW, sort=True)]
    return pd.concat(judged, ignore_index=True)[COLUMNS] if judged else pd.DataFrame(columns=COLUMNS)


def _is_comparable(cells: pd.DataFrame) -> pd.Series:
    shown = (cells["status"] == SHOWN) & cells["numerator"].notna() & (cells["denominator"] > 0)
    rate = (cells["unit"] == RATE) & (cells["basis"] != NOT_PERSONAL)
    return shown & rate & cells["breakdown_type"].isin(("all", "weeks")) & (cells["area_code"] != "all")


def _grouped(rows: pd.DataFrame, parents: Mapping[str, str]) -> pd.DataFrame:
    """`rows` with `group_id`, without those of a region as a whole."""
    window = [column for column in WINDOW if column != "group_id"]
    has_areas = rows.groupby([*window, "programme_id"])["area_code"].transform("size") > 1
    above = rows["programme_id"].map(dict(parents))
    group = rows["programme_id"].where(has_areas | above.isna(), above)
    is_whole = rows["programme_id"].isin(set(parents.values())) & ~has_areas
    return rows.assign(group_id=group)[~is_whole]


def _judged(group: pd.DataFrame) -> pd.DataFrame:
    numerator, denominator = group["numerator"].to_numpy(), group["denominator"].to_numpy()
    value = group["value"].to_numpy()
    low, high = wilson(numerator, denominator)
    average = numerator.sum() / denominator.sum()
    limits = {
        f"limit_{name}_{side}": np.round(limit, 6)
        for name, z in (("95", Z), ("998", Z_998))
        for side, limit in zip(("lower", "upper"), funnel_limits(average, denominator, z), strict=True)
    }
    return group.assign(
        average=np.round(average, 6),
        **limits,
        rank=[1 + int((value > v).sum()) for v in value],
        rank_best=[1 + int((low > h).sum()) for h in high],
        rank_worst=[len(value) - int((high < lo).sum()) for lo in low],
        areas_compared=len(group),
        comparison=_verdicts(value, limits),
    )


def funnel_limits(average: float, denominator: Floats, z: float) -> tuple[Floats, Floats]:
    """Score limits around an average rate for each denominator, within 0 and 1."""
    half = z * np.sqrt(average * (1 - average) / denominator)
    return np.clip(average - half, 0.0, 1.0), np.clip(average + half, 0.0, 1.0)


def _verdicts(value: Floats, limits: Mapping[str, Floats]) -> list[str]:
    conditions = [
        value > limits["limit_998_upper"],
        value < limits["limit_998_lower"],
        value > limits["limit_95_upper"],
        value < limits["limit_95_lower"],
    ]
    said = ["far above", "far below", "above", "below"]
    verdicts: list[str] = np.select(conditions, said, "not distinguishable").tolist()
    return verdicts
