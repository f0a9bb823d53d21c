"""Dagster's record of a run, kept at a cost that fits a run of a thousand events.

For every event Dagster opens its SQLite files anew, waits for the disk, and closes them, at which SQLite
clears its log away. Nothing of ours is in these files, and a crash of the process loses none of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def kept_open(folder: Path) -> Iterator[None]:
    """While it lasts, SQLite files below `folder` stay open and are written without waiting for the disk."""
    held: dict[str, sqlite3.Connection] = {}

    def connect(dialect: Any, _: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        path = str(arguments[0]) if arguments else ""
        if not path.startswith(str(folder)):
            return None
        if path not in held:
            held[path] = files.enter_context(closing(sqlite3.connect(path, check_same_thread=False)))
        held[path].execute("select count(*) from sqlite_master").fetchall()  # joins the log once there is one
        connection = dialect.connect(*arguments, **options)
        connection.execute("pragma synchronous = normal")
        return connection

    with ExitStack() as files:
        event.listen(Engine, "do_connect", connect)
        files.callback(event.remove, Engine, "do_connect", connect)
        yield
