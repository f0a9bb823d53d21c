"""The charts of the pages: what they draw, what they write instead, and that they are alike each time."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from orchestration.publishing.page import charts, funnels
from orchestration.publishing.page.blocks import Mark


def test_charts_write_what_they_cannot_draw() -> None:
    marks = [Mark("Apr", "45", 45.0), Mark("Jul", "[c]"), Mark("Oct", "165 to 175", None, 165.0, 175.0)]
    drawn = charts.columns(marks)
    assert re.findall(r">([^<>]+)</text>", drawn)[-3:] == ["45", "[c]", "165 to 175"]
    assert "[c]" in charts.bars(marks)
    assert "[x]" in charts.intervals([Mark("A", "50.0%", 0.5, 0.4, 0.6), Mark("B", "[x]")])


def test_an_invented_figure_is_drawn_otherwise_than_a_real_one() -> None:
    real, invented = (charts.bars([Mark("A", "45", 45.0, is_synthetic=i)]) for i in (False, True))
    assert 'stroke-dasharray="3,2"' in invented
    assert 'stroke-dasharray="3,2"' not in real


def test_names_in_a_funnel_stand_clear_of_each_other_and_of_the_points() -> None:
    close = [Mark(n, "", 0.54 + i / 500, base=170.0 + 4 * i) for i, n in enumerate(("Barnsley", "Doncaster"))]
    close.append(Mark("Rotherham", "", 0.55, base=199.0))
    bases, rates = (140.0, 200.0), (0.4, 0.7)
    across, down = funnels.WIDE / 60, funnels.HIGH / 0.3
    boxes = [funnels.Box(*_around((m.base or 0) * across, -(m.number or 0) * down, 2, 2)) for m in close]
    for name in funnels.names_beside(close, bases, rates):
        half = len(name["label"]) * funnels.LETTER / 2
        boxes.append(
            funnels.Box(*_around(name["base"] * across, -name["at"] * down, half, funnels.LINE / 2 - 1))
        )
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))
    (at_the_edge,) = funnels.names_beside(close[2:], bases, rates)
    assert at_the_edge["base"] < 199.0


def _around(x: float, y: float, half: float, high: float) -> tuple[float, float, float, float]:
    return x - half, y - high, x + half, y + high


def test_a_flow_shows_how_many_of_the_stage_before_did_not_come() -> None:
    marks = [Mark("Referrals", "440", 440.0), Mark("Starts", "235, 53.4% of referrals", 235.0, base=440.0)]
    drawn = charts.flow(marks)
    assert "Starts: 235, 53.4% of referrals" in drawn
    assert drawn.count("mark-rule") == 1
    line = re.search(r'mark-rule.*?<line transform="translate\(([\d.]+),[\d.]+\)" x2="([\d.-]+)"', drawn)
    assert line
    assert float(line[1]) + float(line[2]) == pytest.approx(charts.WIDTH)
    assert float(line[1]) == pytest.approx(charts.WIDTH * 235 / 440, abs=0.5)


def test_charts_are_valid_for_altair_and_alike_each_time() -> None:
    marks = [Mark("A", "50.0%", 0.5, 0.4, 0.6, "one", 40.0), Mark("B", "60.0%", 0.6, 0.5, 0.7, "two", 90.0)]
    limits = [{"base": b, "low95": 0.3, "high95": 0.7, "low998": 0.2, "high998": 0.8} for b in (30.0, 99.0)]
    with charts.schemapi.debug_mode(True):
        twice = [
            [charts.columns(marks), charts.bars(marks), charts.flow(marks), charts.intervals(marks),
             charts.rates(marks, 1.0), funnels.funnel(marks, 0.55, limits)]
            for _ in range(2)
        ]  # fmt: skip
    assert twice[0] == twice[1]


def test_what_a_chart_says_is_escaped() -> None:
    assert "<b>" not in charts.bars([Mark("<b>&\"'", "<b>1", 1.0)])
