"""Repair closes what the attacker sees with the least loss, or the release is held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestration.publishing.attack import Attack, Leak
from orchestration.publishing.gate import judge, read_figures
from orchestration.publishing.history import as_history
from orchestration.publishing.inspection import Build
from orchestration.publishing.policy import WAIVABLE, attacked, known_to_the_attacker
from orchestration.publishing.protect import protect
from orchestration.publishing.repair import KEPT
from tests.publishing.attacking import World, listed, parts, stream
from tests.publishing.toy import Toy, as_cells, as_figures, cell, rate


def test_repair_hides_one_more_figure_and_leaves_the_rest() -> None:
    world = World([cell("M04", 307), *parts("sex", 200, 100, 7), *parts("age_band", 157, 150)],
                  [listed("M04", 307)])  # fmt: skip
    cells, left = world.repair()
    assert left == []
    shown = cells.set_index(["breakdown_type", "breakdown_value"])["status"].to_dict()
    assert shown == {
        ("all", "all"): "", ("sex", "part 0"): "", ("sex", "part 1"): "[c]", ("sex", "part 2"): "[c]",
        ("age_band", "part 0"): "", ("age_band", "part 1"): "",
    }  # fmt: skip


def test_hidden_counts_that_only_make_a_hidden_whole_are_withdrawn() -> None:
    areas = [cell("M04", n, area_code=f"local_{n}", programme_id="P02") for n in (1, 2, 3)]
    world = World([cell("M04", 6, area_code="all", programme_id="P02"), *areas])
    assert {(leak.low, leak.high) for leak in world.leaks()} == {(1, 7), (3, 9)}, "each is one at least"
    cells, left = world.repair()
    assert left == []
    assert set(cells["status"]) == {"[c]", "[x]"}


def test_a_leak_by_a_public_rate_and_base_holds_the_release() -> None:
    figures = [listed("M04", 100), listed("M12", 0.07, 2)]
    world = World([cell("M04", 100), cell("M08", 7, unit="jobs"), rate("M12", 7, 100)], figures)
    _, [leak] = world.repair()
    assert leak.name.split("|")[0] == "M08"
    assert (leak.low, leak.high) == (pytest.approx(6.5), pytest.approx(7.5))


def test_a_leak_by_public_money_and_its_unit_value_holds_the_release() -> None:
    figures = [listed("M31", 28_000, breakdown_type="stream", breakdown_value="groups")]
    _, [leak] = World(stream(7), figures).repair()
    assert leak.name.split("|")[3:5] == ["stream_units", "groups"]


def test_two_releases_together_leak_what_neither_does_and_are_repaired() -> None:
    first, second = World(parts("sex", 52, 47, 9)), World([cell("M04", 108)])
    assert first.leaks() == second.leaks() == []
    assert second.leaks(first.released)
    cells, left = second.repair(first.released)
    assert left == []
    assert cells["status"].tolist() == ["[c]"]


def test_the_value_released_before_is_kept_where_a_change_would_tell() -> None:
    first = World([cell("M04", None, bound_lower=50, bound_upper=150), *parts("sex", 50, 40, 8)])
    assert first.leaks() == []
    cells, left = World([cell("M04", 100), *parts("sex", 50, 40, 8)]).repair(first.released)
    assert left == []
    total = cells[cells["breakdown_type"] == "all"].iloc[0]
    assert (total["status"], total["bound_lower"], total["bound_upper"]) == ("[e]", 50, 150)
    assert total["caveat"].endswith(KEPT)
    assert (cells.loc[cells["breakdown_value"] == "part 0", "value"] == 50).all()


def test_what_cannot_be_repaired_is_p03_and_nothing_can_waive_it(toy: Toy) -> None:
    report = judge(toy.write().settings, toy.store, toy.build_id)
    [p03] = [r for r in report.results if r.check_id == "P03"]
    assert (p03.severity, p03.kind, p03.status) == ("release", "protection", "pass")
    assert p03.kind not in WAIVABLE
    leak = Attack([Leak("M08|P08|E08000018|all|all|all|a|b", "small", 7, 7)], 1)
    build = Build(toy.settings, toy.store, toy.build_id)
    [found] = attacked(build, replace(read_figures(build)[1], attack=leak))
    assert (found.status, found.stopped) == ("fail", True)
    assert "M08 P08 E08000018" in found.message
    assert "7" not in found.message, "the message does not say what was found out"


UNKNOWN = {
    "breakdown shoe_size": cell("M04", 50, breakdown_type="shoe_size", breakdown_value="42"),
    "numerator of M99 by all": rate("M99", 50, 100),
    "unit shoes": cell("M04", 50, unit="shoes", period_end="2026-01-31"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_figure_that_the_attacker_cannot_add_up_holds_the_release(toy: Toy, what: str) -> None:
    build = Build(toy.settings, toy.store, toy.build_id)
    toy.write()
    figures = read_figures(build)[1]
    assert [r.status for r in known_to_the_attacker(build, figures)] == ["pass"]
    strange = protect(as_cells([UNKNOWN[what]]), as_figures([]), as_history([]))
    [found] = known_to_the_attacker(build, replace(figures, protected=strange))
    assert (found.check_id, found.stopped) == ("P03_known", True)
    assert what in found.message


def test_people_are_hidden_with_the_participations_that_they_would_tell() -> None:
    cells, left = World([cell("M04", 14), *parts("sex", 6, 8), cell("M05", 14, unit="people")]).repair()
    assert left == []
    assert dict(zip(cells["metric_id"], cells["status"], strict=True)) == {"M04": "[c]", "M05": "[c]"}


def test_nothing_is_hidden_of_a_count_that_stands_exactly_in_public_all_the_same() -> None:
    rows = [cell("M08", 73, unit="jobs"), cell("M11", 73, unit="people"), rate("M12", 73, 307)]
    cells, left = World(rows, [listed("M08", 73)]).repair()
    assert left == []
    assert dict(zip(cells["metric_id"], cells["status"], strict=True)) == {"M08": "", "M11": "[c]", "M12": ""}


TARGETS = {
    "jobs": (14, 400, {"unit": "share"}),
    "starts_needed": (307, 14, {"factor": 400}),
    "referrals_needed": (575, 14, {"factor": 400, "unit": "referrals"}),
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_share_of_the_year_is_hidden_with_the_figure_to_date_that_it_is_made_of(target: str) -> None:
    """Its period is the target's, to the end of the year."""
    top, bottom, more = TARGETS[target]
    share = cell("M34", 0, numerator=top, denominator=bottom, breakdown_type="target",
                 breakdown_value=target, period_end="2026-03-31", **more)  # fmt: skip
    jobs = [cell("M08", 14, unit="jobs"), *parts("sex", 6, 8, metric_id="M08", unit="jobs")]
    cells, left = World([cell("M01", 575, unit="referrals"), cell("M04", 307), *jobs, share]).repair()
    assert left == []
    shown = cells.groupby("metric_id")["status"].agg(set).to_dict()
    assert shown == {"M01": {""}, "M04": {""}, "M08": {"[c]"}, "M34": {"[c]"}}
