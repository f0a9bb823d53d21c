"""Backup and restore of a home: everything that cannot be made again.

Builds and Dagster's runs are left out: both are made again. The databases are copied by SQLite itself, so
that a backup taken at any time is of one moment; the folder gets its name when it is whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.settings import Settings, SettingsError

KEPT = ("home.toml", "control.db", "landing", "vault", "accepted", "releases")
DATABASE = ".db"
SIDE_FILES = ("-wal", "-shm")


def backup(settings: Settings, to: Path) -> Path:
    """Copy a home into the new folder `to`; raises `SettingsError` where it is there, or the home is busy."""
    if to.exists():
        raise SettingsError(f"{to} is there already. Name a new folder.")
    if not settings.control_db.exists():
        raise SettingsError(f"There is no home at {settings.home} to back up.")
    half = to.with_name(f".{to.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    with _alone(settings):
        _copy(settings.home, half)
    half.rename(to)
    return to


def restore(settings: Settings, source: Path) -> Path:
    """Make the home anew from a backup; what is there is moved aside, and its place is given."""
    if not (source / "control.db").is_file():
        raise SettingsError(f"{source} is not a backup of a home: it has no control.db.")
    aside = settings.home.with_name(f"{settings.home.name}.before-restore")
    if aside.exists():
        raise SettingsError(f"{aside} is there from an earlier restore. Move it away first.")
    half = settings.home.with_name(f".{settings.home.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    _copy(source, half)
    if settings.home.exists():
        with _alone(settings):
            settings.home.rename(aside)
    half.rename(settings.home)
    return aside


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    try:
        with FileLock(settings.lock_file, timeout=0):
            yield
    except Timeout:
        raise SettingsError("A refresh holds this home. Wait until it has ended, then start again.") from None


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
