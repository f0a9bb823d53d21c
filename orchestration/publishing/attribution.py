"""Why a figure moved between two releases: exact where both builds are kept, by record and return.

Only how many records did what is told, never which. What records and submissions do not explain was
moved by a definition, a rule, reference data or code, which the two manifests tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.control.store import Store
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.compare import told_apart
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.inspection import Build
from orchestration.publishing.sources import (
    SOURCES,
    Source,
    can_be_followed,
    named,
    records,
    returns_behind,
    where,
)
from orchestration.settings import Settings

THEN = "then_build"
NEW, GONE, LATE, CORRECTED = "new records", "records gone", "late evidence", "records corrected"
ONCE = "create temp table if not exists {table} as from {records}"
MOVED = """
with seen as (
    select r.return_id, r.found_key, cast(r.{dated} as date) as day, 1 as is_now, 0 as is_then,
        case when {counts} then 1 else 0 end as now_counts, 0 as then_counts
    from temp.now_{name} as r where {where}
    union all
    select r.return_id, r.found_key, cast(r.{dated} as date), 0, 1, 0, case when {counts} then 1 else 0 end
    from temp.then_{name} as r where {where}
),
records as (
    select return_id, sum(is_now) as is_now, sum(is_then) as is_then,
        sum(now_counts) - sum(then_counts) as moved
    from seen group by return_id, found_key, day having sum(now_counts) <> sum(then_counts)
)
select
    return_id,
    case when is_then = 0 then '{new}' when is_now = 0 then '{gone}' when moved > 0 then '{changed}'
        else '{corrected}' end as cause,
    cast(sum(moved) as bigint) as moved
from records group by all order by all
"""


def attributed(settings: Settings, store: Store, found: dict[str, Any]) -> dict[str, Any]:
    """What `compare` found, each figure with its `causes`.

    A cause has `cause`, and `return_id` and `records` where records of a return moved it. Nothing exact is
    known where one of the builds is damaged or not kept any more.
    """
    builds = {r.release_id: Build(settings, store, store.build_behind(r)) for r in store.releases()}
    then, now = builds[found["before"]], builds[found["now"]]
    others = {row["metric_id"]: told_apart(found, row["metric_id"]) for row in found["figures"]}
    if not (_can_be_read(then) and _can_be_read(now)):
        figures = [
            row | {"causes": [{"cause": c} for c in others[row["metric_id"]]]} for row in found["figures"]
        ]
        return found | {"figures": figures}
    with warehouse(now.warehouse) as connection:
        connection.execute(f"attach '{then.warehouse}' as {THEN} (read_only)")
        figures = [
            row | {"causes": _of(connection, row, others[row["metric_id"]])} for row in found["figures"]
        ]
    return found | {"figures": figures}


def _can_be_read(build: Build) -> bool:
    """Whether a build is kept, and whole."""
    try:
        with warehouse(build.warehouse):
            return True
    except ReleaseError:
        return False


def _of(connection: Any, row: Mapping[str, str], told: list[str]) -> list[dict[str, Any]]:
    found = [
        {"cause": cause, "return_id": return_id, "records": moved}
        for source in SOURCES.get(row["metric_id"], ())
        if source.key and source.dated and row["period_end"] and can_be_followed(connection, source, row)
        for return_id, cause, moved in _moved(connection, source, row)
    ]
    return [
        *found,
        *_submissions(connection, row, {str(f["return_id"]) for f in found}),
        *({"cause": c} for c in told),
    ]


def _moved(connection: Any, source: Source, row: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Records that count now and did not, or did and do not."""
    changed = LATE if "evidenced" in source.counts else CORRECTED
    name = source.table.partition(".")[2]
    for when, build in (("now", ""), ("then", f"{THEN}.")):
        connection.execute(ONCE.format(table=f"{when}_{name}", records=records(source, build)))
    query = MOVED.format(
        name=name, dated=source.dated, counts=source.counts, where=where(source, row),
        new=NEW, gone=GONE, changed=changed, corrected=CORRECTED,
    )  # fmt: skip
    found: list[tuple[str, str, int]] = connection.execute(query, named(query, row)).fetchall()
    return found


def _submissions(connection: Any, row: Mapping[str, str], explained: set[str]) -> list[dict[str, Any]]:
    """Returns of counts whose file in use is another one; their records cannot be matched one by one."""
    now = {(r, s) for r, s, _ in returns_behind(connection, row)}
    connection.execute(f"use {THEN}")
    before = {(r, s) for r, s, _ in returns_behind(connection, row)}
    connection.execute("use warehouse")
    others = sorted({r for r, _ in now ^ before} - explained)
    return [{"cause": "another file in use", "return_id": r} for r in others]
