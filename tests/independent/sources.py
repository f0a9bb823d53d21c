"""Who speaks of a month: one source for each programme and count, records of who reports before counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]
JOBS = {"EMP_START", "SELF_EMP", "APPRENTICESHIP"}
RECORDED = {
    "referrals": ("referrals", "referral_date", "", set[str]()),
    "starts": ("starts", "start_date", "", set[str]()),
    "evidenced_jobs": ("outcomes", "outcome_date", "outcome_code", JOBS),
    "people_referred": ("referrals", "referral_date", "", set[str]()),
    "qualifications": ("outcomes", "outcome_date", "outcome_code", {"ACCRED_TRAINING", "QUALIFICATION"}),
    "attendances": ("activities", "activity_date", "activity_code", {"attendance", "session"}),
    "volunteer_hours": ("activities", "activity_date", "activity_code", {"volunteer_hours"}),
}
"""What could be counted, the records that say the same, their day, and which of them if not all."""
OWN, COUNT, OTHER, NEVER = 1, 2, 3, 4
"""By records of its own time, by counts, by records of another time; by records that never tell just that."""


def month(day: date) -> date:
    """First day of the month."""
    return day.replace(day=1)


def months(first: date, last: date) -> list[date]:
    """First days of the months from one day to another."""
    numbers = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    return [date(n // 12, n % 12 + 1, 1) for n in numbers]


def april(day: date) -> date:
    """First day of the financial year."""
    return date(day.year - (day.month < 4), 4, 1)


@dataclass(frozen=True, order=True)
class Source:
    """A return that speaks of a month, and how: the lowest turn goes first."""

    turn: int
    return_id: str


class Sources:
    """The sources of every programme, count and month."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.found: dict[str, dict[tuple[str, date], set[Source]]] = defaultdict(lambda: defaultdict(set))
        self.told: dict[str, set[str]] = {}
        owed = [row for row in tables["ledger"] if row["used"] == "current"]
        evidence = {r["return_id"] for r in tables["returns"] if r["is_evidence_of_activity"]}
        for code, (entity, day, kind, kinds) in RECORDED.items():
            counting = {row["programme_id"] for row in tables["counts"] if row["count_code"] == code}
            telling = {
                (r["return_id"], r["programme_id"]) for r in tables[entity] if not kind or r[kind] in kinds
            }
            counting |= {programme for _, programme in telling}
            self.told[code] = counting
            for row in tables[entity]:
                who = row["return_id"], row["programme_id"]
                turn = OTHER if who in telling or who[1] not in counting else NEVER
                self.found[who[1]][code, month(row[day])].add(Source(turn, who[0]))
            for return_id, programme in {(row["return_id"], row["programme_id"]) for row in tables[entity]}:
                turn = OWN if (return_id, programme) in telling or programme not in counting else NEVER
                for period in (row for row in owed if row["return_id"] == return_id):
                    for each in months(period["period_start"], period["period_end"]):
                        self.found[programme][code, each].add(Source(turn, return_id))
        for row in tables["counts"]:
            is_cumulative = row["period_type_code"] == "cumulative"
            first = april(row["period_end"]) if is_cumulative else row["period_start"]
            for each in months(first, row["period_end"]):
                self.found[row["programme_id"]][row["count_code"], each].add(Source(COUNT, row["return_id"]))
        programmes = defaultdict(set)
        for feeds in tables["returns"]:
            programmes[feeds["return_id"]].add(feeds["programme_id"])
        self.reported = {
            (programme, each)
            for row in owed
            if row["return_id"] in evidence and row["receipt"] != "nil"
            for each in months(row["period_start"], row["period_end"])
            for programme in programmes[row["return_id"]]
        }

    def stands(self, programme: str, code: str, day: date) -> Source | None:
        """The one source whose word counts."""
        return min(self.found[programme].get((code, month(day)), ()), default=None)

    def recorded(self, programme: str, code: str, day: date) -> Source | None:
        """The one source that stands of those that record."""
        own = (s for s in self.found[programme].get((code, month(day)), ()) if s.turn != COUNT)
        return min(own, default=None)

    def turns(self, programme: str, code: str, first: date = date.min, last: date = date.max) -> set[int]:
        """How the sources speak that stand for the months of a time."""
        mine = self.found[programme].items()
        return {min(sources).turn for (what, each), sources in mine if what == code and first <= each <= last}

    def is_silent(self, programme: str, said_by: dict[str, set[int]], first: date, last: date) -> bool:
        """Whether a return of the time came without a word, which another time has: codes and turns of it."""
        spoken = {
            each
            for (code, each), sources in self.found[programme].items()
            if any(s.turn in said_by.get(code, ()) for s in sources)
        }
        reported = {each for whose, each in self.reported if whose == programme and first <= each <= last}
        return bool(spoken) and bool(reported - spoken)
