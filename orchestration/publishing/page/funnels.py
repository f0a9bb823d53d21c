"""Funnels: rates by the size of their base, between the limits that chance alone would keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import altair as alt

from orchestration.publishing.page.blocks import Mark
from orchestration.publishing.page.charts import BLUE, FIGURES, GREY, WIDTH, solid_or_pale, svg

WIDE, HIGH = WIDTH - 60, 220
LETTER, LINE, DOT = 6.3, 14.0, 7.0
"""Pixels: the width of a letter, the height of a line of text, half a point."""
LIMITS: Final = {"low95": [6, 3], "high95": [6, 3], "low998": [2, 3], "high998": [2, 3]}


class Box(NamedTuple):
    """A place of the picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def funnel(marks: Sequence[Mark], average: float, limits: Sequence[dict[str, float]]) -> str:
    """The picture; `limits`: base, low95, high95, low998, high998."""
    ends = [v for row in limits for k, v in row.items() if k != "base"] + [m.number or average for m in marks]
    rates, bases = (max(0.0, min(ends)), min(1.0, max(ends))), (limits[0]["base"], limits[-1]["base"])
    up: dict[str, Any] = {
        "scale": alt.Scale(domain=rates, nice=False),
        "axis": alt.Axis(format=".0%", tickCount=5, title=None),
    }
    along = alt.X(
        "base:Q",
        title="Base of the rate",
        scale=alt.Scale(domain=bases, nice=False),
        axis=alt.Axis(tickCount=3, grid=False),
    )
    band = alt.Chart(alt.Data(values=list(limits)))
    layers: list[alt.Chart] = [
        band.mark_line(stroke=GREY, strokeDash=dash, strokeWidth=1.3).encode(along, alt.Y(f"{name}:Q", **up))
        for name, dash in LIMITS.items()
    ]
    mean = alt.Chart(alt.Data(values=[{"mean": average}])).mark_rule(stroke=GREY)
    layers.append(mean.encode(alt.Y("mean:Q", **up)))
    dots = alt.Chart(FIGURES).mark_point(size=90, opacity=1, stroke=BLUE)
    layers.append(dots.encode(along, alt.Y("number:Q", **up), **solid_or_pale("point")))
    names = alt.Chart(alt.Data(values=names_beside(marks, bases, rates)))
    halo: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    for look in (halo, {}):
        words = names.mark_text(**look).encode(along, alt.Y("at:Q", **up), text=alt.Text("label:N"))
        layers.append(words)
    return svg(alt.layer(*layers).properties(width=WIDE, height=HIGH), marks)


def names_beside(
    marks: Sequence[Mark], bases: tuple[float, float], rates: tuple[float, float]
) -> list[dict[str, Any]]:
    """Names beside their points, each on the side where it covers least; the middle of each as data."""
    across, down = (bases[1] - bases[0]) / WIDE, (rates[1] - rates[0]) / HIGH
    spots = {m: (((m.base or 0) - bases[0]) / across, (rates[1] - (m.number or 0)) / down) for m in marks}
    taken = [Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in spots.values()]
    placed = []
    for m, (x, y) in spots.items():
        half = len(m.label) * LETTER / 2
        beside, over = DOT + half + 2, DOT + LINE / 2
        sides = [(x + beside, y), (x - beside, y), (x, y - over), (x, y + over)]
        boxes = {s: Box(s[0] - half, s[1] - LINE / 2, s[0] + half, s[1] + LINE / 2) for s in sides}
        best = min(sides, key=lambda s: _covered(boxes[s], taken))
        taken.append(boxes[best])
        placed.append(
            {"label": m.label, "base": bases[0] + best[0] * across, "at": rates[1] - best[1] * down}
        )
    return placed


def _covered(box: Box, taken: Sequence[Box]) -> int:
    """How much a name would cover, or stand outside of."""
    is_outside = box.left < 0 or box.right > WIDE or box.top < 0 or box.bottom > HIGH
    return sum(box.meets(other) for other in taken) + is_outside
