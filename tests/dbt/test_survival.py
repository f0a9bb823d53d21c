"""Start to job, and time in work, agree with an established survival library on the same rows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

Rows = list[tuple[date, date | None]]
FIRST, LAST = date(2024, 4, 1), date(2025, 3, 31)
OBSERVED_TO = date(2025, 9, 30)
CREATED = """
create schema harmonised; create schema metrics;
create table harmonised.starts (
    programme_id varchar, area_code varchar, person_no bigint, start_date date, is_counted_start boolean
);
create table harmonised.jobs (
    programme_id varchar, area_code varchar, person_no bigint, job_start_date date, is_evidenced boolean,
    is_counted_in_region boolean
);
create table harmonised.sustainments (
    programme_id varchar, person_no bigint, job_start_date date, check_weeks integer,
    sustainment_status_code varchar
);
create table metrics.area_windows (
    part_programme_id varchar, programme_id varchar, area_code varchar, member_area_code varchar,
    is_parent_level boolean, period_type varchar, period_start date, period_end date, observed_to date
);
"""


def some_people(seed: int, people: int) -> Rows:
    """Starts over a year and, for some, the first day of a job up to a year later, known or not."""
    chance = random.Random(seed)
    rows: Rows = []
    for _ in range(people):
        start = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1))
        job = start + timedelta(days=min(int(chance.expovariate(1 / 200)), 600))
        rows.append((start, job if chance.random() < 0.7 else None))
    return rows


def computed(models: dict[str, dict[str, Any]], people: Rows) -> duckdb.DuckDBPyConnection:
    """A database in which the survival models ran over these people as one cohort."""
    con = duckdb.connect()
    con.execute("attach ':memory:' as warehouse; use warehouse;" + CREATED)
    con.executemany(
        "insert into harmonised.starts values ('P08', 'E08000018', ?, ?, true)",
        [(n, start) for n, (start, _) in enumerate(people)],
    )
    found = [(n, job) for n, (_, job) in enumerate(people) if job] or [(-1, FIRST)]
    con.executemany("insert into harmonised.jobs values ('P08', 'E08000018', ?, ?, true, true)", found)
    return modelled(con, models)


def modelled(con: duckdb.DuckDBPyConnection, models: dict[str, dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """The same database, once the models ran."""
    con.execute(
        "insert into metrics.area_windows values ('P08', 'P08', 'E08000018', 'all', false, 'year', ?, ?, ?)",
        [FIRST, LAST, OBSERVED_TO],
    )
    for name in ("time_in_work", "survival_spans", "survival_days", "survival_points"):
        con.execute(f"create table metrics.{name} as {models[name]['compiled_code']}")
    return con


def by_library(people: Rows) -> Any:
    """Survival function of the same people by scipy's Kaplan-Meier estimator."""
    found, still_looking = [], []
    for start, job in people:
        if job and job <= OBSERVED_TO:
            found.append((job - start).days)
        else:
            still_looking.append((OBSERVED_TO - start).days)
    return stats.ecdf(stats.CensoredData(uncensored=found, right=still_looking)).sf


def must_agree(con: duckdb.DuckDBPyConnection, curve: Any, span_type: str) -> None:
    """Fail unless share and variance at 13, 26 and 52 weeks are those of the library."""
    points = con.execute(
        "select weeks, share_reached, effective_members from metrics.survival_points where span_type = ?",
        [span_type],
    ).fetchall()
    assert len(points) == 3
    for weeks, share, effective in points:
        left = float(curve.evaluate(np.array([7.0 * weeks]))[0])
        assert share == pytest.approx(left if span_type == "time_in_work" else 1 - left, abs=1e-9)
        # the variance that the effective number stands for is Greenwood's
        interval = curve.confidence_interval(confidence_level=0.95, method="linear")
        upper = float(interval.high.evaluate(np.array([7.0 * weeks]))[0])
        half = stats.norm.ppf(0.975) * (share * (1 - share) / effective) ** 0.5
        assert left + half == pytest.approx(upper, abs=1e-9) or upper == 1


@pytest.mark.parametrize(("seed", "people"), [(1, 40), (2, 307), (3, 5000)])
def test_shares_intervals_and_median_agree_with_scipy(
    models: dict[str, dict[str, Any]], seed: int, people: int
) -> None:
    rows = some_people(seed, people)
    curve = by_library(rows)
    con = computed(models, rows)
    must_agree(con, curve, "start_to_job")
    median = con.execute(
        "select min(days) from metrics.survival_days "
        "where span_type = 'start_to_job' and share_left < 0.5 + 1e-9"
    ).fetchone()
    reached = curve.quantiles[curve.probabilities <= 0.5 + 1e-9]
    assert median
    assert median[0] == (int(reached[0]) if len(reached) else None)


def test_everybody_watched_to_the_end_gives_the_plain_share(models: dict[str, dict[str, Any]]) -> None:
    rows: Rows = [(FIRST, FIRST + timedelta(days=50))] * 12 + [(FIRST, None)] * 28
    con = computed(models, rows)
    assert con.execute(
        "select members, reached, at_risk, round(share_reached, 9), round(effective_members, 6) "
        "from metrics.survival_points where weeks = 26 and span_type = 'start_to_job'"
    ).fetchall() == [(40, 12, 28, 0.3, 40.0)]


def test_once_everybody_at_risk_has_a_job_nothing_is_left(models: dict[str, dict[str, Any]]) -> None:
    con = computed(models, [(FIRST, FIRST + timedelta(days=n)) for n in range(1, 31)])
    assert con.execute(
        "select at_risk, share_reached, effective_members from metrics.survival_points "
        "where weeks = 13 and span_type = 'start_to_job'"
    ).fetchall() == [(0, 1.0, 30.0)]


def test_a_cohort_without_jobs_has_a_share_of_nothing(models: dict[str, dict[str, Any]]) -> None:
    con = computed(models, [(FIRST, None) for _ in range(35)])
    assert con.execute(
        "select at_risk, share_reached, effective_members from metrics.survival_points "
        "where weeks = 13 and span_type = 'start_to_job'"
    ).fetchall() == [(35, 0.0, 35.0)]


def some_checks(seed: int, jobs: int) -> list[dict[int, str]]:
    """What the checks of each job said, by weeks; some not made, some after one that was not."""
    chance = random.Random(seed)
    said = []
    for _ in range(jobs):
        weeks_held = chance.expovariate(1 / 60)
        one = {weeks: "sustained" if weeks_held >= weeks else "not_sustained" for weeks in (13, 26, 52)}
        not_known = {weeks: chance.choice(("unknown", "not_due")) for weeks in one if chance.random() < 0.15}
        said.append({weeks: result for weeks, result in (one | not_known).items() if chance.random() < 0.95})
    return said


@pytest.mark.parametrize(("seed", "jobs"), [(4, 60), (5, 2000)])
def test_time_in_work_by_check_points_agrees_with_scipy(
    models: dict[str, dict[str, Any]], seed: int, jobs: int
) -> None:
    said = some_checks(seed, jobs)
    con = duckdb.connect()
    con.execute("attach ':memory:' as warehouse; use warehouse;" + CREATED)
    con.executemany(
        "insert into harmonised.jobs values ('P08', 'E08000018', ?, ?, true, true)",
        [(n, FIRST) for n in range(jobs)],
    )
    con.executemany(
        "insert into harmonised.sustainments values ('P08', ?, ?, ?, ?)",
        [(n, FIRST, weeks, status) for n, one in enumerate(said) for weeks, status in one.items()],
    )
    left, held = [], []
    for one in said:
        results = [one.get(weeks, "unknown") for weeks in (13, 26, 52)]
        last = len(list(takewhile("sustained".__eq__, results)))
        if "not_sustained" in results[last : last + 1]:
            left.append((91, 182, 364)[last])
        else:
            held.append((0, 91, 182, 364)[last])
    curve = stats.ecdf(stats.CensoredData(uncensored=left, right=held)).sf
    must_agree(modelled(con, models), curve, "time_in_work")
