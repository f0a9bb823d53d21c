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
from orchestration.publishing.candidate import SYNTHETIC, Candidate, warehouse
from orchestration.publishing.completeness import dbt_versions
from orchestration.publishing.inspection import Build
from orchestration.publishing.protect import Protected
from orchestration.publishing.report import sections
from orchestration.publishing.tolerance import signed_off

LABEL = "management information, not official statistics"
REAL = "Computed from partners' returns."
ENGINES = ("pathways", "duckdb", "pandas", "great-expectations")
VERSIONS = "versions.json"
FINDINGS = "reference_findings"


def stamp(is_synthetic: bool) -> str:
    """The first line of everything released."""
    return SYNTHETIC if is_synthetic else REAL


def manifest_bytes(
    build: Build,
    candidate: Candidate,
    protected: Protected,
    release_id: str,
    previous: str | None,
    files: Mapping[str, bytes],
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
        "versions": {name: version(name) for name in ENGINES} | dbt_versions(build) | _project(build),
        "files": {name: _sha256(files[name]) for name in sorted(files)},
        "received": received(build),
        "coverage": _rows(candidate.ledger.drop(columns="submission_id")),
        "gate": _gate(build),
        "checks": _checks(build),
        "revisions_signed_off": _signed_off(build),
        "waivers": _waivers(build),
        "reference_findings": reference_findings(build),
        "published_figures_not_reproduced": _disagreements(protected),
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def received(build: Build) -> list[dict[str, str]]:
    """Files in use: `return_id` and `sha256`."""
    in_use = build.store.accepted_in_use(build.settings.as_at)
    files = sorted({(f.return_id, f.submission_id) for f in in_use})
    return [{"return_id": return_id, "sha256": submission_id} for return_id, submission_id in files]


def _project(build: Build) -> dict[str, str]:
    """Versions of the project that made the build, as hashes: its code in all, and rooms of it."""
    noted = build.folder / VERSIONS
    return dict(json.loads(noted.read_text("utf-8"))) if noted.exists() else {}


def _gate(build: Build) -> list[dict[str, Any]]:
    """The gate's report by kind of check; what stopped which partner's records stays in the home."""
    return [
        {"checks": s.name, "passed": s.passed, "warned": s.warned, "failed": s.failed, "waived": s.waived}
        for s in sections(build.store.check_results(build.build_id))
    ]


def _signed_off(build: Build) -> list[str]:
    """Why revisions beyond their tolerance went out, where they did."""
    key = next(b.build_key for b in build.store.builds() if b.build_id == build.build_id)
    return [reason for signed, reason in signed_off(build.store).items() if signed == key]


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


def _disagreements(protected: Protected) -> list[dict[str, str]]:
    return [{"figure_id": d.figure_id, "message": d.message} for d in protected.disagreements]


def reference_findings(build: Build) -> list[dict[str, str]]:
    """What does not add up in the sources, a `message` each."""
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
