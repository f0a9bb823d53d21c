"""Where the control store may lie, an SQLite file or a Postgres database: connections, transactions, faults.

On both a reader sees one moment and waits for nobody, and writers go one after another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from orchestration.control.refusals import refusal_in

BUSY_SECONDS = 30
# Advisory locks of Postgres: numbers of our own choice. One database holds one store.
RUN_LOCK, WRITE_LOCK = 7_284_921, 7_284_922
# A machine that is gone is noticed, and its lock let go of, after a minute and not after hours.
SESSION = {
    "lock_timeout": BUSY_SECONDS * 1000,
    "tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3,
}  # fmt: skip
NETWORK = {"connect_timeout": BUSY_SECONDS, "keepalives_idle": 30, "keepalives_interval": 10}


class StoreError(Exception):
    """The control store cannot be used as asked; the message says what to do."""


def open_engine(where: Path | str, **options: Any) -> Engine:
    """Engine for the SQLite file or the Postgres URL; `options` are of `create_engine`."""
    if isinstance(where, Path):
        where.parent.mkdir(parents=True, exist_ok=True)
        url = URL.create("sqlite", database=str(where))
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(make_url(where), connect_args=NETWORK, pool_pre_ping=True, **options)
        event.listen(engine, "connect", _prepare_postgres)
        event.listen(engine, "begin", _begin_postgres)
    return engine


@contextmanager
def plain_faults(where: Path | str) -> Iterator[None]:
    """Turn what the database or its driver raises into a `StoreError`."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise StoreError(
            f"Postgres needs the package {error.name}: pip install -r requirements-postgres.lock"
        ) from None
    except IntegrityError as error:
        raise StoreError(f"{where} already holds this, or lacks what it hangs on: {error.orig}.") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(_explained(where, str(getattr(error, "orig", None) or error).strip())) from error


def _explained(where: Path | str, fault: str) -> str:
    if (said := refusal_in(fault)) is not None:
        return said
    if "locked" in fault or "busy" in fault or "lock timeout" in fault:
        return (
            f"{where} has been in use by another program for {BUSY_SECONDS} seconds. "
            "Try again when that has ended."
        )
    if isinstance(where, Path):
        return (
            f"The control store {where} cannot be used ({fault}). Restore it from a backup. "
            "Do not delete it: it holds what was received and published."
        )
    return (
        f"The control store {where} cannot be used ({fault}). See that the server runs, that this machine "
        "may connect to it, and that PGPASSFILE names the file with its password."
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver's guess
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock first: what it reads cannot change before it writes.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")


def _prepare_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for name, value in SESSION.items():
            cursor.execute(f"SET {name} = {value}")
    connection.commit()


def _begin_postgres(connection: Connection) -> None:
    # With the lock first and a new view for each statement, a writer reads what the one before it wrote.
    connection.exec_driver_sql(
        f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
        if _is_writing(connection)
        else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    )


def _is_writing(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("is_writing"))
