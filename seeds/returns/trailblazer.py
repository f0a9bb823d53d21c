"""A council's trailblazer year: exact volumes, everything else by chance from a fixed seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from seeds.returns.journeys import Job, Journey, Placement, referral_day
from seeds.returns.model import after, months
from seeds.returns.people import Person, weighted
from seeds.returns.second_referrals import second_referrals
from seeds.returns.volumes import SOURCES, Volumes

RAMP = (4, 6, 8, 9, 8, 10, 10, 9, 6, 9, 9)
NOT_STARTED = {"accepted": 30, "redirected": 32, "declined": 16, "no_contact": 22}
STATUS = {"inactive": 84, "unemployed": 10, "employed": 1, "": 5}
INACTIVITY = {
    "long_term_sick": 46,
    "family_home": 24,
    "temporary_sick": 6,
    "student": 5,
    "discouraged": 8,
    "other": 11,
}
BARRIERS = (
    "physical_health", "mental_health", "confidence", "learning_disability", "caring", "childcare",
    "skills", "transport", "digital", "housing", "debt", "isolation", "benefit_loss", "age", "esol",
    "criminal_record",
)  # fmt: skip
END_REASONS = {"completed": 40, "disengaged": 38, "ill_health": 10, "moved_area": 6, "transferred": 6}
JOB_CODES = {"EMP_START": 82, "SELF_EMP": 10, "APPRENTICESHIP": 8}
EVIDENCE_TYPES = {"payslip": 40, "employer_letter": 28, "contract": 18, "portal": 14}
EMPLOYERS = tuple(f"Sample Employer {n:02d} Ltd" for n in range(1, 15))


def make_journeys(
    rng: random.Random, volumes: Volumes, people: list[Person], given: list[Journey]
) -> list[Journey]:
    """The register's rows by referral date; `given` rows count towards the volumes and keep their dates."""
    firsts = _referred(rng, volumes, people[: volumes.people - len(given)]) + given
    started = _started(rng, volumes, firsts, len(given))
    rows = {j.ref: j for j in firsts} | {j.ref: j for j in started}
    worked = _worked(rng, volumes, [j for j in started if j.job is None], len([j for j in given if j.job]))
    rows |= {j.ref: j for j in worked}
    rows |= {j.ref: j for j in _ended(rng, volumes, [rows[j.ref] for j in started])}
    rows |= {j.ref: j for j in _placed(rng, volumes, [rows[j.ref] for j in started])}
    return sorted(
        [*rows.values(), *second_referrals(rng, volumes, rows)],
        key=lambda j: (j.referral, j.ref, j.episode or 0),
    )


def _referred(rng: random.Random, volumes: Volumes, people: list[Person]) -> list[Journey]:
    ends = months(volumes.first, volumes.last)
    weights = dict(zip(ends, RAMP, strict=False))
    days = sorted(referral_day(rng, weights) for _ in people)
    return [
        Journey(
            ref=f"{volumes.prefix}-{i:04d}",
            person=person,
            referral=day,
            source=weighted(rng, SOURCES),
            triage=weighted(rng, NOT_STARTED),
        )
        for i, (day, person) in enumerate(zip(days, people, strict=True), 1)
    ]


def _started(rng: random.Random, volumes: Volumes, firsts: list[Journey], given: int) -> list[Journey]:
    done = [j for j in firsts if j.start]
    open_ = [j for j in firsts if not j.start and after(j.referral, 14) <= volumes.last]
    chosen = rng.sample(open_, volumes.starts - len(done))
    return [_start(rng, j, volumes.last) for j in chosen] + done


def _start(rng: random.Random, journey: Journey, last: date) -> Journey:
    low, high = rng.choices([(3, 28), (29, 56), (57, 120)], weights=[60, 30, 10])[0]
    start = min(after(journey.referral, rng.randint(low, high)), last)
    is_assessed = rng.random() < 0.9
    count = rng.choices([0, 1, 2, 3, 4, 5, 6], weights=[4, 12, 19, 28, 20, 11, 6])[0] if is_assessed else 0
    status = weighted(rng, STATUS)
    return replace(
        journey,
        triage="accepted",
        start=start,
        status=status,
        inactivity=weighted(rng, INACTIVITY) if status == "inactive" else "",
        is_assessed=is_assessed,
        barriers=sorted(rng.sample(BARRIERS, count)),
    )


def _worked(rng: random.Random, volumes: Volumes, started: list[Journey], given: int) -> list[Journey]:
    early_enough = [j for j in started if j.start and after(j.start, 60) <= volumes.last]
    chosen = rng.sample(early_enough, volumes.jobs - given + len(volumes.unproven))
    young = [j for j in chosen[: volumes.jobs - given] if 16 <= j.person.age_on(j.start or j.referral) <= 28]
    subsidised = {j.ref for j in young[: volumes.subsidies]}
    kinds = ["proven"] * (volumes.jobs - given) + list(volumes.unproven)
    return [
        replace(j, job=_job(rng, j, kind, volumes.last, j.ref in subsidised))
        for j, kind in zip(chosen, kinds, strict=True)
    ]


def _job(rng: random.Random, journey: Journey, kind: str, last: date, has_subsidy: bool) -> Job:
    began = journey.start or journey.referral
    room = min((last - began).days - 30, 250)
    day = after(began, int(rng.triangular(8, room, min(55, room))))
    if kind == "early":
        day = after(began, -9)
    job = Job(
        code="EMP_START" if has_subsidy else weighted(rng, JOB_CODES),
        start=day,
        evidence={"pending": "pending", "no": "no"}.get(kind, "yes"),
        hours=rng.choice([16, 20, 24, 30, 35, 37, 40]),
        has_subsidy=has_subsidy,
    )
    if kind == "self_declared":
        return replace(job, evidence_type="self_declaration", evidence_date=after(day, 7))
    if kind in ("proven", "early"):
        job = replace(
            job,
            evidence="checked" if rng.random() < 0.2 else "yes",
            evidence_type=weighted(rng, EVIDENCE_TYPES),
            evidence_date=after(day, rng.randint(3, 28)),
        )
    return job if kind == "early" else _checked(rng, job)


def _checked(rng: random.Random, job: Job) -> Job:
    if not job.is_evidenced:
        return job
    result = weighted(rng, {"sustained": 78, "not_sustained": 15, "unknown": 7})
    job = replace(job, check_13=(after(job.start, 91 + rng.randint(0, 6)), result))
    if result != "sustained":
        return job
    later = weighted(rng, {"sustained": 80, "not_sustained": 13, "unknown": 7})
    return replace(job, check_26=(after(job.start, 182 + rng.randint(0, 6)), later))


def _ended(rng: random.Random, volumes: Volumes, started: list[Journey]) -> list[Journey]:
    ended = []
    for journey in started:
        began = journey.start or journey.referral
        if journey.job and journey.job.is_evidenced and rng.random() < 0.7:
            end, reason = after(journey.job.start, rng.randint(5, 40)), "job"
        elif not journey.job and rng.random() < 0.3:
            end, reason = after(began, rng.randint(45, 200)), weighted(rng, END_REASONS)
        else:
            continue
        if end <= volumes.last:
            ended.append(replace(journey, end=end, end_reason=reason))
    return ended


def _placed(rng: random.Random, volumes: Volumes, started: list[Journey]) -> list[Journey]:
    """Placements that led to a job begin 35 days before it; others last 30 to 60 days, if ended."""
    with_job = [j for j in started if j.job and j.start and (j.job.start - j.start).days > 45]
    without = [j for j in started if not j.job and j.start and after(j.start, 80) <= volumes.last]
    converted = rng.sample(with_job, volumes.placements // 3)
    placed = [
        replace(
            j,
            placement=Placement(rng.choice(EMPLOYERS), after(j.job.start, -36), after(j.job.start, -1), True),
        )
        for j in converted
        if j.job
    ]
    for journey in rng.sample(without, volumes.placements - len(converted)):
        begin = after(journey.start or journey.referral, rng.randint(14, 50))
        end = after(begin, rng.randint(28, 60))
        is_over = end <= volumes.last
        placement = Placement(
            rng.choice(EMPLOYERS), begin, end if is_over else None, False if is_over else None
        )
        placed.append(replace(journey, placement=placement))
    return placed
