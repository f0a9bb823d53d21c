"""What may be published of a cell, case by case."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from orchestration.control.records import PublishedCell
from orchestration.publishing.columns import KEY, RELEASED
from orchestration.publishing.history import as_history
from orchestration.publishing.protect import Protected, protect
from tests.publishing.toy import as_cells, as_figures, cell, rate
from tests.publishing.toy_tables import FIGURES

NOTHING_BEFORE = as_history([])


def protected(
    *rows: dict[str, object],
    figures: list[tuple[object, ...]] | None = None,
    history: pd.DataFrame = NOTHING_BEFORE,
) -> Protected:
    return protect(as_cells(list(rows)), as_figures(figures or []), history)


def only(*rows: dict[str, object], **kwargs: object) -> pd.Series:
    """The last of the given cells, protected."""
    done = protected(*rows, **kwargs)  # type: ignore[arg-type]
    wanted = as_cells([rows[-1]])[KEY]
    return done.cells.merge(wanted, on=KEY).iloc[0]


@pytest.mark.parametrize(
    ("count", "value", "status"),
    [
        (0, 0, ""),
        (1, None, "[c]"),
        (9, None, "[c]"),
        (10, 10, ""),
        (12, 10, ""),
        (12.5, 15, ""),
        (13, 15, ""),
        (307, 305, ""),
    ],
)
def test_a_count_of_people_is_hidden_below_ten_and_rounded_to_five(
    count: float, value: float | None, status: str
) -> None:
    shown = only(cell("M04", count))
    assert shown["status"] == status
    assert shown["basis"] == "ten_five"
    if value is None:
        assert math.isnan(shown["value"])
        assert math.isnan(shown["numerator"])
    else:
        assert (shown["value"], shown["numerator"]) == (value, value)


def test_a_figure_that_is_not_personal_is_exact() -> None:
    shown = only(cell("M33", 7.25, unit="gbp", is_numerator_personal=False))
    assert (shown["value"], shown["basis"], shown["status"]) == (7.25, "not_personal", "")


def test_a_cell_that_does_not_say_whether_it_is_personal_counts_as_personal() -> None:
    from orchestration.publishing.candidate import FLAGS, _typed

    raw = as_cells([cell("M04", 7)]).assign(is_defined=True)
    raw = raw.assign(**{flag: pd.Series([None], dtype="boolean") for flag in FLAGS})
    assert _typed(raw)[FLAGS].all(axis=None)


def test_few_people_behind_many_events_hide_the_events() -> None:
    assert only(cell("M01", 80, unit="events", contributors=3))["status"] == "[c]"
    assert only(cell("M01", 80, unit="events", contributors=20))["value"] == 80
    between = cell("M23", None, unit="hours", bound_lower=80, contributors=3)
    assert only(between)["status"] == "[c]"
    assert only(between | {"contributors": 20})["bound_lower"] == 80


def test_a_listed_figure_that_the_build_reproduces_is_exact() -> None:
    shown = only(cell("M04", 307), figures=FIGURES)
    assert (shown["value"], shown["basis"]) == (307, "already_public")


@pytest.mark.parametrize(("now", "value", "status"), [(320, 320, ""), (295, 295, ""), (308, None, "[c]")])
def test_a_listed_figure_that_the_build_does_not_reproduce_is_a_finding(
    now: float, value: float | None, status: str
) -> None:
    """Rounded where it is far from what is listed; else who came or went since would be few."""
    done = protected(cell("M04", now), figures=FIGURES[1:2])
    [shown] = done.cells.to_dict("records")
    assert (shown["basis"], shown["status"]) == ("ten_five", status)
    assert shown["value"] == value or value is None
    [finding] = done.disagreements
    assert finding.figure_id == "FX01"
    assert str(now) not in finding.message


def test_a_listed_figure_without_a_cell_is_a_finding() -> None:
    [finding] = protected(cell("M02", 50), figures=FIGURES[1:2]).disagreements
    assert "no figure" in finding.message


def test_a_listed_figure_says_nothing_of_another_cohort() -> None:
    assert only(cell("M04", 307, cohort_quarter="2025-Q2"), figures=FIGURES)["value"] == 305


def test_a_listed_rate_is_computed_from_parts_that_are_listed_too() -> None:
    shown = only(cell("M01", 575), cell("M04", 307), rate("M06", 307, 575), figures=FIGURES)
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (307, 575, 0.533913)
    assert (shown["ci_lower"], shown["ci_upper"]) == (0.493049, 0.574327)


def test_a_listed_rate_whose_parts_are_not_public_is_the_printed_one_and_shows_no_part() -> None:
    shown = only(rate("M06", 307, 575), figures=FIGURES[2:3])
    assert shown["value"] == 0.53
    assert math.isnan(shown["numerator"])
    assert math.isnan(shown["denominator"])
    assert math.isnan(shown["ci_lower"])


def test_a_rate_comes_from_rounded_parts() -> None:
    shown = only(cell("M01", 198), cell("M04", 102), rate("M06", 102, 198))
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (100, 200, 0.5)


def test_a_part_that_is_already_public_stays_exact_in_a_rate_that_is_not() -> None:
    shown = only(cell("M04", 307), cell("M08", 73, unit="jobs"), rate("M12", 73, 307), figures=FIGURES)
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (75, 307, 0.2443)
    assert shown["basis"] == "ten_five"


def test_a_part_that_only_looks_like_a_public_cell_is_rounded() -> None:
    shown = only(cell("M04", 307), rate("M12", 73, 308), figures=FIGURES)
    assert shown["denominator"] == 310


@pytest.mark.parametrize(
    ("numerator", "denominator", "status"),
    [
        (9, 300, "[c]"),
        (12, 8, "[c]"),
        (0, 100, "[c]"),
        (100, 100, "[c]"),
        (98, 102, "[c]"),
        (12, 27, "[x]"),
        (12, 28, ""),
        (0, 0, "[x]"),
    ],
)
def test_a_rate_of_few_all_or_none_is_not_shown(numerator: float, denominator: float, status: str) -> None:
    shown = only(rate("M06", numerator, denominator))
    assert shown["status"] == status
    if status:
        assert shown[["numerator", "denominator", "value", "ci_lower", "ci_upper"]].isna().all()
    assert ("fewer than 30" in shown["caveat"]) == (status == "[x]")


def test_money_is_the_rounded_count_times_its_factor() -> None:
    shown = only(cell("M31", 48_000, numerator=12, factor=4000, unit="gbp"))
    assert (shown["numerator"], shown["value"]) == (10, 40_000)
    assert only(cell("M31", 28_000, numerator=7, factor=4000, unit="gbp"))["status"] == "[c]"


def _streams(first: float, second: float) -> list[dict[str, object]]:
    return [
        cell(
            "M31",
            n * 4000,
            numerator=n,
            factor=4000,
            unit="gbp",
            breakdown_type="stream",
            breakdown_value=str(i),
        )
        for i, n in enumerate((first, second))
    ] + [cell("M31", (first + second) * 4000, unit="gbp")]


def test_a_total_of_money_is_the_sum_of_its_published_parts() -> None:
    assert only(*_streams(12, 33))["value"] == 4000 * (10 + 35)
    assert only(*_streams(12, 7))["status"] == "[c]"
    assert only(*_streams(12, 33)[1:])["status"] == "[x]", "parts that do not make the whole"


def test_a_needed_volume_is_computed_from_the_rounded_parts() -> None:
    shown = only(
        cell("M34", 1682, numerator=307, factor=400, denominator=73,
             breakdown_type="target", breakdown_value="starts_needed")
    )  # fmt: skip
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (305, 75, 1627)


@pytest.mark.parametrize(
    ("lower", "upper", "bounds", "value", "status"),
    [
        (12, 33, (10, 35), None, "[e]"),
        (3, 12, (0, 15), None, "[e]"),
        (1, 4, (0, 10), None, "[e]"),
        (51, None, (50, None), None, "[e]"),
        (20, 20, None, 20, ""),
        (0, 0, None, 0, ""),
    ],
)
def test_an_interval_is_rounded_outward(
    lower: float,
    upper: float | None,
    bounds: tuple[float, float | None] | None,
    value: float | None,
    status: str,
) -> None:
    shown = only(cell("M02", None, bound_lower=lower, bound_upper=upper))
    assert shown["status"] == status
    published = [None if math.isnan(shown[b]) else shown[b] for b in ("bound_lower", "bound_upper")]
    assert published == list(bounds or (None, None))
    assert (None if math.isnan(shown["value"]) else shown["value"]) == value


def test_silence_is_not_available_and_not_zero() -> None:
    assert only(cell("M04", None))["status"] == "[x]"
    assert only(cell("M04", 50), rate("M06", 50, 100) | {"numerator": None})["status"] == "[x]"


def published(value: float | None, status: str = "", basis: str = "ten_five", **given: str) -> PublishedCell:
    key = {k: str(cell("M04")[k]) for k in KEY} | given
    return PublishedCell(**key, value=value, bound_lower=None, bound_upper=None, status=status, basis=basis)  # type: ignore[arg-type]


def test_once_hidden_always_hidden_and_what_is_made_of_it_too() -> None:
    history = as_history([published(None, "[c]")])
    assert only(cell("M04", 40), history=history)["status"] == "[c]"
    assert only(cell("M04", 40), rate("M06", 40, 100), history=history)["status"] == "[c]"


def test_over_too_small_a_base_a_rate_is_not_available_whatever_was_hidden_before() -> None:
    few = rate("M06", 15, 20)
    assert only(cell("M04", 15), few)["status"] == "[x]"
    assert only(cell("M04", 15), few, history=as_history([published(None, "[c]")]))["status"] == "[x]"


def test_a_rate_once_hidden_stays_hidden() -> None:
    history = as_history([published(None, "[c]", metric_id="M06")])
    assert only(cell("M04", 40), rate("M06", 40, 100), history=history)["status"] == "[c]"


@pytest.mark.parametrize(("now", "status"), [(307, "[c]"), (316, "[c]"), (318, ""), (250, "[c]")])
def test_after_an_exact_figure_the_next_waits_until_ten_more(now: float, status: str) -> None:
    history = as_history([published(307, basis="already_public")])
    later = cell("M04", now, period_end="2026-03-31")
    assert only(later, history=history)["status"] == status
    assert only(later, figures=FIGURES)["status"] == status, "listed, though this home never released it"


def test_a_figure_does_not_wait_for_one_of_another_series() -> None:
    history = as_history([published(307, basis="already_public")])
    assert (
        only(cell("M04", 309, period_start="2025-07-01", period_end="2026-03-31"), history=history)["value"]
        == 310
    )
    assert only(cell("M04", 309, period_end="2025-06-30"), history=history)["value"] == 310


def test_columns_are_those_promised_in_order_and_audiences_apart() -> None:
    done = protected(cell("M04", 50), cell("M09", 60, audience="steward"))
    assert list(done.of("public").columns) == RELEASED
    assert done.of("public")["metric_id"].tolist() == ["M04"]
    assert done.of("steward")["metric_id"].tolist() == ["M09"]
