"""Returns taken in by several processes where the settings allow it: each takes whole returns.

The rules over time of a return look back on its own files only, so returns need not wait for each other.
A worker is as strict as the process that decides alone: it opens the vault itself, and has a child of its
own that opens the untrusted files.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Collection
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import forkserver

from orchestration.control.store import Store
from orchestration.identity.errors import IdentityError, told
from orchestration.identity.vault import Vault
from orchestration.intake.contract import Contract, load_contracts
from orchestration.intake.door import take_in
from orchestration.intake.inbox import Place
from orchestration.intake.verdict import Verdict
from orchestration.settings import Settings

ENDED = (
    "A process that took in returns was ended from outside, perhaps because memory ran out. Nothing is lost: "
    "what it had not finished still lies in the inbox. Run 'pathways refresh' again; "
    "if this happens again, set fewer workers in home.toml."
)


class TakingInError(IdentityError):
    """A worker could not take a return in; the message is what may be told of it."""


def get_ready(settings: Settings) -> None:
    """Import what workers need, in the process that they are forked from, if several are to be at work."""
    if _number(settings, _waiting(settings)) > 1:
        _context()
        forkserver.ensure_running()


class Workers:
    """The processes of one run, started with its first return if several wait; `close` them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[str, Future[list[Verdict] | str]] | None = None

    def take_in(
        self, return_id: str, contract: Contract, of_run: Collection[str], store: Store, vault: Vault
    ) -> list[Verdict]:
        """Take in what is pending of a return, as `door.take_in` does, without frames and faults.

        `of_run`: every return that the run takes in; the first call begins with all of them. Raises what
        `door.take_in` raises, or `TakingInError`.
        """
        if self._begun is None:
            self._begun = self._begin(of_run)
        future = self._begun.pop(return_id, None)
        if future is None:
            return _taken_in(return_id, contract, self._settings, store, vault)
        try:
            found = future.result()
        except BrokenProcessPool:
            raise TakingInError(ENDED) from None
        if isinstance(found, str):
            raise TakingInError(found)
        return found

    def close(self) -> None:
        """End the processes; what they have not begun stays in the inbox."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self, of_run: Collection[str]) -> dict[str, Future[list[Verdict] | str]]:
        """Hand the returns of which something waits to the workers, if there are several of both.

        The vault and the store were opened before, so that no two processes make them.
        """
        waiting = _waiting(self._settings) & set(of_run)
        number = _number(self._settings, waiting)
        if number < 2:
            return {}
        contracts = load_contracts()
        self._pool = ProcessPoolExecutor(number, _context(), _begin)
        return {r: self._pool.submit(_work, r, contracts[r], self._settings) for r in sorted(waiting)}


def _waiting(settings: Settings) -> set[str]:
    return {return_id for return_id, _ in Place.of(settings.inbox).waiting()}


def _number(settings: Settings, waiting: Collection[str]) -> int:
    return min(settings.workers, len(waiting))


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["orchestration.intake.worker_ground", "great_expectations", __name__])
    return context


def _begin() -> None:
    """Let a worker end when the run does, however that ended: the home is then no longer locked."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _work(return_id: str, contract: Contract, settings: Settings) -> list[Verdict] | str:
    """Verdicts, or what may be told of a failure: an exception itself may quote a person."""
    try:
        with Store(settings.control_db) as store, Vault.open(settings) as vault:
            return _taken_in(return_id, contract, settings, store, vault)
    except Exception as error:
        return told(error)


def _taken_in(
    return_id: str, contract: Contract, settings: Settings, store: Store, vault: Vault
) -> list[Verdict]:
    judged = take_in(return_id, contract, settings, store, vault, vault.keys)
    return [replace(verdict, frames={}, faults=()) for verdict in judged]
