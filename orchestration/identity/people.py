"""What is held of a person, inside the vault and of the pseudonym outside; and putting it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.control.records import Submission
from orchestration.identity.derive import OLDEST
from orchestration.identity.errors import VaultError
from orchestration.identity.matching import match_values
from orchestration.identity.redaction import Parted, parted
from orchestration.identity.rekeying import rows_of
from orchestration.identity.vault import IDENTIFIERS, Vault
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store

HELD = ("record_key", "return_id", "submission_id", "partner_ref", *IDENTIFIERS)
NAMES_A_LINE = ("partner_ref", "nino", "uln")
KINDS = {
    "date_of_birth": "write a day as 1990-05-17",
    "age": f"write a whole number up to {OLDEST}",
    "nino": "write two letters, six digits, and A to D",
    "uln": "its ten digits fail their check",
    "postcode": "write it as S60 1AA",
}
UNREADABLE = "F01"  # such an original is not opened again


def records_of(vault: Vault, store: Store, return_id: str, partner_ref: str) -> list[dict[str, Any]]:
    """Every record of the person whom a partner's reference stands for, that one first.

    Who is in a file that was never used has no record: then the reference alone stands for the person.
    Raises `VaultError` where neither the vault nor a file of the return knows the reference.
    """
    key = vault.keys.record_key(return_id, partner_ref)
    found = read(
        vault,
        "left join persons using (record_key)"
        " where record_key = ? or person_key = (select person_key from persons where record_key = ?)"
        " order by record_key <> ?, return_id, partner_ref",
        (key, key, key),
    )
    if found and found[0]["record_key"] == key:
        return found
    if not store.submissions(return_id):
        raise VaultError(f"Nothing has come in for a return '{return_id}'. 'pathways status' lists them.")
    alone = dict.fromkeys(HELD) | {
        "record_key": key, "return_id": return_id, "partner_ref": partner_ref.strip()
    }  # fmt: skip
    if not any(found.lines for _, found in received(vault, store, [alone])):
        raise VaultError(f"{return_id} has sent no participant with this reference.")
    return [alone]


def held(vault: Vault, settings: Settings, store: Store, return_id: str, partner_ref: str) -> dict[str, Any]:
    """All that is held of a person: identifiers by return, accepted rows, lines of received files."""
    records = records_of(vault, store, return_id, partner_ref)
    lines = [
        {
            "return_id": submission.return_id,
            "file_name": submission.file_name,
            "received_on": submission.received_on,
            "status": submission.status,
            "lines": found.lines if found.rest is not None else "this kind of file cannot be searched",
        }
        for submission, found in received(vault, store, records)
        if found.lines or found.rest is None
    ]
    accepted = rows_of(settings, {one["record_key"] for one in records})
    return {"identity": records, "accepted": accepted, "received": lines}


def rectify(
    vault: Vault, settings: Settings, return_id: str, partner_ref: str, field: str, value: str
) -> None:
    """Put an identifier right in the vault; "-" for one that is not known.

    Raises `VaultError` for an unknown reference or field, or a value that is none of its kind.
    """
    if field not in IDENTIFIERS:
        raise VaultError(f"The vault holds no {field}. It holds {', '.join(IDENTIFIERS)}.")
    key, right = vault.keys.record_key(return_id, partner_ref), value.strip()
    known = read(vault, "where record_key = ?", (key,))
    if not known:
        raise VaultError(f"{return_id} has no participant with this reference.")
    record = known[0] | {field: None if right == "-" else right}
    matched = match_values(pd.DataFrame([record], columns=list(HELD), dtype="object"), settings.is_synthetic)
    match = {name: None if pd.isna(column.iloc[0]) else column.iloc[0] for name, column in matched.items()}
    if right != "-" and not _is_of_kind(field, right, match):
        raise VaultError(f"That is no {field}: {KINDS.get(field, 'it is blank')}. Nothing was changed.")
    changed = {field: record[field]} | match
    marks = ", ".join(f"{name} = ?" for name in changed)
    with vault.transaction():
        vault.connection.execute(
            f"update records set {marks} where record_key = ?",  # noqa: S608 (our own names)
            (*changed.values(), key),
        )


def _is_of_kind(field: str, value: str, match: Mapping[str, str | None]) -> bool:
    """Whether a right value is one of its field, as the door would take it."""
    if field == "date_of_birth":
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if field == "age":
        return value.isdecimal() and int(value) <= OLDEST
    return bool(value) and (field not in KINDS or match[f"match_{field}"] is not None)


def received(
    vault: Vault, store: Store, records: list[dict[str, Any]]
) -> Iterator[tuple[Submission, Parted]]:
    """Every original of the returns of the records, parted from the lines that name them."""
    kept = set(vault.originals.kept())
    for return_id in sorted({one["return_id"] for one in records}):
        own = [one for one in records if one["return_id"] == return_id]
        words = {one[name] for one in own for name in NAMES_A_LINE if one[name]}
        for submission in store.submissions(return_id):
            if submission.submission_id in kept:
                found = store.findings_of(return_id, submission.submission_id)
                is_unreadable = any(one.rule_id == UNREADABLE for one in found)
                content = b"" if is_unreadable else vault.original(submission.submission_id)
                yield submission, Parted(None) if is_unreadable else parted(content, words)


def read(vault: Vault, rest: str, values: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Records of the vault, by the rest of a query."""
    query = f"select {', '.join(f'records.{name}' for name in HELD)} from records {rest}"  # noqa: S608
    return [dict(zip(HELD, row, strict=True)) for row in vault.connection.execute(query, values)]
