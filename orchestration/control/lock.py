"""The lock of a home: one run or command at a time may change what it holds.

It is where the control store is: a file beside the SQLite one, or a lock of Postgres where several machines
share a home, because locks on files do not always hold on a network share.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.settings import Settings

Check = Callable[[], None]
MINE = "select 1 from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and objid = :key"
WHOSE = """
select application_name from pg_stat_activity inner join pg_locks using (pid)
where datname = current_database() and locktype = 'advisory' and objid = :key and granted
"""


class HomeIsBusyError(Exception):
    """Another run holds the home; the message names it."""

    def __init__(self, holder: str) -> None:
        """Name who holds it."""
        super().__init__(f"Run {holder} holds this home. Wait until it has ended, then start again.")


def held(settings: Settings, holder: str) -> AbstractContextManager[Check]:
    """Hold the home for `holder` (a run id, or the name of a command).

    Raises `HomeIsBusyError` at once. Gives what to call before a step that must not go on without the lock:
    it raises `StoreError` where the lock was lost.
    """
    if isinstance(settings.control_db, Path):
        return _held_by_file(settings, holder)
    return _held_in_postgres(settings.control_db, holder)


@contextmanager
def _held_by_file(settings: Settings, holder: str) -> Iterator[Check]:
    settings.home.mkdir(parents=True, exist_ok=True)
    note = settings.lock_file.with_suffix(".json")
    try:
        taken = FileLock(settings.lock_file, timeout=0).acquire()
    except Timeout:
        known = json.loads(note.read_text("utf-8"))["run_id"] if note.exists() else "unknown"
        raise HomeIsBusyError(known) from None
    with taken:
        note.write_text(json.dumps({"run_id": holder}), "utf-8")
        yield lambda: None  # the operating system takes it away with the process, not before


@contextmanager
def _held_in_postgres(url: str, holder: str) -> Iterator[Check]:
    """The lock lasts as long as its connection, whose name tells the others who holds it."""
    from sqlalchemy import NullPool, text

    from orchestration.control.engines import RUN_LOCK, StoreError, open_engine, plain_faults

    def ask(question: str, **given: object) -> object:
        with plain_faults(url), connection.begin():
            return connection.scalar(text(question), given)

    def check() -> None:
        if not ask(MINE, key=RUN_LOCK):
            raise StoreError(f"The connection to {url} was lost, and with it the lock. Start the run again.")

    with plain_faults(url):
        connection = open_engine(url, poolclass=NullPool).connect()
    with connection:
        ask("select set_config('application_name', :name, false)", name=f"{holder} on {socket.gethostname()}")
        if not ask("select pg_try_advisory_lock(:key)", key=RUN_LOCK):
            raise HomeIsBusyError(str(ask(WHOSE, key=RUN_LOCK)))
        yield check
