"""All pending files of a return together: their records by entity, and what was found in each file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

import numpy as np
import pandas as pd

from orchestration.identity.keys import Keys
from orchestration.intake.entities import PARTNER_REF
from orchestration.intake.feeds import EMPLOYER
from orchestration.intake.findings import Fault
from orchestration.intake.prepare import Prepared
from orchestration.intake.waivers import Waivers

PARTICIPANT = ["submission_id", "record_key", "programme_id"]
_NOT_KNOWN = ("unknown", "not_stated")
_PLACE = ["submission_id", "source_sheet", "feed", "source_row"]


class Batch:
    """Records of several files; in each frame `record_no` is the position.

    `set_aside`: by entity, which records do not go on. A fault of a rule with severity `record` sets its
    records aside.
    """

    def __init__(self, return_id: str, files: Iterable[Prepared], keys: Keys, waivers: Waivers) -> None:
        self.files = {file.submission_id: file for file in files}
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.frames: dict[str, pd.DataFrame] = {}
        self.set_aside: dict[str, np.ndarray] = {}
        self._places: dict[str, dict[str, np.ndarray]] = {}
        self._waivers = waivers
        fed = [frame for file in self.files.values() for frame in file.records.frames.values()]
        _add_keys(fed, PARTNER_REF, "record_key", partial(keys.record_key, return_id))
        _add_keys(fed, EMPLOYER, "employer_key", keys.employer_key)
        for entity in sorted({e for file in self.files.values() for e in file.records.frames}):
            self.frames[entity] = self._together(return_id, entity)
            self.set_aside[entity] = self.frames[entity]["stops"].to_numpy(dtype=bool, copy=True)
            self._places[entity] = {
                str(key): np.asarray(at)
                for key, at in self.frames[entity].groupby("submission_id").indices.items()
            }

    def _together(self, return_id: str, entity: str) -> pd.DataFrame:
        parts = []
        for file in self.files.values():
            frame = file.records.frames.get(entity)
            if frame is not None:
                parts.append(
                    frame.assign(submission_id=file.submission_id, received_on=pd.Timestamp(file.received_on))
                )
        frame = pd.concat(parts, ignore_index=True)
        for name in [str(n) for n in frame if str(n).startswith("unread ")]:
            frame[name] = frame[name].fillna(False).astype(bool)
        frame["return_id"] = return_id
        if entity == "participants" and "record_key" in frame:
            self._tell_apart(frame)
            frame = _one_a_participant(frame)
        return frame.assign(record_no=np.arange(len(frame)))

    def _tell_apart(self, people: pd.DataFrame) -> None:
        """X14: rows of one reference that say what cannot be so of one person."""
        one = ["submission_id", "record_key"]
        again = people[people["record_key"].notna() & people.duplicated(one, keep=False)]
        for column in [name for name in ("date_of_birth", "sex_code") if name in again]:
            given = again[again[column].notna() & ~again[column].isin(_NOT_KNOWN)]
            first = given.groupby(one)[[column, "source_sheet", "source_row"]].transform("first")
            others = given[given[column] != first[column]]
            again = again.drop(others.index)  # one fault a row
            rows = defaultdict(list)
            places, firsts = others[_PLACE], first.loc[others.index, ["source_sheet", "source_row"]]
            for (*place, row), at in zip(places.to_numpy(), firsts.to_numpy(), strict=True):
                rows[(*place, *at)].append(row)
            for (submission_id, sheet, feed, of, row), told in rows.items():
                details = {"first": f"{row}" if of == sheet else f"{row} of {of}"}
                header = self.header(submission_id, "participants", column, feed)
                self.add_to_file(submission_id, Fault("X14", details, sheet, tuple(told), header))

    def add(
        self,
        rule_id: str,
        entity: str,
        records: Iterable[int],
        column: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> np.ndarray:
        """A fault of some records of one entity, told by file and sheet; gives those not waived.

        Of a value that could not be read, which is told already, it is not told and sets nothing aside.
        """
        numbers = np.fromiter(records, dtype=int)
        fresh = self._not_told_already(entity, column, numbers) if column else numbers
        open_ones: list[int] = []
        for (submission_id, sheet, header), hits in self._by_column(entity, column, fresh).items():
            told = tuple(sorted({row for row, _ in hits}))
            waived = self.add_to_file(submission_id, Fault(rule_id, details or {}, sheet, told, header))
            open_ones += [number for row, number in hits if row not in waived]
        standing = np.array(open_ones, dtype=int)
        if self._waivers.severity(rule_id) == "record":
            self.set_aside[entity][standing] = True
        return np.union1d(standing, np.setdiff1d(numbers, fresh))

    def _by_column(
        self, entity: str, column: str | None, numbers: np.ndarray
    ) -> dict[tuple[str, str, str | None], list[tuple[int, int]]]:
        """Row and number of a few records by file, sheet and header, without touching the other records."""
        places = (self.frames[entity][name].iloc[numbers].tolist() for name in _PLACE)
        header = cache(lambda submission_id, feed: self.header(submission_id, entity, column, feed))
        found = defaultdict(list)
        for submission_id, sheet, feed, row, number in zip(*places, numbers.tolist(), strict=True):
            found[submission_id, sheet, header(submission_id, feed)].append((row, number))
        return found

    def add_to_file(self, submission_id: str, fault: Fault) -> set[int]:
        """A fault of a file; gives those of its rows for which it is waived."""
        parts = self._waivers.applied(submission_id, fault)
        self.faults[submission_id] += parts
        return {row for part in parts if part.waived_until for row in part.rows}

    def header(
        self, submission_id: str, entity: str, column: str | None, feed: int | None = None
    ) -> str | None:
        """The partner's own header of a standard column: of its feed, or of the first that has it.

        A participant may be of several feeds; any other record has no column but those of its own.
        """
        headers = self.files[submission_id].records.headers
        wanted = (entity, PARTNER_REF if column == "record_key" else column)
        others = headers if feed is None or entity == "participants" else []
        asked = others if feed is None else [headers[feed], *others]
        return next((found[wanted] for found in asked if wanted in found), None)  # type: ignore[index]

    def _not_told_already(self, entity: str, column: str, numbers: np.ndarray) -> np.ndarray:
        """Leave out records whose value is missing only because it could not be read: that has been told."""
        name = f"unread {PARTNER_REF if column == 'record_key' else column}"
        frame = self.frames[entity]
        return numbers[~frame[name].to_numpy()[numbers]] if name in frame else numbers

    def people_of(self, submission_id: str) -> pd.DataFrame:
        """Participants of a file, those set aside too; none where it could not be read."""
        found = self.of(submission_id).get("participants")
        return pd.DataFrame() if found is None else self.frames["participants"].iloc[found]

    def leave_out(self, entity: str, column: str, numbers: np.ndarray) -> None:
        """A value that was told to be impossible is as good as unread."""
        frame, name = self.frames[entity], f"unread {column}"
        if name not in frame:
            frame[name] = False
        frame.loc[numbers, [name, "stops"]] = True
        frame.loc[numbers, column] = None

    def of(self, submission_id: str) -> dict[str, np.ndarray]:
        """Positions of a file's records by entity."""
        return {entity: at[submission_id] for entity, at in self._places.items() if submission_id in at}


def _add_keys(frames: Iterable[pd.DataFrame], source: str, name: str, key: Callable[[str], str]) -> None:
    """Add pseudonyms of a column that several frames may have, each made once; empty stays empty."""
    having = [frame for frame in frames if source in frame]
    if not having:
        return
    codes, distinct = pd.factorize(pd.concat([frame[source] for frame in having], ignore_index=True))
    made = pd.Series(map(key, distinct.to_numpy("object")), dtype="str")
    ends = np.cumsum([len(frame) for frame in having])
    for frame, part in zip(having, np.split(codes, ends[:-1]), strict=True):
        frame[name] = made.reindex(part).array  # -1, an empty value, is in no index


def _one_a_participant(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a participant, programme and file: of each column the first value given."""
    named = frame["record_key"].notna()
    if not frame.loc[named].duplicated(PARTICIPANT).any():
        return frame
    first = frame.loc[named].groupby(PARTICIPANT, sort=False, as_index=False).first()
    stops = frame.loc[named].groupby(PARTICIPANT, sort=False)["stops"].any().to_numpy()
    return pd.concat([first.assign(stops=stops), frame.loc[~named]], ignore_index=True)
