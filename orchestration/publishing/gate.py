"""The gate: one report on a build, and a verdict bound to everything that it saw.

Write, audit, publish: a build that failed, or was never judged, or was changed after it was judged,
is not released (`release.publish` reads the verdict again).
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.control.records import CheckResult, Decision
from orchestration.control.store import Store
from orchestration.publishing import judged
from orchestration.publishing.candidate import read_candidate
from orchestration.publishing.completeness import dbt_results
from orchestration.publishing.history import published_history
from orchestration.publishing.inspection import Build, BuildCheck, FigureCheck, Figures, crashed
from orchestration.publishing.knowledge import knowledge_of
from orchestration.publishing.policy import (
    attacked,
    blocking,
    coverage,
    door,
    known_to_the_attacker,
    licensed_values,
    listed_figures,
    waive,
    waived,
)
from orchestration.publishing.protect import protect
from orchestration.publishing.reconcile import reconciliations
from orchestration.publishing.repair import repaired
from orchestration.publishing.secrets import secret_counts
from orchestration.publishing.suites import published_suites
from orchestration.publishing.together import returns_together
from orchestration.publishing.tolerance import revisions_within_tolerance
from orchestration.settings import Settings

BUILD_CHECKS: tuple[BuildCheck, ...] = (door, dbt_results, returns_together, waived)
FIGURE_CHECKS: tuple[FigureCheck, ...] = (
    published_suites,
    reconciliations,
    coverage,
    licensed_values,
    listed_figures,
    revisions_within_tolerance,
    known_to_the_attacker,
    attacked,
)


@dataclass(frozen=True)
class Report:
    """What the gate decided: `results` in the order the checks ran, `reasons` what stopped the release."""

    build_id: str
    verdict: Decision
    results: list[CheckResult]

    @property
    def reasons(self) -> list[str]:
        """What stopped the release, in plain words; empty where nothing did."""
        return [
            f"{r.check_id} ({r.target}): {r.message}"
            for r in self.results
            if r.stopped and r.check_id != "P01"
        ]


def judge(settings: Settings, store: Store, build_id: str) -> Report:
    """Run every check on a build, add the results to the store and set its verdict.

    Never raises for what a check finds or for a check that breaks: that is what the report is for.
    """
    build = Build(settings, store, build_id)
    results, hashes = collect(build)
    decision = decide(results)
    store.set_check_results(build_id, results)
    store.set_verdict(build_id, decision, hashes)
    return Report(build_id, decision, results)


def collect(build: Build) -> tuple[list[CheckResult], dict[str, str]]:
    """Results of every check, waivers applied, and the hashes of what they saw (none if unreadable)."""
    results: list[CheckResult] = []
    hashes: dict[str, str] = {}
    for check in BUILD_CHECKS:
        try:
            results += check(build)
        except Exception as error:
            results.append(crashed(check.__name__, "gate", "build", error))
    try:
        hashes, figures = read_figures(build)
    except Exception as error:
        results.append(crashed("candidate_is_readable", "gate", "metric_values", error))
    else:
        for check_figures in FIGURE_CHECKS:
            try:
                results += check_figures(build, figures)
            except Exception as error:
                results.append(crashed(check_figures.__name__, "gate", "metric_values", error))
    results = waive(results, build.store.waivers_in_force(build.settings.as_at))
    return [*results, blocking(results)], hashes


def read_figures(build: Build) -> tuple[dict[str, str], Figures]:
    """The figures protected, attacked and repaired, kept in the build, and hashes of all that was seen."""
    candidate = read_candidate(build.warehouse, build.settings.is_synthetic)
    known = knowledge_of(candidate)
    protected = protect(candidate.cells, candidate.figures, published_history(build.store))
    secret = secret_counts(candidate.cells, protected.cells, known)
    protected, attack = repaired(protected, judged.released_metrics(build), known, secret)
    judged.keep(build, protected)
    return judged.hashes(build, protected), Figures(candidate, protected, attack)


def decide(results: list[CheckResult]) -> Decision:
    """`error` where a check crashed or something did not run, `fail` where something stops, else `pass`."""
    if any(r.status == "error" for r in results):
        return "error"
    return "fail" if any(r.stopped for r in results) else "pass"
