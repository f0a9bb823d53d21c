"""What lies in the landing area: which files can be taken in now, and which have to wait.

The landing area is a folder, or whatever else fsspec reaches by a URL.
"""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

DELIVERIES = "deliveries.csv"
MOST_BYTES = 1 << 30
TOO_LARGE = "it is larger than any return"
SETTLED_SECONDS, LOOK_AGAIN_SECONDS = 2.0, 1.0
_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".swp")
_CHANGED = ("mtime", "LastModified", "last_modified", "updated", "created", "ETag", "etag")
_PART = 1 << 24


@dataclass(frozen=True)
class Place:
    """Where a file lies: a file system and the path in it."""

    files: AbstractFileSystem
    path: str

    @classmethod
    def of(cls, url: str) -> Place:
        """A folder or file by its path or URL."""
        import fsspec

        return cls(*fsspec.core.url_to_fs(url))

    def __truediv__(self, name: str) -> Place:
        return Place(self.files, f"{self.path.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def info(self) -> dict[str, Any]:
        """What the file system says of it now; empty where there is nothing."""
        self.files.invalidate_cache()
        with suppress(FileNotFoundError):
            return dict(self.files.info(self.path))
        return {}

    def inside(self, folders: bool = False) -> list[Place]:
        """The files, or the folders, in a folder by name; a folder that is a link is not entered."""
        info = self.info
        if info.get("islink") or info.get("type") != "directory":
            return []
        entries = self.files.ls(self.path, detail=True)
        wanted = [str(e["name"]) for e in entries if (e["type"] == "directory") is folders]
        places = sorted((self / Place(self.files, name).name for name in wanted), key=lambda p: p.name)
        return [place for place in places if not _is_partial(place.name)]

    def waiting(self) -> list[tuple[str, Place]]:
        """Return id and place of every file that lies in a landing area; links are left out."""
        found = [(folder.name, file) for folder in self.inside(folders=True) for file in folder.inside()]
        return [(return_id, file) for return_id, file in found if not file.info.get("islink")]

    def parts(self) -> Iterator[bytes]:
        """Its content, a part after the other."""
        with self.files.open(self.path, "rb") as file:
            while part := file.read(_PART):
                yield part

    def remove(self) -> bool:
        """Whether it could be taken away; a share may be read-only."""
        try:
            self.files.rm_file(self.path)
        except (OSError, NotImplementedError):
            return False
        return True


@dataclass(frozen=True)
class Pending:
    """A file to take in; `refused` says why nobody should open it, and its content is then not loaded."""

    path: Path
    received_on: date
    submission_id: str
    content: bytes
    refused: str | None = None
    place: Place | None = field(default=None, repr=False)

    @classmethod
    def of(cls, place: Place, received_on: date) -> Pending:
        """Read a file; a link is not followed, and a file beyond all measure not loaded."""
        info, path = place.info, Path(place.name)
        if info.get("islink"):
            content = f"link to {info['destination']}".encode()
            told = "it is a link to somewhere else"
            return cls(path, received_on, hashlib.sha256(content).hexdigest(), content, told, place)
        if info["size"] > MOST_BYTES:
            digest = hashlib.sha256()
            for part in place.parts():
                digest.update(part)
            return cls(path, received_on, digest.hexdigest(), b"", TOO_LARGE, place)
        content = place.files.cat_file(place.path)
        return cls(path, received_on, hashlib.sha256(content).hexdigest(), content, place=place)

    def parts(self) -> Iterator[bytes]:
        """The original as it is to be kept, a part after the other."""
        return (
            self.place.parts() if self.place and self.refused and not self.content else iter([self.content])
        )

    def leave(self) -> bool:
        """Take the file out of the inbox; whether that could be done."""
        return self.place is not None and self.place.remove()


def pending(return_id: str, settings: Settings) -> list[Pending]:
    """Files of the inbox by the day received, then by name.

    What came after the clock is left alone, and so is a file that somebody is still writing.
    """
    area = Place.of(settings.inbox)
    received = _deliveries(area / DELIVERIES)
    days = {
        place: received.get(f"{return_id}/{place.name}", settings.as_at)
        for place in (area / return_id).inside()
    }
    due = [place for place, day in days.items() if day <= settings.as_at]
    found = [Pending.of(place, days[place]) for place in _settled(due)]
    return sorted(found, key=lambda one: (one.received_on, one.path.name))


def _is_partial(name: str) -> bool:
    return name.startswith((".", "~$")) or Path(name).suffix.casefold() in _PARTIAL


def _settled(places: list[Place]) -> list[Place]:
    """Files that did not change while we looked; those touched just now are looked at twice."""
    before = {place: _state(place) for place in places}
    if any(not _is_old(changed) for _, changed in before.values()):
        time.sleep(LOOK_AGAIN_SECONDS)
    return [place for place, state in before.items() if state[0] is not None and _state(place) == state]


def _state(place: Place) -> tuple[int | None, object]:
    info = place.info
    return info.get("size"), next((info[name] for name in _CHANGED if info.get(name)), None)


def _is_old(changed: object) -> bool:
    if isinstance(changed, datetime):
        changed = changed.timestamp()
    return isinstance(changed, float) and time.time() - changed > SETTLED_SECONDS


def _deliveries(place: Place) -> dict[str, date]:
    if not place.info:
        return {}
    text = place.files.cat_file(place.path).decode("utf-8")
    return {
        row["file"]: date.fromisoformat(row["received_on"])
        for row in csv.DictReader(io.StringIO(text, newline=""))
    }
