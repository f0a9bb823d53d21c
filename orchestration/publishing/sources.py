"""Where the records and counts behind each metric stand in a build, and which of them a figure is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

KEY_OF_PERSON = """
(select min(p.record_key) from {build}harmonised.participants as p where p.return_id = r.return_id
    and p.programme_id = r.programme_id and p.person_no = r.person_no)
"""
AREA_OF_RECORD = """
(select p.area_code from {build}harmonised.participants as p
    where p.record_key = r.record_key and p.programme_id = r.programme_id)
"""
AREA_OF_PERSON = """
(select min(p.area_code) from {build}harmonised.participants as p
    where p.person_no = r.person_no and p.programme_id = r.programme_id)
"""
FILE = """
(select min(a.submission_id) from accepted.{entity} as a where a.return_id = r.return_id
    and a.source_sheet = r.source_sheet and a.source_row = r.source_row and a.{dated} = r.{dated})
"""
PEOPLE = {"sex": "r.sex_code", "age_band": "r.age_band_code"}
MORE = {"ethnic5": "r.ethnic5_code", "disability": "r.disability_code", "cohort": "r.cohort_code"}


@dataclass(frozen=True)
class Source:
    """A table, the column that places its rows in time (None: no day), and what makes a row count.

    `groups`: by breakdown, what says which group a row is in; `area`: its area; `key`: what finds a record
    again in another build ("": no record of a person); `counted`: the metric under which a partner sends a
    count of them instead.
    """

    table: str
    dated: str | None
    counts: str = "true"
    groups: Mapping[str, str] = field(default_factory=dict)
    area: str = "r.area_code"
    key: str = KEY_OF_PERSON
    counted: str = ""


def _records(table: str, dated: str | None) -> Source:
    """Records of people as they were accepted; of these only what a record is about is known."""
    return Source(f"accepted.{table}", dated, area=AREA_OF_RECORD, key="r.record_key")


REFERRALS = Source(
    "harmonised.referrals", "referral_date", "is_counted_referral", counted="M01",
    groups=PEOPLE | {"referral_source": "r.source_code", "triage_outcome": "r.triage_outcome_code"},
)  # fmt: skip
STARTS = Source(
    "harmonised.starts", "start_date", "is_counted_start", counted="M04",
    groups=PEOPLE | MORE | {
        "employment_status": "r.employment_status_code", "inactivity_reason": "r.inactivity_reason_code",
        "imd": "coalesce(cast(r.imd_decile as varchar), 'unknown')",
    },
)  # fmt: skip
CLAIMED = Source(
    "harmonised.outcomes", "outcome_date", "is_job and evidence_grade <> 'void'",
    groups=PEOPLE | MORE | {
        "wage_subsidy": "case when r.is_wage_subsidy then 'subsidised' else 'not_subsidised' end",
    },
)  # fmt: skip
EVIDENCED = replace(CLAIMED, counts="is_job and is_evidenced", counted="M08")
QUALIFIED = replace(
    CLAIMED, counts="outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION')", groups=PEOPLE | MORE
)
CHECKS = _records("sustainments", "job_start_date")
BARRIERS = _records("barriers", None)
MEASURES = replace(_records("measures", "measured_date"), groups={"measure_item": "r.item_code"})
PLACEMENTS = _records("placements", "start_date")
SESSIONS = Source("harmonised.activities", "activity_date", area=AREA_OF_PERSON, key="")
CONTACTS = replace(SESSIONS, counts="activity_code <> 'session'")
SPEND = Source(
    "harmonised.spend", "period_end", key="",
    groups={
        "theme": "r.theme_code", "actual_theme": "r.theme_code",
        "cost_type": "r.cost_type_code", "actual_cost_type": "r.cost_type_code",
    },
)  # fmt: skip
TARGETS = Source("accepted.targets", "period_end", key="")

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
WHOLE = (
    "$area in ('all', (select p.area_code from reference.programmes as p where p.programme_id = $programme))"
)
"""A programme's own area holds all of it, wherever its people live."""
RECORDS = "(select r.*, {area} as found_area, {key} as found_key from {table} as r)"
ROWS = """
select distinct r.return_id, {file} as submission_id, r.source_sheet, r.source_row from {records} as r
where {where} order by all
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
select distinct r.return_id, {file} as submission_id, r.source_sheet, r.source_row from harmonised.counts as r
where {counted} and r.period_start <= cast($end as date) and r.period_end >= cast($start as date)
    and {programme} and ({whole} or r.area_code = $area) and {group}
    and ($group not in (select c.count_code from reference.count_codes as c) or r.count_code = $group)
    and ($group not in (select u.stream from reference.unit_values as u)
        or r.count_code in (select u.count_code from reference.unit_values as u where u.stream = $group))
order by all
"""
OF_GROUP = "(r.breakdown_type, r.breakdown_value) = ($breakdown, $group)"
OF_ALL = "r.breakdown_type = 'all'"
PARTS = """
select 1 from reference.breakdowns
where breakdown_type = $breakdown and parts = 'each_once' and breakdown_type <> 'stream'
"""
FEEDS = "l.return_id in (select r.return_id from {table} as r where {which})"
RETURNS = """
select distinct l.return_id, l.submission_id, l.used from control.ledger as l
join control.returns as r on l.return_id = r.return_id
where l.period_start <= cast($end as date) and l.period_end >= cast($start as date) and {programme}
    and ({feeds} or (l.used = 'none' and r.is_evidence_of_activity))
order by all
"""


def records(source: Source, build: str = "") -> str:
    """The rows of a source with their area and key; `build` goes before tables of an attached build."""
    area, key = (sql.format(build=build) for sql in (source.area, source.key or "null"))
    return RECORDS.format(area=area, key=key, table=f"{build}{source.table}")


def where(source: Source, row: Mapping[str, str]) -> str:
    """The condition that a figure's programme, area, period and group put on the `records` r of a source."""
    told = [PROGRAMME, f"({WHOLE} or r.found_area = $area)"]
    if row["period_end"] and source.dated:
        told.append(f"r.{source.dated} between cast($start as date) and cast($end as date)")
    if row["breakdown_type"] in source.groups:
        told.append(f"{source.groups[row['breakdown_type']]} = $group")
    return " and ".join(told)


def named(query: str, row: Mapping[str, str]) -> dict[str, object]:
    """The values of those placeholders that a query has."""
    values = {
        "programme": row["programme_id"], "area": row["area_code"], "metric": row["metric_id"],
        "start": row["period_start"], "end": row["period_end"],
        "breakdown": row["breakdown_type"], "group": row["breakdown_value"],
        "counted": [source.counted for source in SOURCES.get(row["metric_id"], ())],
    }  # fmt: skip
    return {name: value for name, value in values.items() if f"${name}" in query}


def can_be_followed(connection: Any, source: Source, row: Mapping[str, str]) -> bool:
    """Whether the rows of a source tell the group of a figure from the other groups of its whole."""
    return row["breakdown_type"] in source.groups or not _is_part(connection, row)


def _is_part(connection: Any, row: Mapping[str, str]) -> bool:
    return bool(connection.execute(PARTS, named(PARTS, row)).fetchall())


def rows_behind(connection: Any, source: Source, row: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return, submission, sheet and row of every record of a source that counts for a figure."""
    query = ROWS.format(
        file=_file(source.table, source.dated),
        records=records(source),
        where=f"({source.counts}) and {where(source, row)}",
    )
    found: list[tuple[str, ...]] = connection.execute(query, named(query, row)).fetchall()
    return found


def counts_behind(connection: Any, row: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The same of counts that partners sent instead of records."""
    group = OF_GROUP if _is_part(connection, row) else OF_ALL
    file = _file("harmonised.counts", "period_end")
    query = COUNTS.format(counted=COUNTED, programme=PROGRAMME, whole=WHOLE, group=group, file=file)
    found: list[tuple[str, ...]] = connection.execute(query, named(query, row)).fetchall()
    return found


def _file(table: str, dated: str | None) -> str:
    """The submission that a row stands in; files of several periods have the same rows, of other days."""
    schema, _, entity = table.partition(".")
    return "r.submission_id" if schema == "accepted" else FILE.format(entity=entity, dated=dated)


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
