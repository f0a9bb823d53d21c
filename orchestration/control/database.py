"""The SQLite file under the control store: connections, transactions, and faults in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from orchestration.control.schema import METADATA, UPGRADES, VERSION

BUSY_SECONDS = 30


class StoreError(Exception):
    """The control store cannot be used as asked; the message says what to do."""


class Database:
    """One SQLite file: readers never wait for the writer, a writer waits for another at most 30 seconds."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`, made when new. Raises `StoreError` when it cannot be read."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        url = URL.create("sqlite", database=str(path))
        self._engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._create()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a consistent view of the store."""
        with self._plain_faults(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing."""
        writing = self._engine.execution_options(is_writing=True)
        with self._plain_faults(), writing.begin() as connection:
            yield connection

    def _create(self) -> None:
        with self.read() as connection:
            version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version == VERSION:
            return
        if version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer version of Pathways. Update this installation."
            )
        with self.write() as connection:
            METADATA.create_all(connection)
            for step in (s for v in range(version or VERSION, VERSION) for s in UPGRADES[v]):
                connection.exec_driver_sql(step)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _plain_faults(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise StoreError(
                f"{self.path} already holds this, or lacks what it hangs on: {error.orig}."
            ) from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(self._explain(str(getattr(error, "orig", None) or error))) from error

    def _explain(self, fault: str) -> str:
        if "locked" in fault or "busy" in fault:
            return (
                f"{self.path} has been in use by another program for {BUSY_SECONDS} seconds. "
                "Try again when that has ended."
            )
        return (
            f"The control store {self.path} cannot be used ({fault}). Restore it from a backup. "
            "Do not delete it: it holds what was received and published."
        )


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver's guess
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes its lock first: what it reads cannot change before it writes.
    is_writing = connection.get_execution_options().get("is_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
