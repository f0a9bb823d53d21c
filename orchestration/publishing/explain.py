"""From a released figure back through numerator and denominator to submissions, files and source rows.

For an authorised home only: it needs the build that made the release. Rows are named by where they stand
in a partner's file, never by what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.control.store import Store
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.compare import released_rows
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.inspection import Build
from orchestration.publishing.journal import current_release
from orchestration.publishing.redacted import redacted_inputs
from orchestration.publishing.sources import (
    SOURCES,
    can_be_followed,
    counts_behind,
    returns_behind,
    rows_behind,
)
from orchestration.settings import Settings

PARTS = (
    "select numerator_metric_id, denominator_metric_id, formula, numerator, denominator, source "
    "from reference.metric_definitions where metric_id = ?"
)


@dataclass(frozen=True)
class Asked:
    """Which figures are meant: `period` is the last day, or both days as `2025-04-01/2026-02-28`.

    `breakdown` as `sex=female`; left out, the whole, or every part of a metric that has no whole.
    """

    metric_id: str
    area_code: str
    period: str
    programme_id: str = ""
    breakdown: str = ""


def explain(settings: Settings, store: Store, asked: Asked) -> list[dict[str, Any]]:
    """What stands behind each figure of the current release that fits; raises `ReleaseError` if none does."""
    release_id = current_release(settings)
    if release_id is None:
        raise ReleaseError("Nothing has been released yet.")
    rows = released_rows(settings, release_id)
    fitting = [row for row in rows if _fits(row, asked)]
    wholes = [row for row in fitting if row["breakdown_type"] == "all"]
    fitting = fitting if asked.breakdown or not wholes else wholes
    if not fitting:
        raise ReleaseError(_missing(release_id, rows, asked))
    release = next(r for r in store.releases() if r.release_id == release_id)
    build = Build(settings, store, store.build_behind(release))
    if not build.warehouse.is_file():
        raise ReleaseError(
            f"The build behind {release_id} is not kept any more, so nothing more can be told. Of the last "
            "release 'pathways refresh' makes it again."
        )
    return [_explained(build, row, release_id) for row in fitting]


def _missing(release_id: str, rows: list[dict[str, str]], asked: Asked) -> str:
    there = [r for r in rows if (r["metric_id"], r["area_code"]) == (asked.metric_id, asked.area_code)]
    periods = sorted({f"{r['period_start']}/{r['period_end']}" for r in there})
    named = f"Release {release_id} has no figure {asked.metric_id} for {asked.area_code}"
    return f"{named} like that. Its periods: {', '.join(periods)}." if periods else f"{named} at all."


def _fits(row: dict[str, str], asked: Asked) -> bool:
    periods = (row["period_end"], f"{row['period_start']}/{row['period_end']}")
    group = f"{row['breakdown_type']}={row['breakdown_value']}"
    return (
        (row["metric_id"], row["area_code"]) == (asked.metric_id, asked.area_code)
        and asked.period in periods
        and asked.programme_id in ("", row["programme_id"])
        and asked.breakdown in ("", group)
    )


def _explained(build: Build, row: dict[str, str], release_id: str) -> dict[str, Any]:
    with warehouse(build.warehouse) as connection:
        above, below, *said = connection.execute(PARTS, [row["metric_id"]]).fetchone() or [None] * 6
        used = returns_behind(connection, row)
        sources = {source.table.partition(".")[2]: source for source in SOURCES.get(row["metric_id"], ())}
        behind = {name: rows_behind(connection, source, row) for name, source in sources.items()}
        lost = [n for n, rows in behind.items() if rows and not can_be_followed(connection, sources[n], row)]
        rows = {name: found for name, found in behind.items() if name not in lost}
        rows["counts"] = counts_behind(connection, row) if row["period_end"] else []
    files = {(s.return_id, s.submission_id): s.file_name for s in build.store.submissions()}
    redacted = redacted_inputs(build.store, release_id)
    return {
        "figure": row,
        "parts": {"numerator": above, "denominator": below},
        "definition": dict(zip(("formula", "numerator", "denominator", "source"), said, strict=True)),
        "returns": [
            {
                "return_id": r,
                "submission_id": s,
                "file": files.get((r, s), ""),
                "used": u,
                "is_redacted": bool(s) and s[:12] in redacted,
            }
            for r, s, u in used
        ],
        "rows": {
            name: [
                {"return_id": r, "file": files.get((r, s), ""), "sheet": sheet, "row": number}
                for r, s, sheet, number in found
            ]
            for name, found in rows.items()
            if found
        },
        "not_told_apart": lost,
    }
