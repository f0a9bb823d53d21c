"""The rights of a person, inside the vault: what is held, putting it right, letting it go."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.identity.errors import VaultError
from orchestration.identity.known_links import KEYED
from orchestration.identity.matching import match_values
from orchestration.identity.redaction import blanked
from orchestration.identity.rekeying import rekey_accepted, rekey_builds, rows_of
from orchestration.identity.vault import IDENTIFIERS, Vault
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store

HELD = ("record_key", "return_id", "submission_id", "partner_ref", *IDENTIFIERS)
NAMES_A_LINE = ("partner_ref", "nino", "uln")


@dataclass(frozen=True)
class Erased:
    """What an erasure touched: records, submissions rewritten, originals that had to go as a whole."""

    records: int
    submissions: list[str]
    deleted: list[str]


def records_of(vault: Vault, return_id: str, partner_ref: str) -> list[dict[str, Any]]:
    """Every record of the person whom a partner's reference stands for, that one first.

    Raises `VaultError` where the vault knows no such reference.
    """
    key = vault.keys.record_key(return_id, partner_ref)
    query = (
        f"select {', '.join(f'records.{name}' for name in HELD)} from records"  # noqa: S608 (our own names)
        " left join persons using (record_key)"
        " where record_key = ? or person_key = (select person_key from persons where record_key = ?)"
        " order by record_key <> ?, return_id, partner_ref"
    )
    found = [dict(zip(HELD, row, strict=True)) for row in vault.connection.execute(query, (key, key, key))]
    if not found or found[0]["record_key"] != key:
        raise VaultError(f"{return_id} has no participant with this reference.")
    return found


def held(vault: Vault, settings: Settings, return_id: str, partner_ref: str) -> dict[str, Any]:
    """All that is held of a person: identifiers by return, and every accepted row."""
    records = records_of(vault, return_id, partner_ref)
    return {"identity": records, "accepted": rows_of(settings, {one["record_key"] for one in records})}


def rectify(
    vault: Vault, settings: Settings, return_id: str, partner_ref: str, field: str, value: str
) -> None:
    """Put an identifier right in the vault. Raises `VaultError` for an unknown reference or field."""
    if field not in IDENTIFIERS:
        raise VaultError(f"The vault holds no {field}. It holds {', '.join(IDENTIFIERS)}.")
    record = records_of(vault, return_id, partner_ref)[0] | {field: value.strip() or None}
    matched = match_values(pd.DataFrame([record], columns=list(HELD), dtype="object"), settings.is_synthetic)
    known = {name: None if pd.isna(column.iloc[0]) else column.iloc[0] for name, column in matched.items()}
    changed = {field: record[field]} | known
    marks = ", ".join(f"{name} = ?" for name in changed)
    with vault.transaction():
        vault.connection.execute(
            f"update records set {marks} where record_key = ?",  # noqa: S608 (our own names)
            (*changed.values(), record["record_key"]),
        )


def erase(vault: Vault, settings: Settings, store: Store, records: list[dict[str, Any]]) -> Erased:
    """Let go of who the records are; how many there are, and which are one person, stays.

    Done in an order that can be taken up again: `finish` ends what was interrupted.
    """
    with vault.transaction():
        vault.connection.executemany(
            "insert or ignore into exchanges values (?, ?)",
            [(one["record_key"], secrets.token_hex(16)) for one in records],
        )
    return finish(vault, settings, store)


def finish(vault: Vault, settings: Settings, store: Store) -> Erased:
    """Carry out every erasure that was begun."""
    keys = dict(vault.connection.execute("select old_key, new_key from exchanges").fetchall())
    begun = "record_key in (select old_key from exchanges)"
    query = f"select {', '.join(HELD)} from records where {begun}"  # noqa: S608 (our own names)
    records = [dict(zip(HELD, row, strict=True)) for row in vault.connection.execute(query)]
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
    query = f"select {', '.join(HELD)} from records where submission_id in ({marks})"  # noqa: S608
    records = [
        dict(zip(HELD, row, strict=True)) for row in vault.connection.execute(query, list(submissions))
    ]
    for submission_id, return_id in submissions.items():
        vault.originals.remove(submission_id)
        (settings.vault / "feedback" / return_id / f"{submission_id}.json").unlink(missing_ok=True)
    return erase(vault, settings, store, records)


def _redact(
    vault: Vault, settings: Settings, store: Store, records: list[dict[str, Any]]
) -> tuple[set[str], set[str]]:
    """Blank the lines of the records in every original of their returns, and drop the feedback on it."""
    touched, deleted = set(), set()
    for return_id in sorted({one["return_id"] for one in records}):
        own = [one for one in records if one["return_id"] == return_id]
        words = {one[name] for one in own for name in NAMES_A_LINE if one[name]}
        for submission_id in (s.submission_id for s in store.submissions(return_id)):
            if not vault.holds(submission_id):
                continue
            before = vault.original(submission_id)
            after = blanked(before, words)
            if after == before:
                continue
            if after is None:
                vault.originals.remove(submission_id)
                deleted.add(submission_id)
            else:
                vault.originals.replace(submission_id, after)
            (settings.vault / "feedback" / return_id / f"{submission_id}.json").unlink(missing_ok=True)
            touched.add(submission_id)
    return touched, deleted


def exchange(vault: Vault, keys: dict[str, str]) -> None:
    """Give records other keys in every table of the vault, within the caller's transaction."""
    for table, columns in KEYED.items():
        for column in columns:
            vault.connection.executemany(
                f"update {table} set {column} = ? where {column} = ?",  # noqa: S608 (our own names)
                [(new, old) for old, new in keys.items()],
            )
