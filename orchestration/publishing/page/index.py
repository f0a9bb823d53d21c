"""`releases/index.html`: every release side by side, and how the headline figures moved between them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from orchestration.control.store import Store
from orchestration.publishing.files import replace_file
from orchestration.publishing.journal import current_release
from orchestration.publishing.page.blocks import NOTHING, Item, Link, Section, Table
from orchestration.publishing.page.figures import Row, read_rows, shown
from orchestration.publishing.page.render import rendered
from orchestration.publishing.page.words import day, period
from orchestration.settings import Settings

INDEX, HEADLINE = "index.html", "headline.csv"
SERIES: Final = ("metric_id", "programme_id", "area_code")
SIDE_BY_SIDE: Final = 6
"""Releases whose figures stand side by side; all are listed."""
FIGURE: Final = ("value", "status", "bound_lower", "bound_upper")


@dataclass(frozen=True)
class Told:
    """What a release says of itself: its manifest, its headline figures, how many cells changed and how."""

    release_id: str
    manifest: dict[str, Any]
    headline: dict[tuple[str, ...], Row]
    changes: Counter[str]


def write_index(settings: Settings, store: Store) -> None:
    """Write the page anew where it does not yet say how things stand; in one step."""
    page, current = settings.releases / INDEX, current_release(settings)
    known = [
        r.release_id for r in store.releases() if (settings.releases / r.release_id / HEADLINE).is_file()
    ]
    if current is None or not known:
        return
    content = index_bytes(settings.releases, known, current)
    if not page.exists() or page.read_bytes() != content:
        replace_file(page, content)


def index_bytes(releases: Path, release_ids: Sequence[str], current: str) -> bytes:
    """The page over the releases in a folder; `release_ids` oldest first. Reads only what they hold."""
    told = [_told(releases / release_id) for release_id in reversed(release_ids)]
    newest = told[0].manifest
    return rendered(
        "page.html",
        title="Regional employment support: all releases",
        stamp=newest["stamp"],
        is_synthetic=newest["is_synthetic"],
        label=newest["status"],
        as_at=day(newest["as_at"]),
        meta=f"The current release is {current}.",
        sections=[_releases(told, current), _moves(told[:SIDE_BY_SIDE], current)],
        definitions=[],
        downloads=[],
    )


def _told(folder: Path) -> Told:
    rows = read_rows((folder / HEADLINE).read_bytes())
    return Told(
        folder.name,
        json.loads((folder / "manifest.json").read_text("utf-8")),
        {tuple(row[c] for c in SERIES): row for row in rows},
        Counter(row["change"] for row in read_rows((folder / "changes.csv").read_bytes())),
    )


def _releases(told: Sequence[Told], current: str) -> Section:
    rows: list[tuple[Item, ...]] = [
        (
            Link(one.release_id, f"{one.release_id}/report.html"),
            day(one.manifest["as_at"]),
            "Current" if one.release_id == current else "",
            *(f"{one.changes[kind]:,}" for kind in ("new", "revised", "withdrawn")),
        )
        for one in told
    ]
    headers = ("Release", "As at", "Stands", "New figures", "Revised", "Withdrawn")
    return Section(
        "releases", "Releases", tables=[Table("Releases, newest first", headers, rows, is_open=True)]
    )


def _moves(told: Sequence[Told], current: str) -> Section:
    """A line a headline figure, a column a release, the newest first; revisions are marked."""
    series = list(dict.fromkeys(key for one in told for key in one.headline))
    rows: list[tuple[Item, ...]] = []
    for key in series:
        found = [one.headline.get(key) for one in told]
        first = next(row for row in found if row)
        name = Link(f"{first['area_name']}: {first['metric_name']}", f"{current}/report.html#{key[0]}")
        cells = [
            item for row, then in zip(found, [*found[1:], None], strict=True) for item in _cell(row, then)
        ]
        rows.append((name, *cells))
    headers = [h for one in told for h in (f"{one.release_id}", "Period")]
    table = Table("Headline figures in the newest releases", ("Figure", *headers), rows, is_open=True)
    return Section(
        "moves",
        "How the headline figures moved",
        ("A figure is marked revised where the release before said something else of the same days.",),
        tables=[table],
    )


def _cell(row: Row | None, then: Row | None) -> tuple[Item, Item]:
    if row is None:
        return NOTHING, ""
    said = period(row["period_start"], row["period_end"])
    same_days = then is not None and all(then[c] == row[c] for c in ("period_start", "period_end"))
    is_revised = then is not None and same_days and any(then[c] != row[c] for c in FIGURE)
    return shown(row), f"{said}, revised" if is_revised else said
