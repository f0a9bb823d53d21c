"""The lock of a home: one run or command at a time may change what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.settings import Settings


class HomeIsBusyError(Exception):
    """Another run holds the home; the message names it."""


@contextmanager
def held(settings: Settings, holder: str) -> Iterator[None]:
    """Hold the home for `holder` (a run id, or the name of a command); raises `HomeIsBusyError` at once."""
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.lock_file, timeout=0)
    note = settings.lock_file.with_suffix(".json")
    try:
        lock.acquire()
    except Timeout:
        known = json.loads(note.read_text("utf-8"))["run_id"] if note.exists() else "unknown"
        raise HomeIsBusyError(
            f"Run {known} holds this home. Wait until it has ended, then start again."
        ) from None
    with lock:
        note.write_text(json.dumps({"run_id": holder}), "utf-8")
        yield
