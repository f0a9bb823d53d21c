"""How the returns came: where each stands, whether in time, how complete."""

from __future__ import annotations

from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Row, mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.quality import Quality
from orchestration.publishing.page.words import day, listed, period, quarter

COMPLETE, TIMELY = "M29", "M30"
QUARTERS: Final = 6
WIDE: Final = 130
TROUBLE: Final = ("held", "rejected", "missing", "late")
RECEIPTS: Final = {
    "in": "In", "nil": "In, nothing to report", "late": "Late", "held": "Held for a decision",
    "rejected": "Rejected", "missing": "Missing", "not_due": "Not due yet",
}  # fmt: skip
USED: Final = {
    "current": "This return",
    "carried_forward": "An earlier return, carried forward",
    "none": "Nothing",
}


def returns(contents: Contents, quality: Quality) -> Section:
    """Where each return stands in its newest period that is due, those with trouble first."""
    newest: dict[str, Row] = {}
    for row in quality.ledger:
        if (
            row["receipt"] != "not_due"
            and row["period_end"] >= newest.get(row["return_id"], row)["period_end"]
        ):
            newest[row["return_id"]] = row
    rows: list[tuple[Item, ...]] = [
        (
            partner(contents, r["return_id"]),
            period(r["period_start"], r["period_end"]),
            day(r["due_on"]),
            RECEIPTS[r["receipt"]],
            USED[r["used"]],
        )
        for r in sorted(newest.values(), key=lambda r: (r["receipt"] not in TROUBLE, r["return_id"]))
    ]
    table = Table(
        "The newest return that is due",
        ("Return", "Period", "Due", "What came", "What is used"),
        rows,
        is_open=True,
    )
    return Section("returns", "Where each return stands", tables=[table] if rows else [])


def timeliness(contents: Contents, quality: Quality) -> Section:
    """The share of returns that were in on their day, by quarter."""
    rows = [r for r in quality.book.rows if r["metric_id"] == TIMELY]
    starts = sorted({r["period_start"] for r in rows})[-QUARTERS:]
    by_return: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_return.setdefault(row["breakdown_value"], {})[row["period_start"]] = row
    lines: list[tuple[Item, ...]] = [
        (
            "All returns" if name == "all" else partner(contents, name),
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


def completeness(contents: Contents, quality: Quality) -> Section:
    """The share of fields that each return fills."""
    rows = [r for r in quality.book.rows if r["metric_id"] == COMPLETE]
    if not rows:
        return Section("completeness", "Completeness")
    marks = [mark(r, r["breakdown_value"]) for r in rows]
    cells: list[tuple[Item, ...]] = [
        (
            partner(contents, r["breakdown_value"]),
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


def partner(contents: Contents, return_id: str) -> str:
    """The partner, and the return in brackets, because a partner can owe several."""
    return f"{contents.names.returns.get(return_id, return_id)} ({return_id})"
