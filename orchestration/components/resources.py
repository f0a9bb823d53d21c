"""What every step of a run needs: the home, and the lock that lets one run at a time touch it."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import dagster as dg
from filelock import FileLock, Timeout

from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault


class HomeIsBusyError(Exception):
    """Another run holds the home; the message names it."""


def holder_of(settings: Settings) -> str | None:
    """Run id of the run that holds the home now, or None."""
    try:
        with FileLock(settings.lock_file, timeout=0):
            return None
    except Timeout:
        note = settings.lock_file.with_suffix(".json")
        return json.loads(note.read_text("utf-8"))["run_id"] if note.exists() else "unknown"


class Home(dg.ConfigurableResource):
    """The home for the length of one run, locked against every other run.

    Raises `HomeIsBusyError` while the resource starts, so that a second run ends before its first step.
    """

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Home, None, None]:
        """Hold the lock from before the first step until after the last."""
        settings = self.settings
        settings.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.lock_file, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise HomeIsBusyError(
                f"Run {holder_of(settings)} holds this home. Wait until it has ended, then start again."
            ) from None
        with lock:
            run_id = context.run.run_id if context.run else "unknown"
            settings.lock_file.with_suffix(".json").write_text(json.dumps({"run_id": run_id}), "utf-8")
            yield self

    @cached_property
    def settings(self) -> Settings:
        """Where the home is and what its clock says, read once a run."""
        return load_settings()

    @cached_property
    def store(self) -> Store:
        """The control store."""
        from orchestration.control.store import Store

        return Store(self.settings.control_db)

    @cached_property
    def vault(self) -> Vault:
        """The vault."""
        from orchestration.identity.vault import Vault

        return Vault.open(self.settings)
