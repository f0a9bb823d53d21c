"""What became of the people and jobs of a quarter: M07, M10, and M13 to M16, also by time since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from tests.independent.levels import Window
from tests.independent.people import Figure, People, Said, share, within
from tests.independent.records import Row

DAYS = {13: 91, 26: 182, 52: 364}


def is_quarter(window: Window) -> bool:
    """Whether a window is a quarter, of everything or of cohorts alone."""
    return window.kind in ("quarter", "cohort")


def cohort_of_referrals(here: People, window: Window) -> Iterator[Said]:
    """M07: of people first referred in a quarter, those who started within 56 days."""
    if window.end + timedelta(days=56) > here.level.observed_to:
        return
    referred: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for referral in here.region.referrals:
        if referral["programme_id"] in here.level.parts and referral["triage_outcome_code"] != "duplicate":
            referred[referral["person"], referral["programme_id"]].append(referral)
    cohort = {}
    for key, theirs in referred.items():
        first = min(r["day"] for r in theirs)
        area = min(r["area"] for r in theirs)  # of one area each, so that areas add up
        if window.start <= first <= window.end and (here.is_total or area == here.area):
            cohort[key] = first
    started = {
        key
        for key, day in cohort.items()
        if any(0 <= (spell - day).days <= 56 for spell in here.region.spells_of[key])
    }
    if cohort:
        yield ("M07", "all", "all"), share(len(started), len(cohort))


def cohort_of_jobs(here: People, window: Window) -> Iterator[Said]:
    """M15, M16: of the jobs that began in a quarter and are due for the check, those that were sustained."""
    last = here.level.observed_to
    for metric, weeks in (("M15", 13), ("M16", 26)):
        due = [j for j in within(here.evidenced, window) if j["day"] + timedelta(days=DAYS[weeks]) <= last]
        said = [here.region.check(job, weeks) for job in due]
        if due:
            is_any = said.count("unknown") < len(due)
            yield (metric, "all", "all"), share(said.count("sustained"), len(due)) if is_any else Figure()
            yield (metric, "sustainment_status", "unknown"), share(said.count("unknown"), len(due))


def cohort_of_claims(here: People, window: Window) -> Iterator[Said]:
    """M10: of the jobs claimed in a quarter, those evidenced within 90 days."""
    claims = within(here.claimed, window)
    proved = [j for j in claims if j["is_evidenced"] and (j["evidence_date"] - j["day"]).days <= 90]
    if claims and window.end + timedelta(days=90) <= here.level.observed_to:
        yield ("M10", "all", "all"), share(len(proved), len(claims))


def survival(here: People, starts: list[Row], window: Window) -> Iterator[Said]:
    """M13, M14: time from a start to its first evidenced job on the programme, by Kaplan and Meier."""
    spans: list[tuple[int, bool]] = []
    for start in starts:
        key = (start["person"], start["programme_id"])
        last = here.level.observed_to
        later = [day for day in here.region.spells_of[key] if day > start["day"] and start["counts_again"]]
        following = min(later, default=date.max)  # where every spell counts, a start is followed to the next
        jobs = [j["day"] for j in here.region.evidenced_of.get(key, [])]
        found = [day for day in jobs if start["day"] <= day <= last and day < following]
        last = min(last, following)
        spans.append(((min(found, default=last) - start["day"]).days, bool(found)))
    still = kaplan_meier(spans)
    for weeks, days in DAYS.items():
        shown = still[days][1] >= 30
        yield ("M13", "weeks", str(weeks)), Figure(1 - still[days][0] if shown else None)
    yield ("M14", "all", "all"), middle(spans, still)


def time_in_work(here: People, jobs: list[Row]) -> Iterator[Said]:
    """M15, M16 by weeks: who is still in the job at each check point, as long as each check is known."""
    spans: list[tuple[int, bool]] = []
    for job in jobs:
        held, is_left = 0, False
        for weeks, days in DAYS.items():
            said = here.region.check(job, weeks)
            if weeks == 13 and said == "unknown" and here.region.check(job, 4) == "not_sustained":
                said = "not_sustained"  # who has left by then does not come back
            if said == "unknown" or job["day"] + timedelta(days=days) > here.level.observed_to:
                break
            held, is_left = days, said == "not_sustained"
            if is_left:
                break
        spans.append((held, is_left))
    still = kaplan_meier(spans)
    for metric, weeks in (("M15", 13), ("M16", 26), ("M16", 52)):
        left, at_risk = still[DAYS[weeks]]
        yield (metric, "weeks", str(weeks)), Figure(left if at_risk >= 30 else None)
    yield ("M16", "measure", "median_days"), middle(spans, still)


def kaplan_meier(spans: list[tuple[int, bool]]) -> dict[int, tuple[Fraction, int]]:
    """What share has not ended by each day, and how many could have; of days, and whether they end."""
    leaving, ended_on = Counter(span for span, _ in spans), Counter(span for span, was in spans if was)
    left, at_risk, still = Fraction(1), len(spans), {}
    for day in range(max([DAYS[52], *leaving]) + 1):
        left *= 1 - Fraction(ended_on[day], at_risk) if at_risk else 1
        still[day] = (left, at_risk)
        at_risk -= leaving[day]
    return still


def middle(spans: list[tuple[int, bool]], still: dict[int, tuple[Fraction, int]]) -> Figure:
    """The first day that half have come to, where enough did so before it and enough go on after it."""
    half = next((day for day, (left, _) in still.items() if left <= Fraction(1, 2)), None)
    if half is None:
        return Figure()
    before = sum(is_ended and span <= half for span, is_ended in spans)
    after = sum(span > half for span, _ in spans)
    is_enough = sum(is_ended for _, is_ended in spans) >= 30 and min(before, after) >= 10
    return Figure(Fraction(half)) if is_enough else Figure()
