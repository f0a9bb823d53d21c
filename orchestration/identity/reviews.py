"""Pairs of records that wait for a person, shown with no more than what is needed to decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.control.rows import who
from orchestration.identity.errors import VaultError
from orchestration.identity.known_links import REVIEW_COLUMNS, frame
from orchestration.identity.vault import Vault

SHOWN = ("forename", "surname", "full_name", "date_of_birth", "postcode", "address")
NUMBERS = ("nino", "uln")


def open_pairs(vault: Vault) -> list[dict[str, Any]]:
    """Pair, why, probability, returns, and of both records the values that differ; numbers only whether.

    The likeliest first; without pairs of which somebody was erased since.
    """
    decided = {
        pair for (pair,) in vault.connection.execute("select record_l || record_r from decisions").fetchall()
    }
    found = []
    waiting = frame(vault.connection, "reviews", REVIEW_COLUMNS).sort_values("probability", ascending=False)
    for left, right, _, probability, why in waiting.itertuples(index=False, name=None):
        one, other = _record(vault, left), _record(vault, right)
        if one and other and "".join(sorted((left, right))) not in decided:
            found.append(
                {
                    "pair": _name(left, right),
                    "why": why or "would join others who differ",
                    "probability": probability,
                    "returns": [one["return_id"], other["return_id"]],
                    "differ": _differing(one, other),
                }
            )
    return found


def decide(vault: Vault, pair: str, decision: str) -> None:
    """Remember a decision (`link` or `split`). Raises `VaultError` for a pair that does not wait."""
    waiting = frame(vault.connection, "reviews", REVIEW_COLUMNS)[["record_l", "record_r"]]
    named = {_name(*records): sorted(records) for records in waiting.itertuples(index=False, name=None)}
    if pair not in named:
        raise VaultError(f"There is no pair {pair}. 'pathways person review' lists those that wait.")
    with vault.transaction():
        vault.connection.execute(
            "insert into decisions (record_l, record_r, decision, who, decided_at) values (?, ?, ?, ?, ?)",
            (*named[pair], decision, who(), datetime.now(UTC).isoformat(timespec="seconds")),
        )


def _name(left: str, right: str) -> str:
    return f"{left[:6]}-{right[:6]}"


def _record(vault: Vault, key: str) -> dict[str, Any]:
    columns = ("return_id", *SHOWN, *NUMBERS)
    query = f"select {', '.join(columns)} from records where record_key = ?"  # noqa: S608 (our own names)
    found = vault.connection.execute(query, (key,)).fetchone()
    return dict(zip(columns, found, strict=True)) if found else {}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    differ = {name: (one[name], other[name]) for name in SHOWN if one[name] != other[name]}
    for name in NUMBERS:
        if one[name] and other[name] and one[name][:8] != other[name][:8]:
            differ[name] = ("one number", "another")
    return differ
