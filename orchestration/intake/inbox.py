"""What lies in the landing area: which files can be taken in now, and which have to wait."""

from __future__ import annotations

import csv
import hashlib
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.settings import Settings

DELIVERIES = "deliveries.csv"
MOST_BYTES = 1 << 30
SETTLED_SECONDS, LOOK_AGAIN_SECONDS = 2.0, 0.1
_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".swp")


@dataclass(frozen=True)
class Pending:
    """A file to take in; `refused` says why nobody should open it."""

    path: Path
    received_on: date
    submission_id: str
    content: bytes
    refused: str | None = None

    @property
    def stays(self) -> bool:
        """Whether it is left in the inbox, because the vault could not hold it."""
        return self.refused is not None and not self.path.is_symlink()

    @classmethod
    def of(cls, path: Path, received_on: date) -> Pending:
        """Read a file; a link is not followed, and of a file beyond all measure only the hash is taken."""
        refused = None
        if path.is_symlink():
            content, refused = f"link to {path.readlink()}".encode(), "it is a link to somewhere else"
        elif path.stat().st_size > MOST_BYTES:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            content, refused = f"sha256 {digest}".encode(), "it is larger than any return"
        else:
            content = path.read_bytes()
        return cls(path, received_on, hashlib.sha256(content).hexdigest(), content, refused)


def pending(return_id: str, settings: Settings) -> list[Pending]:
    """Files of the inbox by the day received, then by name.

    What came after the clock is left alone, and so is a file that somebody is still writing.
    """
    folder = settings.landing / return_id
    if folder.is_symlink() or not folder.is_dir():
        return []
    received = _deliveries(settings.landing / DELIVERIES)
    days = {path: received.get(f"{return_id}/{path.name}", settings.as_at) for path in folder.iterdir()}
    due = [p for p, day in days.items() if day <= settings.as_at and _is_file(p)]
    found = [Pending.of(path, days[path]) for path in _settled(due)]
    return sorted(found, key=lambda one: (one.received_on, one.path.name))


def _is_file(path: Path) -> bool:
    is_partial = path.name.startswith((".", "~$")) or path.suffix.casefold() in _PARTIAL
    return not is_partial and (path.is_symlink() or path.is_file())


def _settled(paths: list[Path]) -> list[Path]:
    """Files that did not change while we looked; those touched just now are looked at twice."""
    before = {path: _state(path) for path in paths}
    if any(time.time() - touched < SETTLED_SECONDS for _, touched in before.values()):
        time.sleep(LOOK_AGAIN_SECONDS)
    return [path for path, state in before.items() if _state(path) == state]


def _state(path: Path) -> tuple[int, float]:
    try:
        stated = path.lstat()
    except FileNotFoundError:
        return -1, 0.0
    return stated.st_size, stated.st_mtime


def _deliveries(path: Path) -> dict[str, date]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: date.fromisoformat(row["received_on"]) for row in csv.DictReader(file)}
