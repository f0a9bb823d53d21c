"""The database under the control store: its version, and transactions of two kinds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, update

from orchestration.control.engines import StoreError, open_engine, plain_faults
from orchestration.control.schema import METADATA, UPGRADES, VERSION, audit_events, store_version, submissions

__all__ = ["Database", "StoreError"]


class Database:
    """A store: readers never wait for the writer, a writer waits for another at most 30 seconds."""

    def __init__(self, where: Path | str, may_be_moved: bool = False) -> None:
        """Open the store in the file or at the URL, made when new.

        Raises `StoreError` when it cannot be read, or was moved elsewhere (unless it `may_be_moved`).
        """
        self.where = where
        with plain_faults(where):
            self._engine = open_engine(where)
            self._bring_up_to_date()
        if not may_be_moved and (place := self.moved_to()):
            raise StoreError(
                f"The control store was moved from {where} to {place}. Set control_store to where it is."
            )

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a consistent view of the store."""
        with plain_faults(self.where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing."""
        writing = self._engine.execution_options(is_writing=True)
        with plain_faults(self.where), writing.begin() as connection:
            yield connection

    def moved_to(self) -> str | None:
        """Where the store was moved to; None while it is in use."""
        with self.read() as connection:
            return connection.execute(select(store_version.c.moved_to)).scalar_one()

    def mark_moved(self, to: Path | str) -> None:
        """Let nobody use the store here any more."""
        with self.write() as connection:
            connection.execute(update(store_version).values(moved_to=str(to)))

    def _bring_up_to_date(self) -> None:
        with self.read() as connection:
            version = _version(connection)
        if version == VERSION:
            return
        if version is not None and version > VERSION:
            raise StoreError(
                f"{self.where} was written by a newer version of Pathways. Update this installation."
            )
        with self.write() as connection:
            _upgrade(connection)


def is_store(path: Path) -> bool:
    """Whether a file is a control store, of whatever version; it is only read."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection,
    ):
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        return {submissions.name, audit_events.name} <= tables
    return False


def _upgrade(connection: Connection) -> None:
    """Make the tables, or bring them up to date; another process may just have done it."""
    version = _version(connection)
    METADATA.create_all(connection)
    for step in (s for v in range(version or VERSION, VERSION) for s in UPGRADES[v]):
        connection.exec_driver_sql(step)
    if connection.execute(update(store_version).values(version=VERSION)).rowcount == 0:
        connection.execute(insert(store_version).values(version=VERSION))


def _version(connection: Connection) -> int | None:
    """Version of the tables, None where there are none yet."""
    if inspect(connection).has_table(store_version.name):
        return connection.execute(select(store_version.c.version)).scalar_one_or_none()
    if connection.dialect.name == "sqlite":  # versions 1 and 2 wrote it there
        return connection.exec_driver_sql("PRAGMA user_version").scalar_one() or None
    return None
