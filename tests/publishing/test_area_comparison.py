"""Areas compared: like with like, average of all, limits, ranks no firmer than the intervals."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binomtest

from orchestration.publishing.area_comparison import Z_998, compare_areas, comparison_bytes, funnel_limits
from orchestration.publishing.columns import RELEASED
from orchestration.publishing.rounding import Z, wilson

PARENTS = {"P1": "R", "P2": "R", "P3": "R"}


def rates(*rows: tuple[str, str, float, float], **given: str) -> pd.DataFrame:
    """Released rates of (programme, area, numerator, denominator)."""
    frame = pd.DataFrame(
        [
            dict.fromkeys(RELEASED, "")
            | {
                "metric_id": "M06", "unit": "rate", "breakdown_type": "all", "breakdown_value": "all",
                "cohort_quarter": "all", "period_start": "2025-04-01", "period_end": "2025-12-31",
                "basis": "ten_five", "programme_id": p, "area_code": a, "numerator": n, "denominator": d,
                "value": n / d, "returns_expected": 1.0, "returns_current": 1.0, "returns_carried": 0.0,
                "bound_lower": float("nan"), "bound_upper": float("nan"),
            }
            | given
            for p, a, n, d in rows
        ]
    )  # fmt: skip
    low, high = wilson(frame["numerator"].to_numpy(), frame["denominator"].to_numpy())
    return frame.assign(ci_lower=low, ci_upper=high)


def test_areas_of_a_region_are_set_against_their_average() -> None:
    found = compare_areas(rates(("P1", "A", 50, 100), ("P2", "B", 60, 100), ("P3", "C", 160, 200)), PARENTS)
    assert set(found["group_id"]) == {"R"}
    assert set(found["average"]) == {0.675}
    by_area = found.set_index("area_code")
    assert by_area["comparison"].to_dict() == {"A": "far below", "B": "not distinguishable", "C": "far above"}
    assert by_area["rank"].to_dict() == {"A": 3, "B": 2, "C": 1}
    assert by_area.loc["A", ["rank_best", "rank_worst"]].tolist() == [2, 3]
    assert by_area.loc["C", ["rank_best", "rank_worst"]].tolist() == [1, 1]


def test_other_days_the_region_itself_and_what_is_hidden_are_not_compared() -> None:
    cells = pd.concat(
        [
            rates(("P1", "A", 50, 100), ("P2", "B", 60, 100), ("R", "W", 110, 200)),
            rates(("P3", "C", 70, 100), period_end="2026-02-28"),
            rates(("P3", "C", 70, 100), status="[c]"),
        ],
        ignore_index=True,
    )
    found = compare_areas(cells, PARENTS)
    assert sorted(found["area_code"]) == ["A", "B"]
    assert set(found["areas_compared"]) == {2}


def test_each_number_of_weeks_is_compared_for_itself() -> None:
    by_13, by_26 = ({"breakdown_type": "weeks", "breakdown_value": weeks} for weeks in ("13", "26"))
    cells = pd.concat(
        [
            rates(("P1", "A", 20, 100), ("P2", "B", 30, 100), **by_13),
            rates(("P1", "A", 50, 100), ("P2", "B", 40, 100), **by_26),
        ],
        ignore_index=True,
    )
    found = compare_areas(cells, PARENTS).set_index(["breakdown_value", "area_code"])
    assert found["rank"].to_dict() == {("13", "A"): 2, ("13", "B"): 1, ("26", "A"): 1, ("26", "B"): 2}
    assert set(found["areas_compared"]) == {2}


def test_areas_within_one_programme_are_peers_of_each_other() -> None:
    cells = rates(("P1", "A", 50, 100), ("P1", "B", 60, 100), ("P2", "C", 10, 100), ("P1", "all", 110, 200))
    found = compare_areas(cells, PARENTS)
    assert sorted(zip(found["group_id"], found["area_code"], strict=True)) == [("P1", "A"), ("P1", "B")]


def test_equal_rates_share_a_place_and_a_lone_area_is_not_compared() -> None:
    found = compare_areas(rates(("P1", "A", 50, 100), ("P2", "B", 50, 100)), PARENTS)
    assert found["rank"].tolist() == [1, 1]
    assert compare_areas(rates(("P1", "A", 50, 100)), PARENTS).empty
    header = comparison_bytes(rates(("P1", "A", 50, 100)), PARENTS).decode().splitlines()
    assert len(header) == 1


@pytest.mark.parametrize(("numerator", "denominator"), [(40, 100), (49, 100), (60, 100), (61, 100), (5, 30)])
def test_an_interval_leaves_out_the_average_exactly_where_the_limits_are_crossed(
    numerator: float, denominator: float
) -> None:
    base = pd.Series([denominator], dtype="float64").to_numpy()
    low, high = wilson(pd.Series([numerator], dtype="float64").to_numpy(), base)
    below, above = funnel_limits(0.5, base, Z)
    share = numerator / denominator
    assert (low[0] <= 0.5 <= high[0]) == (below[0] <= share <= above[0])


def test_limits_agree_with_an_established_library_and_the_wider_holds_the_narrower() -> None:
    interval = binomtest(50, 100).proportion_ci(method="wilson")
    low, high = wilson(pd.Series([50.0]).to_numpy(), pd.Series([100.0]).to_numpy())
    assert (low[0], high[0]) == pytest.approx((interval.low, interval.high), abs=1e-6)
    base = pd.Series([100.0]).to_numpy()
    narrow, wide = funnel_limits(0.2, base, Z), funnel_limits(0.2, base, Z_998)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
