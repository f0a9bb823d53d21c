"""The notebook's figures of the support given, of what is measured, and of the returns themselves."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bench.notebook_figures import PERIODS, REGION, Figures, places, windows
from bench.notebook_frames import KEY, PERSON, control, newest, read

ENGAGEMENTS = ["attendance", "one_to_one", "call_text"]
RETURNS = {"P08": "rotherham_eit", "P07b": "barnsley_eit", "P07d": "doncaster_eit"}
NO_ANSWER = ["unknown", "not_asked", "missing"]


def add_engagement(figures: Figures, home: Path, people: pd.DataFrame, spells: pd.DataFrame) -> None:
    """Contacts and attendances of people with a spell open in the window, where they are reported."""
    frame = read(home, "activities").merge(people[[*KEY, "person"]], on=KEY)
    frame = frame[frame["activity_code"].isin(ENGAGEMENTS)]
    for programme in frame["programme_id"].unique():
        said, own = frame[frame["programme_id"] == programme], spells[spells["programme_id"] == programme]
        for _, first, last in PERIODS:
            is_open = (own["day"] <= last) & ~(own["end_date"] < first)
            active = own.loc[is_open, ["person"]].drop_duplicates()
            engaged = said[said["activity_date"].between(first, last)].groupby("person")["quantity"].sum()
            each = active["person"].map(engaged.astype(float)).fillna(0)
            figures.add("M19", programme, (first, last), each.sum(), len(each))
            median = each.median() if len(each) >= 20 else None
            figures.state("M19", programme, (first, last), (median, None, median), ("measure", "median"))


def add_attendance(figures: Figures, home: Path, people: pd.DataFrame) -> None:
    """Attendances stay with the district; of the region nobody knows: only one district reports them."""
    frame = read(home, "activities")
    frame = frame[frame["activity_code"] == "attendance"].merge(people[[*KEY, "person"]], on=KEY, how="left")
    for programme, _, period, own in windows(frame, "activity_date"):
        if not len(own):
            continue
        attended, attendances = own["person"].nunique(), float(own["quantity"].astype(float).sum())
        people_breakdown = ("measure", "unique_attendees")
        if programme == REGION:
            figures.state("M20", programme, period, (None, None, None), people_breakdown)
        else:
            figures.add("M20", programme, period, attended, breakdown=people_breakdown)
            figures.add("M20", programme, period, attendances, breakdown=("measure", "attendances"))


def add_wellbeing(figures: Figures, home: Path, people: pd.DataFrame) -> None:
    """The last score against the first, item by item; of being anxious, less is better."""
    frame = read(home, "measures")
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
    frame = read(home, "placements")
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


def add_completeness(
    figures: Figures,
    people: pd.DataFrame,
    referrals: pd.DataFrame,
    spells: pd.DataFrame,
    outcomes: pd.DataFrame,
) -> None:
    """Fields answered of fields asked, by the weights of completeness_weights.csv."""
    inactive = spells[spells["employment_status"] == "inactive"]
    evidenced, jobs = outcomes[outcomes["evidenced"]], outcomes[outcomes["is_job"]]
    asked = [
        *((1, people, name) for name in ("sex", "age_band", "ethnic5", "disability", "area")),
        *((1, referrals, name) for name in ("referral_source", "triage_outcome")),
        (2, spells, "employment_status"),
        (1, inactive, "inactivity_reason"),
        (2, evidenced, "evidence_type_code"),
        (2, evidenced, "evidence_date"),
        (1, jobs, "hours_per_week"),
    ]
    (_, first, last) = PERIODS[-1]
    for programme, return_id in RETURNS.items():
        answers = total = 0
        for weight, frame, name in asked:
            field = frame.loc[frame["programme_id"] == programme, name]
            answers += weight * int((field.notna() & ~field.isin(NO_ANSWER)).sum())
            total += weight * len(field)
        figures.add("M29", "all", (first, last), answers, total, ("return", return_id))


def add_timeliness(figures: Figures, home: Path) -> None:
    """Returns that came in time, by quarter; of each and of all."""
    ledger = control(home, "ledger")
    ledger = ledger[ledger["receipt"] != "not_due"]
    on_time = ledger["receipt"].isin(["in", "nil"])
    quarter = pd.to_datetime(ledger["period_end"]).dt.to_period("Q")
    for cohort, rows in on_time.groupby(quarter):
        ends = pd.Period(str(cohort), "Q")
        period = ends.start_time, ends.end_time.normalize()
        figures.add("M30", "all", period, rows.sum(), len(rows))
        for return_id, own in rows.groupby(ledger["return_id"]):
            figures.add("M30", "all", period, own.sum(), len(own), ("return", str(return_id)))
