"""Figures of one level, area and window: who, how many, for whom and how intensely."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from tests.independent.cohorts import (
    cohort_of_claims,
    cohort_of_jobs,
    cohort_of_referrals,
    is_quarter,
    survival,
    time_in_work,
)
from tests.independent.levels import Window
from tests.independent.money import reach
from tests.independent.people import Figure, People, Said, number, people, share, within
from tests.independent.records import Row

ENGAGEMENTS = {"attendance", "one_to_one", "call_text"}


GROUPS = {
    "M01": ("sex", "age_band", "referral_source", "triage_outcome"),
    "M04": (
        "sex",
        "age_band",
        "ethnic5",
        "disability",
        "inactivity_reason",
        "imd",
        "cohort",
        "referral_source",
        "barriers",
    ),
    "M08": ("sex", "age_band", "ethnic5", "disability", "cohort", "wage_subsidy"),
    "M09": ("evidence_grade", "evidence_type", "evidence_age"),
}


def of_window(here: People, window: Window) -> Iterator[Said]:
    """Every figure of one level, area and window."""
    referrals, starts = within(here.referrals, window), within(here.starts, window)
    jobs, claimed = within(here.evidenced, window), within(here.claimed, window)
    if is_quarter(window):
        yield from cohort_of_jobs(here, window)
        if not here.level.is_parent:
            yield from cohort_of_referrals(here, window)
            yield from cohort_of_claims(here, window)
    if window.kind == "cohort":
        return
    yield ("M01", "all", "all"), number(len(referrals))
    yield ("M04", "all", "all"), number(len(starts))
    yield ("M08", "all", "all"), number(len(jobs))
    yield ("M09", "all", "all"), number(len(claimed))
    yield from at_start(starts)
    if here.area != "unknown":
        yield from survival(here, starts, window)
        yield from time_in_work(here, jobs)
    yield ("M02", "all", "all"), number(len(people(referrals)))
    yield from engagement(here, window)
    if here.is_total:
        yield from attendance(here, window)
    if window.kind == "quarter":
        return
    yield from of_groups({"M01": referrals, "M04": starts, "M08": jobs, "M09": claimed})
    yield from for_whom(starts)
    for reason, value in reach(starts, here.region.population, here.area):
        yield ("M27", "inactive_population", reason), Figure(value)
    yield ("M05", "all", "all"), number(len(people(starts)))
    yield ("M11", "all", "all"), number(len(people(jobs)))
    yield ("M22", "all", "all"), number(len(people(within(here.learning, window))))
    yield from three_barriers(starts)
    yield from improved(here, window)
    yield from placements(here, window)


def of_groups(rows: dict[str, list[Row]]) -> Iterator[Said]:
    """Referrals, starts and jobs by what is known of the people, the way in and the job."""
    for metric, breakdowns in GROUPS.items():
        for breakdown in breakdowns:
            for part, counted in Counter(row["groups"].get(breakdown) for row in rows[metric]).items():
                yield (metric, breakdown, part), number(counted)


def at_start(starts: list[Row]) -> Iterator[Said]:
    """M17: who was inactive, and of whom it is not known."""
    known = [s for s in starts if s["employment_status_code"] not in (None, "unknown")]
    inactive = [s for s in known if s["employment_status_code"] == "inactive"]
    yield ("M17", "all", "all"), share(len(inactive), len(known))
    yield ("M17", "employment_status", "unknown"), share(len(starts) - len(known), len(starts))


def for_whom(starts: list[Row]) -> Iterator[Said]:
    """M27, M28: who they were that started."""
    ranked = [s for s in starts if s["imd_decile"]]
    yield ("M28", "all", "all"), share(sum(s["imd_decile"] <= 2 for s in ranked), len(ranked))
    for breakdown in ("sex", "age_band", "ethnic5", "disability", "inactivity_reason"):
        for part, counted in Counter(s["groups"][breakdown] for s in starts).items():
            yield ("M27", breakdown, part), share(counted, len(starts))


def three_barriers(starts: list[Row]) -> Iterator[Said]:
    """M18: of the people assessed at start, those with three named barriers."""
    assessed = {s["person"]: False for s in starts if s["groups"]["barriers"] != "unknown"}
    for start in starts:
        if start["groups"]["barriers"] == "three_or_more":
            assessed[start["person"]] = True
    yield ("M18", "all", "all"), share(sum(assessed.values()), len(assessed))


def improved(here: People, window: Window) -> Iterator[Said]:
    """M21: people whose later score beats their first, one question at a time."""
    answers: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    for measure in here.measures:
        answers[measure["item_code"], measure["person"], measure["programme_id"]][measure["stage_code"]] = (
            measure
        )
    pairs: dict[str, dict[str, bool]] = defaultdict(dict)
    for (item, person, _), stages in answers.items():
        later = stages.get("end") or stages.get("mid")
        if "start" in stages and later and here.has(later) and window.start <= later["day"] <= window.end:
            gain = later["score"] - stages["start"]["score"]
            is_better = (-gain if item == "anxious" else gain) > 0
            pairs[item][person] = is_better or pairs[item].get(person, False)
    for item, by_person in pairs.items():
        yield ("M21", "measure_item", item), share(sum(by_person.values()), len(by_person))


def engagement(here: People, window: Window) -> Iterator[Said]:
    """M19: contacts and attendances for each person with an open spell, and their median."""
    active = {
        s["person"]
        for s in here.spells
        if s["day"] <= window.end and (s["end_date"] or window.end) >= window.start
    }
    made: dict[str, int] = dict.fromkeys(active, 0)
    for activity in within(here.activities, window):
        if activity["activity_code"] in ENGAGEMENTS and activity["person"] in made:
            made[activity["person"]] += activity["quantity"]
    if not here.level.is_parent and active:
        yield ("M19", "all", "all"), share(sum(made.values()), len(active))
        middle = Fraction(median(made.values())) if len(active) >= 20 else None
        yield ("M19", "measure", "median"), Figure(middle)


def attendance(here: People, window: Window) -> Iterator[Said]:
    """M20: attendances, which stay with their programme, and the people who attended."""
    attended = [a for a in within(here.activities, window) if a["activity_code"] == "attendance"]
    if attended:
        yield ("M20", "measure", "unique_attendees"), number(len(people(attended)))
        if not here.level.is_parent:
            yield ("M20", "measure", "attendances"), number(int(sum(a["quantity"] for a in attended)))


def placements(here: People, window: Window) -> Iterator[Said]:
    """M24: placements begun, employers, and the share of those ended that became permanent.

    Whose returns never tell of placements has none to count.
    """
    if not any(p["programme_id"] in here.level.parts for p in here.region.placements):
        return
    begun = within(here.placements, window)
    ended = [p for p in here.placements if p["end_date"] and window.start <= p["end_date"] <= window.end]
    yield ("M24", "all", "all"), number(len(begun))
    yield ("M24", "measure", "employers"), number(len({p["employer_key"] for p in begun}))
    yield (
        ("M24", "measure", "permanent_share"),
        share(sum(bool(p["is_permanent"]) for p in ended), len(ended)),
    )
