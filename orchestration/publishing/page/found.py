"""What was found in the returns: faults, claims and their evidence, revisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from orchestration.control.rules import load_rules
from orchestration.publishing.page.arrivals import partner
from orchestration.publishing.page.blocks import NOTHING, Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import shown
from orchestration.publishing.page.quality import Quality, about
from orchestration.publishing.page.survival import survival_charts, survival_tables
from orchestration.publishing.page.words import period

CLAIMED, CONVERTED = "M09", "M10"
SEVERITIES: Final = {
    "record": "The record", "return": "The return", "release": "The release", "warn": "Nothing",
    "info": "Nothing",
}  # fmt: skip


def faults(contents: Contents, quality: Quality) -> Section:
    """What the door found, by return and rule; small counts hidden, others to the nearest five.

    What stops something stands open, warnings fold out.
    """
    said = "Faults in files that stand: cells, records or files. Counts below ten are not told apart."
    tables = [
        _faults(contents, quality, "What stops something", ("return", "record", "release"), is_open=True),
        _faults(contents, quality, "Warnings, by return and rule", ("warn",), is_open=False),
        _faults(contents, quality, "For information, by return and rule", ("info",), is_open=False),
    ]
    return Section("faults", "What the checks found", (said,), tables=[t for t in tables if t.rows])


def _faults(
    contents: Contents, quality: Quality, caption: str, severities: Sequence[str], is_open: bool
) -> Table:
    rules = load_rules()
    rows: list[tuple[Item, ...]] = [
        (
            partner(contents, return_id),
            f"{rule_id}: {rules[rule_id].rule}" if rule_id in rules else rule_id,
            SEVERITIES[severity],
            about(count),
        )
        for (return_id, rule_id, severity), count in quality.faults.items()
        if severity in severities
    ]
    return Table(caption, ("Return", "Rule", "What it stops", "How many"), rows, is_open=is_open)


def evidence(contents: Contents, quality: Quality) -> Section:
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


def survival(contents: Contents, quality: Quality) -> Section:
    """Time from start to an evidenced job, where it is for stewards alone."""
    _, parts = contents.region()
    inner = replace(contents, book=quality.book)
    drawn, tables = survival_charts(inner, parts), survival_tables(inner, parts)
    return Section("survival", "From start to an evidenced job", charts=drawn, tables=tables)


def revisions(contents: Contents) -> Section:
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
