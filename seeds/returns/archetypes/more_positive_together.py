"""R5: participants of More Positive Together and MPT Steps, an ESF file of many yes/no columns.

Published: 1,743 people into employment over both projects. A person on both has two references, and
only the National Insurance number links them; a person who comes back has a second row.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date

from seeds.returns.model import Delivery, PersonTruth, Sample, Truth, after
from seeds.returns.people import Person, make_person, weighted
from seeds.returns.writing import british, delimited

RETURN_ID = "more_positive_together"
PEOPLE, ON_BOTH, RE_ENTRIES = 9512, 96, 42
INTO_WORK, INTO_WORK_ON_BOTH, CLAIMED_ONLY = 1743, 24, 61
INTERIM, FINAL = date(2023, 9, 22), date(2023, 12, 31)

GROUPS = {
    "Pendle": ("E07000122",), "Central": ("E07000118", "E07000123"), "West": ("E07000127",),
    "Coastal": ("E07000128",),
}  # fmt: skip
HEADER = (
    "Participant ref", "Project", "Delivery group", "Forename", "Surname", "Date of birth", "Sex", "NINO",
    "Postcode", "Start date", "Date left \N{EN DASH} blank if still on", "Re-entry", "Unemployed",
    "Long-term unemployed", "Inactive", "Inactive, not in education or training", "Employed",
    "Aged under 25", "Aged over 54", "Disability", "Ethnic minority", "Lone parent", "No basic skills",
    "Homeless", "Ex-offender", "Rural", "ISCED level", "Job on leaving", "Self-employed on leaving",
    "Job start", "Evidence held", "Evidence type", "Evidence date", "Training completed", "Training date",
)  # fmt: skip
EVIDENCE_TYPES = {"Payslip": 50, "Employer letter": 35, "Contract": 15}


@dataclass(frozen=True)
class Participation:
    """A person on one of the two projects."""

    ref: str
    project: str
    group: str
    person: Person
    start: date
    left: date | None
    status: str
    is_re_entry: bool = False
    job: date | None = None
    is_self_employed: bool = False
    evidence_date: date | None = None
    evidence_type: str = ""
    training: date | None = None


def make() -> tuple[Sample, list[Person]]:
    """Two deliveries of the same register, and people for Rossendale to meet again."""
    rng = random.Random("more positive together")
    rows = _with_training(rng, _with_jobs(rng, _participations(rng)))
    rows = sorted(rows + _re_entries(rng, rows), key=lambda r: (r.start, r.ref))
    deliveries = [
        _delivery(rng, rows, INTERIM, date(2023, 9, 29), "interim", "interim register of the half-year"),
        _delivery(rng, rows, FINAL, date(2024, 1, 26), "final", "final register: replaces the interim one"),
    ]
    later = [r.person for r in rows if r.person.nino and r.person.birth.year > 1970 and r.start.year == 2021]
    both = sorted(
        (r.ref, r.person.person_id) for r in rows if r.person.number < 10000 + ON_BOTH and not r.is_re_entry
    )
    return Sample(deliveries, _truths(rows), [PersonTruth(RETURN_ID, *pair) for pair in both]), later[:5]


def _participations(rng: random.Random) -> list[Participation]:
    rows = []
    for i in range(PEOPLE):
        is_both = i < ON_BOTH
        group = weighted(rng, {"Pendle": 22, "Central": 34, "West": 18, "Coastal": 26})
        start = after(date(2017, 1, 9), rng.randint(0, 1750 if is_both else 2480))
        person = make_person(rng, 10000 + i, rng.choice(GROUPS[group]), start)
        if is_both:
            birth = person.birth.replace(year=max(person.birth.year, 1968))
            person = replace(person, birth=birth, nino=person.nino or f"QQ{110000 + i:06d}C")
        project = "STEPS" if not is_both and start.year >= 2022 and rng.random() < 0.45 else "MPT"
        rows.append(_participation(rng, f"{project}-{i + 1:05d}", project, group, person, start))
        if is_both:
            again = after(date(2022, 1, 10), rng.randint(0, 400))
            rows.append(_participation(rng, f"STEPS-{i + 20001:05d}", "STEPS", group, person, again))
    return rows


def _participation(
    rng: random.Random, ref: str, project: str, group: str, person: Person, start: date
) -> Participation:
    left = min(after(start, rng.randint(40, 420)), FINAL)
    status = weighted(rng, {"unemployed": 46, "inactive": 48, "employed": 4, "": 2})
    return Participation(ref, project, group, person, start, left, status)


def _with_jobs(rng: random.Random, rows: list[Participation]) -> list[Participation]:
    """Evidenced jobs for exactly `INTO_WORK` people; those on both projects first."""
    by_person: dict[int, list[Participation]] = {}
    for row in rows:
        by_person.setdefault(row.person.number, []).append(row)
    numbers = list(by_person)
    twice, once = (
        numbers[:INTO_WORK_ON_BOTH],
        rng.sample(numbers[INTO_WORK_ON_BOTH:], INTO_WORK + CLAIMED_ONLY),
    )
    once, claimed = (
        once[: INTO_WORK - len(twice)],
        once[INTO_WORK - len(twice) : INTO_WORK - len(twice) + CLAIMED_ONLY],
    )
    done = {row.ref: row for row in rows}
    for number in twice:
        done |= {row.ref: _job(rng, row, is_evidenced=True) for row in by_person[number]}
    for number in once:
        done[by_person[number][-1].ref] = _job(rng, by_person[number][-1], is_evidenced=True)
    for number in claimed:
        done[by_person[number][-1].ref] = _job(rng, by_person[number][-1], is_evidenced=False)
    return list(done.values())


def _job(rng: random.Random, row: Participation, is_evidenced: bool) -> Participation:
    left = row.left or FINAL
    job = after(row.start, rng.randint(10, max(11, (left - row.start).days)))
    seen = min(after(job, rng.randint(3, 27)), FINAL)
    return replace(
        row,
        job=min(job, FINAL),
        is_self_employed=rng.random() < 0.07,
        evidence_date=seen if is_evidenced else None,
        evidence_type=weighted(rng, EVIDENCE_TYPES) if is_evidenced else "",
    )


def _with_training(rng: random.Random, rows: list[Participation]) -> list[Participation]:
    return [
        replace(r, training=min(after(r.start, rng.randint(20, 120)), FINAL)) if rng.random() < 0.12 else r
        for r in rows
    ]


def _re_entries(rng: random.Random, rows: list[Participation]) -> list[Participation]:
    """A second row under the same reference: it is no new participation."""
    candidates = [r for r in rows if r.job is None and r.left and after(r.left, 120) < INTERIM]
    extra = []
    for old in rng.sample(candidates, RE_ENTRIES):
        start = after(old.left or old.start, rng.randint(30, 60))
        left = min(after(start, rng.randint(20, 90)), FINAL)
        extra.append(replace(old, start=start, left=left, is_re_entry=True, training=None))
    return extra


def _delivery(
    rng: random.Random, rows: list[Participation], extract: date, received: date, name: str, note: str
) -> Delivery:
    table = [HEADER, *(_cells(r, extract) for r in rows if r.start <= extract)]
    content = delimited(table, encoding="cp1252")
    return Delivery(RETURN_ID, f"MPT_and_Steps_participants_2023_H2_{name}.csv", content, received, note)


def _cells(row: Participation, extract: date) -> tuple[str, ...]:
    person = row.person
    age = person.age_on(row.start)
    is_working = row.job is not None and row.job <= extract
    is_seen = is_working and row.evidence_date is not None and row.evidence_date <= extract
    is_trained = row.training is not None and row.training <= extract
    odd = person.number % 20
    flags = (
        row.is_re_entry, row.status == "unemployed", row.status == "unemployed" and odd < 9,
        row.status == "inactive", row.status == "inactive" and odd != 7, row.status == "employed", age < 25,
        age > 54, person.disability == "disabled",
        person.ethnic not in ("white_british", "prefer_not_to_say", ""), odd == 3, odd in (4, 5, 6),
        odd == 8, odd == 9, person.number % 50 == 0,
    )  # fmt: skip
    return (
        row.ref, row.project, row.group, person.forename, person.surname, british(person.birth),
        {"female": "F", "male": "M", "not_stated": ""}[person.sex], person.nino, person.postcode,
        british(row.start),
        british(row.left) if row.left and row.left <= extract and row.left != FINAL else "",
        *(str(int(flag)) for flag in flags), str(person.number % 9),
        str(int(is_working)), str(int(is_working and row.is_self_employed)),
        british(row.job) if is_working else "",
        ("0", "1")[is_seen] if is_working else "", row.evidence_type if is_seen else "",
        british(row.evidence_date) if is_seen else "",
        str(int(is_trained)), british(row.training) if is_trained else "",
    )  # fmt: skip


def _truths(rows: list[Participation]) -> list[Truth]:
    first = [r for r in rows if not r.is_re_entry]
    figures = {
        "participations": len(first),
        "people_started": len({r.person.number for r in first}),
        "rows": len(rows),
        "evidenced_jobs_rows": sum(r.evidence_date is not None for r in first),
        "people_into_work": len({r.person.number for r in first if r.evidence_date}),
        "people_trained": len({r.person.number for r in first if r.training}),
    }
    return [
        Truth(RETURN_ID, "P02+P03", metric, "2017-01-01 to 2023-12-31", str(v))
        for metric, v in figures.items()
    ]
