"""How soon people who start are in an evidenced job, everybody watched counted for as long as they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import Chart, Item, Link, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.words import listed, period

SURVIVAL, MEDIAN, WEEKS = "M13", "M14", ("13", "26", "52")
SHARE: Final = ("Rate", "Interval from", "to", "Numerator", "Denominator")
PARTS: Final = ("value", "ci_lower", "ci_upper", "numerator", "denominator")


def survival_charts(contents: Contents, parts: Sequence[Place]) -> list[Chart]:
    """From start to an evidenced job by 13, 26 and 52 weeks: districts over their whole window."""
    name = contents.metric_name(SURVIVAL)
    drawn = []
    for weeks in WEEKS:
        found = [
            (p, contents.book.latest(SURVIVAL, p.programme_id, p.area_code, ("weeks", weeks))) for p in parts
        ]
        rows = {place.name: row for place, row in found if row}
        if not any(row["status"] == "" for row in rows.values()):
            continue
        title = f"{name}: by {weeks} weeks"
        cells: list[tuple[Item, ...]] = [
            (place, *(shown(row, column) for column in PARTS), period(row["period_start"], row["period_end"]))
            for place, row in rows.items()
        ]
        words = f"{title}. {listed([f'{place} {shown(row).text}' for place, row in rows.items()])}."
        table = Table(title, ("Area", *SHARE, "Starts in"), cells)
        svg = charts.intervals([mark(row, place) for place, row in rows.items()])
        drawn.append(Chart(Link(title, f"#{SURVIVAL}"), svg, words, table))
    return drawn


def survival_tables(contents: Contents, parts: Sequence[Place]) -> list[Table]:
    """The same by quarter of the start, and the median days."""
    return [table for table in (_by_quarter(contents, parts), _medians(contents, parts)) if table.rows]


def _by_quarter(contents: Contents, parts: Sequence[Place]) -> Table:
    cells: list[tuple[Item, ...]] = [
        (
            p.name,
            period(row["period_start"], row["period_end"]),
            weeks,
            *(shown(row, column) for column in PARTS),
        )
        for p in parts
        for weeks in WEEKS
        for row in contents.book.of(SURVIVAL, p.programme_id, p.area_code, ("weeks", weeks), is_cohort=True)
    ]
    title = f"{contents.metric_name(SURVIVAL)}: by quarter of the start"
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
