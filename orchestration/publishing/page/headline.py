"""Headline figures of the region, its districts beside each other, and progress towards targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from orchestration.publishing.page.blocks import NOTHING, Card, Item, Link, Section, Shown, Table
from orchestration.publishing.page.contents import Contents, Place
from orchestration.publishing.page.figures import KINDS, Book, Row, shown
from orchestration.publishing.page.words import day, listed, period

CARDS: Final = ("M01", "M04", "M08", "M11", "M06", "M12")
ACROSS: Final = ("M01", "M04", "M08", "M06", "M12")
TARGETS: Final = {"M04": "engaged", "M08": "jobs"}
MATURITY: Final = {
    "provisional": "Provisional: late evidence can still change it",
    "near_final": "Near final: small changes are possible",
    "final": "Final",
}


def headline(contents: Contents) -> Section:
    """Cards for the region, then a table with a line for each district, then targets."""
    whole, parts = contents.region()
    about = whole or (parts[0] if parts else None)
    if about is None:
        return Section("headline", "Headline figures")
    told = {row["metric_id"]: _facts(contents, row) for row in _rows(contents, about)}
    shared = {name: said for name, said in next(iter(told.values()), {}).items() if _is_shared(name, told)}
    tables = [table for table in (_across(contents, whole, parts), _targets(contents)) if table.rows]
    return Section(
        "headline",
        f"Headline figures: {about.name}",
        (contents.names.programme(about.programme_id) + ".",),
        tuple(shared.items()),
        cards=[
            _card(contents, row, parts, {k: v for k, v in told[row["metric_id"]].items() if k not in shared})
            for row in _rows(contents, about)
        ],
        tables=tables,
    )


def _is_shared(name: str, told: Mapping[str, Mapping[str, Item]]) -> bool:
    """Whether a fact is the same of every headline figure, so that it is said once."""
    return len({str(facts[name]) for facts in told.values()}) == 1


def headline_rows(contents: Contents) -> list[Row]:
    """The figures of `headline.csv`: those of the cards for the region, then for each district."""
    whole, parts = contents.region()
    return [row for place in [*([whole] if whole else []), *parts] for row in _rows(contents, place)]


def _rows(contents: Contents, place: Place) -> list[Row]:
    found = [contents.book.latest(metric, place.programme_id, place.area_code) for metric in CARDS]
    return [row for row in found if row]


def _facts(contents: Contents, row: Row) -> dict[str, Item]:
    return {
        "Period": period(row["period_start"], row["period_end"]),
        "Target": _target(contents, row),
        "Last release": since_last(contents.before, row, contents.previous),
        "Returns behind it": behind(row),
        "Maturity": MATURITY[row["maturity"]],
    }


def _card(contents: Contents, row: Row, parts: Sequence[Place], facts: Mapping[str, Item]) -> Card:
    """The figure with what is its own; one that cannot be shown says why, and what its districts say."""
    if KINDS[row["status"]] == "range":
        reason = _why_a_range(contents, row["metric_id"], parts)
        return Card(contents.metric(row["metric_id"]), shown(row), (("Why a range", reason), *facts.items()))
    if row["status"] not in ("[c]", "[x]"):
        return Card(contents.metric(row["metric_id"]), shown(row), tuple(facts.items()))
    found = [
        (p.name, contents.book.latest(row["metric_id"], p.programme_id, p.area_code))
        for p in parts
        if p.area_code != row["area_code"]
    ]
    said = ("Why", _why_a_rate_is_not(contents, row, parts) or why(row))
    districts = [(name, shown(own)) for name, own in found if own]
    return Card(contents.metric(row["metric_id"]), shown(row), (said, *districts, *facts.items()))


def _why_a_range(contents: Contents, metric_id: str, parts: Sequence[Place]) -> str:
    """Which areas send a range, and which nothing."""
    found = {p.name: contents.book.latest(metric_id, p.programme_id, p.area_code) for p in parts}
    ranged = [name for name, row in found.items() if row and KINDS[row["status"]] == "range"]
    silent = [name for name, row in found.items() if row is None]
    said = [f"{listed(ranged)} {_verb(ranged)} counts as ranges."] if ranged else []
    said += [f"{listed(silent)} {_verb(silent)} no such count."] if silent else []
    return " ".join(said) or "A part of it is known only between two ends."


def _verb(senders: Sequence[str]) -> str:
    return "sends" if len(senders) == 1 else "send"


def _why_a_rate_is_not(contents: Contents, row: Row, parts: Sequence[Place]) -> str:
    """Which areas send a part of the rate as a range; empty where that is not the reason."""
    defined = [d for d in contents.definitions if d["metric_id"] == row["metric_id"]]
    sides = [d[f"{side}_metric_id"] for d in defined for side in ("numerator", "denominator")]
    found = {p.name: [contents.book.latest(s, p.programme_id, p.area_code) for s in sides] for p in parts}
    ranged = [
        name for name, rows in found.items() if any(row and KINDS[row["status"]] == "range" for row in rows)
    ]
    if not ranged:
        return ""
    return f"{listed(ranged)} {_verb(ranged)} counts as ranges, and a share of a range is no single figure."


def _target(contents: Contents, row: Row) -> str:
    found = contents.book.latest(
        "M34", row["programme_id"], row["area_code"], ("target", TARGETS.get(row["metric_id"], ""))
    )
    return f"{float(found['denominator']):,.0f} in the full year" if found else "None set"


def since_last(before: Book, row: Row, previous: str | None) -> Item:
    """What the last release said of the same series, at its newest end."""
    if previous is None:
        return "This is the first release"
    same = [
        r
        for r in before.of(row["metric_id"], row["programme_id"], row["area_code"])
        if r["period_start"] == row["period_start"]
    ]
    if not same:
        return "Not published then"
    then = same[-1]
    said = shown(then).text
    if then["period_end"] != row["period_end"]:
        return f"{said} to {day(then['period_end'])}"
    is_same = all(then[c] == row[c] for c in ("value", "status", "bound_lower", "bound_upper"))
    return "Unchanged" if is_same else f"Revised from {said}"


def behind(row: Row) -> str:
    """How many returns were expected for the figure, and how many it stands on."""
    if not row["returns_expected"]:
        return "Not from returns"
    current, expected = row["returns_current"], row["returns_expected"]
    carried = f", {row['returns_carried']} carried forward" if row["returns_carried"] not in ("", "0") else ""
    return f"{current} of {expected} in use{carried}"


def why(row: Row) -> str:
    """Why a figure is not there: what its caveat says of it, else what its mark means."""
    if row["status"] == "[c]":
        return "Hidden: it, or another figure with it, could tell of fewer than ten people."
    for start in ("Withdrawn:", "Not shown:", "Not available:"):
        if start in row["caveat"]:
            said = row["caveat"][row["caveat"].index(start) + len(start) :].strip()
            return said[:1].upper() + said[1:]
    return "A part of it is known only as a range, or was not reported."


def _across(contents: Contents, whole: Place | None, parts: list[Place]) -> Table:
    rows: list[tuple[Item, ...]] = []
    for place in [*parts, *([whole] if whole else [])]:
        found = [contents.book.latest(m, place.programme_id, place.area_code) for m in ACROSS]
        first = next((row for row in found if row), None)
        if first:
            cells = [shown(row) if row else NOTHING for row in found]
            rows.append((place.name, *cells, period(first["period_start"], first["period_end"])))
    headers: tuple[Item, ...] = ("Area", *(contents.metric(m) for m in ACROSS), "Period")
    return Table("Districts and the region, year to date", headers, rows, is_open=True)


def _targets(contents: Contents) -> Table:
    """Each target, its share reached, and how that compares with the part of the year gone by."""
    rows: list[tuple[Item, ...]] = []
    for row in contents.book.rows:
        if row["metric_id"] != "M34" or row["unit"] != "share":
            continue
        due = contents.book.latest(
            "M26", row["programme_id"], row["area_code"], ("target", row["breakdown_value"])
        )
        name = contents.names.group("target", row["breakdown_value"])
        rows.append(
            (
                f"{row['area_name']}: {name}{counted_otherwise(row)}",
                shown(row, "denominator"),
                shown(row),
                shown(due) if due else NOTHING,
                *(_needed(contents, row, what) for what in ("starts_needed", "referrals_needed")),
            )
        )
    headers: tuple[Item, ...] = (
        "Target",
        "In the full year",
        Link("Reached so far", "#M34"),
        Link("Against the part due by now", "#M26"),
        "Starts it needs",
        "Referrals it needs",
    )
    return Table("Progress towards targets", headers, rows, is_open=True)


def counted_otherwise(row: Row) -> str:
    """What rule C09 says of the definition of a target."""
    said = re.search(r"The target [^(]+\(C09\)", row["caveat"])
    return f". {said[0]}" if said else ""


def _needed(contents: Contents, row: Row, what: str) -> Shown | str:
    if row["breakdown_value"] != "jobs":
        return NOTHING
    found = contents.book.latest("M34", row["programme_id"], row["area_code"], ("target", what))
    return shown(found) if found else NOTHING
