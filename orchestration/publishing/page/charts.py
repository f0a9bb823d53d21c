"""Charts as SVG: small enough for a phone, the same bytes each time, nothing fetched.

What cannot be drawn as a number is written where the number would stand: `[c]` or `[x]`, never a zero.
Synthetic figures are pale with a dashed outline, others solid; a range is drawn from end to end; what
was carried forward says so. Each row of a chart is a `Mark`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import altair as alt
import vl_convert
from altair.utils import schemapi

from orchestration.publishing.page.blocks import Mark

schemapi.disable_debug_mode()  # its checks cost more than drawing: tests turn them on
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is built into vl-convert, so that text is measured alike on every machine."""
INK, GREY, BLUE = "#0b0c0c", "#505a5f", "#12436d"
PALE: Final[dict[str, Any]] = {"fill": "#e6eef5", "stroke": BLUE, "strokeDash": [3, 2]}
BAND: Final[dict[str, Any]] = {"fill": "#a9bfd3", "stroke": BLUE}
WIDTH: Final = 300
LABELS: Final = 98
"""Pixels for names on the left of a chart."""
HEAD: Final = re.compile(r'<svg xmlns.*? class="marks" width="(\d+)" height="\d+"')
OURS: Final = r'<svg class="chart" aria-hidden="true" focusable="false" style="max-width:\1px"'
NARROWEST: Final = 70
"""Pixels that bars get however long the words beside them."""
FIGURES: Final = alt.NamedData("figures")
"""Every chart draws its own marks under this name."""
KNOWN: Final = alt.Chart(FIGURES).transform_filter("datum.number != null")
UNKNOWN: Final = alt.Chart(FIGURES).transform_filter("datum.number == null")
CONFIG: Final[dict[str, Any]] = {
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "labelColor": INK, "titleFontSize": 12, "titleFontWeight": "normal",
        "titleColor": GREY, "gridColor": "#e3e6e8", "domainColor": "#8a9297", "tickColor": "#8a9297",
    },
    "text": {"fontSize": 12, "color": INK},
    "header": {"labelFontSize": 13, "labelFontWeight": "bold", "labelColor": INK, "labelPadding": 4},
}  # fmt: skip


def columns(marks: Sequence[Mark]) -> str:
    """Upright bars along time, one panel a group."""
    top = max((m.extent for m in marks), default=1) or 1
    order = list(dict.fromkeys(m.label for m in marks))
    place = alt.X("label:N", sort=order, title=None, axis=_feet())
    scale = alt.Scale(domain=[0, top * 1.25], nice=False)
    height = alt.Y("number:Q", scale=scale, axis=None)
    bars = alt.Chart(FIGURES).mark_bar(size=34, stroke=BLUE).encode(place, height, **solid_or_pale("bar"))
    foot = alt.Y("least:Q", scale=scale, axis=None)
    least = alt.Chart(FIGURES).mark_bar(size=34, **PALE).encode(place, foot)
    spans = alt.Chart(FIGURES).mark_bar(size=34, **BAND).encode(place, foot, y2=alt.Y2("most:Q"))
    floor = alt.Chart(FIGURES).mark_rule(stroke="#8a9297").encode(y=alt.YDatum(0, scale=scale, axis=None))
    over = alt.Y("top:Q", scale=scale, axis=None)
    words = (
        alt.Chart(FIGURES).mark_text(baseline="bottom", dy=-3).encode(place, over, text=alt.Text("text:N"))
    )
    panel = alt.layer(bars, least, spans, words, floor).properties(width=WIDTH - 10, height=86)
    return _panels(panel, marks)


def bars(marks: Sequence[Mark], labels: int = LABELS) -> str:
    """Lying bars, one panel a group: stages of a journey, streams of money, kinds of scheme."""
    top = max((m.extent for m in marks), default=1) or 1
    order = list(dict.fromkeys(m.label for m in marks))
    place = alt.Y("label:N", sort=order, title=None, axis=_names(labels))
    scale = alt.Scale(domain=[0, top], nice=False)
    length = alt.X("number:Q", scale=scale, axis=None)
    drawn = alt.Chart(FIGURES).mark_bar(size=16, stroke=BLUE).encode(length, place, **solid_or_pale("bar"))
    foot = alt.X("least:Q", scale=scale, axis=None)
    least = alt.Chart(FIGURES).mark_bar(size=16, **PALE).encode(foot, place)
    spans = alt.Chart(FIGURES).mark_bar(size=16, **BAND).encode(foot, place, x2=alt.X2("most:Q"))
    words = alt.Chart(FIGURES).mark_text(align="left", dx=6)
    words = words.encode(x=alt.X("top:Q", scale=scale, axis=None), y=place, text=alt.Text("text:N"))
    room = 12 + 7 * max(len(m.text) for m in marks)
    width = max(NARROWEST, WIDTH - labels - room)
    panel = alt.layer(drawn, least, spans, words).properties(width=width, height=alt.Step(25))
    return _panels(panel, marks)


def intervals(marks: Sequence[Mark]) -> str:
    """Rates with their 95% intervals, one line an area."""
    order = [m.label for m in marks]
    ends = [v for m in marks for v in (m.low, m.high) if v is not None] or [0.0, 1.0]
    scale = alt.Scale(domain=[max(0.0, min(ends) - 0.05), min(1.0, max(ends) + 0.05)], nice=True)
    axis = alt.Axis(format=".0%", tickCount=3, title=None)
    place = alt.Y("label:N", sort=order, title=None, axis=_names(LABELS))
    lines = alt.Chart(FIGURES).mark_rule(stroke=BLUE, strokeWidth=2)
    lines = lines.encode(alt.X("low:Q", scale=scale, axis=axis), place, x2=alt.X2("high:Q"))
    dots = KNOWN.mark_point(size=90, opacity=1, stroke=BLUE)
    dots = dots.encode(alt.X("number:Q", scale=scale, axis=axis), place, **solid_or_pale("point"))
    gaps = UNKNOWN.mark_text(align="left", dx=4)
    gaps = gaps.encode(x=alt.value(0), y=place, text=alt.Text("text:N"))
    width = WIDTH - LABELS - 58
    words = KNOWN.mark_text(align="left").encode(x=alt.value(width + 12), y=place, text=alt.Text("text:N"))
    panel = alt.layer(lines, dots, gaps, words).properties(width=width, height=alt.Step(30))
    return svg(panel, marks)


def flow(marks: Sequence[Mark]) -> str:
    """Stages one under the other; a thin line goes on from a bar to what its stage is out of (`base`)."""
    top = max((m.extent for m in marks), default=1) or 1
    place = alt.Y("label:N", sort=[m.label for m in marks], axis=None)
    scale = alt.Scale(domain=[0, top], nice=False)
    length = alt.X("number:Q", scale=scale, axis=None)
    low: dict[str, Any] = {"size": 15, "yOffset": 9}
    left = alt.Chart(FIGURES).transform_filter("datum.base > datum.top")
    rule = left.mark_rule(stroke=GREY, yOffset=9)
    rule = rule.encode(alt.X("top:Q", scale=scale, axis=None), place, x2=alt.X2("base:Q"))
    end = left.mark_tick(color=GREY, size=9, thickness=1, yOffset=9)
    end = end.encode(alt.X("base:Q", scale=scale, axis=None), place)
    bar = alt.Chart(FIGURES).mark_bar(stroke=BLUE, **low).encode(length, place, **solid_or_pale("bar"))
    foot = alt.X("least:Q", scale=scale, axis=None)
    least = alt.Chart(FIGURES).mark_bar(**low, **PALE).encode(foot, place)
    spans = alt.Chart(FIGURES).mark_bar(**low, **BAND).encode(foot, place, x2=alt.X2("most:Q"))
    words = alt.Chart(FIGURES).transform_calculate(said="datum.label + ': ' + datum.text")
    words = words.mark_text(align="left", dy=-8).encode(x=alt.value(0), y=place, text=alt.Text("said:N"))
    panel = alt.layer(rule, end, bar, least, spans, words).properties(width=WIDTH, height=alt.Step(42))
    return svg(panel, marks)


def rates(marks: Sequence[Mark], top: float) -> str:
    """Rates of cohorts along time with their intervals, from nothing to `top`."""
    order = list(dict.fromkeys(m.label for m in marks))
    scale = alt.Scale(domain=[0, min(1.0, top)], nice=True)
    place = alt.X("label:N", sort=order, title=None, axis=_feet())
    up = alt.Axis(format=".0%", tickCount=3, title=None)
    lines = alt.Chart(FIGURES).mark_rule(stroke=BLUE, strokeWidth=2)
    lines = lines.encode(place, alt.Y("low:Q", scale=scale, axis=up), y2=alt.Y2("high:Q"))
    dots = KNOWN.mark_point(size=80, opacity=1, stroke=BLUE)
    dots = dots.encode(place, alt.Y("number:Q", scale=scale, axis=up), **solid_or_pale("point"))
    words = KNOWN.mark_text(align="left", dx=8)
    words = words.encode(place, alt.Y("number:Q", scale=scale, axis=up), text=alt.Text("text:N"))
    gaps = UNKNOWN.mark_text(dy=-7)
    gaps = gaps.encode(place, alt.Y(datum=0), text=alt.Text("text:N"))
    return svg(alt.layer(lines, dots, words, gaps).properties(width=WIDTH - 44, height=120), marks)


def _feet() -> alt.Axis:
    return alt.Axis(labelAngle=0, ticks=False, domain=False, labelPadding=6)


def _names(labels: int) -> alt.Axis:
    return alt.Axis(
        labelLimit=labels, minExtent=labels, maxExtent=labels, ticks=False, domain=False, labelPadding=6
    )


def solid_or_pale(mark: str) -> dict[str, Any]:
    """Channels that tell an invented figure from a real one without colour."""
    channels: dict[str, Any] = {"fill": alt.Fill("fill:N", scale=None)}
    if mark == "bar":
        dashes = alt.Scale(domain=[False, True], range=[[1, 0], [3, 2]])
        channels["strokeDash"] = alt.StrokeDash("is_synthetic:N", scale=dashes, legend=None)
    return channels


def _panels(panel: Any, marks: Sequence[Mark]) -> str:
    groups = list(dict.fromkeys(m.group for m in marks))
    if len(groups) == 1:
        return svg(panel, marks)
    header = alt.Header(title=None, labelAnchor="start", labelOrient="top")
    facet = alt.Facet("group:N", sort=groups, header=header)
    return svg(panel.facet(facet, columns=1, spacing=10), marks)


def svg(chart: Any, marks: Sequence[Mark]) -> str:
    """SVG without a size of its own, which the page scales; its text and table serve who does not see it."""
    spec = chart.to_dict(validate=False)
    spec |= {"datasets": {FIGURES.name: [_row(m) for m in marks]}, "config": CONFIG}
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return HEAD.sub(OURS, drawn, count=1)


def _row(mark: Mark) -> dict[str, Any]:
    """A mark as chart data; `least` and `most` only where the figure itself is a range."""
    is_range = mark.number is None and mark.low is not None
    ends = {"least": mark.low, "most": mark.high} if is_range else {"least": None, "most": None}
    fill = PALE["fill"] if mark.is_synthetic else BLUE
    return asdict(mark) | {"top": mark.extent, "fill": fill} | ends
