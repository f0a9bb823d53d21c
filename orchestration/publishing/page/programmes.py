"""Every programme on one line, and for whom the region's programmes work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from orchestration.publishing.page.blocks import NOTHING, Item, Section, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import Row, shown
from orchestration.publishing.page.headline import MATURITY, behind
from orchestration.publishing.page.words import BREAKDOWNS, period

COLUMNS: Final = ("M01", "M04", "M05", "M08", "M11")
OUTCOMES: Final = ("M20", "M21", "M22", "M23", "M24")
WHO: Final = ("age_band", "sex", "disability", "ethnic5", "inactivity_reason", "imd", "referral_source")
TAIL: Final = ("other", "not_stated", "prefer_not_to_say", "not_asked", "unknown")
STARTED: Final = "M04"


def programmes(contents: Contents) -> Section:
    """One line a programme: its newest counts with period, coverage and maturity; then other outcomes."""
    lines = [line for line in (_line(contents, p) for p in contents.book.programmes()) if line]
    headers: tuple[Item, ...] = (
        "Programme",
        "Lead",
        *(contents.metric(m) for m in COLUMNS),
        "Period",
        "Returns",
        "Maturity",
    )
    tables = [Table("Programmes, newest figures", headers, lines, is_open=True)] if lines else []
    outcomes = [line for m in OUTCOMES for line in _outcomes(contents, m)]
    if outcomes:
        titles = ("Outcome", "Programme", "Area", "Figure", "Period")
        tables.append(
            Table("Attendance, wellbeing, qualifications, volunteering and placements", titles, outcomes)
        )
    return Section("programmes", "Programmes", tables=tables)


def _line(contents: Contents, programme_id: str) -> tuple[Item, ...] | None:
    rows = [_newest(contents, metric, programme_id) for metric in COLUMNS]
    found = [row for row in rows if row]
    if not found:
        return None
    last = max(found, key=lambda row: row["period_end"])
    return (
        contents.names.programme(programme_id),
        contents.names.programmes.get(programme_id, ("", "", ""))[1] or NOTHING,
        *(shown(row) if row else NOTHING for row in rows),
        period(last["period_start"], last["period_end"]),
        behind(last),
        MATURITY[last["maturity"]].split(":")[0],
    )


def _newest(contents: Contents, metric_id: str, programme_id: str) -> Row | None:
    """The programme's newest figure for its own area, which `all` stands for where it has no single one."""
    place = contents.place(programme_id)
    if place and (row := contents.book.latest(metric_id, programme_id, place.area_code)):
        return row
    return contents.book.latest(metric_id, programme_id)


def _outcomes(contents: Contents, metric_id: str) -> list[tuple[Item, ...]]:
    """Every newest figure of a metric, over the whole of a programme's window."""
    newest: dict[tuple[str, str, str, str], Row] = {}
    for row in contents.book.rows:
        if row["metric_id"] == metric_id:
            one = (row["programme_id"], row["area_code"], row["breakdown_type"], row["breakdown_value"])
            if one not in newest or _is_newer(row, newest[one]):
                newest[one] = row
    name = contents.metric_name(metric_id)
    return [
        (
            _named(contents, name, row),
            contents.names.programme(row["programme_id"]),
            row["area_name"],
            shown(row),
            period(row["period_start"], row["period_end"]),
        )
        for _, row in sorted(newest.items())
    ]


def _is_newer(row: Row, than: Row) -> bool:
    ends = row["period_end"], than["period_end"]
    return ends[0] > ends[1] or (ends[0] == ends[1] and row["period_start"] < than["period_start"])


def _named(contents: Contents, name: str, row: Row) -> str:
    group = contents.names.group(row["breakdown_type"], row["breakdown_value"])
    return name if row["breakdown_type"] == "all" else f"{name}: {group}"


def whom(contents: Contents) -> Section:
    """Starts by group, a column a district: whom the programmes reach."""
    _, parts = contents.region()
    tables = [table for table in (_groups(contents, kind, parts) for kind in WHO) if table.rows]
    return Section(
        "whom",
        "Who is reached",
        ("Starts of the year to date by group. Small groups are hidden so that nobody can be recognised.",),
        tables=tables,
    )


def _groups(contents: Contents, kind: str, parts: Sequence[Place]) -> Table:
    found = {place: contents.book.groups(STARTED, place.programme_id, kind) for place in parts}
    places = [place for place in parts if found[place]]
    values = list(dict.fromkeys(r["breakdown_value"] for place in places for r in found[place]))
    values.sort(key=lambda v: _place(v, contents.names.group(kind, v)))
    rows: list[tuple[Item, ...]] = [
        (contents.names.group(kind, value), *(_of(found[place], value) for place in places))
        for value in values
    ]
    return Table(
        f"Starts by {BREAKDOWNS[kind].lower()}",
        (BREAKDOWNS[kind], *(p.name for p in places)),
        rows,
        is_open=True,
    )


def _place(value: str, label: str) -> tuple[int, int, str]:
    """Groups by number or name; those that say little come last."""
    return TAIL.index(value) + 1 if value in TAIL else 0, int(value) if value.isdigit() else 0, label


def _of(rows: Sequence[Row], value: str) -> Item:
    return next((shown(row) for row in rows if row["breakdown_value"] == value), NOTHING)
