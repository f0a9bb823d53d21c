"""How people pass through a trailblazer: referral, start, job, checks, all by chance from a fixed seed.

A `Journey` is one row of a wide register as the partner knows it in the end; `as_seen` gives what it
knew on an earlier day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date

from seeds.returns.people import Person


@dataclass(frozen=True)
class Job:
    """A job as the partner claims it; `evidence` is one of yes, checked, pending, no."""

    code: str
    start: date
    evidence: str
    evidence_type: str = ""
    evidence_date: date | None = None
    hours: int = 30
    has_subsidy: bool = False
    check_13: tuple[date, str] | None = None
    check_26: tuple[date, str] | None = None

    @property
    def is_evidenced(self) -> bool:
        """Counts as an evidenced job."""
        return (
            self.evidence in ("yes", "checked")
            and self.evidence_date is not None
            and self.evidence_type not in ("", "self_declaration")
        )


@dataclass(frozen=True)
class Placement:
    """A work placement with an invented employer."""

    employer: str
    start: date
    end: date | None
    is_permanent: bool | None


@dataclass(frozen=True)
class Journey:
    """One referral of a person and what followed; codes as in `reference/codes.csv`."""

    ref: str
    person: Person
    referral: date
    source: str
    triage: str
    episode: int | None = 1
    start: date | None = None
    end: date | None = None
    end_reason: str = ""
    status: str = ""
    inactivity: str = ""
    is_assessed: bool | None = None
    barriers: list[str] = field(default_factory=list)
    job: Job | None = None
    placement: Placement | None = None
    raw: dict[str, str] = field(default_factory=dict)
    """Cells that the partner keyed wrongly, by field name, as they stand in the file."""


def as_seen(journey: Journey, day: date) -> Journey | None:
    """What the partner knew on a day; none where the referral was still to come."""
    if journey.referral > day:
        return None
    if journey.start is None or journey.start > day:
        return replace(
            journey, start=None, end=None, end_reason="", status="", inactivity="", is_assessed=None,
            barriers=[], job=None, placement=None,
        )  # fmt: skip
    ended = journey.end is not None and journey.end <= day
    return replace(
        journey,
        end=journey.end if ended else None,
        end_reason=journey.end_reason if ended else "",
        job=_job_as_seen(journey.job, day),
        placement=_placement_as_seen(journey.placement, day),
    )


def _job_as_seen(job: Job | None, day: date) -> Job | None:
    if job is None or job.start > day:
        return None
    if job.evidence_date is not None and job.evidence_date > day:
        job = replace(job, evidence="pending", evidence_type="", evidence_date=None)
    return replace(
        job,
        check_13=job.check_13 if job.check_13 and job.check_13[0] <= day else None,
        check_26=job.check_26 if job.check_26 and job.check_26[0] <= day else None,
    )


def _placement_as_seen(placement: Placement | None, day: date) -> Placement | None:
    if placement is None or placement.start > day:
        return None
    if placement.end and placement.end > day:
        return replace(placement, end=None, is_permanent=None)
    return placement


def referral_day(rng: random.Random, weights: dict[date, int]) -> date:
    """A weekday in one of the months given by their last days, by weight."""
    end = rng.choices(list(weights), weights=list(weights.values()))[0]
    days = [date(end.year, end.month, d) for d in range(1, end.day + 1)]
    return rng.choice([d for d in days if d.weekday() < 5])
