"""What happens to a participant, as a return says it: late, twice, without evidence, in the wrong order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.independent.world import Return, Row, World

STATUSES = ("claimed", "pending", "evidenced", "verified", "evidenced", "verified", "rejected", "withdrawn")


EVIDENCE = ("payslip", "contract", "self_declaration", "hmrc_rti", "unknown", None)


BARRIERS = ("physical_health", "confidence", "caring", "debt", "age", "unknown")


@dataclass
class Journey:
    """What happens to one participant on one programme."""

    world: World
    returned: Return
    programme: str
    record: str
    person: str
    about: Row = field(default_factory=dict)
    described_in: set[str] = field(default_factory=set)

    def go(self) -> None:
        """Say it all, each thing in the file of its month, some of it again in a later file."""
        world, chance = self.world, self.world.chance
        first = world.day(self.returned.first, 0, (self.returned.last_day - self.returned.first).days)
        self.about = {
            "sex_code": chance.choice(("female", "male", "unknown", None)),
            "age_band_code": chance.choice(("16_24", "25_34", "50_64", "unknown")),
            "is_aged_16_to_30": None,
            "ethnic_group_code": chance.choice(("white_british", "asian_indian", "not_asked", None)),
            "disability_code": chance.choice(("disabled", "not_disabled", "prefer_not_to_say", None)),
            "area_code": chance.choice(self.returned.areas),
            "imd_decile": chance.choice((1, 2, 3, 9, None)),
            "imd_year": 2025,
            "cohort_code": chance.choice(("carers", "general", None)),
        }
        for _ in range(chance.choice((0, 1, 1, 1, 2))):
            day = self.near(first, -10, 40)
            self.say(
                "referrals",
                day,
                again=0.2,
                referral_date=day,
                source_code=chance.choice(("gp", "self", None)),
                triage_outcome_code=chance.choice(("accepted", "duplicate", "declined", None)),
            )
        spells = chance.choice((0, 1, 1, 1, 1, 2, 3))
        within = chance.choice((100, 100, 400))  # some come back in another financial year
        starts = sorted({self.near(first, 0, within) for _ in range(spells)})
        for start in starts:
            self.start(start)
        if starts:
            self.work(starts[0])
            self.support(starts[0])

    def near(self, day: date, lowest: int, highest: int) -> date:
        """A day near another that the return can know of."""
        found = self.world.day(day, lowest, highest)
        return min(max(found, self.returned.first), self.returned.last_day)

    def say(self, entity: str, day: date, again: float = 0.0, **said: Any) -> bool:
        """Add a row in the file of the day, and now and then in a later file; whether that file came."""
        returned = self.returned
        month = (day.year - returned.first.year) * 12 + day.month - returned.first.month
        if returned.by_month and month in returned.missing:
            return False
        self.add(entity, returned.submission(month), said)
        if returned.by_month and self.world.maybe(again) and month + 1 < returned.months:
            later = self.world.chance.randrange(month + 1, returned.months)
            if later not in returned.missing:
                self.add(entity, returned.submission(later), said)
        return True

    def add(self, entity: str, submission: str, said: Row) -> None:
        """Add a row to a file, which then also says whom it is about."""
        if submission not in self.described_in:
            if self.described_in and self.world.maybe(0.1):  # moved, or told by another code
                self.about["area_code"] = self.world.chance.choice(self.returned.areas)
            self.described_in.add(submission)
            self.add("participants", submission, self.about)
        rows = self.world.tables[entity]
        rows.append(
            {
                "return_id": self.returned.return_id,
                "submission_id": submission,
                "source_sheet": "sheet",
                "source_row": len(rows),
                "programme_id": self.programme,
                "record_key": self.record,
                **said,
            }
        )

    def start(self, day: date) -> None:
        """A spell, often open, often overlapping the next."""
        chance = self.world.chance
        status = chance.choice(("inactive", "inactive", "unemployed", "employed", "unknown", None))
        end = self.near(day, 0, 200) if self.world.maybe(0.4) else None
        self.say(
            "starts",
            day,
            again=0.2,
            start_date=day,
            end_date=end,
            end_reason_code=None,
            employment_status_code=status,
            inactivity_reason_code=chance.choice(("student", "retired")) if status == "inactive" else None,
            is_barriers_assessed=chance.choice((True, False, None)),
        )

    def work(self, start: date) -> None:
        """Jobs in every state of evidence; some early, some of them again with more evidence or less."""
        chance = self.world.chance
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            known = self.world.jobs[self.person]
            if known and self.world.maybe(0.5):  # that another programme claims too, or this one again
                job = self.near(chance.choice(known), -16, 16)
            else:
                job = self.near(start, 0, 150)
            known.append(job)
            claim: Row = {
                "outcome_code": chance.choice(("EMP_START", "EMP_START", "SELF_EMP", "APPRENTICESHIP")),
                "outcome_date": job,
                "evidence_status_code": chance.choice(STATUSES),
                "evidence_type_code": chance.choice(EVIDENCE),
                "evidence_date": self.near(job, 0, 130) if self.world.maybe(0.9) else None,
                "hours_per_week": 16,
                "definition_code": "eit_paid_job",
                "is_wage_subsidy": chance.choice((True, False, None)),
            }
            if claim["evidence_type_code"] in (None, "self_declaration") or not claim["evidence_date"]:
                claim["evidence_status_code"] = {"evidenced": "claimed", "verified": "claimed"}.get(
                    claim["evidence_status_code"], claim["evidence_status_code"]
                )  # the door has made a claim of it
            self.say("outcomes", job, **claim)
            if self.returned.by_month and self.world.maybe(0.5):  # evidence that came late, or was withdrawn
                proof = {"evidence_status_code": chance.choice(STATUSES), "evidence_type_code": "payslip"}
                late = self.near(job, 31, 200)
                self.say("outcomes", late, **(claim | proof | {"evidence_date": self.near(late, -20, 0)}))
            for weeks in (4, 13, 26, 52):
                self.check(job, weeks)

    def check(self, job: date, weeks: int) -> None:
        """A check of a job: late, missing, without evidence, or said again otherwise."""
        for _ in range(self.world.chance.choice((0, 1, 1, 2))):
            day = self.near(job, weeks * 7, weeks * 7 + 40)
            status = self.world.chance.choice(
                ("sustained", "sustained", "not_sustained", "unknown", "not_due")
            )
            self.say(
                "sustainments",
                day,
                job_start_date=job,
                check_weeks=weeks,
                check_date=day,
                sustainment_status_code=status,
                evidence_status_code=self.world.chance.choice(("evidenced", "verified", "claimed", None)),
            )

    def support(self, start: date) -> None:
        """Barriers, contacts, questions asked twice, training and placements."""
        chance = self.world.chance
        for barrier in chance.sample(BARRIERS, chance.randint(0, 5)):
            stage = chance.choice(("start", "start", "start", "mid", "end"))
            self.say("barriers", start, again=0.2, barrier_code=barrier, stage_code=stage)
        for _ in range(chance.choice((0, 0, 1, 3, 5))):
            kind = chance.choice(("attendance", "one_to_one", "call_text", "employer_contact"))
            day = self.near(start, 0, 120)
            times = chance.choice((1, 1, 2))
            self.say("activities", day, activity_code=kind, activity_date=day, quantity=times)
        self.questions(start)
        if self.world.maybe(0.3) and not self.programme.endswith("P10"):  # which tells of none
            self.training(self.near(start, 0, 90))
        if self.world.maybe(0.3):
            self.placement(self.near(start, 0, 90))

    def questions(self, start: date) -> None:
        """Questions of a wellbeing scale, asked at the start, midway and at the end, or not."""
        for stage, lowest in (("start", 0), ("mid", 20), ("end", 40)):
            for item in ("anxious", "happy"):
                if self.world.maybe(0.6):
                    day = self.near(start, lowest, lowest + 60)
                    asked: Row = {"instrument_code": "ons4", "item_code": item, "stage_code": stage}
                    score = self.world.chance.randint(0, 10)
                    self.say("measures", day, **asked, measured_date=day, score=score)

    def training(self, day: date) -> None:
        """A course or qualification, proved or not."""
        self.say(
            "outcomes",
            day,
            outcome_code=self.world.chance.choice(("ACCRED_TRAINING", "QUALIFICATION")),
            outcome_date=day,
            evidence_status_code=self.world.chance.choice(STATUSES),
            evidence_type_code="certificate",
            evidence_date=day,
        )

    def placement(self, day: date) -> None:
        """A placement with one of a few employers, ended or not."""
        self.say(
            "placements",
            day,
            employer_key=f"employer {self.world.chance.randrange(9)}",
            start_date=day,
            end_date=self.near(day, 0, 60) if self.world.maybe(0.7) else None,
            is_permanent=self.world.chance.choice((True, False, None)),
        )
