"""Publishing: a judged build becomes a folder under `releases/`, and `current.json` names it.

The order is that of a journal, so that a crash at any moment leaves the old release or the new one:
write the whole folder under a temporary name; note in `.pending.json` what is about to happen; record
the release and its cells in the control store (from here on it counts); rename; move the pointer; drop
the note. `recover` finishes or undoes what a crash left. So whatever a reader can see is in the store,
and the next release is protected against it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.control.records import Build as BuildRow
from orchestration.control.records import PublishedCell, Release
from orchestration.control.store import Store
from orchestration.publishing.change_note import change_note
from orchestration.publishing.changes import changes_bytes
from orchestration.publishing.columns import DATES, KEY
from orchestration.publishing.datapackage import datapackage_bytes
from orchestration.publishing.files import rename_folder, replace_file, write_folder
from orchestration.publishing.gate import METRICS, read_figures
from orchestration.publishing.inspection import Build, Figures
from orchestration.publishing.manifest import LABEL, manifest_bytes, stamp
from orchestration.publishing.tables import as_text, csv_bytes, parquet_bytes
from orchestration.publishing.workbook import workbook_bytes
from orchestration.settings import Settings

POINTER = "current.json"
PENDING = ".pending.json"
TEMPORARY = ".new-"


class NotPublishableError(Exception):
    """The build may not be released; the message says why and what to do."""


@dataclass(frozen=True)
class Published:
    """A release on disk: `rows` figures for the public, `is_new` when this call wrote it."""

    release_id: str
    folder: Path
    rows: int
    is_new: bool


def publish(settings: Settings, store: Store, build_id: str) -> Published:
    """Release a build whose verdict is pass and in which nothing changed since.

    A build with the key of an earlier release gives that one, and nothing is written. Raises
    `NotPublishableError`; the last release then stands untouched.
    """
    recover(settings, store)
    row = _judged(store, build_id)
    for release in store.releases():
        if release.build_key == row.build_key:
            return _published(settings, release.release_id, is_new=False)
    build = Build(settings, store, build_id)
    figures = _unchanged_figures(build)
    release_id = f"{settings.as_at.isoformat()}-{row.build_key[:8]}"
    if (settings.releases / release_id).exists():
        raise NotPublishableError(
            f"{settings.releases / release_id} is there, but the control store does not know it, "
            "as after an old backup was restored. Move the folder away and run 'pathways refresh' again."
        )
    files = release_files(build, figures, release_id)
    _write(settings, store, row, release_id, files, published_cells(figures))
    return _published(settings, release_id, is_new=True)


def current_release(settings: Settings) -> str | None:
    """Id of the release that `current.json` names, None before the first."""
    pointer = settings.releases / POINTER
    if not pointer.exists():
        return None
    return str(json.loads(pointer.read_text("utf-8"))["release_id"])


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


def release_files(build: Build, figures: Figures, release_id: str) -> dict[str, bytes]:
    """Every file of a release, name to bytes; the manifest last, with the hashes of the others."""
    settings = build.settings
    public = as_text(figures.protected.of("public"))
    previous = current_release(settings)
    before = (settings.releases / previous / METRICS).read_bytes() if previous else None
    files = {
        METRICS: csv_bytes(public),
        "metrics.parquet": parquet_bytes(public, stamp(settings.is_synthetic)),
        "changes.csv": changes_bytes(before, public),
        "steward/steward_metrics.csv": csv_bytes(as_text(figures.protected.of("steward"))),
    }
    said = stamp(settings.is_synthetic)
    named = dict(zip(public["metric_id"], public["metric_name"], strict=True))
    files |= {
        "changes.md": change_note(files["changes.csv"], named, release_id, previous, said),
        "tables.xlsx": workbook_bytes(public, figures.candidate.definitions, said, LABEL, settings.as_at),
        "datapackage.json": datapackage_bytes(build, release_id, said, LABEL, files),
    }
    return files | {"manifest.json": manifest_bytes(build, figures, release_id, previous, files)}


def published_cells(figures: Figures) -> list[PublishedCell]:
    """Protected cells as the control store keeps them; reference figures without a period are left out."""
    dated = figures.protected.cells[figures.protected.cells["period_end"] != ""]
    kept = [*KEY, "value", "bound_lower", "bound_upper", "status", "basis"]
    return [_published_cell(row) for row in as_text(dated)[kept].to_dict("records")]


def _published_cell(row: Mapping[Hashable, Any]) -> PublishedCell:
    typed: dict[str, Any] = {str(k): v for k, v in row.items()}
    typed |= {k: date.fromisoformat(typed[k]) for k in DATES}
    typed |= {k: Decimal(typed[k]) if typed[k] else None for k in ("value", "bound_lower", "bound_upper")}
    return PublishedCell(**typed)


def _judged(store: Store, build_id: str) -> BuildRow:
    """The build, if its verdict is pass: read again here, because a run can select only the release."""
    row = next((b for b in store.builds() if b.build_id == build_id), None)
    verdict = store.verdict(build_id)
    if row is None or verdict is None:
        raise NotPublishableError(
            f"Build {build_id} has not been judged, so nothing was released. Run 'pathways refresh'."
        )
    if verdict.verdict != "pass":
        stopped = [f"{r.check_id}: {r.message}" for r in store.check_results(build_id) if r.stopped]
        raise NotPublishableError(
            f"The verdict on build {build_id} is {verdict.verdict}, so nothing was released. "
            + " ".join(stopped)
        )
    return row


def _unchanged_figures(build: Build) -> Figures:
    verdict = build.store.verdict(build.build_id)
    try:
        hashes, figures = read_figures(build)
    except Exception as error:
        raise NotPublishableError(
            f"Build {build.build_id} can no longer be read ({type(error).__name__}). "
            "Nothing was released. Run 'pathways refresh'."
        ) from None
    seen = verdict.table_hashes if verdict else {}
    changed = sorted(name for name in hashes.keys() | seen.keys() if hashes.get(name) != seen.get(name))
    if changed:
        raise NotPublishableError(
            f"Changed since build {build.build_id} was judged: {', '.join(changed)}. Nothing was released. "
            "Run 'pathways refresh'."
        )
    return figures


def _write(
    settings: Settings,
    store: Store,
    build: BuildRow,
    release_id: str,
    files: dict[str, bytes],
    cells: list[PublishedCell],
) -> None:
    settings.releases.mkdir(parents=True, exist_ok=True)
    write_folder(settings.releases / f"{TEMPORARY}{release_id}", files)
    replace_file(settings.releases / PENDING, _pointer(release_id))
    sha256 = hashlib.sha256(files["manifest.json"]).hexdigest()
    store.add_release(Release(release_id, build.build_id, build.build_key, build.as_at, sha256), cells)
    _finish(settings, release_id)
    (settings.releases / PENDING).unlink()


def _finish(settings: Settings, release_id: str) -> None:
    folder = settings.releases / release_id
    if not folder.exists():
        rename_folder(settings.releases / f"{TEMPORARY}{release_id}", folder)
    point_at(settings, release_id)


def point_at(settings: Settings, release_id: str) -> None:
    """Make a release the current one, in one step."""
    replace_file(settings.releases / POINTER, _pointer(release_id))


def _pointer(release_id: str) -> bytes:
    return (json.dumps({"release_id": release_id}) + "\n").encode()


def _published(settings: Settings, release_id: str, is_new: bool) -> Published:
    folder = settings.releases / release_id
    with (folder / METRICS).open("rb") as file:
        rows = sum(1 for _ in file) - 1
    return Published(release_id, folder, rows, is_new)
