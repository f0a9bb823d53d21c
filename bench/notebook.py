"""The pandas of an analyst's notebook, cell by cell, for the same metrics of the same register.

`python -m bench.notebook HOME RESULT.parquet`. Vectorised as a good notebook is: merges, groupby, no loop
over rows. The rules of who counts are those of `by_hand.sql`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from bench.notebook_cohorts import add_evidence, add_first_spells, add_survival, add_sustainment
from bench.notebook_figures import DISTRICTS, LAST_DAY, REGION, Figures, windows
from bench.notebook_frames import (
    pick_jobs,
    pick_starts,
    read_outcomes,
    read_referrals,
    read_spells,
    records,
)
from bench.notebook_support import (
    add_attendance,
    add_completeness,
    add_engagement,
    add_placements,
    add_timeliness,
    add_wellbeing,
)
from orchestration.settings import REFERENCE

REACH = ["sex", "age_band", "ethnic5", "disability", "inactivity_reason"]
OF_STARTS = [*REACH, "imd", "cohort", "referral_source", "barriers"]
OF_CLAIMS = ["evidence_grade", "evidence_type", "evidence_age"]
OF_JOBS = ["sex", "age_band", "ethnic5", "disability", "cohort", "wage_subsidy"]


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
        counted = own[~own["shared"]] if programme == REGION and "shared" in own else own
        figures.add(metric, programme, period, counted["person"].nunique())


def add_rates(figures: Figures) -> None:
    """Two metrics of the year to date, one over the other, in all breakdowns that both have."""
    whole = figures.frame()
    whole = whole[whole["period_end"] == LAST_DAY]
    cell = ["programme_id", "breakdown_type", "breakdown_value", "period_start", "period_end"]
    for rate, above, below in (
        ("M03", "M01", "M02"),
        ("M06", "M04", "M01"),
        ("M12", "M08", "M04"),
        ("M32", "M08", "M01"),
    ):
        parts = whole[whole["metric_id"] == above].merge(whole[whole["metric_id"] == below], on=cell)
        columns = [*cell, "numerator_x", "numerator_y"]
        for programme, kind, value, first, last, n, d in parts[columns].itertuples(index=False, name=None):
            figures.add(rate, programme, (first, last), n, d, (kind, value))


def add_shares_of_starts(figures: Figures, starts: pd.DataFrame) -> None:
    """Inactivity by window; equality, reach and deprivation in the year; people with several barriers."""
    population = pd.read_csv(REFERENCE / "inactive_population.csv")
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
            assessed = own[own["assessed"]]
            several = assessed.loc[assessed["barriers"] == "three_or_more", "person"].nunique()
            figures.add("M18", programme, period, several, assessed["person"].nunique())
            reached = own["inactivity_reason"].value_counts().to_dict()
            reached["all"] = int((status == "inactive").sum())
            inside = population[population["area_code"] == DISTRICTS.get(programme)]
            for reason, people in inside.set_index("inactivity_reason_code")["people"].items():
                if reason in reached:
                    breakdown = ("inactive_population", str(reason))
                    figures.add("M27", programme, period, reached[reason], people, breakdown)


def compute(home: Path) -> pd.DataFrame:
    """The metrics of the register in `home`."""
    figures, people = Figures(), records(home)
    referrals = read_referrals(home, people)
    counted = referrals[referrals["counted"]]
    spells = read_spells(home, people)
    starts = pick_starts(home, people, spells, referrals)
    outcomes = read_outcomes(home, people)
    jobs = pick_jobs(outcomes, starts)
    evidenced = jobs[jobs["evidenced"]]
    training = outcomes["outcome_code"].isin(["ACCRED_TRAINING", "QUALIFICATION"])
    add_events(figures, "M01", counted, ["sex", "age_band", "referral_source", "triage_outcome"])
    add_events(figures, "M04", starts, OF_STARTS)
    add_events(figures, "M08", evidenced, OF_JOBS)
    add_events(figures, "M09", jobs, OF_CLAIMS)
    add_people(figures, "M02", counted, years_only=False)
    add_people(figures, "M05", starts)
    add_people(figures, "M11", evidenced)
    add_people(figures, "M22", outcomes[training & outcomes["evidenced"]])
    add_rates(figures)
    add_shares_of_starts(figures, starts)
    add_first_spells(figures, counted, spells)
    add_evidence(figures, jobs)
    add_survival(figures, starts, evidenced)
    add_sustainment(figures, home, people, evidenced)
    add_engagement(figures, home, people, spells)
    for add in (add_attendance, add_wellbeing, add_placements):
        add(figures, home, people)
    add_completeness(figures, people, referrals, spells, outcomes)
    add_timeliness(figures, home)
    return figures.frame()


if __name__ == "__main__":
    compute(Path(sys.argv[1])).to_parquet(sys.argv[2])
