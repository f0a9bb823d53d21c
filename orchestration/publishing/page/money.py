"""Budget and spend, unit costs, social value: each with the label without which it misleads."""

from __future__ import annotations

from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Row, mark, shown
from orchestration.publishing.page.headline import why
from orchestration.publishing.page.words import listed, period

BUDGETS: Final = {"all": "actual_all", "theme": "actual_theme", "cost_type": "actual_cost_type"}
WIDE: Final = 132
VALUE, SPEND, COSTS = "M31", "M33", "M25"
KINDS: Final = {
    "all": "Social value, gross", "stream": "Gross value of a stream", "stream_units": "Counted in a stream",
    "lens_fiscal": "Of it, to public budgets", "lens_public_value": "Of it, public value without transfers",
    "overlap": "People behind the streams", "ratio": "Value for each pound, gross, as published",
    "net": "Net value, on stated assumptions",
}  # fmt: skip


def money(contents: Contents) -> Section:
    """Budget against spend by theme; gross value by stream; everything else as a table."""
    spent = [r for r in contents.book.rows if r["metric_id"] == SPEND]
    value = [r for r in contents.book.rows if r["metric_id"] == VALUE]
    costs = [r for r in contents.book.rows if r["metric_id"] == COSTS]
    tables = [t for t in (_costs(contents, costs), _values(contents, value)) if t.rows]
    return Section(
        "money",
        "Money and value",
        (
            "Budget and spend are as reported. Social value is gross: nothing is taken off for what would "
            "have happened anyway, people can be in several streams, and most unit values name no year. "
            "It is no saving and no net benefit. Management information, not official statistics.",
        )
        if spent or value
        else (),
        charts=[c for c in (_budget(contents, spent), _streams(contents, value)) if c],
        tables=tables,
    )


def _budget(contents: Contents, rows: list[Row]) -> Chart | None:
    if not rows:
        return None
    plans = [r for r in rows if r["breakdown_type"] == "theme"]
    pairs = [(r, _actual(rows, r)) for r in rows if r["breakdown_type"] in BUDGETS]
    marks = [
        mark(one, label, contents.names.group("theme", r["breakdown_value"]))
        for r in plans
        for label, one in (("Budget", r), ("Spent so far", _actual(rows, r)))
        if one
    ]
    if not marks:
        return None
    cells: list[tuple[Item, ...]] = [
        (_line(contents, r), shown(r), shown(a) if a else NOTHING, period(r["period_start"], r["period_end"]))
        for r, a in pairs
    ]
    words = "Budget and spend by theme. " + " ".join(
        f"{contents.names.group('theme', r['breakdown_value'])}: budget {shown(r).text}"
        + (f", spent so far {shown(a).text}." if (a := _actual(rows, r)) else ".")
        for r in plans
    )
    title = f"{contents.metric_name(SPEND)}, {listed(sorted({r['area_name'] for r in rows}))}"
    return Chart(
        contents.metric(SPEND),
        charts.bars(marks),
        words,
        Table(title, ("Line", "Budget", "Spent so far", "Period"), cells),
    )


def _actual(rows: list[Row], plan: Row) -> Row | None:
    wanted = {**plan, "breakdown_type": BUDGETS[plan["breakdown_type"]]}
    same = ("programme_id", "area_code", "breakdown_type", "breakdown_value", "period_start", "period_end")
    return next((r for r in rows if all(r[c] == wanted[c] for c in same)), None)


def _line(contents: Contents, row: Row) -> str:
    if row["breakdown_type"] == "all":
        return f"{contents.names.programme(row['programme_id'])}: total"
    return contents.names.group(row["breakdown_type"], row["breakdown_value"])


def _streams(contents: Contents, rows: list[Row]) -> Chart | None:
    streams = [r for r in rows if r["breakdown_type"] == "stream"]
    if not streams:
        return None
    label = contents.names.group
    marks = [mark(r, label("stream", r["breakdown_value"])) for r in streams]
    cells: list[tuple[Item, ...]] = [
        (
            label("stream", r["breakdown_value"]),
            shown(r),
            contents.names.programme(r["programme_id"]),
            period(r["period_start"], r["period_end"]),
        )
        for r in streams
    ]
    words = "Gross social value by stream. " + listed([f"{m.label} {m.text}" for m in marks]) + "."
    table = Table("Gross value by stream", ("Stream", "Gross value", "Programme", "Period"), cells)
    return Chart(contents.metric(VALUE), charts.bars(marks, WIDE), words, table)


def _values(contents: Contents, rows: list[Row]) -> Table:
    cells: list[tuple[Item, ...]] = [
        (
            KINDS.get(r["breakdown_type"], contents.names.group("", r["breakdown_type"])),
            contents.names.group(r["breakdown_type"], r["breakdown_value"])
            if r["breakdown_type"] != "all"
            else "All",
            shown(r),
            r["unit"].replace("gbp", "pounds"),
            contents.names.programme(r["programme_id"]),
            period(r["period_start"], r["period_end"]),
        )
        for r in rows
        if r["breakdown_type"] != "stream"
    ]
    headers = ("What", "Of", "Figure", "Unit", "Programme", "Period")
    return Table("Social value in full", headers, cells)


def _costs(contents: Contents, rows: list[Row]) -> Table:
    cells: list[tuple[Item, ...]] = [
        (
            contents.names.group("measure", r["breakdown_value"]),
            r["area_name"],
            shown(r),
            period(r["period_start"], r["period_end"]),
            why(r) if r["status"] == "[x]" else "",
        )
        for r in rows
    ]
    return Table("Unit costs", ("Cost", "Area", "Figure", "Period", "Why"), cells, is_open=True)
