"""Revisions that are too large to go out without a steward: tolerance as data, and the sign-off.

A figure moved too far if it moved by more than both limits of `reference.revision_tolerances`: a share of
what it was, and a number in its unit. The row of its metric goes before that of its unit, which goes
before the general one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from orchestration.control.records import CheckResult
from orchestration.control.store import Store
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.columns import KEY, SHOWN
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.inspection import Build, Figures, result
from orchestration.publishing.journal import current_release
from orchestration.publishing.judged import METRICS
from orchestration.publishing.knowledge import read_release

RULE = "P06"
SIGNED = "revision signed off"
LIMITS = """
select metric_id, unit, cast(relative as double), cast(absolute as double)
from reference.revision_tolerances
"""
ANY = "all"
TOLD = 5


def revisions_within_tolerance(build: Build, figures: Figures) -> list[CheckResult]:
    """P06: no figure differs from what the current release says of it by more than its tolerance."""
    current = current_release(build.settings)
    if current is None:
        return [result(RULE, "revision", "protected candidate", True)]
    before = read_release((build.settings.releases / current / METRICS).read_bytes())
    with warehouse(build.warehouse) as connection:
        limits = {(m, u): (r, a) for m, u, r, a in connection.execute(LIMITS).fetchall()}
    moved = too_far(before, figures.protected.of("public"), limits)
    is_signed = _key(build.store, build.build_id) in signed_off(build.store)
    listed = "; ".join(_cell(row) for row in moved.head(TOLD).to_dict("records"))
    more = f" and {len(moved) - TOLD} more" if len(moved) > TOLD else ""
    said = (
        f"Figures that moved further than their tolerance since {current}, {len(moved)} in all: "
        f"{listed}{more}. Look, and if they are right: pathways release sign-off --reason '...', "
        "then refresh again."
    )
    return [result(RULE, "revision", "protected candidate", moved.empty or is_signed, said)]


def too_far(
    before: pd.DataFrame, now: pd.DataFrame, limits: dict[tuple[str, str], tuple[float, float]]
) -> pd.DataFrame:
    """Cells shown then and now (`value_before`, `value`) that moved beyond both limits of their tolerance."""
    both = before.merge(now, on=KEY, suffixes=("_before", ""))
    both = both[(both["status_before"] == SHOWN) & (both["status"] == SHOWN)]
    found = [_limit(limits, m, u) for m, u in zip(both["metric_id"], both["unit"], strict=True)]
    relative, absolute = (pd.Series([f[i] for f in found], index=both.index, dtype="float64") for i in (0, 1))
    moved = (both["value"] - both["value_before"]).abs()
    return both[(moved > relative * both["value_before"].abs()) & (moved > absolute)]


def sign_off(store: Store, reason: str) -> str:
    """Record that the revisions of the last build are right; gives the build.

    Raises `ReleaseError` if none waits, or without a reason.
    """
    builds = store.builds()
    waiting = builds[-1] if builds else None
    held = waiting and [r for r in store.check_results(waiting.build_id) if r.check_id == RULE and r.stopped]
    if not waiting or not held:
        raise ReleaseError("No revision waits for a sign-off.")
    if not reason.strip():
        raise ReleaseError("Say why the revisions are right: --reason '...'.")
    store.audit(SIGNED, waiting.build_key, reason)
    return waiting.build_id


def signed_off(store: Store) -> dict[str, str]:
    """Build keys whose revisions somebody signed off, with the reason."""
    return {e.subject: e.detail for e in store.audit_events() if e.action == SIGNED}


def _key(store: Store, build_id: str) -> str:
    return next((b.build_key for b in store.builds() if b.build_id == build_id), "")


def _limit(limits: dict[tuple[str, str], tuple[float, float]], metric: str, unit: str) -> tuple[float, float]:
    wanted = ((metric, unit), (metric, ANY), (ANY, unit), (ANY, ANY))
    return next((limits[w] for w in wanted if w in limits), (0.0, 0.0))


def _cell(row: Mapping[Hashable, object]) -> str:
    return " ".join(str(row[k]) for k in KEY if row[k] not in (ANY, ""))
