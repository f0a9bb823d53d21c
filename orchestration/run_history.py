"""Dagster's record of a run, kept at a cost that fits a run of a thousand events.

For every event Dagster makes an engine, compiles its SQL anew, opens its SQLite file, waits for the disk,
and closes the file, at which SQLite clears its log away. Nothing of ours is in these files, and a crash of
the process loses none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage

STORAGES: tuple[Any, ...] = (sqlite_event_log, sqlite_run_storage, sqlite_schedule_storage)


class _Kept(sqlalchemy.QueuePool):
    """Connections that stay open when Dagster disposes of their engine, as it does after each event."""

    def recreate(self) -> _Kept:
        return self

    def dispose(self) -> None:
        pass

    def close(self) -> None:
        super().dispose()


@contextmanager
def kept_open() -> Iterator[None]:
    """While it lasts, Dagster's SQLite files stay open and are written without waiting for the disk."""
    engines: dict[str, sqlalchemy.Engine] = {}

    def engine(url: str, **options: Any) -> sqlalchemy.Engine:
        if url not in engines:
            made = engines[url] = sqlalchemy.create_engine(url, **options | {"poolclass": _Kept})
            sqlalchemy.event.listen(made, "connect", _write_soon)
            assert isinstance(made.pool, _Kept)
            after.callback(made.pool.close)
        return engines[url]

    with ExitStack() as after:
        for storage in STORAGES:
            after.callback(setattr, storage, "create_engine", storage.create_engine)
            storage.create_engine = engine
        yield


def _write_soon(connection: Any, _: Any) -> None:
    connection.execute("pragma synchronous = normal")
