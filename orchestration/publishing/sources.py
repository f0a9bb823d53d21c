"""Where the records and counts behind each metric stand in a build, and which of them a figure is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Source:
    """A table, the column that places its rows in time (None: no day), and what makes a row count.

    `has_key`: records of people, so that one can be found again in another build; `counted`: the metric
    under which a partner sends a count of them instead.
    """

    table: str
    dated: str | None
    counts: str = "true"
    has_area: bool = True
    has_key: bool = True
    counted: str = ""


REFERRALS = Source("harmonised.referrals", "referral_date", "is_counted_referral", counted="M01")
STARTS = Source("harmonised.starts", "start_date", "is_counted_start", counted="M04")
EVIDENCED = Source("harmonised.outcomes", "outcome_date", "is_job and is_evidenced", counted="M08")
CLAIMED = Source("harmonised.outcomes", "outcome_date", "is_job")
QUALIFIED = Source(
    "harmonised.outcomes", "outcome_date", "outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION')"
)
CHECKS = Source("accepted.sustainments", "job_start_date", "true", has_area=False)
BARRIERS = Source("accepted.barriers", None, "true", has_area=False)
MEASURES = Source("accepted.measures", "measured_date", "true", has_area=False)
PLACEMENTS = Source("accepted.placements", "start_date", "true", has_area=False)
CONTACTS = Source(
    "harmonised.activities", "activity_date", "activity_code <> 'session'", has_area=False, has_key=False
)
SESSIONS = Source("harmonised.activities", "activity_date", "true", has_area=False, has_key=False)
SPEND = Source("harmonised.spend", "period_end", "true", has_key=False)
TARGETS = Source("accepted.targets", "period_end", "true", has_key=False)

SOURCES: Mapping[str, tuple[Source, ...]] = {
    "M01": (REFERRALS,), "M02": (REFERRALS,), "M03": (REFERRALS,), "M04": (STARTS,), "M05": (STARTS,),
    "M06": (STARTS, REFERRALS), "M07": (REFERRALS, STARTS), "M08": (EVIDENCED,), "M09": (CLAIMED,),
    "M10": (CLAIMED,), "M11": (EVIDENCED,), "M12": (EVIDENCED, STARTS), "M13": (STARTS, EVIDENCED),
    "M14": (STARTS, EVIDENCED), "M15": (EVIDENCED, CHECKS), "M16": (EVIDENCED, CHECKS), "M17": (STARTS,),
    "M18": (STARTS, BARRIERS), "M19": (CONTACTS, STARTS), "M20": (SESSIONS,), "M21": (MEASURES,),
    "M22": (QUALIFIED,), "M23": (SESSIONS,), "M24": (PLACEMENTS,), "M25": (SPEND, STARTS, EVIDENCED),
    "M26": (TARGETS, STARTS, EVIDENCED), "M27": (STARTS,), "M28": (STARTS,), "M31": (EVIDENCED,),
    "M32": (EVIDENCED, REFERRALS), "M33": (SPEND,), "M34": (TARGETS, STARTS, EVIDENCED),
}  # fmt: skip

PROGRAMME = """
(r.programme_id = $programme or r.programme_id in
    (select programme_id from reference.programmes where parent_programme_id = $programme))
"""
AREA = """
($area = 'all' or r.area_code in ('all', $area) or r.area_code in
    (select area_code from reference.areas where parent_code = $area))
"""
ROWS = """
select distinct r.return_id, r.source_sheet, r.source_row from {table} as r where {where} order by all
"""
COUNTED = """
(
    r.metric_id = $metric
    or (r.metric_id in (select unnest($counted)) and $metric not in
        (select d.metric_id from reference.metric_definitions as d where d.value_kind = 'count'))
    or ($metric = 'M31' and r.count_code in
        (select u.count_code from reference.unit_values as u where u.programme_id = r.programme_id))
)
"""
COUNTS = """
select distinct r.return_id, r.source_sheet, r.source_row from harmonised.counts as r
where {counted} and r.period_start <= cast($end as date) and r.period_end >= cast($start as date)
    and {programme} and {area}
order by all
"""
FEEDS = "l.return_id in (select r.return_id from {table} as r where {which})"
RETURNS = """
select distinct l.return_id, l.submission_id, l.used from control.ledger as l
join control.returns as r on l.return_id = r.return_id
where l.period_start <= cast($end as date) and l.period_end >= cast($start as date) and {programme}
    and ({feeds} or (l.used = 'none' and r.is_evidence_of_activity))
order by all
"""


def where(source: Source, row: Mapping[str, str]) -> str:
    """The condition that a released figure's programme, area and period put on the rows `r` of a source."""
    told = [PROGRAMME]
    if row["period_end"] and source.dated:
        told.append(f"r.{source.dated} between cast($start as date) and cast($end as date)")
    if source.has_area:
        told.append(AREA)
    return " and ".join(told)


def named(query: str, row: Mapping[str, str]) -> dict[str, object]:
    """The values of those placeholders that a query has."""
    values = {
        "programme": row["programme_id"], "area": row["area_code"], "metric": row["metric_id"],
        "start": row["period_start"], "end": row["period_end"],
        "counted": [source.counted for source in SOURCES.get(row["metric_id"], ())],
    }  # fmt: skip
    return {name: value for name, value in values.items() if f"${name}" in query}


def rows_behind(connection: Any, source: Source, row: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Return, sheet and row of every record of a source that counts for a figure."""
    query = ROWS.format(table=source.table, where=f"({source.counts}) and {where(source, row)}")
    found: list[tuple[str, str, int]] = connection.execute(query, named(query, row)).fetchall()
    return found


def counts_behind(connection: Any, row: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The same of counts that partners sent instead of records."""
    query = COUNTS.format(counted=COUNTED, programme=PROGRAMME, area=AREA)
    found: list[tuple[str, str, int]] = connection.execute(query, named(query, row)).fetchall()
    return found


def returns_behind(connection: Any, row: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return, submission and how it is used, of every return that the figure is made of, or lacks.

    A metric about returns themselves is made of all that the programme has in the period.
    """
    if not row["period_end"]:
        return []
    sources = SOURCES.get(row["metric_id"], ())
    tables = [(source.table, "true") for source in sources] + [("harmonised.counts", COUNTED)]
    feeds = " or ".join(FEEDS.format(table=table, which=which) for table, which in tables)
    query = RETURNS.format(programme=PROGRAMME, feeds=feeds if sources else "true")
    found: list[tuple[str, str, str]] = connection.execute(query, named(query, row)).fetchall()
    return found
