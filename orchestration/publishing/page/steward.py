"""`steward/report.html`: quality and timeliness of returns, evidence, time to a job, revisions.

For the steward alone. Figures are protected ones; counts of faults are protected in the same way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from orchestration.control.rules import load_rules
from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Row, mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.quality import Quality, about
from orchestration.publishing.page.record import definitions
from orchestration.publishing.page.render import page_bytes
from orchestration.publishing.page.shared import shared
from orchestration.publishing.page.survival import survival_charts, survival_tables
from orchestration.publishing.page.words import day, listed, period, quarter

COMPLETE, TIMELY, CLAIMED, CONVERTED = "M29", "M30", "M09", "M10"
QUARTERS: Final = 6
WIDE: Final = 130
RECEIPTS: Final = {
    "in": "In", "nil": "In, nothing to report", "late": "Late", "held": "Held for a decision",
    "rejected": "Rejected", "missing": "Missing", "not_due": "Not due yet",
}  # fmt: skip
USED: Final = {
    "current": "This return",
    "carried_forward": "An earlier return, carried forward",
    "none": "Nothing",
}
SEVERITIES: Final = {
    "record": "The record", "return": "The return", "release": "The release", "warn": "Nothing: a warning",
    "info": "Nothing: for information",
}  # fmt: skip
DOWNLOADS: Final = (
    ("steward_metrics.csv", "Figures for stewards, one a row"),
    ("people_overlap.csv", "Records, people and shared jobs by programme"),
    ("../report.html", "The public page"),
    ("../metrics.csv", "Every public figure"),
    ("../tables.xlsx", "The public figures by topic"),
    ("../../index.html", "All releases side by side"),
)


def steward_bytes(contents: Contents, quality: Quality) -> bytes:
    """The steward's page; the same release gives the same bytes."""
    sections = [
        _returns(contents, quality),
        _timeliness(contents, quality),
        _completeness(contents, quality),
        _faults(contents, quality),
        shared(contents, quality),
        _evidence(contents, quality),
        _survival(contents, quality),
        _revisions(contents),
    ]
    meant = [*definitions(contents), *definitions(contents, "steward")]
    return page_bytes(contents, "Regional employment support: for stewards", sections, meant, DOWNLOADS)


def _returns(contents: Contents, quality: Quality) -> Section:
    """Where each return stands: its newest period that is due."""
    newest: dict[str, Row] = {}
    for row in quality.ledger:
        if (
            row["receipt"] != "not_due"
            and row["period_end"] >= newest.get(row["return_id"], row)["period_end"]
        ):
            newest[row["return_id"]] = row
    rows: list[tuple[Item, ...]] = [
        (
            _partner(contents, r["return_id"]),
            period(r["period_start"], r["period_end"]),
            day(r["due_on"]),
            RECEIPTS[r["receipt"]],
            USED[r["used"]],
        )
        for r in newest.values()
    ]
    table = Table(
        "The newest return that is due",
        ("Return", "Period", "Due", "What came", "What is used"),
        sorted(rows, key=str),
        is_open=True,
    )
    return Section("returns", "Where each return stands", tables=[table] if rows else [])


def _partner(contents: Contents, return_id: str) -> str:
    """The partner, and the return in brackets, because a partner can owe several."""
    return f"{contents.names.returns.get(return_id, return_id)} ({return_id.replace('_', ' ')})"


def _timeliness(contents: Contents, quality: Quality) -> Section:
    rows = [r for r in quality.book.rows if r["metric_id"] == TIMELY]
    starts = sorted({r["period_start"] for r in rows})[-QUARTERS:]
    by_return: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_return.setdefault(row["breakdown_value"], {})[row["period_start"]] = row
    lines: list[tuple[Item, ...]] = [
        (
            "All returns" if name == "all" else _partner(contents, name),
            *(shown(found[s]) if s in found else NOTHING for s in starts),
        )
        for name, found in sorted(by_return.items())
        if found.keys() & set(starts)
    ]
    table = Table(
        "Share of returns in on time", ("Return", *(quarter(s) for s in starts)), lines, is_open=True
    )
    return Section(
        "timeliness",
        "Timeliness",
        ("Of the returns due in a quarter, the share that was in on its day.",),
        tables=[table] if lines else [],
    )


def _completeness(contents: Contents, quality: Quality) -> Section:
    rows = [r for r in quality.book.rows if r["metric_id"] == COMPLETE]
    if not rows:
        return Section("completeness", "Completeness")
    marks = [mark(r, r["breakdown_value"].replace("_", " ").capitalize()) for r in rows]
    cells: list[tuple[Item, ...]] = [
        (
            _partner(contents, r["breakdown_value"]),
            shown(r),
            period(r["period_start"], r["period_end"]),
            _reason(r),
        )
        for r in rows
    ]
    words = f"Completeness by return: {listed([f'{m.label} {m.text}' for m in marks])}."
    table = Table("Completeness by return", ("Return", "Share of fields filled", "Period", "Why not"), cells)
    chart = Chart(contents.metric(COMPLETE), charts.bars(marks, WIDE), words, table)
    return Section("completeness", "Completeness", charts=[chart])


def _reason(row: Row) -> str:
    return "" if row["status"] == "" else why(row)


def _faults(contents: Contents, quality: Quality) -> Section:
    """What the door found, by return and rule; small counts hidden, others to the nearest five."""
    rules = load_rules()
    rows: list[tuple[Item, ...]] = [
        (
            _partner(contents, return_id),
            f"{rule_id}: {rules[rule_id].rule}" if rule_id in rules else rule_id,
            SEVERITIES[severity],
            about(count),
        )
        for (return_id, rule_id, severity), count in quality.faults.items()
    ]
    table = Table(
        "Faults by return and rule", ("Return", "Rule", "What it stops", "How many"), rows, is_open=True
    )
    said = "Faults in files that stand: cells, records or files. Counts below ten are not told apart."
    return Section("faults", "What the checks found", (said,), tables=[table] if rows else [])


def _evidence(contents: Contents, quality: Quality) -> Section:
    """Jobs claimed beside jobs evidenced, and how many claims are evidenced within 90 days."""
    rows: list[tuple[Item, ...]] = []
    for programme_id in quality.book.programmes():
        claimed = quality.book.latest(CLAIMED, programme_id)
        if not claimed:
            continue
        proven = contents.book.latest("M08", programme_id, claimed["area_code"])
        cohorts = [
            r for r in quality.book.rows if (r["metric_id"], r["programme_id"]) == (CONVERTED, programme_id)
        ]
        newest = next((r for r in reversed(cohorts) if r["status"] == ""), cohorts[-1] if cohorts else None)
        rows.append(
            (
                contents.names.programme(programme_id),
                shown(claimed),
                shown(proven) if proven else NOTHING,
                shown(newest) if newest else NOTHING,
                period(claimed["period_start"], claimed["period_end"]),
            )
        )
    headers = (
        "Programme",
        contents.metric(CLAIMED),
        contents.metric("M08"),
        contents.metric(CONVERTED),
        "Period",
    )
    return Section(
        "evidence",
        "Claims and evidence",
        tables=[Table("Jobs claimed and evidenced", headers, rows, is_open=True)] if rows else [],
    )


def _survival(contents: Contents, quality: Quality) -> Section:
    """Time from start to an evidenced job, where it is for stewards alone."""
    _, parts = contents.region()
    inner = replace(contents, book=quality.book)
    drawn, tables = survival_charts(inner, parts), survival_tables(inner, parts)
    return Section("survival", "From start to an evidenced job", charts=drawn, tables=tables)


def _revisions(contents: Contents) -> Section:
    """How many published figures of each programme moved since the last release."""
    if contents.previous is None:
        return Section("revisions", "Revisions", ("This is the first release.",))
    counts: dict[str, Counter[str]] = {}
    for row in contents.changes:
        counts.setdefault(row["programme_id"], Counter())[row["change"]] += 1
    rows: list[tuple[Item, ...]] = [
        (contents.names.programme(p), *(f"{counts[p][kind]:,}" for kind in ("new", "revised", "withdrawn")))
        for p in sorted(counts)
    ]
    headers = ("Programme", "New", "Revised", "Withdrawn")
    said = f"Against release {contents.previous}."
    return Section(
        "revisions", "Revisions", (said,), tables=_if_any(Table("Figures that moved", headers, rows))
    )


def _if_any(table: Table) -> list[Table]:
    return [table] if table.rows else []
