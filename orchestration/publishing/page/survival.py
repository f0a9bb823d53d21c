"""How soon people who start are in an evidenced job, and how many are still in it at each check.

Everybody watched counts for as long as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import Chart, Item, Link, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.words import listed, period

SURVIVAL, MEDIAN = "M13", "M14"
FOUND: Final = ((SURVIVAL, "13"), (SURVIVAL, "26"), (SURVIVAL, "52"))
HELD: Final = (("M15", "13"), ("M16", "26"), ("M16", "52"))
"""Metric and weeks of each picture: of starts, and of jobs."""
STILL: Final = "Still in the job"
SHARE: Final = ("Rate", "Interval from", "to", "Numerator", "Denominator")
PARTS: Final = ("value", "ci_lower", "ci_upper", "numerator", "denominator")


def point(contents: Contents, metric_id: str, weeks: str) -> str:
    """What a share so many weeks after the first day says, in words."""
    if metric_id == SURVIVAL:
        return f"{contents.metric_name(SURVIVAL)}: by {weeks} weeks"
    return f"{STILL} after {weeks} weeks"


def survival_charts(contents: Contents, parts: Sequence[Place]) -> list[Chart]:
    """From start to an evidenced job, and still in it, by 13, 26 and 52 weeks: areas, whole window."""
    drawn = []
    for metric_id, weeks in (*FOUND, *HELD):
        found = [
            (p, contents.book.latest(metric_id, p.programme_id, p.area_code, ("weeks", weeks))) for p in parts
        ]
        rows = {place.name: row for place, row in found if row}
        if not any(row["status"] == "" for row in rows.values()):
            continue
        title = point(contents, metric_id, weeks)
        cells: list[tuple[Item, ...]] = [
            (place, *(shown(row, column) for column in PARTS), period(row["period_start"], row["period_end"]))
            for place, row in rows.items()
        ]
        words = f"{title}. {listed([f'{place} {shown(row).text}' for place, row in rows.items()])}."
        table = Table(title, ("Area", *SHARE, "Began in"), cells)
        svg = charts.intervals([mark(row, place) for place, row in rows.items()])
        drawn.append(Chart(Link(title, f"#{metric_id}"), svg, words, table))
    return drawn


def survival_tables(contents: Contents, parts: Sequence[Place]) -> list[Table]:
    """The same by quarter of the start or the job, and the median days."""
    starts = f"{contents.metric_name(SURVIVAL)}: by quarter of the start"
    tables = (
        _by_quarter(contents, parts, starts, FOUND),
        _medians(contents, parts),
        _by_quarter(contents, parts, f"{STILL}: by quarter of its first day", HELD),
    )
    return [table for table in tables if table.rows]


def _by_quarter(
    contents: Contents, parts: Sequence[Place], title: str, points: Sequence[tuple[str, str]]
) -> Table:
    cells: list[tuple[Item, ...]] = [
        (
            p.name,
            period(row["period_start"], row["period_end"]),
            weeks,
            *(shown(row, column) for column in PARTS),
        )
        for p in parts
        for metric_id, weeks in points
        for row in contents.book.of(metric_id, p.programme_id, p.area_code, ("weeks", weeks), is_cohort=True)
    ]
    return Table(title, ("Area", "Cohort", "Weeks", *SHARE), cells)


def _medians(contents: Contents, parts: Sequence[Place]) -> Table:
    found = [(place, contents.book.latest(MEDIAN, place.programme_id, place.area_code)) for place in parts]
    cells: list[tuple[Item, ...]] = [
        (
            place.name,
            period(row["period_start"], row["period_end"]),
            shown(row),
            why(row) if row["status"] else "",
        )
        for place, row in found
        if row
    ]
    headers = ("Area", "Starts in", contents.metric(MEDIAN), "Why not")
    return Table(contents.metric_name(MEDIAN), headers, cells)
