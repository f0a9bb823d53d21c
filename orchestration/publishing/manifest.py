"""What a release says of itself: its stamp, versions, received and released files, checks, coverage.

Only what may be public: hashes and row counts of unprotected tables, messages of checks and names of
people stay in the control store (a published hash of a small table can be guessed at). No wall clock.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pandas as pd

from orchestration.control.records import Waiver
from orchestration.publishing.candidate import SYNTHETIC, warehouse
from orchestration.publishing.completeness import dbt_versions
from orchestration.publishing.inspection import Build, Figures

LABEL = "management information, not official statistics"
REAL = "Computed from partners' returns."
ENGINES = ("pathways", "duckdb", "pandas", "great-expectations")
FINDINGS = "reference_findings"


def stamp(is_synthetic: bool) -> str:
    """The first line of everything released."""
    return SYNTHETIC if is_synthetic else REAL


def manifest_bytes(
    build: Build, figures: Figures, release_id: str, previous: str | None, files: Mapping[str, bytes]
) -> bytes:
    """`manifest.json`; the same release gives the same bytes."""
    settings = build.settings
    content: dict[str, Any] = {
        "stamp": stamp(settings.is_synthetic),
        "is_synthetic": settings.is_synthetic,
        "release_id": release_id,
        "as_at": settings.as_at.isoformat(),
        "status": LABEL,
        "previous_release_id": previous,
        "versions": {name: version(name) for name in ENGINES} | dbt_versions(build),
        "files": {name: _sha256(files[name]) for name in sorted(files)},
        "received": _received(build),
        "coverage": _rows(figures.candidate.ledger.drop(columns="submission_id")),
        "checks": _checks(build),
        "waivers": _waivers(build),
        "reference_findings": _reference_findings(build),
        "published_figures_not_reproduced": _disagreements(figures),
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _received(build: Build) -> list[dict[str, str]]:
    in_use = build.store.accepted_in_use(build.settings.as_at)
    files = sorted({(f.return_id, f.submission_id) for f in in_use})
    return [{"return_id": return_id, "sha256": submission_id} for return_id, submission_id in files]


def _checks(build: Build) -> list[dict[str, str]]:
    """Checks of the build, without those of the door, which are between a partner and the steward."""
    told = ("check_id", "kind", "severity", "target", "status")
    results = [r for r in build.store.check_results(build.build_id) if r.kind != "door"]
    latest = {(r.check_id, r.kind, r.target): r for r in results}
    return [{k: str(getattr(latest[key], k)) for k in told} for key in sorted(latest)]


def _waivers(build: Build) -> list[dict[str, Any]]:
    """Waivers in force, of release rules and of single returns: how many people gave them, not who."""
    grouped: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in build.store.waivers_in_force(build.settings.as_at):
        grouped[waiver.rule_id, waiver.return_id or "release"].append(waiver)
    return [
        {
            "rule_id": rule_id,
            "for": scope,
            "reasons": sorted({w.reason for w in given}),
            "people": len({w.who for w in given}),
            "until": min(w.until for w in given).isoformat(),
        }
        for (rule_id, scope), given in sorted(grouped.items())
    ]


def _disagreements(figures: Figures) -> list[dict[str, str]]:
    return [{"figure_id": d.figure_id, "message": d.message} for d in figures.protected.disagreements]


def _reference_findings(build: Build) -> list[dict[str, str]]:
    with warehouse(build.warehouse) as connection:
        tables = connection.execute(
            "select 1 from information_schema.tables where table_schema = 'metrics' and table_name = ?",
            [FINDINGS],
        ).fetchall()
        if not tables:
            return []
        return _rows(connection.execute("select * from metrics.reference_findings order by all").df())


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    text = frame.astype("str").fillna("")
    return [{str(k): str(v) for k, v in row.items()} for row in text.to_dict("records")]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
