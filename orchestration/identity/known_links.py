"""What earlier links and people decided, kept in the vault: persons, pairs, decisions, the model."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pandas as pd

LINK_SCHEMA = (
    "create table if not exists persons (record_key text primary key, person_key text not null,"
    " link_rule text not null, seen integer not null, linked_as text not null) without rowid",
    "create table if not exists edges (record_l text, record_r text, link_rule text not null,"
    " probability real not null, primary key (record_l, record_r)) without rowid",
    "create table if not exists reviews (record_l text, record_r text, link_rule text not null,"
    " probability real not null, why text not null, primary key (record_l, record_r)) without rowid",
    "create table if not exists decisions (id integer primary key, record_l text not null,"
    " record_r text not null, decision text not null, who text not null, decided_at text not null)",
    "create table if not exists models (version text primary key, content text, reason text not null,"
    " pairs integer not null)",
)
# Tables and columns that hold record keys, for whoever must exchange one.
KEYED = {
    "records": ("record_key",),
    "persons": ("record_key",),
    "edges": ("record_l", "record_r"),
    "reviews": ("record_l", "record_r"),
    "decisions": ("record_l", "record_r"),
}
PERSON_COLUMNS = ("record_key", "person_key", "link_rule", "seen", "linked_as")
EDGE_COLUMNS = ("record_l", "record_r", "link_rule", "probability")
REVIEW_COLUMNS = (*EDGE_COLUMNS, "why")


@dataclass(frozen=True)
class KnownModel:
    """A model, and on how many `pairs` it was trained; no `content` where they could not, for `reason`."""

    content: str | None
    reason: str
    pairs: int


@dataclass(frozen=True)
class Known:
    """What earlier links and people decided.

    `persons`: record_key, person_key, link_rule, seen (number of the export that first linked it) and
    linked_as (digest of the identifiers it was linked by). `edges`: record_l, record_r, link_rule and
    probability of every pair that was ever a candidate. `decisions`: record_l, record_r and decision
    (`link` or `split`), the last word on each pair.
    """

    persons: pd.DataFrame
    edges: pd.DataFrame
    decisions: pd.DataFrame
    model: KnownModel | None

    @classmethod
    def read(cls, connection: sqlite3.Connection, version: str) -> Known:
        """Read it all, with the model of a version."""
        decisions = frame(connection, "decisions", ("record_l", "record_r", "decision", "id")).sort_values(
            "id"
        )
        query = "select content, reason, pairs from models where version = ?"
        found = connection.execute(query, (version,)).fetchone()
        return cls(
            persons=frame(connection, "persons", PERSON_COLUMNS),
            edges=frame(connection, "edges", EDGE_COLUMNS),
            decisions=decisions.drop_duplicates(["record_l", "record_r"], keep="last").drop(columns="id"),
            model=KnownModel(*found) if found else None,
        )

    @classmethod
    def nothing(cls) -> Known:
        """Of a new vault."""
        with closing(sqlite3.connect(":memory:")) as empty:
            for statement in LINK_SCHEMA:
                empty.execute(statement)
            return cls.read(empty, "")


def frame(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns of a table of the vault, ordered by the first two."""
    query = f"select {', '.join(columns)} from {table} order by 1, 2"  # noqa: S608 (our own names)
    with closing(connection.execute(query)) as cursor:
        return pd.DataFrame(cursor.fetchall(), columns=list(columns))


def replace_rows(connection: sqlite3.Connection, table: str, rows: pd.DataFrame) -> None:
    """Exchange the rows of a table, within the caller's transaction."""
    marks = ", ".join("?" for _ in rows.columns)
    connection.execute(f"delete from {table}")  # noqa: S608 (our own names)
    connection.executemany(
        f"insert into {table} ({', '.join(rows.columns)}) values ({marks})",  # noqa: S608
        zip(*(rows[name].tolist() for name in rows), strict=True),
    )
