"""Accepted records as facts about people: newest statement, spells, jobs with their evidence, windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.independent.groups import group
from tests.independent.levels import Level, Window, first_to_stop
from tests.independent.sources import COUNT, JOBS, Sources

Row = dict[str, Any]
LEARNING = {"ACCRED_TRAINING", "QUALIFICATION"}
GRADES = {"verified": 3, "evidenced": 2, "rejected": 0, "withdrawn": 0}
CLAIM = 1
COUNTED_AS = {True: "evidenced_jobs", False: "qualifications"}
"""What a partner would count instead of naming whose it is: of jobs, and of other outcomes."""


def grade(claim: Row) -> int:
    """How far the evidence of an outcome goes; 0: it is void."""
    return GRADES.get(claim["evidence_status_code"], CLAIM)


class Region:
    """What a home has accepted, person by person."""

    def __init__(self, tables: dict[str, list[Row]], reference: dict[str, list[Row]]) -> None:
        self.tables, self.reference = tables, reference
        areas, programmes, self.population = (
            reference[t] for t in ("areas", "programmes", "inactive_population")
        )
        self.programmes = {p["programme_id"]: p for p in programmes}
        self.current = {a["area_code"]: a["successor_code"] or a["area_code"] for a in areas}
        self.person = {link["record_key"]: link["person_key"] for link in tables["person_links"]}
        self.stated: dict[str, date] = {}
        for row in tables["ledger"]:
            if row["used"] == "current" and row["submission_id"]:
                known = self.stated.get(row["submission_id"], date.min)
                self.stated[row["submission_id"]] = max(known, row["period_end"])
        self.reached = self._reached()
        self.sources = Sources(tables)
        self.observed_to = {programme: first_to_stop(ends) for programme, ends in self.reached.items()}
        self._describe()

    def _reached(self) -> dict[str, list[tuple[bool, date]]]:
        """Of each return that feeds a programme, whether it owes more, and the last day that it reported."""
        last: dict[str, date] = {}
        owed: dict[str, date] = {}
        for row in self.tables["ledger"]:
            owed[row["return_id"]] = max(owed.get(row["return_id"], date.min), row["period_end"])
            if row["used"] == "current":
                last[row["return_id"]] = max(last.get(row["return_id"], date.min), row["period_end"])
        reached: dict[str, list[tuple[bool, date]]] = defaultdict(list)
        for feeds in self.tables["returns"]:
            if feeds["is_evidence_of_activity"] and (day := last.get(feeds["return_id"])):
                reached[feeds["programme_id"]].append((day < owed[feeds["return_id"]], day))
        return reached

    def newest(self, entity: str, key: Callable[[Row], tuple[Any, ...]], day: str = "") -> list[Row]:
        """The last statement of each thing: the later file, then the later day, then the first row."""

        def age(row: Row) -> tuple[Any, ...]:
            return self.stated[row["submission_id"]], row.get(day) or date.min, -row["source_row"]

        rows = sorted(self.tables[entity], key=age)
        return list({key(self._of_person(row)): self._of_person(row) for row in rows}.values())

    def restated(self, entity: str, key: Callable[[Row], tuple[Any, ...]]) -> list[Row]:
        """Every row of the last file that states a thing."""
        last: dict[tuple[Any, ...], date] = {}
        for row in self.tables[entity]:
            last[key(row)] = max(last.get(key(row), date.min), self.stated[row["submission_id"]])
        return [
            self._of_person(r) for r in self.tables[entity] if last[key(r)] == self.stated[r["submission_id"]]
        ]

    def _of_person(self, row: Row) -> Row:
        return row | {"person": self.person.get(row["record_key"], row["record_key"])}

    def _describe(self) -> None:
        self.described = {
            (p["record_key"], p["programme_id"]): p
            for p in self.newest("participants", lambda r: (r["record_key"], r["programme_id"]))
        }
        referrals = self._facts("referrals", "referral_date", "record_key", "referral_date")
        self.referrals = [r for r in referrals if self._stands(r, "referrals", {r["return_id"]})]
        self.spells = self._spells()
        self.measures = self._facts("measures", "measured_date", "person", "item_code", "stage_code")
        self.activities = self._facts("activities", "activity_date", "submission_id", "source_row")
        self.placements = self._facts("placements", "start_date", "person", "start_date")
        checks = self._facts("sustainments", "check_date", "person", "job_start_date", "check_weeks")
        self.checks = {
            (c["person"], c["programme_id"], c["job_start_date"], c["check_weeks"]): c for c in checks
        }
        outcomes = self._facts("outcomes", "outcome_date", "record_key", "source_row", "submission_id")
        self.outcomes = self._newest_outcomes(outcomes)
        standing = [o for o in self.outcomes if grade(o)]
        self.jobs = [o for o in standing if o["outcome_code"] in JOBS]
        self.learning = [o for o in standing if o["outcome_code"] in LEARNING]
        self._count_spells()
        self.barriers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.newest(
            "barriers", lambda r: (r["programme_id"], r["person"], r["barrier_code"], r["stage_code"])
        ):
            if row["stage_code"] == "start":
                self.barriers[row["person"], row["programme_id"]].add(row["barrier_code"])
        group(self)
        self.evidenced_of: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for job in self.jobs:
            if job["is_evidenced"]:
                self.evidenced_of[job["person"], job["programme_id"]].append(job)

    def _facts(self, entity: str, day: str, *key: str) -> list[Row]:
        """What stands of an entity, with what is known of the participant; by day."""

        def named(row: Row) -> tuple[Any, ...]:
            return (row["programme_id"], *(row[k] for k in key))

        found = []
        for row in self.restated(entity, named) if "record_key" in key else self.newest(entity, named, day):
            known = self.described.get((row["record_key"], row["programme_id"]), {})
            code = known.get("area_code") or "unknown"
            found.append(known | row | {"area": self.current[code], "day": row[day]})
        return sorted(found, key=lambda r: r["day"])

    def _stands(self, row: Row, code: str, returns: set[str]) -> bool:
        """Whether one of the returns that state a thing is the one that counts for its month."""
        source = self.sources.stands(row["programme_id"], code, row["day"])
        return source is not None and source.turn != COUNT and source.return_id in returns

    def _spells(self) -> list[Row]:
        """Spells that the source of their month records, and whether they stand beside a count of it."""
        stating: dict[tuple[str, str, date], set[str]] = defaultdict(set)
        for row in map(self._of_person, self.tables["starts"]):
            stating[row["person"], row["programme_id"], row["start_date"]].add(row["return_id"])
        found = []
        for spell in self._facts("starts", "start_date", "person", "start_date"):
            returns = stating[spell["person"], spell["programme_id"], spell["day"]]
            source = self.sources.recorded(spell["programme_id"], "starts", spell["day"])
            if source and source.return_id in returns:
                found.append(spell | {"stands": self._stands(spell, "starts", returns)})
        return found

    def _count_spells(self) -> None:
        """Which spells count: the first of a person on a programme, or every one where it counts spells."""
        self.spells_of: dict[tuple[str, str], list[date]] = defaultdict(list)
        for spell in self.spells:
            theirs = self.spells_of[spell["person"], spell["programme_id"]]
            spell["counts_again"] = self.programmes[spell["programme_id"]]["entry_rule"] == "spell"
            spell["is_counted"] = spell["stands"] and (not theirs or spell["counts_again"])
            theirs.append(spell["day"])

    def _newest_outcomes(self, claims: list[Row]) -> list[Row]:
        """One job a person, programme and day, any other outcome once a code: newest, then best evidenced."""

        def order(claim: Row) -> tuple[Any, ...]:
            return self.stated[claim["submission_id"]], grade(claim), -claim["source_row"]

        def thing(claim: Row) -> tuple[Any, ...]:
            what = "job" if claim["outcome_code"] in JOBS else claim["outcome_code"]
            return claim["person"], claim["programme_id"], claim["day"], what

        found = {thing(claim): claim for claim in sorted(claims, key=order)}
        standing = {
            thing(claim)
            for claim in claims
            if self._stands(claim, COUNTED_AS[claim["outcome_code"] in JOBS], {claim["return_id"]})
        }
        return [c | {"is_evidenced": grade(c) > CLAIM} for key, c in found.items() if key in standing]

    def has_all(self, level: Level, window: Window) -> bool:
        """Whether no return that was due for a part of the window is missing."""
        feeding = {r["return_id"] for r in self.tables["returns"] if r["programme_id"] in level.parts}
        return not any(
            row["used"] == "none"
            and row["receipt"] != "not_due"
            and window.start <= row["period_end"] <= window.end
            for row in self.tables["ledger"]
            if row["return_id"] in feeding
        )

    def joined(self, job: Row) -> date:
        """When the person of a job first joined its programme."""
        theirs = self.spells_of.get((job["person"], job["programme_id"]))
        return theirs[0] if theirs else job["day"]

    def check(self, job: Row, weeks: int) -> str:
        """What the last check of a job said; sustained needs evidence."""
        said = self.checks.get((job["person"], job["programme_id"], job["day"], weeks), {})
        status = said.get("sustainment_status_code")
        if status == "sustained" and said["evidence_status_code"] in ("evidenced", "verified"):
            return "sustained"
        return "not_sustained" if status == "not_sustained" else "unknown"

    def levels(self) -> list[Level]:
        """Programmes that records feed, and their parents."""
        families: dict[str, list[str]] = defaultdict(list)
        for programme in self.observed_to:
            families[programme].append(programme)
            if parent := self.programmes[programme]["parent_programme_id"]:
                families[parent].append(programme)
        return [self._level(programme, tuple(parts)) for programme, parts in families.items()]

    def _level(self, programme: str, parts: tuple[str, ...]) -> Level:
        known = self.programmes[programme]
        returns = {
            r["return_id"]
            for r in self.tables["returns"]
            if r["programme_id"] in parts and r["is_evidence_of_activity"]
        }
        first = min(r["period_start"] for r in self.tables["ledger"] if r["return_id"] in returns)
        is_lifetime = known["reporting_window"] == "lifetime"
        local = sorted({s["area"] for s in self.spells + self.referrals if s["programme_id"] in parts})
        return Level(
            programme,
            known["area_code"],
            parts,
            parts != (programme,),
            known["reporting_window"],
            known["start_date"] if is_lifetime else first,
            first_to_stop([end for p in parts for end in self.reached[p]]),
            tuple(local) if known["area_code"] == "all" else (),
        )
