"""Writes how the models grow into `docs/scale.md` and `docs/growth.svg`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.report import Results, fill
from orchestration.settings import PROJECT

PAGE, CHART = PROJECT / "docs" / "scale.md", PROJECT / "docs" / "growth.svg"
ENGINES = {"duckdb": "DuckDB", "spark": "local Spark"}
HEAD = (
    "| engine | participations | accepted records | took | processors, of it for each million "
    "| memory at most | disk at most, beside the records |\n|---|---|---|---|---|---|---|"
)


def write_curve(results: Results, page: Path = PAGE, chart: Path = CHART) -> None:
    """Put what was measured between the markers `<!-- growth -->` of the page, and draw it."""
    grown = sorted(
        (r for name, r in results.items() if name.startswith("growth_")),
        key=lambda r: (r["engine"], r["participations"]),
    )
    if grown:
        fill(page, "growth", "\n".join([HEAD, *map(_row, grown)]) + "\n")
        chart.write_text(_drawn(grown), "utf-8")


def _row(r: dict[str, Any]) -> str:
    a_million = r["cpu_seconds"] * 1e6 / r["participations"]
    return (
        f"| {ENGINES[r['engine']]} | {r['participations']:,} | {r['accepted_mib'] / 1024:.1f} GiB "
        f"| {r['seconds'] / 60:.1f} min | {r['cpu_seconds'] / 60:.1f} min, {a_million:.0f} s "
        f"| {r['peak_mib'] / 1024:.1f} GiB | {r['peak_disk_mib'] / 1024:.1f} GiB |"
    )


def _drawn(grown: list[dict[str, Any]]) -> str:
    """Minutes of processors and memory over participations, all axes in powers of ten."""
    import altair as alt
    import vl_convert

    panels = {"minutes of processors": ("cpu_seconds", 60), "memory, GiB": ("peak_mib", 1024)}
    drawn = []
    for title, (key, unit) in panels.items():
        points = [(r["participations"] / 1e6, r[key] / unit, ENGINES[r["engine"]]) for r in grown]
        values = [dict(zip(("millions", "y", "engine"), point, strict=True)) for point in points]
        base = alt.Chart(alt.Data(values=values), width=320, height=260, title=title).encode(
            x=alt.X("millions:Q", scale=alt.Scale(type="log"), title="million participations"),
            y=alt.Y("y:Q", scale=alt.Scale(type="log"), title=None),
            color=alt.Color("engine:N", title=None, scale=alt.Scale(range=["#12436D", "#F46A25"])),
            shape=alt.Shape("engine:N", title=None),
        )
        drawn.append(base.mark_line() + base.mark_point(filled=True, size=60))
    return vl_convert.vegalite_to_svg(alt.hconcat(*drawn).to_dict())
