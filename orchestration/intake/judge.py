"""Every rule over the records of a batch, and what follows for each file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.control.records import Submission
from orchestration.intake.across import Across, Hit
from orchestration.intake.batch import Batch
from orchestration.intake.contract import Contract
from orchestration.intake.controls import totals_frame
from orchestration.intake.findings import Fault, to_findings
from orchestration.intake.people import check_people
from orchestration.intake.prepare import Prepared
from orchestration.intake.reference import Reference
from orchestration.intake.suites import CheckCrashedError, check_columns
from orchestration.intake.unsaid import Unsaid
from orchestration.intake.verdict import Verdict, decide
from orchestration.intake.waivers import Waivers
from orchestration.settings import Settings

# Without evidence, or on the person's own word alone, a job stays but is claimed only.
_CLAIMED_ONLY = ("R18", "R20")
_IN_THE_FUTURE = "R04"
# Other dates of birth make another mix of ages; who is too old for a programme is so for its wage subsidy.
_FOLLOWS_FROM = {"S08": "C06", "R25": "R08"}
_HANGS_ON_START = ("outcomes", "sustainments", "placements", "barriers", "measures")
_NOT_IN_SUITES = (
    "forename",
    "surname",
    "full_name",
    "date_of_birth",
    "age",
    "nino",
    "uln",
    "postcode",
    "partner_ref",
    "employer_name",
    "reference_date",
)


@dataclass(frozen=True)
class Judge:
    """Applies the catalogue to one return's files: first together, then over time one by one."""

    return_id: str
    contract: Contract
    settings: Settings
    reference: Reference
    waivers: Waivers
    contract_hash: str

    def check_people(self, batch: Batch, known_starts: pd.DataFrame) -> None:
        """Rules about who the participants are; the SQL rules need the ages found here."""
        check_people(batch, self.reference, known_starts, self.settings.is_synthetic)

    def check_together(self, batch: Batch, across: Across) -> None:
        """Rules that need no earlier file; a check that crashes holds every file of the batch."""
        try:
            for entity in self._check_suites(batch):
                across.tell(entity, batch.frames[entity])
            for hit_group in _grouped(across.run(over_time=False)):
                self._tell(batch, hit_group)
            if "outcomes" in batch.frames:  # some are claimed only by now
                across.tell("outcomes", batch.frames["outcomes"])
        except CheckCrashedError as error:
            for submission_id in batch.files:
                batch.add_to_file(submission_id, Fault("F15", {"check": str(error)}))

    def _check_suites(self, batch: Batch) -> set[str]:
        """Entities of which a value is left out now, because it cannot be and has been told."""
        frames = {
            name: frame.drop(
                columns=[c for c in frame if c in _NOT_IN_SUITES or str(c).startswith("unread ")]
            )
            for name, frame in batch.frames.items()
        }
        changed = set[str]()
        for failure in check_columns({n: _complete(n, f) for n, f in frames.items()}, self.reference):
            details = {"value": "the value", "said": "is below what it can be"}
            standing = batch.add(failure.rule_id, failure.entity, failure.records, failure.column, details)
            if failure.rule_id == _IN_THE_FUTURE:
                batch.leave_out(failure.entity, failure.column, standing)
                changed.add(failure.entity)
        return changed

    def _tell(self, batch: Batch, hits: list[Hit]) -> None:
        hits = _without_follow_ons(hits, batch.faults[hits[0].submission_id])
        if not hits:
            return
        first = hits[0]
        records = [hit.record_no for hit in hits if hit.record_no is not None]
        if records:
            standing = batch.add(first.rule_id, first.entity, records, first.column, dict(first.details))
            if first.rule_id in _CLAIMED_ONLY:
                batch.frames[first.entity].loc[standing, "evidence_status_code"] = "claimed"
        else:
            header = batch.header(first.submission_id, first.entity, first.column)
            rows = tuple(sorted({hit.row for hit in hits if hit.row is not None}))
            fault = Fault(first.rule_id, dict(first.details), first.sheet, rows, header)
            batch.add_to_file(first.submission_id, fault)

    def check_over_time(self, batch: Batch, across: Across, submission_id: str) -> None:
        """Rules that look back, for one file."""
        across.look_at(submission_id)
        try:
            for hits in _grouped(across.run(over_time=True)):
                self._tell(batch, hits)
        except CheckCrashedError as error:
            batch.add_to_file(submission_id, Fault("F15", {"check": str(error)}))

    def verdict(self, batch: Batch, file: Prepared, known_starts: pd.DataFrame, unsaid: Unsaid) -> Verdict:
        """Set aside what hangs on records set aside, count, and decide."""
        mine = batch.of(file.submission_id)
        _set_aside_what_hangs(batch, mine, known_starts)
        for fault in (*file.faults, *file.records.faults):
            batch.add_to_file(file.submission_id, fault)
        faults = batch.faults[file.submission_id]
        told = [unsaid.fault(fault) for fault in faults]
        findings = to_findings(told, self.waivers.rules, self.settings.as_at)
        lost, apart = _rows_lost(batch, mine), sum(body.rows_set_aside for body in file.bodies)
        rows = sum(body.records for body in file.bodies)
        status, reason = decide(findings, rows + apart, lost + apart, self.contract.thresholds)
        submission = Submission(
            return_id=self.return_id,
            submission_id=file.submission_id,
            file_name=unsaid.plain(file.file_name),
            received_on=file.received_on,
            status=status,
            scope=self.contract.scope,
            extract_date=file.extract_date or (file.period[1] if file.period else None),
            reason=reason,
            is_nil=file.is_nil,
            rows_read=sum(body.rows_read for body in file.bodies),
            rows_accepted=0 if status == "rejected" else rows - lost,
            rows_set_aside=rows + apart if status == "rejected" else lost + apart,
            rows_no_data=sum(body.rows_no_data for body in file.bodies),
            contract_hash=self.contract_hash,
        )
        kept = {} if status == "rejected" else _kept(batch, mine)
        kept = {entity: unsaid.placed(frame) for entity, frame in kept.items()}
        return Verdict(
            submission, (file.period,) if file.period else (), tuple(findings), kept, tuple(faults)
        )


def open_across(batch: Batch, contract: Contract, settings: Settings) -> Across:
    """The batch's records and what is said about its files, for the SQL rules."""
    files = list(batch.files.values())
    submissions = pd.DataFrame(
        {
            "submission_id": pd.Series([f.submission_id for f in files], dtype="str"),
            "scope": pd.Series([contract.scope] * len(files), dtype="str"),
            "received_on": pd.Series(
                [pd.Timestamp(f.received_on) for f in files], dtype="datetime64[s]"
            ).dt.date,
            "period_start": [f.period[0] if f.period else None for f in files],
            "period_end": [f.period[1] if f.period else None for f in files],
            "as_at": [settings.as_at] * len(files),
            "has_rows_apart": [_has_rows_apart(f) for f in files],
        }
    )
    # What the contract says outright (`=claimed`) is no column that the partner could have left empty.
    fed = sorted({(f.submission_id, *named) for f in files for feed in f.records.headers for named in feed})
    fed_frame = pd.DataFrame(fed, columns=["submission_id", "entity", "column_name"], dtype="str")
    return Across(
        batch.frames,
        {
            "submissions": submissions,
            "fed": fed_frame,
            "stated_totals": totals_frame(t for f in files for t in f.totals),
        },
    )


def _has_rows_apart(file: Prepared) -> bool:
    """Whether what was set aside may be part of any total: whole rows, and numbers of who knows what."""
    counts = file.records.frames.get("counts", pd.DataFrame())
    unread = [c for c in counts if str(c).startswith("unread ") and c != "unread value_lower"]
    lost = any(counts[name].fillna(False).astype(bool).any() for name in unread)
    return lost or any(body.rows_set_aside for body in file.bodies)


def _complete(entity: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Every column of the entity, in a type that the suites can compare."""
    from orchestration.intake.converted import empty_series
    from orchestration.intake.entities import ENTITIES

    for column in ENTITIES[entity].columns:
        if column.name not in frame:
            frame[column.name] = empty_series(len(frame), column.data_type)
    return frame


def _without_follow_ons(hits: list[Hit], faults: list[Fault]) -> list[Hit]:
    """Hits of one rule that do not only follow from a fault of their file, or of their row."""
    cause = _FOLLOWS_FROM.get(hits[0].rule_id)
    causes = [fault for fault in faults if fault.rule_id == cause] if cause else []
    if not causes:
        return hits
    told = {(fault.sheet, row) for fault in causes for row in fault.rows}
    return [hit for hit in hits if hit.row is not None and (hit.sheet, hit.row) not in told]


def _grouped(hits: Iterable[Hit]) -> list[list[Hit]]:
    """Hits that make one fault: same rule, file, entity, column and details."""
    groups: dict[tuple[object, ...], list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.rule_id, hit.submission_id, hit.entity, hit.sheet, hit.column, hit.details].append(hit)
    return list(groups.values())


def _pairs(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["record_key", "programme_id"]])


def _set_aside_what_hangs(batch: Batch, mine: dict[str, np.ndarray], known_starts: pd.DataFrame) -> None:
    """What belongs to a participant set aside, or to starts all of which were set aside, goes with them."""
    people = _lost(batch, mine, "participants")
    starts = _lost(batch, mine, "starts")
    if starts is not None:
        kept = batch.frames["starts"].iloc[mine["starts"][~batch.set_aside["starts"][mine["starts"]]]]
        starts = starts[~starts.isin(_pairs(kept)) & ~starts.isin(_pairs(known_starts))]
    for entity, positions in mine.items():
        frame = batch.frames[entity]
        if entity == "participants" or "record_key" not in frame:
            continue
        for lost in (people, starts if entity in _HANGS_ON_START else None):
            if lost is not None:
                hangs = _pairs(frame.iloc[positions]).isin(lost)
                batch.set_aside[entity][positions[hangs]] = True


def _lost(batch: Batch, mine: dict[str, np.ndarray], entity: str) -> pd.MultiIndex | None:
    """Participant and programme of the records set aside; none where there are none."""
    positions = mine.get(entity)
    if positions is None or "record_key" not in batch.frames[entity]:
        return None
    lost = positions[batch.set_aside[entity][positions]]
    return _pairs(batch.frames[entity].iloc[lost]) if len(lost) else None


def _rows_lost(batch: Batch, mine: dict[str, np.ndarray]) -> int:
    """Source rows of which some record was set aside."""
    lost: set[tuple[str, int]] = set()
    for entity, positions in mine.items():
        gone_at = positions[batch.set_aside[entity][positions]]
        if not len(gone_at):
            continue
        gone = batch.frames[entity].iloc[gone_at]
        lost.update(zip(gone["source_sheet"], gone["source_row"], strict=True))
    return len(lost)


def _kept(batch: Batch, mine: dict[str, np.ndarray]) -> dict[str, pd.DataFrame]:
    kept = {e: batch.frames[e].iloc[p[~batch.set_aside[e][p]]] for e, p in mine.items()}
    return {entity: frame for entity, frame in kept.items() if len(frame)}
