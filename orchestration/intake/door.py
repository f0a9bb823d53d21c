"""The door: everything pending of a return is taken in, each file with one final verdict.

A file is either taken in whole (original encrypted, records written, verdict recorded) or still lies in
the inbox.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.control.records import AcceptedFile, Finding
from orchestration.intake.batch import Batch
from orchestration.intake.contract import Contract
from orchestration.intake.findings import Fault, to_findings
from orchestration.intake.frames import write_parquet
from orchestration.intake.judge import Judge, open_across
from orchestration.intake.past import Past
from orchestration.intake.prepare import Prepared, prepare
from orchestration.intake.reference import load_reference
from orchestration.intake.rules import load_rules
from orchestration.intake.verdict import Verdict
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.keys import Keys
    from orchestration.identity.vault import Vault

Progress = Callable[[str], None]
DELIVERIES = "deliveries.csv"
LAYOUT = "layout"


@dataclass(frozen=True)
class _Pending:
    path: Path
    received_on: date
    submission_id: str
    content: bytes


def take_in(
    return_id: str,
    contract: Contract,
    settings: Settings,
    store: Store,
    vault: Vault,
    keys: Keys,
    progress: Progress | None = None,
) -> list[Verdict]:
    """Take in every file that had been received for a return by the home's clock, in the order received.

    Raises whatever keeps a file from being taken in safely (vault or disk); that file and the later ones
    then stay in the inbox, and nothing of them is loaded.
    """
    new, repeated = _sorted_out(_pending(return_id, settings), return_id, store)
    verdicts = []
    if new:
        past = Past(return_id, settings, store)
        judge, batch = _prepared(return_id, contract, settings, new, keys)
        contents = {pending.submission_id: pending for pending in new}
        for verdict in _judged(judge, batch, past):
            pending = contents[verdict.submission.submission_id]
            verdicts.append(_keep(verdict, pending, batch, settings, store, vault))
            pending.path.unlink()
            if progress:
                progress(f"{return_id}: {pending.path.name} {verdicts[-1].submission.status}")
    return verdicts + [_repeat(pending, return_id, settings, store) for pending in repeated]


def check(path: Path, return_id: str, contract: Contract, settings: Settings) -> Verdict:
    """The verdict of `take_in` on a file received today by the home's clock; writes nothing."""
    from orchestration.intake.trial import trial_keys, trial_store

    content = path.read_bytes()
    pending = _Pending(path, settings.as_at, hashlib.sha256(content).hexdigest(), content)
    with trial_store(settings) as store:
        judge, batch = _prepared(return_id, contract, settings, [pending], trial_keys(settings))
        return next(iter(_judged(judge, batch, Past(return_id, settings, store))))


def _pending(return_id: str, settings: Settings) -> list[_Pending]:
    """Files of the inbox by the day received, then by name; what came after the clock is left alone."""
    folder = settings.landing / return_id
    if not folder.is_dir():
        return []
    received = _deliveries(settings.landing / DELIVERIES)
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or not path.is_file():
            continue
        day = received.get(f"{return_id}/{path.name}", settings.as_at)
        if day <= settings.as_at:
            content = path.read_bytes()
            found.append(_Pending(path, day, hashlib.sha256(content).hexdigest(), content))
    return sorted(found, key=lambda pending: (pending.received_on, pending.path.name))


def _deliveries(path: Path) -> dict[str, date]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: date.fromisoformat(row["received_on"]) for row in csv.DictReader(file)}


def _sorted_out(
    pending: list[_Pending], return_id: str, store: Store
) -> tuple[list[_Pending], list[_Pending]]:
    """Files that are new, and those whose very bytes came in before or come twice."""
    new: dict[str, _Pending] = {}
    repeated = []
    for one in pending:
        if one.submission_id in new or store.submission(return_id, one.submission_id):
            repeated.append(one)
        else:
            new[one.submission_id] = one
    return list(new.values()), repeated


def _prepared(
    return_id: str, contract: Contract, settings: Settings, pending: list[_Pending], keys: Keys
) -> tuple[Judge, Batch]:
    reference, rules = load_reference(), load_rules()
    stated = contract.model_dump_json(by_alias=True)
    judge = Judge(
        return_id, contract, settings, reference, rules, hashlib.sha256(stated.encode()).hexdigest()
    )
    files = [
        prepare(
            one.content,
            Prepared(one.submission_id, one.path.name, one.received_on),
            contract,
            reference,
            settings.as_at,
        )
        for one in pending
    ]
    return judge, Batch(return_id, files, keys, rules, settings.as_at)


def _judged(judge: Judge, batch: Batch, past: Past) -> Iterable[Verdict]:
    """Verdicts in the order received; each may look back on the ones before it once they are recorded."""
    judge.check_people(batch, past.starts_told(batch))
    with open_across(batch, judge.contract, judge.settings) as across:
        judge.check_together(batch, across)
        for file in batch.files.values():
            past.look_back(file, judge.contract, across)
            if layout := past.layout(file):
                file.faults += _layout_faults(file, *layout)
            judge.check_over_time(batch, across, file.submission_id)
            yield judge.verdict(batch, file, past.known_starts)


def _layout_faults(file: Prepared, name: str, before: dict[str, list[str]]) -> list[Fault]:
    changes = []
    for table, headers in file.layout.items():
        old = before.get(table, headers)
        gained, lost = [h for h in headers if h not in old], [h for h in old if h not in headers]
        changes += [f"new {', '.join(gained)}"] if gained else []
        changes += [f"gone {', '.join(lost)}"] if lost else []
        changes += ["columns in another order"] if headers != old and not gained and not lost else []
    return [Fault("F13", {"file": name, "change": "; ".join(changes)})] if changes else []


def _keep(
    verdict: Verdict, pending: _Pending, batch: Batch, settings: Settings, store: Store, vault: Vault
) -> Verdict:
    """Encrypt the original, pseudonymise, write Parquet, and record it all in one transaction."""
    submission = verdict.submission
    vault.keep_original(submission.submission_id, pending.content)
    frames = dict(verdict.frames)
    people = frames.get("participants")
    if people is not None and "partner_ref" in people:
        frames["participants"] = vault.pseudonymise(
            submission.return_id, submission.submission_id, people.drop(columns="record_key")
        )
    notes = {LAYOUT: json.dumps(batch.files[submission.submission_id].layout), "file": submission.file_name}
    files = [_write(verdict, entity, frame, settings, notes) for entity, frame in sorted(frames.items())]
    recorded = store.record(submission, list(verdict.periods), list(verdict.findings), files)
    return replace(verdict, submission=recorded, frames=frames)


def _write(
    verdict: Verdict, entity: str, frame: pd.DataFrame, settings: Settings, notes: dict[str, str]
) -> AcceptedFile:
    submission, (start, end) = verdict.submission, verdict.periods[0]
    is_by_period = submission.scope == "period"
    name = submission.submission_id[:12] + (f"-{start.isoformat()}" if is_by_period else "")
    path = settings.accepted / entity / submission.return_id / f"{name}.parquet"
    rows, digest = write_parquet(frame, entity, path, notes)
    return AcceptedFile(
        return_id=submission.return_id,
        submission_id=submission.submission_id,
        entity=entity,
        path=path.relative_to(settings.home).as_posix(),
        rows=rows,
        sha256=digest,
        period_start=start if is_by_period else None,
        period_end=end if is_by_period else None,
    )


def _repeat(pending: _Pending, return_id: str, settings: Settings, store: Store) -> Verdict:
    """The same bytes again: nothing is done but to say so."""
    earlier = store.submission(return_id, pending.submission_id)
    assert earlier is not None
    fault = Fault("F02", {"date": earlier.received_on.isoformat(), "file": earlier.file_name})
    findings: list[Finding] = to_findings([fault], load_rules(), settings.as_at)
    store.audit("received again", f"{return_id}/{pending.submission_id[:12]}", pending.path.name)
    pending.path.unlink()
    periods = tuple(store.periods_of(return_id, pending.submission_id))
    return Verdict(earlier, periods, tuple(findings), faults=(fault,), is_repeat=True)
