"""What changed and why, what every figure means, and what else a release holds."""

from __future__ import annotations

from collections import Counter
from typing import Final

from orchestration.publishing.page.blocks import NOTHING, Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import KINDS, Row, number, span
from orchestration.publishing.page.words import listed, period

LONGEST: Final = 20
"""Revised figures told one by one; the rest stand in `changes.csv`."""
DOWNLOADS: Final = (
    ("tables.xlsx", "The figures by topic, as a workbook in accessible form"),
    ("metrics.csv", "Every figure, one a row"),
    ("metrics.parquet", "The same, typed"),
    ("coverage.csv", "Returns and share of the caseload behind the figures"),
    ("comparison.csv", "Areas compared: intervals, funnel limits, ranks"),
    ("changes.csv", "What differs from the last release"),
    ("changes.md", "The same in words"),
    ("revisions.csv", "What each release said of a figure, one after the other"),
    ("datapackage.json", "What each column of each table is"),
    ("manifest.json", "What went in, what was checked, hashes of every file"),
    ("../index.html", "All releases side by side"),
)


def changes(contents: Contents) -> Section:
    """How many figures are new, revised or withdrawn, which returns are new, and the revisions themselves."""
    if contents.previous is None:
        said = f"This is the first release. It holds {len(contents.book.rows):,} figures."
        return Section("changes", "What changed, and why", (said,), points=())
    counts = Counter(row["change"] for row in contents.changes)
    what = listed([f"{counts[k]:,} {k}" for k in ("new", "revised", "withdrawn") if counts[k]])
    said = f"Since release {contents.previous}: {what or 'no published figure differs'}."
    why = []
    if contents.received_new:
        why.append(f"New files came from {listed(list(contents.received_new))}.")
    if contents.redefined:
        names = [contents.metric_name(m) for m in contents.redefined]
        why.append(f"Defined anew: {listed(names)}.")
    if contents.changes and not why:
        why.append("No file and no definition is new: the change comes from time passing, rules or software.")
    revised = [row for row in contents.changes if row["change"] == "revised"]
    tables = [_revised(contents, revised)] if revised else []
    return Section("changes", "What changed, and why", (said, *why), tables=tables)


def _revised(contents: Contents, rows: list[Row]) -> Table:
    cells: list[tuple[Item, ...]] = [
        (
            contents.metric(r["metric_id"]),
            contents.names.programme(r["programme_id"]),
            _group(contents, r),
            period(r["period_start"], r["period_end"]),
            _told(r, "before"),
            _told(r, "now"),
        )
        for r in rows[:LONGEST]
    ]
    more = f", the first {LONGEST} of {len(rows)}" if len(rows) > LONGEST else ""
    headers = ("Figure", "Programme", "Group", "Period", "Then", "Now")
    return Table(f"Revised figures{more}", headers, cells, is_open=True)


def _group(contents: Contents, row: Row) -> str:
    if row["breakdown_type"] == "all":
        return "All"
    return contents.names.group(row["breakdown_type"], row["breakdown_value"])


def _told(row: Row, when: str) -> Item:
    status, value = row[f"status_{when}"], row[f"value_{when}"]
    if KINDS[status] == "range":
        return span(row[f"bound_lower_{when}"], row[f"bound_upper_{when}"])
    return number(value, row["unit"]) if value else status or NOTHING


def definitions(contents: Contents, audience: str = "public") -> list[Row]:
    """Definitions of the metrics for an audience, by id."""
    wanted = [d for d in contents.definitions if d["audience"] == audience]
    return sorted(wanted, key=lambda d: d["metric_id"])
