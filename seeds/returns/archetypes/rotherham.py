"""R1: Rotherham's register, one wide CSV row a referral, day first, sent every month.

Published as at 2026-02-28: 575 referrals without triage duplicates, 307 first spells, 73 evidenced jobs.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from seeds.returns.journeys import Journey, as_seen
from seeds.returns.model import Delivery, PersonTruth, Sample, Truth, after, months
from seeds.returns.people import make_people
from seeds.returns.trailblazer import make_journeys
from seeds.returns.volumes import Volumes
from seeds.returns.writing import british, delimited

RETURN_ID = "rotherham_eit"
AREA = "E08000018"
FIRST, LAST = date(2025, 4, 1), date(2026, 2, 28)
UNPROVEN = ("pending",) * 8 + ("no",) * 5 + ("self_declared",) * 2 + ("undated",) * 2 + ("early",)
VOLUMES = Volumes(
    "RMBC", FIRST, LAST, referrals=575, starts=307, jobs=73, re_entries=9, again=5, duplicates=38,
    unproven=UNPROVEN, subsidies=14, placements=36,
)  # fmt: skip

HEADER = (
    "Participant ref", "Episode", "Forename", "Surname", "DOB", "Sex", "NI number", "Postcode",
    "Ethnic group", "Disability", "Priority group", "Referral date", "Referral source", "Triage outcome",
    "Start date", "End date", "End reason", "Status at start", "Reason not working", "Barriers assessed",
    "Barriers", "Job type", "Job start", "Evidence", "Evidence type", "Evidence date", "Hours per week",
    "Wage subsidy", "Subsidy start", "Subsidy 12 weeks kept", "13 week check", "13 week result",
    "26 week check", "26 week result", "Placement employer", "Placement start", "Placement end",
    "Made permanent",
)  # fmt: skip
SEX = {"female": "Female", "male": "Male", "not_stated": ""}
ETHNIC = {
    "white_british": "White British", "white_other": "White other", "asian_pakistani": "Pakistani",
    "asian_indian": "Indian", "asian_bangladeshi": "Bangladeshi", "black_african": "Black African",
    "black_caribbean": "Black Caribbean", "mixed_white_black_caribbean": "Mixed White and Black Caribbean",
    "other_arab": "Arab", "prefer_not_to_say": "Prefer not to say", "": "",
}  # fmt: skip
DISABLED = {"disabled": "Y", "not_disabled": "N", "prefer_not_to_say": "Prefer not to say", "": ""}
COHORT = {
    "disability_or_health": "Health", "general": "General", "young_people": "Young people",
    "carers": "Carers", "parents": "Parents", "aged_50_over": "50+", "": "",
}  # fmt: skip
SOURCE = {
    "self": "Self", "jobcentre": "JCP", "gp": "GP", "voluntary": "VCSE", "council": "Council",
    "triage": "Triage", "outreach": "Outreach", "justice": "Probation",
}  # fmt: skip
EVIDENCE = {"yes": "Y", "checked": "Y - checked", "pending": "Pending", "no": "N"}
RESULT = {"sustained": "Y", "not_sustained": "N", "unknown": "Not known"}


def make() -> tuple[Sample, list[Journey]]:
    """The deliveries, and the journeys for returns that share people with this one."""
    rng = random.Random("rotherham")
    people = make_people(rng, 1, VOLUMES.referrals, AREA, FIRST)
    journeys = make_journeys(rng, VOLUMES, people, [])
    rows = _with_slips(rng, journeys)
    return Sample(_deliveries(rows), _truths(journeys), _who(rows)), journeys


def _deliveries(rows: list[Journey]) -> list[Delivery]:
    rng = random.Random("rotherham post")
    deliveries = []
    for end in months(FIRST, LAST):
        received = after(end, 2 if end == LAST else rng.randint(4, 9))
        note = "newest register, with rows to set aside" if end == LAST else ""
        deliveries.append(_delivery(rows, end, received, note))
    later = "resubmission of November: a later extract, with evidence that had come in since"
    return [*deliveries, _delivery(rows, date(2025, 12, 8), date(2025, 12, 10), later)]


def _delivery(rows: list[Journey], extract: date, received: date, note: str) -> Delivery:
    seen = [row for row in (as_seen(j, extract) for j in rows) if row]
    table = [HEADER, *(_cells(row, extract) for row in seen)]
    name = f"PtW_EIT_Rotherham_{extract.isoformat()}.csv"
    return Delivery(RETURN_ID, name, delimited(table, encoding="utf-8-sig"), received, note)


def _cells(row: Journey, extract: date) -> list[str]:
    person = row.person
    cells = {
        "Participant ref": row.ref,
        "Episode": str(row.episode or ""),
        "Forename": person.forename,
        "Surname": person.surname,
        "DOB": british(person.birth),
        "Sex": SEX[person.sex],
        "NI number": person.nino,
        "Postcode": person.postcode,
        "Ethnic group": ETHNIC[person.ethnic],
        "Disability": DISABLED[person.disability],
        "Priority group": COHORT[person.cohort],
        "Referral date": british(row.referral),
        "Referral source": SOURCE[row.source],
        "Triage outcome": row.triage.replace("_", " ").capitalize(),
        "Start date": british(row.start),
        "End date": british(row.end),
        "End reason": row.end_reason.replace("_", " ").capitalize(),
        "Status at start": row.status.capitalize(),
        "Reason not working": row.inactivity.replace("_", " ").capitalize(),
        "Barriers assessed": "" if row.is_assessed is None else ("N", "Y")[row.is_assessed],
        "Barriers": "; ".join(b.replace("_", " ") for b in row.barriers),
    }
    cells |= _job_cells(row, extract) | _placement_cells(row) | row.raw
    return [cells.get(name, "") for name in HEADER]


def _job_cells(row: Journey, extract: date) -> dict[str, str]:
    job = row.job
    if job is None:
        return {}
    is_kept = job.check_13 is not None and job.check_13[1] == "sustained"
    return {
        "Job type": {"EMP_START": "Employed", "SELF_EMP": "Self-employed", "APPRENTICESHIP": "Apprentice"}[
            job.code
        ],
        "Job start": british(job.start),
        "Evidence": EVIDENCE[job.evidence],
        "Evidence type": job.evidence_type.replace("_", " ").capitalize(),
        "Evidence date": british(job.evidence_date),
        "Hours per week": str(job.hours),
        "Wage subsidy": "Y" if job.has_subsidy else "N",
        "Subsidy start": british(job.start) if job.has_subsidy else "",
        "Subsidy 12 weeks kept": british(after(job.start, 84)) if job.has_subsidy and is_kept else "",
        "13 week check": british(job.check_13[0]) if job.check_13 else "",
        "13 week result": RESULT[job.check_13[1]] if job.check_13 else "",
        "26 week check": british(job.check_26[0]) if job.check_26 else "",
        "26 week result": RESULT[job.check_26[1]] if job.check_26 else "",
    }


def _placement_cells(row: Journey) -> dict[str, str]:
    placement = row.placement
    if placement is None:
        return {}
    return {
        "Placement employer": placement.employer,
        "Placement start": british(placement.start),
        "Placement end": british(placement.end),
        "Made permanent": "" if placement.is_permanent is None else ("N", "Y")[placement.is_permanent],
    }


def _with_slips(rng: random.Random, journeys: list[Journey]) -> list[Journey]:
    """Rows to set aside, none of them behind a published figure, and blanks and slips that only warn.

    A start before its referral, or one that cannot be read, stands on a duplicate referral of a person
    who never started, so that neither the referral nor the start counts.
    """
    spells = {j.ref for j in journeys if j.start}
    idle = [i for i, j in enumerate(journeys) if j.episode is None and j.ref not in spells]
    idle = [i for i in idle if journeys[i].referral >= date(2025, 9, 1)][:7]
    rows = list(journeys)
    for place, wrong in zip(idle, ("", "", "", "31/09/2025", "TBC", "32/10/2025", "30-Feb"), strict=True):
        early = british(after(rows[place].referral, -rng.randint(200, 260)))
        rows[place] = replace(rows[place], raw={"Start date": wrong or early, "Status at start": "Inactive"})
    blank = [i for i, j in enumerate(rows) if j.episode == 1 and not j.start and not j.raw]
    for place, cells in zip(rng.sample(blank, 10), _WARNINGS, strict=True):
        rows[place] = replace(rows[place], raw=cells)
    return rows + _unreadable_referrals(rng, rows)


_WARNINGS = [
    {"DOB": ""}, {"DOB": ""}, {"DOB": ""}, {"NI number": "QQ12345"}, {"NI number": "awaiting"},
    {"Postcode": "ZZ1 9XX"}, {"Postcode": "ZZ1"}, {"Referral source": "Roadshow"}, {"Ethnic group": "W1"},
    {"Sex": "f"},
]  # fmt: skip


def _unreadable_referrals(rng: random.Random, rows: list[Journey]) -> list[Journey]:
    people = make_people(rng, 9001, 2, AREA, FIRST)
    day = date(2025, 10, 14)
    return [
        Journey(f"RMBC-80{i:02d}", person, day, "self", "no_contact", raw={"Referral date": wrong})
        for i, (person, wrong) in enumerate(zip(people, ("14/10/25?", "mid October"), strict=True), 1)
    ]


def _truths(journeys: list[Journey]) -> list[Truth]:
    counted = [j for j in journeys if j.triage != "duplicate"]
    started = [j for j in journeys if j.start]
    jobs = [j.job for j in journeys if j.job]
    period = "to 2026-02-28"
    figures = {
        "referrals": len(counted),
        "people_referred": len({j.person.number for j in counted}),
        "starts": len({j.person.number for j in started}),
        "spells": len(started),
        "evidenced_jobs": sum(job.is_evidenced for job in jobs) - UNPROVEN.count("early"),
        "jobs_claimed_or_better": len(jobs) - UNPROVEN.count("early"),
        "subsidised_jobs": sum(job.has_subsidy for job in jobs),
        "placements": sum(j.placement is not None for j in journeys),
        "triage_duplicates": len(journeys) - len(counted),
    }
    return [Truth(RETURN_ID, "P08", metric, period, str(value)) for metric, value in figures.items()]


def _who(rows: list[Journey]) -> list[PersonTruth]:
    pairs = sorted({(j.ref, j.person.person_id) for j in rows})
    return [PersonTruth(RETURN_ID, ref, person) for ref, person in pairs]
