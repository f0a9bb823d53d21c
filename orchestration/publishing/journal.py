"""How a release gets to its place: as in a journal, so that a crash leaves the old release or the new one.

Write the whole folder under a temporary name; note in `.pending.json` what is about to happen; record the
release and its cells in the control store (from here on it counts); rename; move the pointer; drop the
note. `recover` finishes or undoes what a crash left. So whatever a reader can see is in the store, and the
next release is protected against it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping

from orchestration.control.records import PublishedCell, Release
from orchestration.control.store import Store
from orchestration.publishing.files import rename_folder, replace_file, write_folder
from orchestration.settings import Settings

POINTER = "current.json"
PENDING = ".pending.json"
TEMPORARY = ".new-"


def put_in_place(
    settings: Settings,
    store: Store,
    release: Release,
    files: Mapping[str, bytes],
    cells: Iterable[PublishedCell],
) -> None:
    """Make `files` (relative name to bytes) a release and the current one."""
    settings.releases.mkdir(parents=True, exist_ok=True)
    write_folder(settings.releases / f"{TEMPORARY}{release.release_id}", files)
    replace_file(settings.releases / PENDING, _pointer(release.release_id))
    store.add_release(release, cells)
    _finish(settings, release.release_id)
    (settings.releases / PENDING).unlink()


def recover(settings: Settings, store: Store) -> None:
    """Finish the release that a crash interrupted if it was recorded, else undo it; sweep leftovers."""
    folder = settings.releases
    if not folder.exists():
        return
    note = folder / PENDING
    if note.exists():
        release_id = str(json.loads(note.read_text("utf-8"))["release_id"])
        if any(r.release_id == release_id for r in store.releases()):
            _finish(settings, release_id)
        note.unlink()
    for left in folder.glob(f"{TEMPORARY}*"):
        shutil.rmtree(left)
    for half_written in folder.glob(".*.new"):
        half_written.unlink()


def current_release(settings: Settings) -> str | None:
    """Id of the release that `current.json` names, None before the first."""
    pointer = settings.releases / POINTER
    if not pointer.exists():
        return None
    return str(json.loads(pointer.read_text("utf-8"))["release_id"])


def point_at(settings: Settings, release_id: str) -> None:
    """Make a release the current one, in one step."""
    replace_file(settings.releases / POINTER, _pointer(release_id))


def _finish(settings: Settings, release_id: str) -> None:
    folder = settings.releases / release_id
    if not folder.exists():
        rename_folder(settings.releases / f"{TEMPORARY}{release_id}", folder)
    point_at(settings, release_id)


def _pointer(release_id: str) -> bytes:
    return (json.dumps({"release_id": release_id}) + "\n").encode()
