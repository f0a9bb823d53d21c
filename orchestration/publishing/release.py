"""Publishing: a judged build becomes a folder under `releases/`, and `current.json` names it."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.control.records import Build as BuildRow
from orchestration.control.records import PublishedCell, Release
from orchestration.control.store import Store
from orchestration.publishing import overlap
from orchestration.publishing.area_comparison import comparison_bytes
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.change_note import change_note
from orchestration.publishing.changes import changes_bytes
from orchestration.publishing.columns import DATES, KEY
from orchestration.publishing.coverage import coverage_bytes
from orchestration.publishing.datapackage import datapackage_bytes
from orchestration.publishing.inspection import Build
from orchestration.publishing.journal import current_release, put_in_place, recover
from orchestration.publishing.judged import METRICS, kept, released_metrics
from orchestration.publishing.manifest import LABEL, manifest_bytes, stamp
from orchestration.publishing.page.index import write_index
from orchestration.publishing.page.reading import read_contents
from orchestration.publishing.protect import Protected
from orchestration.publishing.revisions import revisions_bytes
from orchestration.publishing.tables import as_text, csv_bytes, parquet_bytes
from orchestration.publishing.workbook import workbook_bytes
from orchestration.settings import Settings


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
            write_index(settings, store)
            return _published(settings, release.release_id, is_new=False)
    build = Build(settings, store, build_id)
    candidate, protected = _unchanged_figures(build)
    release_id = f"{settings.as_at.isoformat()}-{row.build_key[:8]}"
    if (settings.releases / release_id).exists():
        raise NotPublishableError(
            f"{settings.releases / release_id} is there, but the control store does not know it, "
            "as after an old backup was restored. Move the folder away and run 'pathways refresh' again."
        )
    files = release_files(build, candidate, protected, release_id)
    sha256 = hashlib.sha256(files["manifest.json"]).hexdigest()
    released = Release(release_id, build_id, row.build_key, row.as_at, sha256)
    put_in_place(settings, store, released, files, published_cells(protected))
    write_index(settings, store)
    return _published(settings, release_id, is_new=True)


def release_files(
    build: Build, candidate: Candidate, protected: Protected, release_id: str
) -> dict[str, bytes]:
    """Every file of a release, name to bytes; the manifest last, with the hashes of the others."""
    from orchestration.publishing.page.pages import page_files  # Altair takes a second to import

    settings = build.settings
    public = as_text(protected.of("public"))
    previous = current_release(settings)
    before = (settings.releases / previous / METRICS).read_bytes() if previous else None
    files = {
        METRICS: csv_bytes(public),
        "metrics.parquet": parquet_bytes(public, stamp(settings.is_synthetic)),
        "changes.csv": changes_bytes(before, public),
        "revisions.csv": revisions_bytes(_earlier(build), release_id, public),
        "comparison.csv": comparison_bytes(protected.of("public"), candidate.programme_parents),
        "coverage.csv": coverage_bytes(public, build.warehouse),
        overlap.FILE: overlap.overlap_bytes(build.warehouse),
        "steward/steward_metrics.csv": csv_bytes(as_text(protected.of("steward"))),
    }
    contents = read_contents(build, candidate, release_id, previous, files)
    files |= page_files(build, candidate, contents, files)
    said = stamp(settings.is_synthetic)
    named = dict(zip(public["metric_id"], public["metric_name"], strict=True))
    named |= dict(zip(public["area_code"], public["area_name"], strict=True))
    named |= {programme: name for programme, (name, *_) in contents.names.programmes.items()}
    files |= {
        "changes.md": change_note(files["changes.csv"], named, release_id, previous, said),
        "tables.xlsx": workbook_bytes(public, contents),
        "datapackage.json": datapackage_bytes(build, release_id, said, LABEL, files),
    }
    return files | {"manifest.json": manifest_bytes(build, candidate, protected, release_id, previous, files)}


def _earlier(build: Build) -> list[tuple[str, bytes]]:
    return list(zip((r.release_id for r in build.store.releases()), released_metrics(build), strict=True))


def published_cells(protected: Protected) -> list[PublishedCell]:
    """Protected cells as the control store keeps them; reference figures without a period are left out."""
    dated = protected.cells[protected.cells["period_end"] != ""]
    wanted = [*KEY, "value", "bound_lower", "bound_upper", "status", "basis"]
    return [_published_cell(row) for row in as_text(dated)[wanted].to_dict("records")]


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


def _unchanged_figures(build: Build) -> tuple[Candidate, Protected]:
    verdict = build.store.verdict(build.build_id)
    try:
        hashes, candidate, protected = kept(build)
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
    return candidate, protected


def _published(settings: Settings, release_id: str, is_new: bool) -> Published:
    folder = settings.releases / release_id
    with (folder / METRICS).open("rb") as file:
        rows = sum(1 for _ in file) - 1
    return Published(release_id, folder, rows, is_new)
