"""What a gate judged, kept beside the build: publishing takes these figures and works nothing out again."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import pandas as pd

from orchestration.publishing.basis import Disagreement
from orchestration.publishing.candidate import Candidate, read_candidate, table_hashes
from orchestration.publishing.inspection import Build
from orchestration.publishing.protect import Protected
from orchestration.publishing.tables import protected_hash

METRICS = "metrics.csv"
PROTECTED, EARLIER = "protected candidate", "earlier releases"
FILE = "judged.parquet"


def released_metrics(build: Build) -> list[bytes]:
    """`metrics.csv` of every release of this home, oldest first: what is out cannot be taken back."""
    folder = build.settings.releases
    return [(folder / r.release_id / METRICS).read_bytes() for r in build.store.releases()]


def hashes(build: Build, protected: Protected) -> dict[str, str]:
    """What a verdict is bound to: every table of metrics, the protected figures, the releases known."""
    before = hashlib.sha256()
    for content in released_metrics(build):
        before.update(hashlib.sha256(content).digest())
    return {
        **table_hashes(build.warehouse),
        PROTECTED: protected_hash(protected),
        EARLIER: before.hexdigest(),
    }


def keep(build: Build, protected: Protected) -> None:
    """Keep the figures in the build's folder."""
    cells = protected.cells.copy()
    cells.attrs = {"disagreements": [asdict(d) for d in protected.disagreements]}
    cells.to_parquet(build.folder / FILE, index=False)


def kept(build: Build) -> tuple[dict[str, str], Candidate, Protected]:
    """Hashes of what is there now, the candidate, and the figures that were judged."""
    cells = pd.read_parquet(build.folder / FILE)
    protected = Protected(cells, [Disagreement(**d) for d in cells.attrs["disagreements"]])
    candidate = read_candidate(build.warehouse, build.settings.is_synthetic)
    return hashes(build, protected), candidate, protected
