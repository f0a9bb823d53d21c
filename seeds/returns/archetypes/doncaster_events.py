"""What Doncaster's case system exports of a journey: one event for each thing that happened.

A day is written as its local midnight in UTC, so that in British Summer Time it shows the day before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from seeds.returns.journeys import Job, Journey
from seeds.returns.model import after
from seeds.returns.writing import iso

LONDON = ZoneInfo("Europe/London")

SEX = {"female": "F", "male": "M", "not_stated": "X"}
SOURCE = {
    "self": "RS01", "jobcentre": "RS02", "gp": "RS03", "voluntary": "RS04", "council": "RS05",
    "triage": "RS06", "justice": "RS07", "outreach": "RS08",
}  # fmt: skip
TRIAGE = {"accepted": "TA", "redirected": "TR", "declined": "TD", "duplicate": "TX", "no_contact": "TN"}
STATUS = {"employed": 10, "unemployed": 11, "inactive": 12, "": 98}
JOBS = {"EMP_START": "J1", "SELF_EMP": "J2", "APPRENTICESHIP": "J3"}
EVIDENCE = {"yes": "EV2", "checked": "EV3", "pending": "EV1", "no": "EV0"}
EVIDENCE_TYPE = {"payslip": "P", "employer_letter": "L", "contract": "C", "portal": "W", "": None}
RESULT = {"sustained": "S", "not_sustained": "N", "unknown": "U"}
BLOCKS = {
    "participant": (
        "ref", "givenName", "familyName", "dob", "sex", "nino", "postcode", "ethnicity", "disability",
    ),
    "referral": ("source", "triage"),
    "start": ("empStat", "reason", "barriersAsked", "barriers"),
    "contact": ("kind", "number"),
    "ons4": ("stage", "satisfaction", "worthwhile", "happy", "anxious"),
    "outcome": ("code", "evidence", "evidenceType", "evidenceDate", "hours"),
    "check": ("jobStart", "result"),
}  # fmt: skip
Event = tuple[date, dict[str, Any]]
"""The day on which it was recorded, and what is sent."""


def with_every_key(event: dict[str, Any]) -> dict[str, Any]:
    """Complete an event as the case system exports it: every key is there, null where it does not apply."""
    blocks = {block: {key: event.get(block, {}).get(key) for key in keys} for block, keys in BLOCKS.items()}
    return {"type": event["type"], "at": event["at"], **blocks}


def _at(day: date) -> str:
    local = datetime.combine(day, time(), LONDON)
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def events_of(rng: random.Random, journey: Journey) -> Iterator[Event]:
    """Give every event of a journey, each with the day on which it was recorded."""
    short = {"ref": journey.ref}
    yield _referral(journey)
    if journey.start is None:
        return
    yield (
        journey.start,
        {
            "type": "START",
            "at": _at(journey.start),
            "participant": short,
            "start": {
                "empStat": STATUS[journey.status],
                "reason": journey.inactivity.upper() or None,
                "barriersAsked": bool(journey.is_assessed),
                "barriers": "|".join(b.upper() for b in journey.barriers),
            },
        },
    )
    for kind, day in _contacts(rng, journey):
        yield (
            day,
            {"type": "CONTACT", "at": _at(day), "participant": short, "contact": {"kind": kind, "number": 1}},
        )
    yield from _measures(rng, journey)
    if journey.job:
        yield from _job_events(short, journey.job)


def _referral(journey: Journey) -> Event:
    is_known = journey.episode is None or journey.episode == 2
    return journey.referral, {
        "type": "REFERRAL",
        "at": _at(journey.referral),
        "participant": {"ref": journey.ref} if is_known else _participant(journey),
        "referral": {"source": SOURCE[journey.source], "triage": TRIAGE[journey.triage]},
    }


def _participant(journey: Journey) -> dict[str, Any]:
    person = journey.person
    return {
        "ref": journey.ref,
        "givenName": person.forename,
        "familyName": person.surname,
        "dob": iso(person.birth),
        "sex": SEX[person.sex],
        "nino": person.nino or None,
        "postcode": person.postcode,
        "ethnicity": person.ethnic.upper() or None,
        "disability": person.disability.upper() or None,
    }


def _contacts(rng: random.Random, journey: Journey) -> Iterator[tuple[str, date]]:
    began = journey.start or journey.referral
    for _ in range(rng.choices([0, 1, 2, 3, 5], weights=[15, 25, 30, 20, 10])[0]):
        yield rng.choice(["MEET", "MEET", "CALL"]), after(began, rng.randint(1, 110))


def _measures(rng: random.Random, journey: Journey) -> Iterator[Event]:
    """ONS4 at start for most, later for half of these; wellbeing rises a little, by chance."""
    if rng.random() > 0.8 or journey.start is None or journey.episode == 2:
        return
    low = rng.randint(2, 6)
    yield _measure(journey.ref, "START", journey.start, [low, low + 1, rng.randint(1, 6), rng.randint(3, 9)])
    later = after(journey.start, rng.randint(60, 120))
    if rng.random() < 0.6:
        gain = rng.choice([-1, 0, 1, 1, 2])
        scores = [low + gain, low + 1 + rng.choice([0, 1]), rng.randint(2, 8), rng.randint(1, 8)]
        yield _measure(journey.ref, "END", later, [max(0, min(10, s)) for s in scores])


def _measure(ref: str, stage: str, day: date, scores: list[int]) -> Event:
    items = ("satisfaction", "worthwhile", "happy", "anxious")
    return day, {
        "type": "MEASURE",
        "at": _at(day),
        "participant": {"ref": ref},
        "ons4": {"stage": stage, **dict(zip(items, scores, strict=True))},
    }


def _job_events(who: dict[str, str], job: Job) -> Iterator[Event]:
    yield (
        max(job.start, job.evidence_date or job.start),
        {
            "type": "JOB",
            "at": _at(job.start),
            "participant": who,
            "outcome": {
                "code": JOBS[job.code],
                "evidence": EVIDENCE[job.evidence],
                "evidenceType": EVIDENCE_TYPE[job.evidence_type],
                "evidenceDate": iso(job.evidence_date) or None,
                "hours": job.hours,
            },
        },
    )
    for weeks, check in ((13, job.check_13), (26, job.check_26)):
        if check:
            yield (
                check[0],
                {
                    "type": f"CHECK{weeks}",
                    "at": _at(check[0]),
                    "participant": who,
                    "check": {"jobStart": iso(job.start), "result": RESULT[check[1]]},
                },
            )
