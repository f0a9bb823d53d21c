"""The pandas of an analyst's notebook, cell by cell, for the same metrics of the same register.

`python -m bench.notebook HOME RESULT.parquet`. Vectorised as a good notebook is: merges, groupby, no loop
over rows. The rules of who counts are those of `by_hand.sql`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from bench.notebook_figures import DISTRICTS, LAST_DAY, PERIODS, REGION, Figures, places, windows
from bench.notebook_frames import (
    KEY,
    PERSON,
    newest,
    pick_jobs,
    read,
    read_outcomes,
    read_referrals,
    read_spells,
    records,
)

REACH = ["sex", "age_band", "ethnic5", "disability", "inactivity_reason"]


def add_events(figures: Figures, metric: str, events: pd.DataFrame, cuts: list[str]) -> None:
    """Counts by window, and in the year by each of the cuts."""
    for programme, kind, period, own in windows(events, "day"):
        counted = own[~own["shared"]] if programme == REGION and "shared" in own else own
        figures.add(metric, programme, period, len(counted))
        for cut in cuts if kind == "year" else []:
            sizes = counted[cut].value_counts().reindex(own[cut].unique(), fill_value=0)
            for value, size in sizes.items():
                figures.add(metric, programme, period, size, breakdown=(cut, str(value)))


def add_people(figures: Figures, metric: str, events: pd.DataFrame, years_only: bool = True) -> None:
    """Distinct people by window."""
    for programme, _, period, own in windows(events, "day", years_only):
        figures.add(metric, programme, period, own["person"].nunique())


def add_rates(figures: Figures) -> None:
    """Two metrics of the year to date, one over the other."""
    whole = figures.frame()
    whole = whole[(whole["breakdown_type"] == "all") & (whole["period_end"] == LAST_DAY)]
    by_key = whole.set_index(["metric_id", "programme_id"])["numerator"]
    for rate, above, below in (
        ("M03", "M01", "M02"),
        ("M06", "M04", "M01"),
        ("M12", "M08", "M04"),
        ("M32", "M08", "M01"),
    ):
        for programme in [*DISTRICTS, REGION]:
            parts = by_key[(above, programme)], by_key[(below, programme)]
            figures.add(rate, programme, PERIODS[-1][1:], *parts)


def add_shares_of_starts(figures: Figures, starts: pd.DataFrame) -> None:
    """Inactivity by window; equality and deprivation in the year."""
    for programme, kind, period, own in windows(starts, "day"):
        status = own["employment_status"]
        known = int((status != "unknown").sum())
        if len(own):
            figures.add("M17", programme, period, int((status == "inactive").sum()), known)
            unknown = ("employment_status", "unknown")
            figures.add("M17", programme, period, len(own) - known, len(own), unknown)
        if kind == "year":
            for cut in REACH:
                for value, size in own[cut].value_counts().items():
                    figures.add("M27", programme, period, size, len(own), (cut, str(value)))
            ranked = int((own["imd"] != "unknown").sum())
            figures.add("M28", programme, period, int(own["imd"].isin(["1", "2"]).sum()), ranked)


def add_cohorts(
    figures: Figures,
    metric: str,
    frame: pd.DataFrame,
    hit: str,
    days: int | None,
    breakdown: tuple[str, str] = ("all", "all"),
) -> None:
    """Share of the rows with `hit` among those of a quarter of `day`, by district.

    With `days`, only of quarters whose last day has been observed for so long.
    """
    quarter = frame["day"].dt.to_period("Q")
    for keys, own in frame.groupby(["programme_id", quarter])[hit]:
        programme, cohort = str(keys[0]), pd.Period(str(keys[1]), "Q")
        first, last = cohort.start_time, cohort.end_time.normalize()
        if days is None or last + pd.Timedelta(days=days) <= LAST_DAY:
            label = f"{cohort.year}-Q{cohort.quarter}"
            figures.add(metric, programme, (first, last), int(own.sum()), len(own), breakdown, label)


def started_within_56_days(referrals: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """First referral of each person and programme, and whether a spell began within 56 days."""
    first = referrals.groupby(PERSON, as_index=False)["day"].min()
    both = first.merge(spells[[*PERSON, "day"]].rename(columns={"day": "began"}), on=PERSON)
    soon = both[(both["began"] >= both["day"]) & (both["began"] <= both["day"] + pd.Timedelta(days=56))]
    return first.merge(soon[PERSON].drop_duplicates().assign(hit=True), on=PERSON, how="left").assign(
        hit=lambda f: f["hit"].notna()
    )


def add_sustainment(figures: Figures, home: Path, people: pd.DataFrame, jobs: pd.DataFrame) -> None:
    """Evidenced jobs due for a check: sustained, and not known."""
    columns = ["job_start_date", "check_weeks", "sustainment_status_code", "evidence_status_code"]
    checks = read(home, "sustainments", columns).merge(people[[*KEY, "person"]], on=KEY)
    checks = newest(checks, [*PERSON, "job_start_date", "check_weeks"])
    unsure = (checks["sustainment_status_code"] == "sustained") & ~checks["evidence_status_code"].isin(
        ["evidenced", "verified"]
    )
    checks["status"] = checks["sustainment_status_code"].where(~unsure, "unknown")
    checks = checks.rename(columns={"job_start_date": "day"})[[*PERSON, "day", "check_weeks", "status"]]
    for metric, weeks in (("M15", 13), ("M16", 26)):
        due = jobs[jobs["evidenced"] & (jobs["day"] + pd.Timedelta(weeks=weeks) <= LAST_DAY)]
        due = due[[*PERSON, "day"]].merge(
            checks[checks["check_weeks"] == weeks], on=[*PERSON, "day"], how="left"
        )
        due["sustained"] = due["status"] == "sustained"
        due["unsure"] = ~due["status"].isin(["sustained", "not_sustained"])
        add_cohorts(figures, metric, due, "sustained", None)
        add_cohorts(figures, metric, due, "unsure", None, ("sustainment_status", "unknown"))


def add_barriers(figures: Figures, home: Path, people: pd.DataFrame, spells: pd.DataFrame) -> None:
    """People with three barriers or more among those assessed."""
    frame = read(home, "barriers", ["barrier_code", "stage_code"])
    frame = frame[(frame["stage_code"].fillna("start") == "start") & (frame["barrier_code"] != "unknown")]
    frame = frame.merge(people[[*KEY, "person"]], on=KEY)
    several = frame.groupby(PERSON)["barrier_code"].nunique().rename("barriers").reset_index()
    assessed = spells[spells["first"] & spells["is_barriers_assessed"].fillna(False).astype(bool)]
    assessed = assessed[[*PERSON, "day"]].merge(several, on=PERSON, how="left")
    for programme, _, period, own in windows(assessed, "day", years_only=True):
        with_three = own.loc[own["barriers"] >= 3, "person"].nunique()
        figures.add("M18", programme, period, with_three, own["person"].nunique())


def add_attendance(figures: Figures, home: Path, people: pd.DataFrame) -> None:
    """Attendances stay with the district; people who attended are added up for the region."""
    frame = read(home, "activities", ["activity_code", "activity_date", "quantity"])
    frame = frame[frame["activity_code"] == "attendance"].merge(people[[*KEY, "person"]], on=KEY, how="left")
    for programme, _, period, own in windows(frame, "activity_date"):
        if not len(own):
            continue
        attended = own.groupby("programme_id")["person"].nunique().sum()
        figures.add("M20", programme, period, attended, breakdown=("measure", "unique_attendees"))
        if programme != REGION:
            total = float(own["quantity"].astype(float).sum())
            figures.add("M20", programme, period, total, breakdown=("measure", "attendances"))


def add_wellbeing(figures: Figures, home: Path, people: pd.DataFrame) -> None:
    """The last score against the first, item by item; of being anxious, less is better."""
    frame = read(home, "measures", ["item_code", "stage_code", "measured_date", "score"])
    frame = frame.merge(people[[*KEY, "person"]], on=KEY)
    frame = newest(frame, [*PERSON, "item_code", "stage_code"], "measured_date")
    score = frame["score"].astype(float)
    frame["score"] = score.where(frame["item_code"] != "anxious", -score)
    wide = frame.pivot(index=[*PERSON, "item_code"], columns="stage_code", values=["score", "measured_date"])
    pairs = pd.DataFrame(
        {
            "first": wide[("score", "start")].astype(float),
            "last": wide[("score", "end")].fillna(wide[("score", "mid")]).astype(float),
            "day": pd.to_datetime(wide[("measured_date", "end")].fillna(wide[("measured_date", "mid")])),
        }
    )
    pairs = pairs.dropna(subset=["first", "last"]).reset_index()
    for programme, _, period, own in windows(pairs, "day", years_only=True):
        for item, answers in own.groupby("item_code"):
            improved = answers.loc[answers["last"] > answers["first"], "person"].nunique()
            breakdown = ("measure_item", str(item))
            figures.add("M21", programme, period, improved, answers["person"].nunique(), breakdown)


def add_placements(figures: Figures, home: Path, people: pd.DataFrame) -> None:
    """Placements, employers, and the share of those ended that became permanent."""
    frame = read(home, "placements", ["start_date", "end_date", "employer_key", "is_permanent"])
    frame = newest(frame.merge(people[[*KEY, "person"]], on=KEY), [*PERSON, "start_date"])
    frame["permanent"] = frame["is_permanent"].fillna(False).astype(bool)
    (_, first, last) = PERIODS[-1]
    for programme, own in places(frame[frame["start_date"] <= last]):
        if not len(own):
            continue
        begun, ended = own[own["start_date"] >= first], own[own["end_date"].between(first, last)]
        figures.add("M24", programme, (first, last), len(begun))
        employers = begun["employer_key"].nunique()
        figures.add("M24", programme, (first, last), employers, breakdown=("measure", "employers"))
        if len(ended):
            share = ("measure", "permanent_share")
            figures.add("M24", programme, (first, last), ended["permanent"].sum(), len(ended), share)


def compute(home: Path) -> pd.DataFrame:
    """The metrics of the register in `home`."""
    figures, people = Figures(), records(home)
    referrals = read_referrals(home, people)
    spells = read_spells(home, people)
    starts = spells[spells["first"]]
    outcomes = read_outcomes(home, people)
    jobs = pick_jobs(outcomes, spells)
    evidenced = jobs[jobs["evidenced"]]
    qualified = outcomes["outcome_code"].isin(["ACCRED_TRAINING", "QUALIFICATION"]) & (outcomes["grade"] <= 2)
    add_events(figures, "M01", referrals, ["sex", "age_band"])
    add_events(figures, "M04", starts, [*REACH, "imd"])
    add_events(figures, "M08", evidenced, ["sex", "age_band"])
    add_events(figures, "M09", jobs, [])
    add_people(figures, "M02", referrals, years_only=False)
    for metric, events in (("M05", starts), ("M11", evidenced), ("M22", outcomes[qualified])):
        add_people(figures, metric, events)
    add_rates(figures)
    add_shares_of_starts(figures, starts)
    add_cohorts(figures, "M07", started_within_56_days(referrals, spells), "hit", 56)
    jobs["hit"] = jobs["evidenced"] & ((jobs["evidence_date"] - jobs["day"]).dt.days <= 90)
    add_cohorts(figures, "M10", jobs, "hit", 90)
    add_sustainment(figures, home, people, jobs)
    add_barriers(figures, home, people, spells)
    for add in (add_attendance, add_wellbeing, add_placements):
        add(figures, home, people)
    return figures.frame()


if __name__ == "__main__":
    compute(Path(sys.argv[1])).to_parquet(sys.argv[2])
