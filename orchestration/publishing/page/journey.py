"""From referral to sustained job, and what became of cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Link, Mark, Section, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import Row, mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.survival import PARTS, SHARE, survival_charts, survival_tables
from orchestration.publishing.page.words import listed, period, quarter

STAGES: Final[Mapping[str, str]] = {"M01": "Referrals", "M04": "Starts", "M08": "Evidenced jobs"}
STEPS: Final[Mapping[str, str]] = {"M04": "M06", "M08": "M12"}
"""The rate that leads to a stage."""
SUSTAINED: Final[Mapping[str, str]] = {"M15": "13 weeks", "M16": "26 weeks"}
COHORTS: Final = ("M07", "M15", "M16")
NEWEST: Final = 4


def journey(contents: Contents) -> Section:
    """How many come to each stage, what share goes on, how many do not, and how long it takes."""
    whole, parts = contents.region()
    drawn = [_flow(contents, place) for place in [*parts, *([whole] if whole else [])]]
    return Section(
        "journey",
        "From referral to sustained job",
        (
            "Counts of one window, year to date; each picture has its own scale. The thin line behind a bar "
            "is how many of the stage before have not come so far. Stages are not the same people: those "
            "who came last have had less time, so the shares are snapshots and not success rates.",
            *_times(contents, parts),
        ),
        charts=[chart for chart in drawn if chart],
    )


def _flow(contents: Contents, place: Place) -> Chart | None:
    marks = _stages(contents, place)
    if not marks:
        return None
    rows: list[tuple[Item, ...]] = []
    for metric_id in (*STAGES, *SUSTAINED):
        row = _at(contents, place, metric_id)
        step = contents.book.latest(STEPS.get(metric_id, ""), place.programme_id, place.area_code)
        if row:
            left = _fewer(step) if step and step["status"] == "" else NOTHING
            days = period(row["period_start"], row["period_end"])
            rows.append(
                (contents.metric(metric_id), shown(row), shown(step) if step else NOTHING, left, days)
            )
    words = f"{place.name}: {listed([f'{one.label.lower()} {one.text}' for one in marks])}."
    headers = ("Stage", "Figure", "Share of the stage before", "Fewer, so far", "Period")
    return Chart(place.name, charts.flow(marks), words, Table(f"{place.name}: stages", headers, rows))


def _stages(contents: Contents, place: Place) -> list[Mark]:
    marks: list[Mark] = []
    for metric_id, label in STAGES.items():
        if row := _at(contents, place, metric_id):
            one, before = mark(row, label), marks[-1] if marks else None
            step = _step(contents, place, metric_id, before.label) if before else ""
            marks.append(replace(one, text=one.text + step, base=before.extent if before else None))
    kept = _at(contents, place, "M15")
    if marks and kept:
        text = kept["status"] or _kept(kept)
        marks.append(Mark("Kept 13 weeks", text, _number(kept), is_synthetic=marks[0].is_synthetic))
    return marks


def _at(contents: Contents, place: Place, metric_id: str) -> Row | None:
    """The figure of a stage: the year to date, for sustained jobs a cohort."""
    if metric_id in SUSTAINED:
        return _sustained(contents, place, metric_id)
    return contents.book.latest(metric_id, place.programme_id, place.area_code)


def _step(contents: Contents, place: Place, metric_id: str, before: str) -> str:
    """The share of the stage before, where it is shown."""
    row = contents.book.latest(STEPS.get(metric_id, ""), place.programme_id, place.area_code)
    if not row or row["status"] != "":
        return ""
    return f", {shown(row).text} of {before.lower()}"


def _fewer(row: Row) -> str:
    """Released base less released numerator."""
    return f"{float(row['denominator']) - float(row['numerator']):,.0f}"


def _sustained(contents: Contents, place: Place, metric_id: str) -> Row | None:
    """The newest cohort of jobs that can be shown, else the newest."""
    rows = contents.book.of(metric_id, place.programme_id, place.area_code, is_cohort=True)
    return next((r for r in reversed(rows) if r["status"] == ""), rows[-1] if rows else None)


def _kept(row: Row) -> str:
    return (
        f"{shown(row, 'numerator').text} of {shown(row, 'denominator').text} ({quarter(row['period_start'])})"
    )


def _number(row: Row) -> float | None:
    return float(row["numerator"]) if row["numerator"] else None


def _times(contents: Contents, parts: Sequence[Place]) -> tuple[str, ...]:
    """How fast people start: the share within 8 weeks of each area's newest cohort that is shown."""
    said = []
    for place in parts:
        row = _sustained(contents, place, "M07")
        if row and row["status"] == "":
            said.append(f"{place.name} {shown(row).text} ({quarter(row['period_start'])})")
    if not said:
        return ()
    return (f"Time: of the newest cohort, within 8 weeks of their referral started: {listed(said)}.",)


def cohorts(contents: Contents) -> Section:
    """Rates of people followed for the same time, by quarter of their referral or of their job."""
    whole, parts = contents.region()
    places = [*parts, *([whole] if whole else [])]
    return Section(
        "cohorts",
        "Cohorts",
        (
            "Everybody in a cohort has been watched for the same time, so these rates can be compared "
            "between quarters. A quarter appears once its people have been watched for long enough. For the "
            "time from start to job, those still looking count for as long as they were watched, and jobs "
            "up to their last known check (Kaplan-Meier).",
        ),
        charts=[
            *(chart for metric in COHORTS for chart in _cohort_charts(contents, metric, places)),
            *survival_charts(contents, places),
        ],
        tables=[
            *(table for metric in COHORTS if (table := _unseen(contents, metric, places))),
            *survival_tables(contents, places),
        ],
    )


def _cohort_charts(contents: Contents, metric_id: str, places: Sequence[Place]) -> list[Chart]:
    """Rates by cohort quarter with intervals, a picture a place that can show any, on one scale."""
    series = {n: rows for n, rows in _series(contents, metric_id, places).items() if _is_seen(rows)}
    top = max((float(r["ci_upper"] or r["value"] or 0) for rows in series.values() for r in rows), default=0)
    return [_cohort_chart(contents, metric_id, name, top * 1.15, rows) for name, rows in series.items()]


def _cohort_chart(contents: Contents, metric_id: str, name: str, top: float, rows: Sequence[Row]) -> Chart:
    title = f"{contents.metric_name(metric_id)}: {name}"
    told = [" ".join((quarter(r["period_start"]), shown(r).text)) for r in rows]
    cells: list[tuple[Item, ...]] = [
        (period(r["period_start"], r["period_end"]), *(shown(r, column) for column in PARTS)) for r in rows
    ]
    return Chart(
        Link(title, f"#{metric_id}"),
        charts.rates([mark(r, quarter(r["period_start"])) for r in rows[-NEWEST:]], top),
        f"{title}. {listed(told)}.",
        Table(title, ("Cohort", *SHARE), cells),
    )


def _series(contents: Contents, metric_id: str, places: Sequence[Place]) -> dict[str, list[Row]]:
    found = {p.name: contents.book.of(metric_id, p.programme_id, p.area_code, is_cohort=True) for p in places}
    return {name: rows for name, rows in found.items() if rows}


def _is_seen(rows: Sequence[Row]) -> bool:
    return any(row["status"] == "" for row in rows)


def _unseen(contents: Contents, metric_id: str, places: Sequence[Place]) -> Table | None:
    """Places of which nothing can be shown yet, as a table that says why cell by cell."""
    cells: list[tuple[Item, ...]] = [
        (place, period(r["period_start"], r["period_end"]), shown(r), why(r))
        for place, rows in _series(contents, metric_id, places).items()
        for r in rows
        if not _is_seen(rows)
    ]
    name = contents.metric_name(metric_id)
    return Table(name, ("Area", "Cohort", contents.metric(metric_id), "Why"), cells) if cells else None
