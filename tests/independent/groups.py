"""What is known of each referral, start and job: the groups that figures are broken down by."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.independent.records import Region

Row = dict[str, Any]
DESCRIBED = ("sex", "age_band", "disability", "cohort", "inactivity_reason", "triage_outcome")
ETHNIC = ("white", "mixed", "asian", "black", "other")


def group(region: Region) -> None:
    """Add `groups` to every referral, spell and job: breakdown to the part that it is in."""
    for row in region.referrals + region.spells + region.jobs:
        row["groups"] = {
            **{name: row.get(f"{name}_code") or "unknown" for name in DESCRIBED},
            "ethnic5": ethnic5(row),
            "referral_source": row.get("source_code") or "unknown",
            "imd": str(row.get("imd_decile") or "unknown"),
            "wage_subsidy": "subsidised" if row.get("is_wage_subsidy") else "not_subsidised",
        }
    for job in region.jobs:
        job["groups"] |= evidence(job)
    referred: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in region.referrals:
        if row["triage_outcome_code"] != "duplicate":
            referred[row["person"], row["programme_id"]].append(row)
    for start in region.spells:
        key = (start["person"], start["programme_id"])
        before = [r for r in referred[key] if r["day"] <= start["day"]]
        last = [r["groups"]["referral_source"] for r in before if r["day"] == before[-1]["day"]]
        start["groups"]["referral_source"] = min(last, default="unknown")
        named = region.barriers.get(key)
        is_assessed = start["is_barriers_assessed"] or named is not None
        how_many = "three_or_more" if len((named or set()) - {"unknown"}) >= 3 else "fewer_than_three"
        start["groups"]["barriers"] = how_many if is_assessed else "unknown"


def ethnic5(row: Row) -> str:
    """The ethnic group of five, or why there is none."""
    detailed = str(row.get("ethnic_group_code") or "unknown")
    return detailed.split("_")[0] if detailed.startswith(ETHNIC) else detailed


def evidence(job: Row) -> dict[str, str]:
    """How far the evidence of a job goes, its kind, and how long after the first day it is dated."""
    if not job["is_evidenced"]:
        return {
            "evidence_grade": "claimed",
            "evidence_type": "not_evidenced",
            "evidence_age": "not_evidenced",
        }
    days = (job["evidence_date"] - job["day"]).days
    age = "within_30_days" if days <= 30 else "within_90_days" if days <= 90 else "after_90_days"
    kind = job["evidence_type_code"] or "unknown"
    return {"evidence_grade": job["evidence_status_code"], "evidence_type": kind, "evidence_age": age}
