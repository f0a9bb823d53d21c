"""R6: Rossendale Works, a small workbook: a register with ages, and a tally of sessions.

Published: 68 residents in 2024-25. Barriers are the keyworkers' own words, divided by slashes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

from seeds.returns.model import Delivery, PersonTruth, Sample, Truth, after
from seeds.returns.people import Person, make_person, moved_to, weighted
from seeds.returns.writing import moment, workbook_bytes

RETURN_ID = "rossendale_works"
AREA = "E07000125"
PEOPLE, INTO_WORK = 68, 24
QUARTERS = (date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31))
RECEIVED = (date(2024, 7, 19), date(2024, 10, 18), date(2025, 1, 24), date(2025, 4, 17))
REGISTER = (
    "Ref", "First name", "Surname", "Age", "M/F", "NI number", "Postcode", "Referred", "Referred by",
    "Started", "Finished", "Working status", "What gets in the way", "Job from", "Job evidence", "Seen",
    "Course passed",
)  # fmt: skip
ATTENDANCE = ("Session date", "What", "Number there")
WORDS = (
    "Anxiety", "Low confidence", "Bad back", "Low mood", "No car", "No buses", "No quals", "Childcare",
    "Caring for mum", "Debts", "Lonely", "No wifi", "Worried about benefits",
)  # fmt: skip
SESSIONS = ("Job club", "Walk and talk", "Bacup volunteering", "CV morning")


@dataclass(frozen=True)
class Resident:
    """One row of the register."""

    ref: str
    person: Person
    referred: date
    source: str
    start: date
    finish: date
    status: str
    words: str
    job: date | None
    seen: date | None
    course: date | None


def make(met_before: list[Person]) -> Sample:
    """`met_before`: people of More Positive Together who came here later."""
    rng = random.Random("rossendale")
    residents = _residents(rng, met_before)
    sessions = _sessions(rng)
    deliveries = [
        Delivery(
            RETURN_ID,
            f"RW register 2024-25 Q{quarter}.xlsx",
            _workbook(residents, sessions, end),
            received,
            "last register of the year" if quarter == 4 else "",
        )
        for quarter, (end, received) in enumerate(zip(QUARTERS, RECEIVED, strict=True), 1)
    ]
    people = [PersonTruth(RETURN_ID, r.ref, r.person.person_id) for r in residents]
    return Sample(deliveries, _truths(residents, sessions), people)


def _residents(rng: random.Random, met_before: list[Person]) -> list[Resident]:
    days = sorted(after(date(2024, 4, 2), rng.randint(0, 355)) for _ in range(PEOPLE))
    working = set(rng.sample(range(PEOPLE - 8), INTO_WORK))
    residents = []
    for i, start in enumerate(days):
        is_known = i % 13 == 5 and i // 13 < len(met_before)
        person = moved_to(met_before[i // 13], AREA) if is_known else make_person(rng, 30000 + i, AREA, start)
        finish = min(after(start, rng.randint(40, 150)), QUARTERS[-1])
        job = min(after(start, rng.randint(14, 88)), date(2025, 3, 10)) if i in working else None
        words = rng.sample(WORDS, rng.choice([1, 2, 3, 3, 4]))
        if i in (20, 41):
            words.append("Allotment")
        residents.append(
            Resident(
                ref=f"RW{i + 1:03d}",
                person=person,
                referred=after(start, -rng.randint(2, 30)),
                source=weighted(rng, {"Self": 30, "Jobcentre": 40, "Doctor": 15, "Council": 15}),
                start=start,
                finish=finish,
                status=weighted(rng, {"Not looking": 70, "Looking": 26, "": 4}),
                words=" / ".join(words),
                job=job,
                seen=after(job, rng.randint(2, 18)) if job else None,
                course=after(start, 35) if rng.random() < 0.3 and after(start, 35) <= QUARTERS[-1] else None,
            )
        )
    return residents


def _sessions(rng: random.Random) -> list[tuple[date, str, int]]:
    days = [after(date(2024, 4, 3), 7 * week) for week in range(52)]
    return [(day, rng.choice(SESSIONS), rng.randint(4, 13)) for day in days]


def _workbook(residents: list[Resident], sessions: list[tuple[date, str, int]], end: date) -> bytes:
    book = Workbook()
    register = book.active
    register.title = "Register"
    register.append(REGISTER)
    for resident in residents:
        if resident.start <= end:
            register.append(_cells(resident, end))
    attendance = book.create_sheet("Attendance")
    attendance.append(ATTENDANCE)
    held = [s for s in sessions if s[0] <= end]
    for day, what, number in held:
        attendance.append((moment(day), what, number))
    attendance.append(("Total", None, sum(number for _, _, number in held)))
    return workbook_bytes(book)


def _cells(resident: Resident, end: date) -> tuple[object, ...]:
    person = resident.person
    is_working = resident.job is not None and resident.job <= end
    is_seen = resident.seen is not None and resident.seen <= end
    return (
        resident.ref, person.forename, person.surname, person.age_on(resident.start),
        {"female": "F", "male": "M", "not_stated": None}[person.sex], person.nino, person.postcode,
        moment(resident.referred), resident.source, moment(resident.start),
        moment(resident.finish) if resident.finish < end else None, resident.status, resident.words,
        moment(resident.job) if is_working else None,
        ("Payslip" if is_seen else "Waiting") if is_working else None,
        moment(resident.seen) if is_working and is_seen else None,
        moment(resident.course) if resident.course and resident.course <= end else None,
    )  # fmt: skip


def _truths(residents: list[Resident], sessions: list[tuple[date, str, int]]) -> list[Truth]:
    figures = {
        "people_started": len({r.person.number for r in residents}),
        "evidenced_jobs": sum(r.seen is not None and r.seen <= QUARTERS[-1] for r in residents),
        "sessions": len(sessions),
        "attendances": sum(number for _, _, number in sessions),
    }
    return [Truth(RETURN_ID, "P01", metric, "2024-25", str(value)) for metric, value in figures.items()]
