"""From the figures of a real release back to rows, and on from one build to the next."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing import attribution
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.sources import SOURCES, can_be_followed, counts_behind, rows_behind
from tests.conftest import Home

YEAR = ("2025-04-01", "2025-12-31")
UNROUNDED = """
select breakdown_type, breakdown_value, numerator from metrics.metric_values
where metric_id = $1 and programme_id = $2 and area_code = $3 and period_start = cast($4 as date)
    and period_end = cast($5 as date) and breakdown_type in ('all', 'sex', 'ethnic5', 'triage_outcome')
"""


@pytest.fixture
def build(refreshed: Home) -> Path:
    """The database behind the sample's release."""
    return refreshed.path / "builds" / "candidate" / "warehouse.duckdb"


@pytest.mark.parametrize("metric_id", ["M01", "M04", "M08"])
def test_as_many_rows_stand_behind_a_figure_as_it_counts(build: Path, metric_id: str) -> None:
    """Where rows of one number stand in the file of every month, and people live elsewhere."""
    with warehouse(build) as connection:
        key = dict(zip(("metric_id", "programme_id", "area_code", "period_start", "period_end"),
                       (metric_id, "P07d", "E08000017", *YEAR), strict=True))  # fmt: skip
        figures = connection.execute(UNROUNDED, list(key.values())).fetchall()
        assert len(figures) > 3
        for breakdown, group, counted in figures:
            row = key | {"breakdown_type": breakdown, "breakdown_value": group}
            assert len(rows_behind(connection, SOURCES[metric_id][0], row)) == counted, (breakdown, group)


def _released(home: Home) -> Iterator[dict[str, str]]:
    with (home.release / "metrics.csv").open() as file:
        yield from csv.DictReader(file)


def test_every_metric_and_breakdown_can_be_asked_for(refreshed: Home, build: Path) -> None:
    figures = {(r["metric_id"], r["breakdown_type"]): r for r in _released(refreshed) if r["value"] > "0"}
    behind: dict[str, int] = {}
    with warehouse(build) as connection:
        for (metric_id, _), row in figures.items():
            found = counts_behind(connection, row) if row["period_end"] else []
            for source in SOURCES.get(metric_id, ()):
                found += rows_behind(connection, source, row)
            behind[metric_id] = behind.get(metric_id, 0) + len(found)
            assert all(submission for _, submission, _, _ in found), row
        lost = {
            (metric_id, breakdown)
            for (metric_id, breakdown), row in figures.items()
            if not all(can_be_followed(connection, source, row) for source in SOURCES.get(metric_id, ()))
        }
    assert {m for m, rows in behind.items() if not rows and m in SOURCES} == set()
    assert lost == {
        ("M04", "barriers"), ("M04", "referral_source"), ("M06", "referral_source"),
    }  # fmt: skip


def test_a_movement_is_put_down_to_the_records_that_came_and_went(build: Path, tmp_path: Path) -> None:
    """The numbers of people are drawn anew in each build; their records are known again all the same."""
    then = tmp_path / "warehouse.duckdb"
    shutil.copy(build, then)
    late = "programme_id = 'P08' and is_counted_start and start_date >= date '2026-02-01'"
    with duckdb.connect(str(then)) as connection:
        for table in ("starts", "participants"):
            connection.execute(f"update harmonised.{table} set person_no = -person_no")
        [[came]] = connection.execute(f"select count(*) from harmonised.starts where {late}").fetchall()
        connection.execute(f"delete from harmonised.starts where {late}")
    row = {"metric_id": "M04", "programme_id": "P08", "area_code": "E08000018", "breakdown_type": "all",
           "breakdown_value": "all", "period_start": "2025-04-01", "period_end": "2026-02-28"}  # fmt: skip
    with warehouse(build) as connection:
        connection.execute(f"attach '{then}' as {attribution.THEN} (read_only)")
        found = attribution._of(connection, row, [])
    assert found == [{"cause": "new records", "return_id": "rotherham_eit", "records": came}]
    assert came > 9
