"""The first half of the analyst's notebook: from accepted Parquet to one row a person and event."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

JOBS = ("EMP_START", "SELF_EMP", "APPRENTICESHIP")
GRADES = {"verified": 1, "evidenced": 2, "rejected": 4, "withdrawn": 4}
KEY = ["record_key", "programme_id"]
PERSON = ["person", "programme_id"]


def read(home: Path, entity: str) -> pd.DataFrame:
    """All accepted files of an entity, with the last day that each file's submission covers as `newest`."""
    frame = pd.read_parquet(home / "accepted" / entity)
    ledger = control(home, "ledger")
    frame["newest"] = frame["submission_id"].map(ledger.groupby("submission_id")["period_end"].max())
    for name in [c for c in frame.columns if c.endswith("_date")]:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def control(home: Path, table: str) -> pd.DataFrame:
    """A table that the system keeps about the returns."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(f"select * from control.{table}").df()


def records(home: Path) -> pd.DataFrame:
    """One row a record: the newest statement that knows age and sex, with the person it is."""
    frame = read(home, "participants")
    frame["no_age"] = frame["age_band_code"].fillna("unknown") == "unknown"
    frame["no_sex"] = frame["sex_code"].fillna("unknown") == "unknown"
    order = ["no_age", "no_sex", "newest", "source_row"]
    frame = frame.sort_values(order, ascending=[True, True, False, True]).drop_duplicates(KEY)
    links = pd.read_parquet(home / "accepted" / "person_links.parquet")
    frame = frame.merge(links, on="record_key", how="left")
    ethnic = frame["ethnic_group_code"].fillna("unknown")
    unsaid = ethnic.isin(["prefer_not_to_say", "not_asked", "unknown"])
    imd = frame["imd_decile"].astype("Int64").astype("str")
    return pd.DataFrame(
        {
            "record_key": frame["record_key"],
            "programme_id": frame["programme_id"],
            "person": frame["person_key"].fillna(frame["record_key"]),
            "sex": frame["sex_code"].fillna("unknown"),
            "age_band": frame["age_band_code"].fillna("unknown"),
            "ethnic5": ethnic.where(unsaid, ethnic.str.split("_").str[0]),
            "disability": frame["disability_code"].fillna("unknown"),
            "cohort": frame["cohort_code"].fillna("unknown"),
            "area": frame["area_code"].fillna("unknown"),
            "imd": imd.where(frame["imd_decile"].notna(), "unknown"),
        }
    )


def newest(frame: pd.DataFrame, key: list[str], *then: str) -> pd.DataFrame:
    """One row a key: of the newest file, then by the columns named (smallest first), then the first row."""
    order = ["newest", *then, "source_row"]
    ordered = frame.sort_values(order, ascending=[False] + [name != "measured_date" for name in order[1:]])
    return ordered.drop_duplicates(key)


def read_referrals(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Referrals; those that triage found to be duplicates do not count."""
    frame = read(home, "referrals").merge(people, on=KEY)
    frame["referral_source"] = frame["source_code"].fillna("unknown")
    frame["triage_outcome"] = frame["triage_outcome_code"].fillna("unknown")
    frame["counted"] = frame["triage_outcome"] != "duplicate"
    return frame.rename(columns={"referral_date": "day"})


def read_spells(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Spells, one a person, programme and first day; `first` is the one that counts."""
    frame = read(home, "starts").merge(people, on=KEY)
    frame = newest(frame, [*PERSON, "start_date"]).sort_values("start_date")
    frame["first"] = ~frame.duplicated(PERSON)
    frame["assessed"] = frame["is_barriers_assessed"].fillna(False).astype(bool)
    frame["employment_status"] = frame["employment_status_code"].fillna("unknown")
    frame["inactivity_reason"] = frame["inactivity_reason_code"].fillna("unknown")
    return frame.rename(columns={"start_date": "day"})


def pick_starts(
    home: Path, people: pd.DataFrame, spells: pd.DataFrame, referrals: pd.DataFrame
) -> pd.DataFrame:
    """First spells, with the source of the newest referral before them, and with their barriers."""
    starts = spells[spells["first"]]
    sent = referrals.loc[referrals["counted"], [*PERSON, "day", "referral_source"]]
    sent = sent.sort_values(["day", "referral_source"], ascending=[False, True])
    both = sent.merge(starts[[*PERSON, "day"]].rename(columns={"day": "began"}), on=PERSON)
    sources = both[both["day"] <= both["began"]].drop_duplicates(PERSON)[[*PERSON, "referral_source"]]
    barriers = read(home, "barriers").merge(people, on=KEY)
    at_start = barriers["stage_code"].fillna("start") == "start"
    named = barriers[at_start].assign(
        named=barriers["barrier_code"].where(barriers["barrier_code"] != "unknown")
    )
    several = named.groupby(PERSON)["named"].nunique().reset_index()
    starts = starts.merge(sources, on=PERSON, how="left").merge(several, on=PERSON, how="left")
    starts["referral_source"] = starts["referral_source"].fillna("unknown")
    starts["barriers"] = "fewer_than_three"
    starts.loc[starts["named"] >= 3, "barriers"] = "three_or_more"
    starts["assessed"] |= starts["named"].notna()  # whoever has a barrier recorded was asked
    starts.loc[~starts["assessed"], "barriers"] = "unknown"
    return starts


def read_outcomes(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Outcomes, one job a person, programme and day, any other once a code; `grade` 4 is void."""
    frame = read(home, "outcomes").merge(people, on=KEY)
    frame["is_job"] = frame["outcome_code"].isin(JOBS)
    frame["what"] = frame["outcome_code"].where(~frame["is_job"], "job")
    frame["grade"] = frame["evidence_status_code"].map(GRADES).fillna(3)
    frame["evidenced"] = frame["grade"] <= 2
    subsidised = frame["is_wage_subsidy"].fillna(False).astype(bool)
    frame["wage_subsidy"] = subsidised.map({True: "subsidised", False: "not_subsidised"})
    return newest(frame, [*PERSON, "outcome_date", "what"], "grade").rename(columns={"outcome_date": "day"})


def pick_jobs(outcomes: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Jobs; `shared` where the region counts another district's claim of the same job within 14 days."""
    entry = starts[[*PERSON, "day"]].rename(columns={"day": "entry"})
    jobs = outcomes[outcomes["is_job"] & (outcomes["grade"] < 4)].merge(entry, on=PERSON, how="left")
    jobs["entry"] = jobs["entry"].fillna(jobs["day"])
    jobs = jobs.sort_values(
        ["evidenced", "entry", "programme_id", "day"], ascending=[False, True, True, True]
    )
    jobs["turn"] = jobs.groupby("person").cumcount()
    claims = jobs[[*PERSON, "day", "turn"]]
    pairs = claims.merge(claims, on="person", suffixes=("", "_prior"))
    pairs = pairs[
        (pairs["programme_id"] != pairs["programme_id_prior"])
        & ((pairs["day"] - pairs["day_prior"]).abs() <= pd.Timedelta(days=14))
        & (pairs["turn_prior"] < pairs["turn"])
    ]
    shared = pairs[[*PERSON, "day"]].drop_duplicates().assign(shared=True)
    jobs = jobs.merge(shared, on=[*PERSON, "day"], how="left")
    jobs["shared"] = jobs["shared"].notna()
    jobs["evidence_grade"] = jobs["grade"].map({1: "verified", 2: "evidenced"}).fillna("claimed")
    days = (jobs["evidence_date"] - jobs["day"]).dt.days
    jobs["evidence_type"] = jobs["evidence_type_code"].fillna("unknown")
    jobs["evidence_age"] = "unknown"
    jobs.loc[days > 90, "evidence_age"] = "after_90_days"
    jobs.loc[days <= 90, "evidence_age"] = "within_90_days"
    jobs.loc[days <= 30, "evidence_age"] = "within_30_days"
    jobs.loc[~jobs["evidenced"], ["evidence_type", "evidence_age"]] = "not_evidenced"
    return jobs
