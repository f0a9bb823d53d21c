"""Backup and restore of a home: everything that cannot be made again.

Builds and Dagster's runs are left out: both are made again. Under the home's lock all of it is of one moment;
the folder gets its name when it is whole. The control store is a file in it, wherever the home keeps it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from orchestration.control.database import Database, StoreError, is_store
from orchestration.control.lock import held
from orchestration.control.transfer import is_in_use, transfer
from orchestration.identity.keys import next_keys
from orchestration.identity.vault import Vault
from orchestration.settings import DATABASES, Settings, SettingsError, change_home_file, settings_of

STORE, HOME_FILE = "control.db", "home.toml"
KEPT = (HOME_FILE, "profiles.yml", "unit_values.csv", "landing", "vault", "accepted", "releases")
DATABASE = ".db"
SIDE_FILES = ("-wal", "-shm", "-journal")


def backup(settings: Settings, to: Path) -> Path:
    """Copy a home into the new folder `to`.

    Raises `SettingsError` where that is there or cannot be made, there is no home, or its keys are half
    renewed; `HomeIsBusyError` while a run holds it.
    """
    if to.exists():
        raise SettingsError(f"{to} is there already. Name a new folder.")
    if not settings.home.exists():
        raise SettingsError(f"There is no home at {settings.home} to back up.")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{to} cannot be made: {error.strerror}. Name another folder.") from error
    half = _half(to)
    with held(settings, "pathways backup"):
        if next_keys(settings.vault).exists():
            raise SettingsError(
                "Renewing the keys was interrupted. Finish it with 'pathways person rotate', then back up."
            )
        _copy(settings.home, half)
        transfer(settings.control_db, half / STORE)
    half.rename(to)
    return to


def restore(settings: Settings, source: Path) -> Path:
    """Make the home anew from a backup; what is there is moved aside, and its place is given.

    A control store in Postgres is filled from the backup; what it held is then in the folder moved aside.
    Raises `SettingsError` for a folder that is no backup, or where one was moved aside before, `VaultError`
    where the keys are not those of the backup, `StoreError` where the database is in use by another home.
    """
    _check_backup(source)
    aside = settings.home.with_name(f"{settings.home.name}.before-restore")
    if aside.exists():
        raise SettingsError(f"{aside} is there from an earlier restore. Move it away first.")
    half = _half(settings.home)
    _copy(source, half)
    _copy_file(str(source / STORE), str(half / STORE))
    _check_keys(settings.aside(half))
    after = replace(settings_of(half), home=settings.home)
    change_home_file(half, **{name: getattr(after, name) for name in DATABASES})
    with ExitStack() as locks:
        for one in _lockable(settings, after):
            locks.enter_context(held(one, "pathways restore"))
        _exchange(settings, after, half, aside)
    return aside


def _check_backup(source: Path) -> None:
    """Refuse what `backup` did not make, before anything is touched."""
    lacks = [name for name in (HOME_FILE, STORE) if not (source / name).is_file()]
    if not lacks and not is_store(source / STORE):
        lacks = [f"{STORE} of Pathways"]
    if lacks:
        raise SettingsError(
            f"{source} is not a backup of a home: it has no {' and no '.join(lacks)}. "
            "Name a folder that 'pathways backup' made. Nothing was changed."
        )


def _exchange(settings: Settings, after: Settings, half: Path, aside: Path) -> None:
    """Put the restored home in its place, and into its database what came with it."""
    is_ours = settings.home.exists() and settings.control_store == after.control_store
    if after.control_store and is_ours:
        transfer(after.control_store, settings.home / STORE)
    elif after.control_store:
        _check_free(after.control_store)
    if settings.home.exists():
        settings.home.rename(aside)
    half.rename(settings.home)
    if after.control_store:
        transfer(settings.home / STORE, after.control_store, may_replace=is_ours)
        (settings.home / STORE).unlink()


def _lockable(settings: Settings, after: Settings) -> list[Settings]:
    """Whose locks a restore needs: of the home that is there, and of the database that it will have."""
    now = [settings] if settings.home.exists() or settings.control_store else []
    return now + [after] * bool(after.control_store and after.control_store != settings.control_store)


def _check_free(url: str) -> None:
    with closing(Database(url, may_be_moved=True)) as database:
        if is_in_use(database):
            raise StoreError(
                f"{url} holds the control store of another home. To restore beside it, set "
                "PATHWAYS_CONTROL_STORE: to an empty database, or to nothing for a file in the home."
            )


def _check_keys(copied: Settings) -> None:
    if (copied.vault / "vault.db").exists() and not next_keys(copied.vault).exists():
        Vault.open(copied).close()


def _half(to: Path) -> Path:
    half = to.with_name(f".{to.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    return half


def _copy(source: Path, to: Path) -> None:
    to.mkdir(mode=source.stat().st_mode & 0o777, parents=True)
    for name in KEPT:
        if (source / name).is_dir():
            shutil.copytree(source / name, to / name, copy_function=_copy_file, ignore=_side_files)
        elif (source / name).exists():
            _copy_file(str(source / name), str(to / name))


def _side_files(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(SIDE_FILES)]


def _copy_file(source: str, to: str) -> None:
    if source.endswith(DATABASE):
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(to)) as copy:
            one.backup(copy)
        os.chmod(to, os.stat(source).st_mode & 0o777)  # noqa: PTH101, PTH116
    else:
        shutil.copy2(source, to)
