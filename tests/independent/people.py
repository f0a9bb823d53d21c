"""Whom the records of a programme or family are about, and what a figure is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.independent.levels import Level, Window
from tests.independent.records import Region, Row

Key = tuple[
    str, str, str, str, str, str, date, date
]  # metric, programme, area, breakdown, part, cohort, days


PROVED = {"evidenced", "verified"}


@dataclass(frozen=True)
class Figure:
    """A value, or the bounds that it lies between."""

    value: Fraction | None = None
    lower: int | None = None
    upper: int | None = None


Figures = dict[Key, Figure]


def share(part: int, whole: int) -> Figure:
    """A part of a whole, and nothing of nothing."""
    return Figure(Fraction(part, whole) if whole else None)


def number(counted: int) -> Figure:
    """An exact number."""
    return Figure(Fraction(counted))


Said = tuple[tuple[str, str, str], Figure]


class People:
    """What the records of a level say of one area."""

    def __init__(self, region: Region, level: Level, area: str) -> None:

        def inside(row: Row) -> bool:
            return row["programme_id"] in level.parts and self.has(row)

        self.region, self.level, self.area, self.is_total = region, level, area, area == level.area
        self.referrals = [
            r for r in region.referrals if inside(r) and r["triage_outcome_code"] != "duplicate"
        ]
        self.spells = [s for s in region.spells if inside(s)]
        self.starts = [s for s in self.spells if s["is_counted"]]
        family = [j for j in region.jobs if j["programme_id"] in level.parts]
        proved = [j for j in family if j["is_evidenced"]]
        self.claimed = [j for j in (once(family, region) if level.is_parent else family) if inside(j)]
        self.evidenced = [j for j in (once(proved, region) if level.is_parent else proved) if inside(j)]
        self.has_records = any(r["programme_id"] in level.parts for r in region.spells + region.referrals)
        self.learning = [o for o in region.learning if inside(o) and o["evidence_status_code"] in PROVED]
        self.measures = [m for m in region.measures if m["programme_id"] in level.parts]
        self.activities = [a for a in region.activities if a["programme_id"] in level.parts]
        self.placements = [p for p in region.placements if inside(p)]

    def has(self, row: Row) -> bool:
        """Whether a record is of the area."""
        return self.is_total or row["area"] == self.area


def once(jobs: list[Row], region: Region) -> list[Row]:
    """Without claims of a job that another programme claims first (one person, 14 days).

    First goes the evidenced claim, then that of the programme where the person started first.
    """
    by_person: dict[str, list[Row]] = defaultdict(list)
    for job in jobs:
        by_person[job["person"]].append(job)
    kept = []
    for theirs in by_person.values():
        theirs.sort(key=lambda j: (not j["is_evidenced"], region.joined(j), j["programme_id"], j["day"]))
        kept += [job for n, job in enumerate(theirs) if not any(are_one(job, prior) for prior in theirs[:n])]
    return kept


def are_one(job: Row, other: Row) -> bool:
    """Whether two claims of one person are of one job."""
    return job["programme_id"] != other["programme_id"] and abs((job["day"] - other["day"]).days) <= 14


def within(rows: Iterable[Row], window: Window) -> list[Row]:
    """Rows whose day is in the window."""
    return [row for row in rows if window.start <= row["day"] <= window.end]


def people(rows: Iterable[Row]) -> set[str]:
    """Whom the rows are about."""
    return {row["person"] for row in rows}
