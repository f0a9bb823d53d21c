"""Letting go of who people are: one who asks, or all whose time of keeping is over. Counts stay."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.identity.known_links import KEYED
from orchestration.identity.people import read, received
from orchestration.identity.rekeying import rekey_accepted, rekey_builds
from orchestration.identity.vault import Vault
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store


@dataclass(frozen=True)
class Erased:
    """What an erasure touched: records, submissions rewritten, originals that had to go as a whole."""

    records: int
    submissions: list[str]
    deleted: list[str]


def erase(vault: Vault, settings: Settings, store: Store, records: list[dict[str, Any]]) -> Erased:
    """Let go of who the records are; how many there are, and which are one person, stays.

    Done in an order that can be taken up again: `finish` ends what was interrupted.
    """
    _begin(vault, records)
    return finish(vault, settings, store)


def _begin(vault: Vault, records: list[dict[str, Any]]) -> None:
    """Note whom to let go; of a reference that only an unused file names, what that file is searched for."""
    named = [(one["record_key"], one["return_id"], one["partner_ref"]) for one in records]
    keys = [(key, secrets.token_hex(16)) for key, *_ in named]
    with vault.transaction():
        vault.connection.executemany("insert or ignore into exchanges values (?, ?)", keys)
        vault.connection.executemany(
            "insert or ignore into records (record_key, return_id, partner_ref) values (?, ?, ?)", named
        )


def finish(vault: Vault, settings: Settings, store: Store) -> Erased:
    """Carry out every erasure that was begun."""
    keys = dict(vault.connection.execute("select old_key, new_key from exchanges").fetchall())
    if not keys:
        return Erased(0, [], [])
    begun = "record_key in (select old_key from exchanges)"
    records = read(vault, f"where {begun}")
    found = vault.connection.execute(f"select distinct person_key from persons where {begun}")  # noqa: S608
    persons = {person_key: secrets.token_hex(16) for (person_key,) in found}
    touched, deleted = _redact(vault, settings, store, records)
    touched |= set(rekey_accepted(settings, store, keys))
    rekey_builds(settings, keys | persons)
    with vault.transaction():
        vault.connection.executemany(
            f"update persons set person_key = ?, linked_as = '' where person_key = ? and {begun}",  # noqa: S608
            [(new, old) for old, new in persons.items()],
        )
        vault.connection.execute(f"delete from records where {begun}")  # noqa: S608
        exchange(vault, keys)
        vault.connection.execute("delete from exchanges")
    return Erased(len(keys), sorted(touched), sorted(deleted))


def discard(vault: Vault, settings: Settings, store: Store, submissions: dict[str, str]) -> Erased:
    """Delete originals (id → return) with their feedback, and let go of the people last stated in them."""
    marks = ", ".join("?" for _ in submissions)
    _begin(vault, read(vault, f"where submission_id in ({marks})", tuple(submissions)))
    for submission_id, return_id in submissions.items():
        _remove(vault, settings, return_id, submission_id)
    return finish(vault, settings, store)


def _redact(
    vault: Vault, settings: Settings, store: Store, records: list[dict[str, Any]]
) -> tuple[set[str], set[str]]:
    """Blank the lines of the records in every original of their returns, and drop the feedback on it.

    Gives the submissions touched, and those of which the original had to go.
    """
    touched, deleted = set(), set()
    for submission, found in received(vault, store, records):
        submission_id = submission.submission_id
        if found.rest is None:
            _remove(vault, settings, submission.return_id, submission_id)
            deleted.add(submission_id)
        elif found.lines:
            vault.originals.replace(submission_id, found.rest)
            _feedback(settings, submission.return_id, submission_id).unlink(missing_ok=True)
            touched.add(submission_id)
    return touched | deleted, deleted


def _remove(vault: Vault, settings: Settings, return_id: str, submission_id: str) -> None:
    vault.originals.remove(submission_id)
    _feedback(settings, return_id, submission_id).unlink(missing_ok=True)


def _feedback(settings: Settings, return_id: str, submission_id: str) -> Path:
    return settings.vault / "feedback" / return_id / f"{submission_id}.json"


def exchange(vault: Vault, keys: dict[str, str]) -> None:
    """Give records other keys in every table of the vault, within the caller's transaction."""
    for table, columns in KEYED.items():
        for column in columns:
            vault.connection.executemany(
                f"update {table} set {column} = ? where {column} = ?",  # noqa: S608 (our own names)
                [(new, old) for old, new in keys.items()],
            )
