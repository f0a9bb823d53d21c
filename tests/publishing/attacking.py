"""What tests of the attack share: figures before and after protection, and what must not be found out."""

from __future__ import annotations

import pandas as pd

from orchestration.publishing.attack import Kind, Leak, attack
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.history import as_history
from orchestration.publishing.knowledge import Knowledge, knowledge_of, read_release
from orchestration.publishing.protect import Protected, protect
from orchestration.publishing.repair import repaired
from orchestration.publishing.secrets import secret_counts
from orchestration.publishing.tables import as_text, csv_bytes
from tests.publishing.toy import as_cells, as_figures, cell, rate, seed

Row = dict[str, object]
PARENTS = {"P07b": "P07", "P08": "P07"}
AREAS = {"E08000018": "E47000002", "E08000038": "E47000002"}
BARNSLEY = {"programme_id": "P07b", "area_code": "E08000038"}
REGION = {"programme_id": "P07", "area_code": "E47000002"}
UNITS = {"M01": "referrals", "M12": "rate", "M31": "gbp"}
YEAR_END = {"period_end": "2026-03-31"}


class World:
    """A candidate before and after protection, and what an attacker knows and must not know."""

    def __init__(self, rows: list[Row], listed: list[tuple[object, ...]] | None = None) -> None:
        cells, figures = as_cells(rows), as_figures(listed or [])
        relations = (seed("breakdowns"), seed("figure_relations"))
        candidate = Candidate(cells, figures, pd.DataFrame(), PARENTS, AREAS, pd.DataFrame(), *relations)
        self.known: Knowledge = knowledge_of(candidate)
        self.protected = protect(cells, figures, as_history([]))
        self.secret: dict[str, Kind] = secret_counts(cells, self.protected.cells, self.known)

    @property
    def released(self) -> bytes:
        return as_bytes(self.protected)

    def leaks(self, *earlier: bytes, of: Protected | None = None) -> list[Leak]:
        frames = [read_release(content) for content in earlier]
        shown = read_release(as_bytes(of or self.protected))
        return attack(shown, frames, self.known, self.secret).leaks

    def repair(self, *earlier: bytes) -> tuple[pd.DataFrame, list[Leak]]:
        after, came_of = repaired(self.protected, earlier, self.known, self.secret)
        assert came_of.leaks == self.leaks(*earlier, of=after), "what is attacked is what is released"
        return after.cells, came_of.leaks


def as_bytes(protected: Protected) -> bytes:
    return csv_bytes(as_text(protected.of("public")))


def listed(metric_id: str, value: float, decimals: int = 0, **key: str) -> tuple[object, ...]:
    row = cell(metric_id) | key
    where = [row[c] for c in ("programme_id", "area_code", "period_start", "period_end")]
    unit = UNITS.get(metric_id, "participations")
    return ("FX99", metric_id, *where, row["breakdown_type"], row["breakdown_value"], value, unit, decimals)


def parts(breakdown: str, *counts: float, metric_id: str = "M04", **more: object) -> list[Row]:
    return [
        cell(metric_id, n, breakdown_type=breakdown, breakdown_value=f"part {i}", **more)
        for i, n in enumerate(counts)
    ]


def people(count: float | None, **more: object) -> Row:
    return cell("M05", count, unit="people", **more)


def mixed(bounds: tuple[float, float], **more: object) -> Row:
    """People whom records name and others count, between bounds."""
    return people(None, source_grain="mixed", bound_lower=bounds[0], bound_upper=bounds[1], **more)


def counted(row: Row) -> Row:
    """A figure of Barnsley's, whose partner sends counts."""
    return row | {"source_grain": "aggregate"} | BARNSLEY


def stream(units: float, value: str = "groups") -> list[Row]:
    one = {"breakdown_value": value}
    return [
        cell("M31", units, unit="people", breakdown_type="stream_units", **one),
        cell("M31", units * 4000, numerator=units, factor=4000, unit="gbp", breakdown_type="stream", **one),
    ]


def survival(numerator: float, denominator: float, weeks: str = "13", **where: object) -> Row:
    one = {"breakdown_type": "weeks", "breakdown_value": weeks, "contributors": numerator}
    return rate("M13", numerator, denominator, **one, **where)


QUARTERS = [
    {"period_start": "2025-07-01", "period_end": "2025-09-30"},
    {"period_start": "2025-10-01", "period_end": "2025-12-31"},
    {"period_start": "2026-01-01", "period_end": "2026-03-31"},
]
