"""R3: Doncaster's events, one JSON file a month, codes instead of words, days as UTC timestamps.

A day is written as its local midnight in UTC, so that in British Summer Time it shows the day before.
A job is sent in the month in which its evidence arrived. The January 2026 export broke.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

from seeds.returns.archetypes.doncaster_events import Event, events_of, with_every_key
from seeds.returns.journeys import Journey
from seeds.returns.model import Delivery, PersonTruth, Sample, Truth, after, month_end, months
from seeds.returns.people import make_people, moved_to
from seeds.returns.trailblazer import make_journeys
from seeds.returns.volumes import Volumes
from seeds.returns.writing import json_bytes

RETURN_ID = "doncaster_eit"
AREA = "E08000017"
FIRST, LAST, ACCEPTED = date(2025, 4, 1), date(2026, 1, 31), date(2025, 12, 31)
VOLUMES = Volumes(
    "CDC", FIRST, LAST, referrals=611, starts=338, jobs=71, re_entries=8, again=6, duplicates=16,
    unproven=("pending",) * 7 + ("no",) * 4, subsidies=0, placements=0,
)  # fmt: skip


def make(shared: list[Journey]) -> Sample:
    """`shared`: rows of Rotherham's register of people who come to Doncaster too, two with the same job."""
    rng = random.Random("doncaster")
    given = [_given(i, journey) for i, journey in enumerate(shared, 1)]
    people = make_people(rng, 2001, VOLUMES.people - len(given), AREA, FIRST)
    journeys = make_journeys(rng, VOLUMES, people, given)
    events = sorted(
        ((day, event) for journey in journeys for day, event in events_of(rng, journey) if day <= LAST),
        key=lambda e: (e[0], e[1]["participant"]["ref"], e[1]["type"]),
    )
    return Sample(_deliveries(events), _truths(journeys), _who(journeys))


def _given(place: int, journey: Journey) -> Journey:
    """The same person, referred to Doncaster three days later and started there a week later."""
    job = journey.job
    return Journey(
        ref=f"CDC-7{place:03d}",
        person=moved_to(journey.person, AREA),
        referral=after(journey.referral, 3),
        source="jobcentre",
        triage="accepted",
        start=after(journey.start or journey.referral, 7),
        status="inactive",
        inactivity="other",
        is_assessed=True,
        barriers=["skills"],
        job=replace(job, start=after(job.start, 5), evidence_date=after(job.start, 20), has_subsidy=False,
        check_13=None, check_26=None)
        if job else None,
    )  # fmt: skip


def _deliveries(events: list[Event]) -> list[Delivery]:
    rng = random.Random("doncaster post")
    deliveries = []
    for end in months(FIRST, LAST):
        sent = [e for day, e in events if month_end(day.year, day.month) == end]
        is_broken = end == LAST
        if is_broken:
            sent = [_broken(i, event) for i, event in enumerate(sent)]
        about = {"source": "Doncaster case system (synthetic sample data)", "month": f"{end:%Y-%m}"}
        numbered = [{"id": f"{end:%y%m}{i:05d}", **with_every_key(event)} for i, event in enumerate(sent, 1)]
        content = json_bytes({"extract": about}, "events", numbered)
        note = "export broke: many dates and codes cannot be read, to be held" if is_broken else ""
        received = after(end, rng.randint(5, 12))
        name = f"doncaster-eit-events-{end:%Y-%m}.json"
        deliveries.append(Delivery(RETURN_ID, name, content, received, note))
    return deliveries


def _broken(place: int, event: dict[str, Any]) -> dict[str, Any]:
    if place % 3 == 0:
        return event | {"at": "0000-00-00T00:00:00Z"}
    return event | {"outcome": {**event["outcome"], "code": "J9"}} if "outcome" in event else event


def _truths(journeys: list[Journey]) -> list[Truth]:
    seen = [j for j in journeys if j.referral <= ACCEPTED]
    counted = [j for j in seen if j.triage != "duplicate"]
    jobs = [j.job for j in seen if j.job and j.job.is_evidenced]
    figures = {
        "referrals": len(counted),
        "people_referred": len({j.person.number for j in counted}),
        "starts": len({j.person.number for j in seen if j.start and j.start <= ACCEPTED}),
        "evidenced_jobs": sum(
            job.evidence_date is not None and job.evidence_date <= ACCEPTED for job in jobs
        ),
    }
    return [
        Truth(RETURN_ID, "P07d", metric, "to 2025-12-31", str(value)) for metric, value in figures.items()
    ]


def _who(journeys: list[Journey]) -> list[PersonTruth]:
    return [PersonTruth(RETURN_ID, r, p) for r, p in sorted({(j.ref, j.person.person_id) for j in journeys})]
