"""Rules about who the participants are, checked while their identifiers pass through memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from orchestration.identity import derive, formats
from orchestration.intake.batch import PARTICIPANT, Batch
from orchestration.intake.findings import Fault
from orchestration.intake.reference import Reference

_NORMAL = {
    "nino": formats.normal_nino,
    "uln": formats.normal_uln,
    "postcode": formats.normal_postcode,
}

_SLIPS, _SLIPS_SHARE = 2, 0.02


def check_people(batch: Batch, reference: Reference, known_starts: pd.DataFrame, is_synthetic: bool) -> None:
    """Add `reference_date` and `age_at_reference` to the participants, and the faults of R08 to R13 and X02.

    `known_starts`: record_key, programme_id and start_date that earlier files of the return have told.
    """
    people = batch.frames.get("participants")
    if people is None or "record_key" not in people:
        return
    people["reference_date"] = _reference_dates(batch, people, known_starts)
    people["age_at_reference"] = _ages(people)
    _check_ages(batch, people, reference)
    normal = {column: make(people[column]) for column, make in _NORMAL.items() if column in people}
    for column, check in _identifier_checks(is_synthetic):
        if column in people:
            for rule_id, wrong in check(normal[column]).items():
                wrong &= people[column].notna()
                batch.add(rule_id, "participants", np.flatnonzero(wrong.to_numpy(dtype=bool)), column)
    _check_doubles(batch, people, normal, is_synthetic)


def check_births(batch: Batch, submission_id: str, known: pd.Series) -> None:
    """C06 for dates of birth: they do not change but for slips of the pen.

    `known`: the date last told of each participant, by record key.
    """
    people = batch.people_of(submission_id)
    if not {"record_key", "date_of_birth"} <= set(people):
        return
    before = known.reindex(people["record_key"]).set_axis(people.index)
    both = people["record_key"][before.notna() & people["date_of_birth"].notna()]
    changed = both[before[both.index] != people.loc[both.index, "date_of_birth"]].nunique()
    if changed > _SLIPS and changed > _SLIPS_SHARE * both.nunique():
        header = batch.header(submission_id, "participants", "date_of_birth")
        details = {"what": "Dates of birth", "n": str(changed)}
        batch.add_to_file(submission_id, Fault("C06", details, column=header))


def _reference_dates(batch: Batch, people: pd.DataFrame, known_starts: pd.DataFrame) -> pd.Series:
    """First start, else first referral, else the end of the file's period."""
    started, referred = (
        _first_told(batch, people, entity, column)
        for entity, column in (("starts", "start_date"), ("referrals", "referral_date"))
    )
    is_told = started < referred  # by R05
    if len(known_starts):
        known = _earliest(people, known_starts, PARTICIPANT[1:], "start_date")
        started = pd.concat([started, known], axis=1).min(axis=1).astype("datetime64[s]")
    ends = {s: pd.Timestamp(file.period[1]) for s, file in batch.files.items() if file.period}
    return (
        started.mask(is_told)
        .fillna(referred)
        .fillna(people["submission_id"].map(ends).astype("datetime64[s]"))
    )


def _first_told(batch: Batch, people: pd.DataFrame, entity: str, column: str) -> pd.Series:
    """The first day of each participant in the file, but none in the future, which is told by R04."""
    frame = batch.frames.get(entity)
    if frame is None or "record_key" not in frame:
        return pd.Series(pd.NaT, index=people.index, dtype="datetime64[s]")
    past = frame[frame[column] <= frame["received_on"]]
    return _earliest(people, past, PARTICIPANT, column).astype("datetime64[s]")


def _earliest(people: pd.DataFrame, frame: pd.DataFrame, keys: list[str], column: str) -> pd.Series:
    """The first day of each participant in another frame."""
    who = pd.concat([people[keys], frame[keys]], ignore_index=True).groupby(keys, sort=False).ngroup()
    who = who.where(who >= 0)
    days = frame[column].groupby(who.iloc[len(people) :].to_numpy()).min()
    return days.reindex(who.iloc[: len(people)]).set_axis(people.index)


def _ages(people: pd.DataFrame) -> pd.Series:
    age = pd.Series(pd.NA, index=people.index, dtype="Int64")
    if "date_of_birth" in people:
        age = derive.age_at(people["date_of_birth"], people["reference_date"])
    return age.fillna(people["age"]) if "age" in people else age


def _check_ages(batch: Batch, people: pd.DataFrame, reference: Reference) -> None:
    fed = [name for name in ("date_of_birth", "age") if name in people]
    if not fed:
        return
    given = people[fed].notna().any(axis=1)
    unread = people[[f"unread {n}" for n in fed if f"unread {n}" in people]].any(axis=1)
    batch.add("R09", "participants", np.flatnonzero(~given & ~unread), fed[0])
    for programme_id in people["programme_id"].dropna().unique():
        programme = reference.programmes.get(str(programme_id))
        if programme is None:
            continue
        low, high = programme.minimum_age or 0, programme.maximum_age or derive.OLDEST
        age = people["age_at_reference"]
        # An age that cannot be (a birth in the future) is no age of the programme either.
        wrong = ((age < low) | (age > high)).fillna(True) & given & (people["programme_id"] == programme_id)
        details = {"minimum": str(low), "maximum": str(high)}
        batch.add("R08", "participants", np.flatnonzero(wrong.to_numpy(dtype=bool)), fed[0], details)


def _check_doubles(
    batch: Batch, people: pd.DataFrame, normal: dict[str, pd.Series], is_synthetic: bool
) -> None:
    """X02: references of one programme that share an identifier, told at all but the first of them."""
    told: set[int] = set()
    for key in _shared_by_one_person(people, normal, is_synthetic):
        one = ["submission_id", "programme_id", "key"]
        shared = people.assign(key=key)[[*one, "partner_ref", "source_row"]].dropna()
        shared = shared[shared.duplicated(one, keep=False)]
        first = shared.groupby(one)[["partner_ref", "source_row"]].transform("first")
        others = shared[(shared["partner_ref"] != first["partner_ref"]) & ~shared.index.isin(told)]
        told.update(others.index)
        for row, found in sorted(others.groupby(first["source_row"]).indices.items()):
            batch.add("X02", "participants", others.index[found], details={"first": str(row)})


def _shared_by_one_person(
    people: pd.DataFrame, normal: dict[str, pd.Series], is_synthetic: bool
) -> Iterator[pd.Series]:
    """What two records of one person have in common, NA where it is not given whole."""
    if "nino" in people:
        # the suffix is often guessed, so eight characters must do
        nino = normal["nino"]
        nino = nino[nino.str.slice(0, 8).duplicated(keep=False)]
        is_usable = formats.is_nino(nino, is_synthetic) & ~nino.str.match(formats.DUMMY_NINO_PATTERN)
        yield nino[is_usable].str.slice(0, 8)
    if "uln" in people:
        uln = normal["uln"]
        uln = uln[uln.duplicated(keep=False)]
        yield uln[formats.is_uln(uln)]
    names = [n for n in ("full_name", "forename", "surname") if n in people]
    if names and {"date_of_birth", "postcode"} <= set(people):
        postcode = people["postcode"].str.strip().str.casefold()
        near = pd.DataFrame({"born": people["date_of_birth"], "postcode": postcode}).dropna()
        near = near[near.duplicated(keep=False)]  # names only where the rest is alike
        alike = near.assign(**{n: people[n].str.strip().str.casefold() for n in names}).dropna()
        yield alike.groupby(list(alike), sort=False).ngroup()


Check = Callable[[pd.Series], dict[str, pd.Series]]


def _identifier_checks(is_synthetic: bool) -> list[tuple[str, Check]]:
    def nino(number: pd.Series) -> dict[str, pd.Series]:
        example = formats.is_example_nino(number) & (not is_synthetic)
        return {"R11": example, "R10": ~example & ~formats.is_nino(number, is_synthetic)}

    def uln(number: pd.Series) -> dict[str, pd.Series]:
        return {"R12": ~formats.is_unknown_uln(number) & ~formats.is_uln(number)}

    def postcode(number: pd.Series) -> dict[str, pd.Series]:
        return {"R13": ~formats.is_postcode(number)}

    return [("nino", nino), ("uln", uln), ("postcode", postcode)]
