"""The door: everything pending of a return is taken in, each file with one final verdict.

A file is either taken in whole (original encrypted, records written, verdict recorded) or still lies in
the inbox.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.control.precedence import Covering
from orchestration.control.precedence import judge as judge_among
from orchestration.control.records import AcceptedFile, Finding, Submission, Waiver
from orchestration.control.rules import load_rules
from orchestration.identity.births import births, births_without_trace
from orchestration.intake.batch import Batch
from orchestration.intake.contract import Contract
from orchestration.intake.feedback import keep_faults
from orchestration.intake.findings import Fault, to_findings
from orchestration.intake.frames import write_parquet
from orchestration.intake.inbox import Pending, Place, pending
from orchestration.intake.judge import Judge, open_across
from orchestration.intake.past import Past
from orchestration.intake.people import check_births
from orchestration.intake.prepare import Prepared, prepare
from orchestration.intake.reference import load_reference
from orchestration.intake.unsaid import Unsaid
from orchestration.intake.verdict import Verdict
from orchestration.intake.waivers import Waivers
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.keys import Keys
    from orchestration.identity.vault import Vault

Progress = Callable[[str], None]
Births = Callable[[], pd.Series]
LAYOUT = "layout"


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
    new, repeated = _sorted_out(pending(return_id, settings), return_id, store)
    verdicts = []
    if new:
        files = {one.submission_id: one for one in new}
        for verdict in take(new, return_id, contract, settings, store, vault, keys):
            verdicts.append(verdict)
            one = files[verdict.submission.submission_id]
            one.leave()
            if progress:
                progress(f"{return_id}: {verdict.submission.file_name} {verdict.submission.status}")
    # What a read-only share still holds was told when it came first.
    return verdicts + [_repeat(one, return_id, settings, store) for one in repeated if one.leave()]


def take(
    found: list[Pending],
    return_id: str,
    contract: Contract,
    settings: Settings,
    store: Store,
    vault: Vault,
    keys: Keys,
) -> Iterator[Verdict]:
    """Judge files together and keep each with its verdict, in order; the files themselves stay."""
    if not found:
        return
    waivers = store.waivers_in_force(settings.as_at)
    judge, batch = _prepared(return_id, contract, settings, found, keys, waivers)
    contents = {one.submission_id: one for one in found}
    for verdict in _judged(
        judge, batch, Past(return_id, settings, store), partial(births, vault.connection, return_id)
    ):
        one = contents[verdict.submission.submission_id]
        yield _keep(verdict, one, batch, settings, store, vault)


def check(path: Path, return_id: str, contract: Contract, settings: Settings) -> Verdict:
    """The verdict of `take_in` on a file received today by the home's clock; writes nothing."""
    from orchestration.intake.trial import trial_keys, trial_store

    one = Pending.of(Place.of(str(path)), settings.as_at)
    with trial_store(settings) as store:
        waivers = store.waivers_in_force(settings.as_at)
        judge, batch = _prepared(return_id, contract, settings, [one], trial_keys(settings), waivers)
        told = partial(births_without_trace, settings.vault, return_id)
        verdict = next(iter(_judged(judge, batch, Past(return_id, settings, store), told)))
        return _among_others(verdict, settings, store)


def _among_others(verdict: Verdict, settings: Settings, store: Store) -> Verdict:
    """A verdict on a file as it would stand beside those that came in before."""
    submission = verdict.submission
    if earlier := store.submission(submission.return_id, submission.submission_id):
        again = to_findings([_same_as(earlier)], load_rules(), settings.as_at)
        return replace(verdict, findings=(*verdict.findings, *again))
    others = store.coverings(submission.return_id)
    return replace(verdict, submission=judge_among(Covering(submission, verdict.periods), others))


def _sorted_out(found: list[Pending], return_id: str, store: Store) -> tuple[list[Pending], list[Pending]]:
    """Files that are new, and those whose very bytes came in before or come twice."""
    new: dict[str, Pending] = {}
    repeated = []
    for one in found:
        if one.submission_id in new or store.submission(return_id, one.submission_id) is not None:
            repeated.append(one)
        else:
            new[one.submission_id] = one
    return list(new.values()), repeated


def _prepared(
    return_id: str,
    contract: Contract,
    settings: Settings,
    found: list[Pending],
    keys: Keys,
    waivers: list[Waiver],
) -> tuple[Judge, Batch]:
    # While the child reads, this process would only wait.
    threading.Thread(target=import_module, args=("great_expectations",)).start()
    reference, in_force = load_reference(), Waivers.of(return_id, waivers, load_rules(), settings.as_at)
    stated = contract.model_dump_json(by_alias=True)
    judge = Judge(
        return_id, contract, settings, reference, in_force, hashlib.sha256(stated.encode()).hexdigest()
    )
    files = [
        prepare(
            one.content,
            Prepared(one.submission_id, one.path.name, one.received_on, refused=one.refused),
            contract,
            reference,
            settings.as_at,
        )
        for one in found
    ]
    return judge, Batch(return_id, files, keys, in_force)


def _judged(judge: Judge, batch: Batch, past: Past, births_told: Births) -> Iterable[Verdict]:
    """Verdicts in the order received; each may look back on the ones before it once they are recorded."""
    judge.check_people(batch, past.starts_told(batch))
    with open_across(batch, judge.contract, judge.settings) as across:
        judge.check_together(batch, across)
        for file in batch.files.values():
            people = pd.concat([batch.people_of(file.submission_id), *file.named], ignore_index=True)
            unsaid = Unsaid(people, judge.contract)
            file.layout = {name: [unsaid.plain(h) for h in found] for name, found in file.layout.items()}
            past.look_back(file, judge.contract, across)
            if layout := past.layout(file):
                file.faults += _layout_faults(file, *layout)
            check_births(batch, file.submission_id, births_told())
            judge.check_over_time(batch, across, file.submission_id)
            yield judge.verdict(batch, file, past.known_starts, unsaid)


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
    verdict: Verdict, one: Pending, batch: Batch, settings: Settings, store: Store, vault: Vault
) -> Verdict:
    """Encrypt the original, pseudonymise, write Parquet, and record it all in one transaction."""
    submission = verdict.submission
    vault.keep_original(submission.submission_id, one.parts())
    frames = dict(verdict.frames)
    people = frames.get("participants")
    if people is not None and "partner_ref" in people:
        frames["participants"] = vault.pseudonymise(submission.return_id, submission.submission_id, people)
    notes = {LAYOUT: json.dumps(batch.files[submission.submission_id].layout), "file": submission.file_name}
    files = [_write(verdict, entity, frame, settings, notes) for entity, frame in sorted(frames.items())]
    keep_faults(submission, verdict.faults, settings)
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


def _repeat(one: Pending, return_id: str, settings: Settings, store: Store) -> Verdict:
    """The same bytes again: nothing is done but to say so."""
    earlier = store.submission(return_id, one.submission_id)
    assert earlier is not None
    fault = _same_as(earlier)
    findings: list[Finding] = to_findings([fault], load_rules(), settings.as_at)
    store.audit("received again", f"{return_id}/{one.submission_id[:12]}", earlier.file_name)
    periods = tuple(store.periods_of(return_id, one.submission_id))
    return Verdict(earlier, periods, tuple(findings), faults=(fault,), is_repeat=True)


def _same_as(earlier: Submission) -> Fault:
    return Fault("F02", {"date": earlier.received_on.isoformat(), "file": earlier.file_name})
