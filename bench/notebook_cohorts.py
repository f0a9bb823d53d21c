"""The notebook's figures of cohorts: how people fare in the time since they came."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bench.notebook_figures import LAST_DAY, REGION, Figures, windows
from bench.notebook_frames import KEY, PERSON, newest, read


def add_cohorts(
    figures: Figures,
    metric: str,
    frame: pd.DataFrame,
    hit: str,
    days: int | None,
    breakdown: tuple[str, str] = ("all", "all"),
) -> None:
    """Share of the rows with `hit` among those of a quarter of `day`, by programme.

    With `days`, only of quarters whose last day has been observed for so long.
    """
    quarter = frame["day"].dt.to_period("Q")
    for keys, own in frame.groupby(["programme_id", quarter])[hit]:
        programme, cohort = str(keys[0]), pd.Period(str(keys[1]), "Q")
        first, last = cohort.start_time, cohort.end_time.normalize()
        if days is None or last + pd.Timedelta(days=days) <= LAST_DAY:
            period, label = (first, last), f"{cohort.year}-Q{cohort.quarter}"
            figures.add(metric, programme, period, int(own.sum()), len(own), breakdown, label)


def add_first_spells(figures: Figures, referrals: pd.DataFrame, spells: pd.DataFrame) -> None:
    """People first referred in a quarter, and those of them with a spell within 56 days."""
    first = referrals.groupby(PERSON, as_index=False)["day"].min()
    both = first.merge(spells[[*PERSON, "day"]].rename(columns={"day": "began"}), on=PERSON)
    soon = both[(both["began"] >= both["day"]) & (both["began"] <= both["day"] + pd.Timedelta(days=56))]
    first = first.merge(soon[PERSON].drop_duplicates().assign(hit=True), on=PERSON, how="left")
    add_cohorts(figures, "M07", first.assign(hit=first["hit"].notna()), "hit", 56)


def add_evidence(figures: Figures, jobs: pd.DataFrame) -> None:
    """Jobs claimed in a quarter, and those of them evidenced within 90 days."""
    soon = jobs["evidenced"] & ((jobs["evidence_date"] - jobs["day"]).dt.days <= 90)
    add_cohorts(figures, "M10", jobs.assign(hit=soon), "hit", 90)


def add_survival(figures: Figures, starts: pd.DataFrame, evidenced: pd.DataFrame) -> None:
    """Kaplan-Meier from start to first evidenced job, everybody watched to the last day reported."""
    found = evidenced[[*PERSON, "day"]].rename(columns={"day": "job_day"})
    found = starts[[*PERSON, "day"]].merge(found, on=PERSON)
    found = found[found["job_day"].between(found["day"], LAST_DAY)]
    first = found.groupby(PERSON, as_index=False)["job_day"].min()
    watched = starts[[*PERSON, "day"]].merge(first, on=PERSON, how="left")
    watched["days"] = (watched["job_day"].fillna(LAST_DAY) - watched["day"]).dt.days
    watched["job"] = watched["job_day"].notna()
    for programme, kind, period, own in windows(watched, "day"):
        cohort = _cohort(kind, period[0])
        table = _kaplan_meier(own["days"], own["job"])
        for weeks in (13, 26, 52):
            without, people = _share_left(table, 7 * weeks)
            numbers = _stated(1 - without, people)
            figures.state("M13", programme, period, numbers, ("weeks", str(weeks)), cohort)
        median = _median_days(table)
        figures.state("M14", programme, period, (median, None, median), cohort=cohort)


def add_time_in_work(figures: Figures, checks: pd.DataFrame, evidenced: pd.DataFrame) -> None:
    """Kaplan-Meier over the check points of 13 and 26 weeks, each job counted while each check is known."""
    by_weeks = checks.pivot(index=[*PERSON, "day"], columns="check_weeks", values="status").reset_index()
    held = evidenced[[*PERSON, "day", "shared"]].merge(by_weeks, on=[*PERSON, "day"], how="left")
    kept = held[13] == "sustained"
    late = kept & (held[26] == "not_sustained")
    held["left"] = (held[13] == "not_sustained") | late
    held["days"] = (held["left"] | kept) * 91 + (late | (kept & (held[26] == "sustained"))) * 91
    for programme, kind, period, rows in windows(held, "day"):
        own = rows[~rows["shared"]] if programme == REGION else rows
        table = _kaplan_meier(own["days"], own["left"])
        for metric, weeks in (("M15", 13), ("M16", 26), ("M16", 52)):
            numbers = _stated(*_share_left(table, 7 * weeks))
            figures.state(metric, programme, period, numbers, ("weeks", str(weeks)), _cohort(kind, period[0]))


def _cohort(kind: str, first: pd.Timestamp) -> str:
    return f"{first.year}-Q{first.quarter}" if kind == "quarter" else "all"


def _kaplan_meier(days: pd.Series, is_ended: pd.Series) -> pd.DataFrame:
    """By day: who ended and left, who was at risk, the share that goes on, and Greenwood's sum."""
    table = pd.DataFrame({"ended": is_ended.groupby(days).sum(), "leaving": is_ended.groupby(days).count()})
    table["at_risk"] = table["leaving"][::-1].cumsum()
    table["without"] = (1 - table["ended"] / table["at_risk"]).cumprod()
    step = table["ended"] / (table["at_risk"] * (table["at_risk"] - table["ended"]))
    table["greenwood"] = step.where(table["ended"] < table["at_risk"], 0).cumsum()
    return table


def _stated(share: float, people: float) -> tuple[float | None, float | None, float | None]:
    """Numerator, denominator and value, if anybody was watched."""
    return (round(share * people, 2), round(people, 2), round(share, 6)) if people else (None, None, None)


def _share_left(table: pd.DataFrame, days: int) -> tuple[float, float]:
    """Share that goes on after a day, and how many watched to the end would give its variance; 0 if few."""
    at_risk = int(table.loc[table.index >= days, "leaving"].sum())
    if at_risk < 30:
        return 0.0, 0.0
    without, greenwood = table.loc[table.index <= days, ["without", "greenwood"]].iloc[-1]
    if without == 0:
        people = float(table["leaving"].sum())
    else:
        people = (1 - without) / (without * greenwood) if greenwood else float(at_risk)
    return float(without), people


def _median_days(table: pd.DataFrame) -> float | None:
    """The first day on which half have a job; none without people enough on both sides of it."""
    reached = table.index[table["without"] < 0.5 + 1e-9]
    if table["ended"].sum() < 30 or not len(reached):
        return None
    before, after = table[table.index <= reached[0]], table[table.index > reached[0]]
    enough = before["ended"].sum() >= 10 and after["leaving"].sum() >= 10
    return float(reached[0]) if enough else None


def add_sustainment(figures: Figures, home: Path, people: pd.DataFrame, evidenced: pd.DataFrame) -> None:
    """Evidenced jobs due for a check: sustained, and not known."""
    checks = read(home, "sustainments").merge(people[[*KEY, "person"]], on=KEY)
    checks = newest(checks, [*PERSON, "job_start_date", "check_weeks"])
    unsure = (checks["sustainment_status_code"] == "sustained") & ~checks["evidence_status_code"].isin(
        ["evidenced", "verified"]
    )
    checks["status"] = checks["sustainment_status_code"].where(~unsure, "unknown")
    checks = checks.rename(columns={"job_start_date": "day"})[[*PERSON, "day", "check_weeks", "status"]]
    add_time_in_work(figures, checks, evidenced)
    for metric, weeks in (("M15", 13), ("M16", 26)):
        due = evidenced[evidenced["day"] + pd.Timedelta(weeks=weeks) <= LAST_DAY]
        due = due[[*PERSON, "day", "shared"]].merge(
            checks[checks["check_weeks"] == weeks], on=[*PERSON, "day"], how="left"
        )
        due = pd.concat([due, due[~due["shared"]].assign(programme_id=REGION)])
        due["sustained"] = due["status"] == "sustained"
        due["unsure"] = ~due["status"].isin(["sustained", "not_sustained"])
        add_cohorts(figures, metric, due, "sustained", None)
        add_cohorts(figures, metric, due, "unsure", None, ("sustainment_status", "unknown"))
