"""A whole control store copied from one place to another, SQLite or Postgres, and compared afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, text, update

from orchestration.control.database import Database, StoreError
from orchestration.control.lock import held
from orchestration.control.rows import log
from orchestration.control.schema import METADATA, store_version
from orchestration.settings import Settings

TABLES = [table for table in METADATA.sorted_tables if table is not store_version]
BATCH = 5_000


def move(settings: Settings, to: str) -> Path | str:
    """Move the control store to the Postgres URL `to`, or into the home where it is empty; gives its place.

    What was there is marked as moved: every command on it says where it went. Raises `StoreError` where a
    store in use is there already, `HomeIsBusyError` while a run holds either.
    """
    there = replace(settings, control_store=to)
    before, after = settings.control_db, there.control_db
    if before == after:
        raise StoreError(f"The control store is at {after} already.")
    with held(settings, "pathways move-store"), held(there, "pathways move-store"):
        transfer(before, after)
        with closing(Database(before)) as old, closing(Database(after)) as new:
            old.mark_moved(after)
            with new.write() as connection:
                log(connection, "moved control store", str(after), f"from {before}")
    return after


def transfer(source: Path | str, target: Path | str, may_replace: bool = False) -> None:
    """Make `target` hold what `source` holds; of one moment, and all of it or nothing.

    Raises `StoreError` where the target holds a store in use, unless it `may_replace` that, or where what
    was written is not what was read.
    """
    with closing(Database(source)) as one, closing(Database(target, may_be_moved=True)) as other:
        if not may_replace and is_in_use(other):
            raise StoreError(f"{target} holds a control store. Move it away, or name an empty database.")
        with one.read() as reading, other.write() as writing:
            _copy(reading, writing)
            if lost := [table.name for table in TABLES if not _is_same(reading, writing, table)]:
                raise StoreError(f"{', '.join(lost)} did not arrive at {target} whole. Nothing was changed.")


def is_in_use(database: Database) -> bool:
    """Whether it holds anything, and was not moved elsewhere."""
    if database.moved_to() is not None:
        return False
    with database.read() as connection:
        return any(connection.execute(select(table).limit(1)).first() for table in TABLES)


def _copy(source: Connection, target: Connection) -> None:
    METADATA.drop_all(target, tables=TABLES)
    METADATA.create_all(target, tables=TABLES)
    for table in TABLES:
        found = source.execution_options(yield_per=BATCH).execute(select(table))
        for batch in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in batch])
        if target.dialect.name == "postgresql" and table.autoincrement_column is not None:
            _count_on(target, table)
    target.execute(update(store_version).values(moved_to=None))


def _count_on(connection: Connection, table: Table) -> None:
    """Let the numbers that Postgres gives go on after those that came along."""
    connection.execute(
        text("select setval(pg_get_serial_sequence(:table, 'id'), :following, false)"),
        {"table": table.name, "following": (connection.scalar(select(func.max(table.c.id))) or 0) + 1},
    )


def _is_same(one: Connection, other: Connection, table: Table) -> bool:
    both = zip_longest(_in_order(one, table), _in_order(other, table))
    return all(mine == theirs for mine, theirs in both)


def _in_order(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    yield from connection.execution_options(yield_per=BATCH).execute(query)
