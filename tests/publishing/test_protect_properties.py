"""What holds whatever the figures are."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publishing.history import COLUMNS, as_history
from orchestration.publishing.protect import protect
from orchestration.publishing.rounding import quotient
from tests.publishing.toy import as_cells, as_figures, cell, rate
from tests.publishing.toy_tables import FIGURES

COUNTS = st.integers(0, 60) | st.integers(0, 5000)
AREAS = st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=40)
FEW = settings(max_examples=12, deadline=None)
PUBLISHED = as_figures(FIGURES)


def _cells(areas: list[tuple[int, int, int]]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for i, (referrals, starts, spread) in enumerate(areas):
        where = {"area_code": f"E{i}"}
        rows += [
            cell("M01", referrals, **where),
            cell("M04", starts, **where),
            rate("M06", starts, referrals, **where),
            cell("M02", None, bound_lower=starts, bound_upper=starts + spread, **where),
            cell("M31", starts * 4000, numerator=starts, factor=4000, unit="gbp", **where),
        ]
    return as_cells(rows)


@FEW
@given(AREAS)
def test_no_number_of_people_from_1_to_9_is_published(areas: list[tuple[int, int, int]]) -> None:
    shown = protect(_cells(areas), PUBLISHED, as_history([])).cells
    people = shown[shown["unit"] == "participations"]
    for column in ("value", "numerator", "bound_lower", "bound_upper"):
        assert not people[column].between(1, 9).any()
    assert not shown[["numerator", "denominator"]].isin(range(1, 10)).any(axis=None)


@FEW
@given(AREAS)
def test_a_rate_is_its_published_parts_and_they_are_the_published_counts(
    areas: list[tuple[int, int, int]],
) -> None:
    shown = protect(_cells(areas), PUBLISHED, as_history([])).cells
    counts = {(r.metric_id, r.area_code): r.value for r in shown.itertuples()}
    for r in shown[(shown["metric_id"] == "M06") & (shown["status"] == "")].itertuples():
        assert (r.numerator, r.denominator) == (counts["M04", r.area_code], counts["M01", r.area_code])
        assert r.value == _half_up(Fraction(int(r.numerator), int(r.denominator)), 6)
        assert 0 <= r.ci_lower <= r.value <= r.ci_upper <= 1 or r.value > 1


@FEW
@given(AREAS, AREAS)
def test_what_was_hidden_stays_hidden(
    before: list[tuple[int, int, int]], now: list[tuple[int, int, int]]
) -> None:
    first = protect(_cells(before), PUBLISHED, as_history([])).cells
    second = protect(_cells(now), PUBLISHED, first[COLUMNS]).cells
    both = first.merge(second, on=COLUMNS[:8])
    assert (both.loc[both["status_x"] == "[c]", "status_y"] == "[c]").all()


@FEW
@given(AREAS)
def test_a_hidden_figure_shows_no_number(areas: list[tuple[int, int, int]]) -> None:
    shown = protect(_cells(areas), PUBLISHED, as_history([])).cells
    silent = shown[shown["status"].isin(["[c]", "[x]"])]
    numbers = ["numerator", "denominator", "value", "bound_lower", "bound_upper", "ci_lower", "ci_upper"]
    assert silent[numbers].isna().all(axis=None)


@FEW
@given(st.integers(0, 10**9), st.integers(0, 10**8), st.integers(1, 10**9), st.sampled_from([0, 2, 6]))
def test_a_quotient_is_exact_half_up(top: int, factor: int, bottom: int, places: int) -> None:
    columns = pd.DataFrame({"n": [top / 100], "f": [factor / 100], "d": [bottom / 100], "p": [places]})
    found = quotient(
        columns["n"].to_numpy(), columns["f"].to_numpy(), columns["d"].to_numpy(), columns["p"].to_numpy()
    )
    assert found[0] == _half_up(Fraction(top, 100) * Fraction(factor, 100) / Fraction(bottom, 100), places)


def _half_up(exact: Fraction, places: int) -> float:
    return ((exact * 10**places + Fraction(1, 2)) // 1) / 10**places
