"""The first half of the analyst's notebook: from accepted Parquet to one row a person and event."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

JOBS = ("EMP_START", "SELF_EMP", "APPRENTICESHIP")
GRADES = {"verified": 1, "evidenced": 2, "rejected": 4, "withdrawn": 4}
KEY = ["record_key", "programme_id"]
PERSON = ["person", "programme_id"]


def read(home: Path, entity: str, columns: list[str]) -> pd.DataFrame:
    """All accepted files of an entity, with the last day that each file's submission covers as `newest`."""
    frame = pd.read_parquet(
        home / "accepted" / entity, columns=[*KEY, "submission_id", "source_row", *columns]
    )
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        ledger = con.execute("select submission_id, period_end from control.ledger").df()
    frame["newest"] = frame.pop("submission_id").map(ledger.groupby("submission_id")["period_end"].max())
    for name in [c for c in columns if c.endswith("_date")]:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def records(home: Path) -> pd.DataFrame:
    """One row a record: the newest statement that knows age and sex, with the person it is."""
    codes = ["sex_code", "age_band_code", "ethnic_group_code", "disability_code", "imd_decile"]
    frame = read(home, "participants", codes)
    frame["no_age"] = frame["age_band_code"].fillna("unknown") == "unknown"
    frame["no_sex"] = frame["sex_code"].fillna("unknown") == "unknown"
    repeated = frame.duplicated(KEY, keep=False)
    again = frame[repeated].sort_values(
        ["no_age", "no_sex", "newest", "source_row"], ascending=[True, True, False, True]
    )
    frame = pd.concat([frame[~repeated], again.drop_duplicates(KEY)])
    links = pd.read_parquet(home / "accepted" / "person_links.parquet", columns=["record_key", "person_key"])
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
            "imd": imd.where(frame["imd_decile"].notna(), "unknown"),
        }
    )


def newest(frame: pd.DataFrame, key: list[str], *then: str) -> pd.DataFrame:
    """One row a key: of the newest file, then by the columns named (smallest first), then the first row."""
    order = ["newest", *then, "source_row"]
    ordered = frame.sort_values(order, ascending=[False] + [name != "measured_date" for name in order[1:]])
    return ordered.drop_duplicates(key)


def read_referrals(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Referrals, without those that triage found to be duplicates."""
    frame = read(home, "referrals", ["referral_date", "triage_outcome_code"]).merge(people, on=KEY)
    return frame[frame["triage_outcome_code"] != "duplicate"].rename(columns={"referral_date": "day"})


def read_spells(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Spells, one a person, programme and first day, numbered."""
    codes = ["employment_status_code", "inactivity_reason_code", "is_barriers_assessed"]
    frame = read(home, "starts", ["start_date", *codes]).merge(people, on=KEY)
    frame = newest(frame, [*PERSON, "start_date"]).sort_values("start_date")
    frame["first"] = ~frame.duplicated(PERSON)
    frame["employment_status"] = frame["employment_status_code"].fillna("unknown")
    frame["inactivity_reason"] = frame["inactivity_reason_code"].fillna("unknown")
    return frame.rename(columns={"start_date": "day"})


def read_outcomes(home: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Outcomes, one job a person, programme and day, any other once a code; `grade` 4 is void."""
    columns = ["outcome_code", "outcome_date", "evidence_status_code", "evidence_date"]
    frame = read(home, "outcomes", columns).merge(people, on=KEY)
    frame["is_job"] = frame["outcome_code"].isin(JOBS)
    frame["what"] = frame["outcome_code"].where(~frame["is_job"], "job")
    frame["grade"] = frame["evidence_status_code"].map(GRADES).fillna(3)
    return newest(frame, [*PERSON, "outcome_date", "what"], "grade").rename(columns={"outcome_date": "day"})


def pick_jobs(outcomes: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Jobs; `shared` where the region counts another district's claim of the same job within 14 days."""
    entry = spells.loc[spells["first"], [*PERSON, "day"]].rename(columns={"day": "entry"})
    jobs = outcomes[outcomes["is_job"] & (outcomes["grade"] < 4)].merge(entry, on=PERSON, how="left")
    jobs["evidenced"] = jobs["grade"] <= 2
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
    return jobs
