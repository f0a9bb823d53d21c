"""What `check` needs of a home without leaving a trace in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.control.store import Store
from orchestration.identity.keys import Keys
from orchestration.settings import Settings, key_file


@contextmanager
def trial_store(settings: Settings) -> Iterator[Store]:
    """The home's store where there is one, else an empty one that is gone afterwards."""
    where = settings.control_db
    if isinstance(where, str) or where.exists():
        with Store(where) as store:
            yield store
        return
    with TemporaryDirectory() as folder, Store(Path(folder) / "control.db") as store:
        yield store


def trial_keys(settings: Settings) -> Keys:
    """The home's keys where it has any, else keys for the moment: there is then nothing to compare with."""
    if key_file() or (settings.vault / "keys.json").exists():
        return Keys.open(settings.vault)
    return Keys(
        0, {purpose: secrets.token_bytes(32) for purpose in ("record", "person", "employer", "original")}
    )
