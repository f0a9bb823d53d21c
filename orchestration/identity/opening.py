"""The home of a command about people: held, so that nothing else changes it, with its store and vault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.settings import Settings, load_home

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault


@contextmanager
def alone() -> Iterator[tuple[Settings, Store]]:
    """Settings and store. Raises `SettingsError` where there is no home, `HomeIsBusyError`, `StoreError`."""
    from orchestration.control.lock import held
    from orchestration.control.store import Store

    settings = load_home()
    with held(settings, "pathways person"), Store(settings.control_db) as store:
        yield settings, store


@contextmanager
def opened() -> Iterator[tuple[Settings, Store, Vault]]:
    """The same with the vault. Raises `VaultError` or `KeysError` too."""
    from orchestration.identity.vault import Vault

    with alone() as (settings, store), Vault.open(settings) as vault, vault.spill():
        yield settings, store, vault
