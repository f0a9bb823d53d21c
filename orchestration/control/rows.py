"""Small steps on an open connection that the parts of the store share."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, func, insert, select

from orchestration.control import schema
from orchestration.control.database import Database

T = TypeVar("T")
LOGGED_IN, NOBODY = Path("/proc/self/loginuid"), 2**32 - 1


class Part:
    """What every part of the store has: the database, and a way to read dataclasses from it."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    def _rows(self, query: Select[Any], kind: type[T]) -> list[T]:
        with self._database.read() as connection:
            return [kind(**row) for row in connection.execute(query).mappings()]


def columns(table: Table, kind: type[Any]) -> Select[Any]:
    """Select the columns that the dataclass has."""
    return select(*(table.c[field.name] for field in fields(kind)))


def add(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert many rows in one go; none is fine."""
    if batch := list(rows):
        connection.execute(insert(table), batch)


def next_sequence(connection: Connection, table: Table) -> int:
    """Number of the next row of a table, in the order of insertion."""
    last: int | None = connection.execute(select(func.max(table.c.sequence))).scalar_one()
    return (last or 0) + 1


def log(connection: Connection, action: str, subject: str, detail: str) -> None:
    """Append an audit event of whoever runs this."""
    event = {"at": now(), "who": who(), "action": action, "subject": subject, "detail": detail}
    add(connection, schema.audit_events, [event])


def now() -> str:
    """Read the wall clock in UTC, for the audit only: nothing released depends on it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def who() -> str:
    """Name of the user who logged in, also behind `sudo`; where nobody did, of the user who runs this.

    The kernel keeps both, and not the environment, which anybody can set.
    """
    try:
        number = int(LOGGED_IN.read_text("ascii"))
    except (OSError, ValueError):
        number = NOBODY
    number = os.getuid() if number == NOBODY else number
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
