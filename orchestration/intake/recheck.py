"""Every archived submission judged again by the contracts, rules and waivers of now: before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.control.records import Submission
from orchestration.control.store import Store
from orchestration.identity.vault import SPILL, Vault
from orchestration.intake import inbox
from orchestration.intake.contract import Contract
from orchestration.intake.door import take
from orchestration.intake.inbox import Pending
from orchestration.settings import Settings


@dataclass(frozen=True)
class Change:
    """What would become of a submission.

    `rows_before`, `rows_after`: source rows used. `gained`, `lost`: rule → how often more or less often.
    """

    return_id: str
    file_name: str
    submission_id: str
    before: str
    after: str
    rows_before: int
    rows_after: int
    gained: dict[str, int]
    lost: dict[str, int]

    @property
    def is_change(self) -> bool:
        """Whether anything differs."""
        told = (self.before, self.rows_before) != (self.after, self.rows_after)
        return told or bool(self.gained or self.lost)

    @property
    def would_enter(self) -> bool:
        """Whether a file that waits or was refused would now be used."""
        return self.before in ("held", "rejected") and self.after not in ("held", "rejected")


def recheck(contracts: dict[str, Contract], settings: Settings, store: Store, vault: Vault) -> list[Change]:
    """Judge all archived originals again, in the order received, without changing anything.

    The trial runs in a vault of its own inside the vault, which is gone afterwards.
    """
    with TemporaryDirectory(prefix=SPILL, dir=settings.vault) as folder:
        trial = settings.aside(Path(folder))
        with Store(trial.control_db) as again, Vault.open(trial) as scratch:
            for waiver in store.waivers_in_force(settings.as_at):
                again.add_waiver(waiver)
            for return_id, contract in contracts.items():
                found = [_pending(s, vault) for s in _in_order(store, return_id)]
                for _ in take(found, return_id, contract, trial, again, scratch, scratch.keys):
                    pass
            return [_change(s, store, again) for r in contracts for s in _in_order(store, r)]


def take_again(
    changes: list[Change], contracts: dict[str, Contract], settings: Settings, store: Store, vault: Vault
) -> list[Submission]:
    """Take in the files that a recheck found to be usable now; gives them as they stand then."""
    taken = []
    for return_id, contract in contracts.items():
        wanted = {c.submission_id for c in changes if c.return_id == return_id and c.would_enter}
        found = [_pending(s, vault) for s in _in_order(store, return_id) if s.submission_id in wanted]
        taken += [v.submission for v in take(found, return_id, contract, settings, store, vault, vault.keys)]
    return taken


def _in_order(store: Store, return_id: str) -> list[Submission]:
    return sorted(store.submissions(return_id), key=lambda s: (s.received_on, s.file_name))


def _pending(submission: Submission, vault: Vault) -> Pending:
    content = vault.original(submission.submission_id)
    refused = inbox.TOO_LARGE if len(content) > inbox.MOST_BYTES else None
    path = Path(submission.file_name)
    return Pending(path, submission.received_on, submission.submission_id, content, refused)


def _change(before: Submission, store: Store, again: Store) -> Change:
    key = before.return_id, before.submission_id
    after = again.submission(*key)
    old, new = (Counter({f.rule_id: 0 for f in s.findings_of(*key)}) for s in (store, again))
    for counts, told in ((old, store.findings_of(*key)), (new, again.findings_of(*key))):
        for finding in told:
            counts[finding.rule_id] += finding.count
    return Change(
        return_id=before.return_id,
        file_name=before.file_name,
        submission_id=before.submission_id,
        before=before.status,
        after=after.status if after else "not read",
        rows_before=before.rows_accepted,
        rows_after=after.rows_accepted if after else 0,
        gained=dict(sorted((new - old).items())),
        lost=dict(sorted((old - new).items())),
    )
