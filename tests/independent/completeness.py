"""M29: of the fields that a return was asked, by weight, those that it answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.independent.groups import ethnic5
from tests.independent.records import JOBS, Region, Row

Stated = tuple[tuple[str, str, str, str, str, str, date, date], Fraction | None]
ASKED = {
    "participants": ["sex_code", "age_band_code", "ethnic5_code", "disability_code", "area_code"],
    "referrals": ["source_code", "triage_outcome_code"],
    "counts": ["value_status_code"],
}
NO_ANSWER = {None, "unknown", "not_asked", "missing"}


def completeness(region: Region) -> Iterator[Stated]:
    """The share of each return, over all periods that it covers."""
    weights = {(w["entity"], w["field"]): w["weight"] for w in region.reference["completeness_weights"]}
    asked: dict[str, Fraction] = defaultdict(Fraction)
    answered: dict[str, Fraction] = defaultdict(Fraction)
    for return_id, field, answer in answers(region):
        asked[return_id] += weights[field]
        answered[return_id] += weights[field] * (answer not in NO_ANSWER)
    for return_id, weight in asked.items():
        mine = [row for row in region.tables["ledger"] if row["return_id"] == return_id]
        start = min(row["period_start"] for row in mine)
        end = max(row["period_end"] for row in mine if row["used"] != "none")
        yield ("M29", "all", "all", "return", return_id, "all", start, end), answered[return_id] / weight


def answers(region: Region) -> Iterator[tuple[str, tuple[str, str], object]]:
    """Every field that was asked: return, entity with field, and what was answered."""
    described = [row | {"ethnic5_code": ethnic5(row)} for row in region.described.values()]
    rows = {
        "participants": described,
        "referrals": region.referrals,
        "starts": region.spells,
        "outcomes": region.outcomes,
        "counts": newest_counts(region),
    }
    for entity, own in rows.items():
        for row in own:
            for field in asked_of(entity, row):
                yield row["return_id"], (entity, field), row[field]


def asked_of(entity: str, row: Row) -> list[str]:
    """The fields that a record is asked."""
    if entity == "starts":
        is_inactive = row["employment_status_code"] == "inactive"
        return ["employment_status_code", *(["inactivity_reason_code"] if is_inactive else [])]
    if entity == "outcomes":
        of_evidence = ["evidence_type_code", "evidence_date"] if row["is_evidenced"] else []
        return [*of_evidence, *(["hours_per_week"] if row["outcome_code"] in JOBS else [])]
    return ASKED[entity]


def newest_counts(region: Region) -> list[Row]:
    """The last statement of each number that a partner counted."""
    key = (
        "return_id", "programme_id", "count_code", "breakdown_type", "breakdown_value",
        "period_type_code", "period_start", "period_end",
    )  # fmt: skip
    found = {}
    for row in sorted(region.tables["counts"], key=lambda r: region.stated[r["submission_id"]]):
        found[(region.current[row["area_code"] or "unknown"], *(row[k] for k in key))] = row
    return list(found.values())
