"""People and jobs on several programmes, on the steward's page."""

from __future__ import annotations

from orchestration.publishing.overlap import MEASURES
from orchestration.publishing.page.blocks import Item, Section, Table
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.quality import Quality, about

PEOPLE = tuple(MEASURES)[:6]
JOBS = tuple(MEASURES)[6:]
SAID = (
    "Records beside the different people behind them, and how each record found its person. The more "
    "were linked by likeness, the less sure the count of people.",
    "A job that two programmes claim for one person within 14 days counts once for the region, and for each "
    "of them.",
)


def shared(contents: Contents, quality: Quality) -> Section:
    """Gross and unique people, how sure the links are, and jobs that more than one programme claims."""
    claims: list[tuple[Item, ...]] = [
        (contents.names.programme(programme_id), about(count))
        for programme_id, count in quality.shared.items()
    ]
    tables = [
        _by_programme(contents, quality, "Records and people", PEOPLE),
        _by_programme(contents, quality, "Evidenced jobs", JOBS),
        Table("Claimed jobs, evidenced or not, that another programme claims too", ("Programme", "How many"),
              claims, is_open=True),
    ]  # fmt: skip
    return Section(
        "shared", "People and jobs on several programmes", SAID, tables=[t for t in tables if t.rows]
    )


def _by_programme(contents: Contents, quality: Quality, caption: str, measures: tuple[str, ...]) -> Table:
    said = {(r["programme_id"], r["measure"]): r["status"] or _number(r["value"]) for r in quality.overlap}
    programmes = sorted({programme for programme, _ in said}, key=lambda p: (p == "all", p))
    rows: list[tuple[Item, ...]] = [
        ("The region" if p == "all" else contents.names.programme(p), *(said[p, m] for m in measures))
        for p in programmes
    ]
    return Table(caption, ("Programme", *(MEASURES[m] for m in measures)), rows, is_open=True)


def _number(value: str) -> str:
    return f"{int(value):,}"
