"""From a released figure back through numerator and denominator to submissions, files and source rows.

For an authorised home only: it needs the build that made the release. Rows are named by where they stand
in a partner's file, never by what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.control.store import Store
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.compare import ReleaseError, released_rows
from orchestration.publishing.inspection import Build
from orchestration.publishing.release import current_release
from orchestration.settings import Settings

RECORDS = {
    "M01": ("referrals", "referral_date", "is_counted_referral"),
    "M02": ("referrals", "referral_date", "is_counted_referral"),
    "M04": ("starts", "start_date", "is_counted_start"),
    "M05": ("starts", "start_date", "is_counted_start"),
    "M08": ("outcomes", "outcome_date", "is_job and is_evidenced"),
    "M09": ("outcomes", "outcome_date", "is_job"),
    "M11": ("outcomes", "outcome_date", "is_job and is_evidenced"),
}
"""Where the records of a count stand: table, the date that places them, what makes them count."""
ROWS = """
select r.return_id, r.source_sheet, r.source_row from harmonised.{table} as r
where {counts} and r.{dated} between cast(? as date) and cast(? as date)
    and (r.programme_id = ? or r.programme_id in
        (select programme_id from reference.programmes where parent_programme_id = ?))
    and (? in ('all', r.area_code) or r.area_code in
        (select area_code from reference.areas where parent_code = ?))
order by all
"""
PARTS = (
    "select numerator_metric_id, denominator_metric_id from reference.metric_definitions where metric_id = ?"
)
RETURNS = """
select distinct l.return_id, l.submission_id, l.used from control.ledger as l
join control.returns as r on l.return_id = r.return_id
where l.period_start <= cast(? as date) and l.period_end >= cast(? as date)
    and (r.programme_id = ? or r.programme_id in
        (select programme_id from reference.programmes where parent_programme_id = ?))
order by all
"""


@dataclass(frozen=True)
class Asked:
    """Which figures are meant: `period` is the last day, or both days as `2025-04-01/2026-02-28`."""

    metric_id: str
    area_code: str
    period: str
    programme_id: str = ""


def explain(settings: Settings, store: Store, asked: Asked) -> list[dict[str, Any]]:
    """What stands behind each figure of the current release that fits; raises `ReleaseError` if none does."""
    release_id = current_release(settings)
    if release_id is None:
        raise ReleaseError("Nothing has been released yet.")
    fitting = [row for row in released_rows(settings, release_id) if _fits(row, asked)]
    if not fitting:
        raise ReleaseError(f"Release {release_id} has no figure {asked.metric_id} there for that period.")
    build_id = next(r.build_id for r in store.releases() if r.release_id == release_id)
    build = Build(settings, store, build_id)
    if not build.warehouse.is_file():
        raise ReleaseError(
            f"The build behind {release_id} is not kept any more, so nothing more can be told."
        )
    return [_explained(build, row) for row in fitting]


def _fits(row: dict[str, str], asked: Asked) -> bool:
    periods = (row["period_end"], f"{row['period_start']}/{row['period_end']}")
    return (
        (row["metric_id"], row["area_code"]) == (asked.metric_id, asked.area_code)
        and asked.period in periods
        and asked.programme_id in ("", row["programme_id"])
        and (row["breakdown_type"], row["cohort_quarter"]) == ("all", "all")
    )


def _explained(build: Build, row: dict[str, str]) -> dict[str, Any]:
    with warehouse(build.warehouse) as connection:
        found = connection.execute(PARTS, [row["metric_id"]]).fetchone() or (None, None)
        parts = dict(zip(("numerator", "denominator"), found, strict=True))
        programme, start, end = row["programme_id"], row["period_start"], row["period_end"]
        used = connection.execute(RETURNS, [end, start, programme, programme]).fetchall()
        behind = {metric: _rows(connection, metric, row) for metric in _counts(row["metric_id"], parts)}
    files = {(s.return_id, s.submission_id): s.file_name for s in build.store.submissions()}
    return {
        "figure": row,
        "parts": parts,
        "returns": [
            {"return_id": r, "submission_id": s, "file": files.get((r, s), ""), "used": u} for r, s, u in used
        ],
        "rows": behind,
    }


def _counts(metric_id: str, parts: dict[str, str | None]) -> list[str]:
    return [m for m in (metric_id, *parts.values()) if m in RECORDS]


def _rows(connection: Any, metric_id: str, row: dict[str, str]) -> list[dict[str, Any]]:
    table, dated, counts = RECORDS[metric_id]
    query = ROWS.format(table=table, dated=dated, counts=counts)
    area, programme = row["area_code"], row["programme_id"]
    found = connection.execute(
        query, [row["period_start"], row["period_end"], programme, programme, area, area]
    ).fetchall()
    return [{"return_id": r, "sheet": sheet, "row": number} for r, sheet, number in found]
