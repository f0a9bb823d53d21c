"""Place-based schemes and national provision, carried from published sources."""

from __future__ import annotations

from typing import Final

from orchestration.publishing.page import charts
from orchestration.publishing.page.blocks import NOTHING, Chart, Item, Link, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Row, mark, shown
from orchestration.publishing.page.words import BREAKDOWNS, REGISTER, listed

SCHEMES, NATIONAL = "N04", "N01"
OTHERS: Final = ("N02", "N03")
WIDE: Final = 196
DRAWN: Final = ((SCHEMES, "style", "by type of support"), (NATIONAL, "cohort", "by cohort"))
LISTED: Final = (
    (SCHEMES, "cohort", "by cohort"),
    (SCHEMES, "funder", "by funder"),
    (SCHEMES, "end", "by end"),
    (NATIONAL, "style", "by type of support"),
    (NATIONAL, "lead", "by lead body"),
)


def landscape(contents: Contents) -> Section:
    """Schemes and national programmes by cohort, type of support, funder and end; then the register."""
    drawn = [(metric, kind, how, _rows(contents, metric, kind)) for metric, kind, how in DRAWN]
    charts_ = [_drawn(contents, *one) for one in drawn if one[3]]
    listed_ = [_table(contents, m, kind, how, _rows(contents, m, kind)) for m, kind, how in LISTED]
    tables = [*listed_, _others(contents), _register(contents)]
    said = "Counts of schemes and programmes that a published register names. Nothing here is about a person."
    return Section(
        "landscape",
        "The landscape: local schemes and national provision",
        (said,) if charts_ else (),
        charts=charts_,
        tables=[table for table in tables if table.rows],
        points=tuple(contents.findings),
    )


def _rows(contents: Contents, metric_id: str, kind: str) -> list[Row]:
    """Rows of one breakdown, the largest first."""
    rows = [r for r in contents.book.rows if r["metric_id"] == metric_id and r["breakdown_type"] == kind]
    return sorted(rows, key=lambda r: (-float(r["value"] or 0), r["breakdown_value"]))


def _drawn(contents: Contents, metric_id: str, kind: str, how: str, rows: list[Row]) -> Chart:
    table = _table(contents, metric_id, kind, how, rows)
    marks = [mark(r, contents.names.group(kind, r["breakdown_value"])) for r in rows]
    words = f"{table.caption}: {listed([f'{m.label} {m.text}' for m in marks])}."
    return Chart(Link(table.caption, f"#{metric_id}"), charts.bars(marks, WIDE), words, table)


def _table(contents: Contents, metric_id: str, kind: str, how: str, rows: list[Row]) -> Table:
    cells: list[tuple[Item, ...]] = [
        (contents.names.group(kind, r["breakdown_value"]), shown(r)) for r in rows
    ]
    return Table(
        f"{contents.metric_name(metric_id)} {how}", (BREAKDOWNS[kind], contents.metric(metric_id)), cells
    )


def _others(contents: Contents) -> Table:
    rows: list[tuple[Item, ...]] = [
        (contents.metric(r["metric_id"]), r["area_name"], _group(contents, r), shown(r))
        for r in contents.book.rows
        if r["metric_id"] in OTHERS
    ]
    return Table("Figures that the sources state", ("Figure", "Area", "Group", "Number"), rows)


def _group(contents: Contents, row: Row) -> str:
    if row["breakdown_type"] == "all":
        return "All"
    return contents.names.group(row["breakdown_type"], row["breakdown_value"])


def _register(contents: Contents) -> Table:
    rows: list[tuple[Item, ...]] = [tuple(s[c] or NOTHING for c in REGISTER) for s in contents.schemes]
    return Table(f"The register: {len(rows)} place-based schemes", tuple(REGISTER.values()), rows)
