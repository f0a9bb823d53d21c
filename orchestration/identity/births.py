"""Dates of birth that a return has told, for the door to see whether they change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd


def births(vault: sqlite3.Connection, return_id: str) -> pd.Series:
    """The last date of birth told of each participant, by record key."""
    found = vault.execute(
        "select record_key, date_of_birth from records where return_id = ? and date_of_birth is not null",
        (return_id,),
    ).fetchall()
    keys, days = zip(*found, strict=True) if found else ((), ())
    return pd.Series(pd.to_datetime(list(days), format="ISO8601"), index=list(keys), dtype="datetime64[s]")


def births_without_trace(vault_dir: Path, return_id: str) -> pd.Series:
    """The same from a vault that nothing is done to; none where there is no vault."""
    path = vault_dir / "vault.db"
    if not path.exists():
        return pd.Series(dtype="datetime64[s]")
    with closing(sqlite3.connect(path)) as vault:
        return births(vault, return_id)
