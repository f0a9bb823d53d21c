"""Trends by quarter, and districts compared with intervals and funnels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from orchestration.publishing.area_comparison import Z_998, funnel_limits
from orchestration.publishing.page import charts, funnels
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Link, Section, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import Row, mark, number, shown
from orchestration.publishing.page.survival import point
from orchestration.publishing.page.words import listed, period, quarter
from orchestration.publishing.rounding import Z

TRENDS: Final = ("M01", "M04", "M08")
COMPARED: Final = ("M06", "M07", "M12", "M17")
SERIES: Final = ("group_id", "metric_id", "breakdown_type", "breakdown_value")
"""What tells the rates of areas compared from other rates, in the order of the page."""
FUNNEL_FROM: Final = 3
"""Areas that a funnel needs: two points show nothing."""
QUARTERS: Final = 6


def trends(contents: Contents) -> Section:
    """Counts by quarter: the region, a panel a count, then each count, a panel a district."""
    whole, parts = contents.region()
    found = [_region_trend(contents, whole)] if whole else []
    found += [_trend(contents, metric, parts) for metric in TRENDS]
    said = "Counts by quarter. The panels of one picture share a scale."
    return Section("trends", "Trends", (said,), charts=[chart for chart in found if chart])


def _region_trend(contents: Contents, whole: Place) -> Chart | None:
    series = {contents.metric_name(m): _quarters(contents, m, whole) for m in TRENDS}
    return _by_quarter(whole.name, whole.name, "Count", series)


def _trend(contents: Contents, metric_id: str, places: Sequence[Place]) -> Chart | None:
    series = {place.name: _quarters(contents, metric_id, place) for place in places}
    return _by_quarter(contents.metric(metric_id), contents.metric_name(metric_id), "Area", series)


def _by_quarter(title: Item, name: str, header: str, series: Mapping[str, list[Row]]) -> Chart | None:
    series = {label: rows for label, rows in series.items() if rows}
    starts = sorted({row["period_start"] for rows in series.values() for row in rows})[-QUARTERS:]
    if not starts:
        return None
    marks = [
        mark(r, quarter(r["period_start"]), label)
        for label, rows in series.items()
        for r in rows
        if r["period_start"] in starts
    ]
    cells: list[tuple[Item, ...]] = [
        (label, *(_at(rows, start) for start in starts)) for label, rows in series.items()
    ]
    words = f"{name} by quarter. " + " ".join(
        f"{label}: {listed([shown(r).text for r in rows])}." for label, rows in series.items()
    )
    table = Table(f"{name} by quarter", (header, *(quarter(s) for s in starts)), cells)
    return Chart(title, charts.columns(marks), words, table)


def _quarters(contents: Contents, metric_id: str, place: Place) -> list[Row]:
    rows = contents.book.of(metric_id, place.programme_id, place.area_code)
    return [row for row in rows if _is_quarter(row)]


def _is_quarter(row: Row) -> bool:
    months = (int(row["period_end"][:4]) - int(row["period_start"][:4])) * 12
    months += int(row["period_end"][5:7]) - int(row["period_start"][5:7])
    return months == 2


def _at(rows: Sequence[Row], start: str) -> Item:
    return next((shown(row) for row in rows if row["period_start"] == start), NOTHING)


def districts(contents: Contents) -> Section:
    """Rates of the districts with their intervals, then funnels and ranks of what can be compared."""
    _, parts = contents.region()
    lines = [chart for chart in (_intervals(contents, metric, parts) for metric in COMPARED) if chart]
    groups = _newest(contents.comparison)
    drawn = [rows for rows in groups if _is_drawn(contents, rows, groups)]
    return Section(
        "districts",
        "Districts compared",
        (
            "Lines are 95% intervals. Areas are ranked only where they report the same days: otherwise one "
            "has had more time. Most differences between areas are no larger than chance would make them; "
            "the ranks then say not distinguishable.",
            "In a funnel, an area between the dashed lines (95%) cannot be told from the average; outside "
            "the dotted lines (99.8%) it almost surely differs. The limits say nothing of why.",
        ),
        charts=[*lines, *(_funnel(contents, rows) for rows in drawn)],
        tables=[_ranks(contents, groups)] if groups else [],
    )


def _intervals(contents: Contents, metric_id: str, parts: Sequence[Place]) -> Chart | None:
    rows = [(place, _newest_rate(contents, metric_id, place)) for place in parts]
    known = [(place, row) for place, row in rows if row]
    if not any(row["status"] == "" for _, row in known):
        return None
    marks = [mark(row, place.name) for place, row in known]
    cells = [
        (
            place.name,
            shown(row),
            shown(row, "ci_lower"),
            shown(row, "ci_upper"),
            shown(row, "numerator"),
            shown(row, "denominator"),
            period(row["period_start"], row["period_end"]),
        )
        for place, row in known
    ]
    name = contents.metric_name(metric_id)
    words = f"{name}. " + " ".join(f"{place.name}: {_with_interval(row)}." for place, row in known)
    headers = ("Area", "Rate", "Interval from", "to", "Numerator", "Denominator", "Period")
    return Chart(contents.metric(metric_id), charts.intervals(marks), words, Table(name, headers, cells))


def _newest_rate(contents: Contents, metric_id: str, place: Place) -> Row | None:
    """The year to date, or the newest cohort that can be shown."""
    if found := contents.book.latest(metric_id, place.programme_id, place.area_code):
        return found
    cohorts = contents.book.of(metric_id, place.programme_id, place.area_code, is_cohort=True)
    common = [row for row in cohorts if row["period_end"] == _common_end(contents, metric_id)]
    return next(iter(common or cohorts[-1:]), None)


def _common_end(contents: Contents, metric_id: str) -> str:
    """The end of the newest cohort that most areas have."""
    _, parts = contents.region()
    ends = [
        row["period_end"]
        for p in parts
        for row in contents.book.of(metric_id, p.programme_id, p.area_code, is_cohort=True)
    ]
    return max(ends, key=lambda end: (ends.count(end), end))


def _with_interval(row: Row) -> str:
    said = shown(row).text
    if not row["ci_lower"]:
        return said
    return f"{said} ({number(row['ci_lower'], 'rate')} to {number(row['ci_upper'], 'rate')})"


def _newest(comparison: Sequence[Row]) -> list[list[Row]]:
    """Groups of compared areas: of each metric and group those with most areas, the newest of them."""
    newest: dict[tuple[str, ...], list[Row]] = {}
    keys = (*SERIES, "cohort_quarter", "period_start", "period_end")
    for _, rows in groupby(comparison, key=lambda r: tuple(r[k] for k in keys)):
        group = list(rows)
        one = tuple(group[0][k] for k in SERIES)
        if one not in newest or _order(group) >= _order(newest[one]):
            newest[one] = group
    return sorted(newest.values(), key=lambda g: tuple(g[0][k] for k in SERIES))


def _order(group: Sequence[Row]) -> tuple[int, str]:
    return len(group), group[0]["period_end"]


def _is_drawn(contents: Contents, rows: Sequence[Row], groups: Sequence[Sequence[Row]]) -> bool:
    """Whether a group gets a funnel: not where the programme above has more of the same areas."""
    metric_id, above = rows[0]["metric_id"], contents.parents.get(rows[0]["group_id"])
    is_within = any((g[0]["metric_id"], g[0]["group_id"]) == (metric_id, above) for g in groups)
    return len(rows) >= FUNNEL_FROM and metric_id in COMPARED and not is_within


def _funnel(contents: Contents, rows: Sequence[Row]) -> Chart:
    found = [(row, contents.book.compared(row)) for row in rows]
    marks = [mark(figure, row["area_name"].split(" group")[0]) for row, figure in found]
    average = float(rows[0]["average"])
    drawn = funnels.funnel(marks, average, _limits(average, [m.base or 0 for m in marks]))
    title = Link(f"{rows[0]['metric_name']}: {_group(contents, rows[0])}", f"#{rows[0]['metric_id']}")
    words = (
        f"Funnel of {title.text}, {period(rows[0]['period_start'], rows[0]['period_end'])}. The average is "
        f"{average:.1%}. " + " ".join(f"{r['area_name']}: {r['comparison']}." for r in rows)
    )
    headers = ("Area", "Rate", "Base", "Average", "95% limits", "99.8% limits")
    cells: list[tuple[Item, ...]] = [
        (
            row["area_name"],
            shown(figure),
            shown(figure, "denominator"),
            f"{average:.1%}",
            *(
                f"{float(row[f'limit_{z}_lower']):.1%} to {float(row[f'limit_{z}_upper']):.1%}"
                for z in ("95", "998")
            ),
        )
        for row, figure in found
    ]
    return Chart(title, drawn, words, Table(title.text, headers, cells))


def _limits(average: float, bases: Sequence[float]) -> list[dict[str, float]]:
    import numpy as np

    along = np.linspace(min(bases) * 0.85, max(bases) * 1.15, 24).round(2)
    named: dict[str, Any] = {"base": along}
    for name, z in (("95", Z), ("998", Z_998)):
        low, high = funnel_limits(average, along, z)
        named |= {f"low{name}": low.round(5), f"high{name}": high.round(5)}
    return [{k: float(v[i]) for k, v in named.items()} for i in range(len(along))]


def _ranks(contents: Contents, groups: Sequence[Sequence[Row]]) -> Table:
    rows: list[tuple[Item, ...]] = []
    for group in groups:
        for row in sorted(group, key=lambda r: int(r["rank"])):
            place = f"{row['rank']} of {row['areas_compared']}"
            could = f"{row['rank_best']} to {row['rank_worst']}"
            rows.append(
                (
                    f"{_rate(contents, row)}, {_group(contents, row)}",
                    row["area_name"],
                    shown(contents.book.compared(row)),
                    place,
                    could,
                    row["comparison"],
                    period(row["period_start"], row["period_end"]),
                )
            )
    headers = ("Rate", "Area", "Value", "Rank", "Rank could be", "Against the average", "Period")
    return Table("Ranks, and what the intervals let them mean", headers, rows)


def _rate(contents: Contents, row: Row) -> str:
    by_weeks = point(contents, row["metric_id"], row["breakdown_value"])
    return by_weeks if row["breakdown_type"] == "weeks" else row["metric_name"]


def _group(contents: Contents, row: Row) -> str:
    """The region's name, or the programme's where it has no area of its own."""
    place = contents.place(row["group_id"])
    named = contents.names.programme(row["group_id"])
    return place.name if place and place.area_code != "all" else named
