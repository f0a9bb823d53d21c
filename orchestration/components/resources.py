"""What every step of a run needs: the home, and the lock that lets one run at a time touch it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import PrivateAttr

from orchestration.control.lock import Check, held
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault
    from orchestration.intake.workers import Workers


class Home(dg.ConfigurableResource):
    """The home for the length of one run, locked against every other run.

    Raises `HomeIsBusyError` while the resource starts, so that a second run ends before its first step.
    """

    _check_lock: Check = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Home, None, None]:
        """Hold the lock from before the first step until after the last."""
        run_id = context.run.run_id if context.run else "unknown"
        with held(self.settings, run_id) as self._check_lock:
            try:
                yield self
            finally:
                if "workers" in self.__dict__:
                    self.workers.close()

    @cached_property
    def settings(self) -> Settings:
        """Where the home is and what its clock says, read once a run."""
        return load_settings()

    @property
    def store(self) -> Store:
        """The control store, as long as the lock is held: each step asks for it first."""
        self._check_lock()
        return self._store

    @cached_property
    def _store(self) -> Store:
        from orchestration.control.store import Store

        return Store(self.settings.control_db)

    @cached_property
    def vault(self) -> Vault:
        """The vault."""
        from orchestration.identity.vault import Vault

        return Vault.open(self.settings)

    @cached_property
    def workers(self) -> Workers:
        """The processes that take returns in."""
        from orchestration.intake.workers import Workers

        return Workers(self.settings)
