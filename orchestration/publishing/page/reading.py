"""What the pages of a release are made from, read from its own files and public reference data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from orchestration.publishing.candidate import Candidate, warehouse
from orchestration.publishing.compare import redefined
from orchestration.publishing.inspection import Build
from orchestration.publishing.judged import METRICS
from orchestration.publishing.manifest import LABEL, received, reference_findings, stamp
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Book, Row, read_rows
from orchestration.publishing.page.words import read_names

SCHEMES = "select * from reference.place_based_schemes order by scheme_id"


@dataclass(frozen=True)
class Before:
    """What the release before said: its figures, and the return of every file it stood on."""

    release_id: str | None
    rows: list[Row]
    received: list[dict[str, str]]


def read_contents(
    build: Build, candidate: Candidate, release_id: str, previous: str | None, files: Mapping[str, bytes]
) -> Contents:
    """Contents of the public page; `files` are those of the release that are already made."""
    settings = build.settings
    before = _before(build, previous)
    rows = read_rows(files[METRICS])
    with warehouse(build.warehouse) as connection:
        names = read_names(connection)
        schemes = text_rows(connection.execute(SCHEMES).df().astype("object").fillna(""))
    new = [r["return_id"] for r in received(build) if r not in before.received] if previous else []
    return Contents(
        release_id=release_id,
        as_at=settings.as_at.isoformat(),
        stamp=stamp(settings.is_synthetic),
        is_synthetic=settings.is_synthetic,
        label=LABEL,
        previous=previous,
        book=Book(rows),
        before=Book(before.rows),
        names=names,
        parents=candidate.programme_parents,
        definitions=text_rows(candidate.definitions),
        comparison=read_rows(files["comparison.csv"]),
        coverage=read_rows(files["coverage.csv"]),
        changes=read_rows(files["changes.csv"]),
        received_new=sorted({names.returns.get(i, i) for i in new}),
        redefined=redefined(before.rows, rows),
        findings=[f["message"] for f in reference_findings(build)],
        schemes=schemes,
    )


def text_rows(frame: pd.DataFrame) -> list[Row]:
    """Rows of a frame, every value as text."""
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _before(build: Build, previous: str | None) -> Before:
    if previous is None:
        return Before(None, [], [])
    folder = build.settings.releases / previous
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return Before(previous, read_rows((folder / METRICS).read_bytes()), manifest["received"])
