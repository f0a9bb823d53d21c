"""The gate in the graph: one asset, one blocking check for each kind of thing that it looks at."""

from collections import Counter

import dagster as dg

from orchestration.components.failures import plain_failures
from orchestration.components.resources import Home
from orchestration.control.records import CheckResult
from orchestration.defs.warehouse.models import models

KEY = dg.AssetKey(["gates", "verdict"])

# Name of the check, kinds of the gate's results that it stands for, what holds when all is well.
GATES = {
    "complete": (
        ("dbt model", "dbt seed", "dbt test", "dbt unit test"),
        "Every model and test that the project holds has run, and every test that must hold does",
    ),
    "published_suites": (("published suite",), "The protected figures are what a release may hold"),
    "reconciled": (
        ("reconciliation",),
        "Parts agree with wholes, areas with their region, people with events",
    ),
    "policies": (
        ("policy", "finding", "waiver", "gate"),
        "Enough returns are in use, and nothing licensed or unwaived is left",
    ),
    "protected": (
        ("protection",),
        "Nobody who puts all releases together learns of fewer than ten people, or of a number behind a "
        "rounded one",
    ),
    "revisions": (
        ("revision",),
        "No figure moved further than its tolerance since the last release, unless a steward signed it off",
    ),
    "door": (("door",), "What was set aside at the door; nothing of it stops a release"),
}


@dg.asset(
    key=KEY,
    deps=sorted(key for key in models.keys if key.path[0] == "metrics"),
    group_name="gates",
    kinds={"python", "greatexpectations"},
    owners=["team:pathways"],
    check_specs=[
        dg.AssetCheckSpec(name, asset=KEY, description=said, blocking=True)
        for name, (_, said) in GATES.items()
    ],
)
def verdict(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """Protect the candidate, run every check on it, and store a verdict bound to what was seen."""
    with plain_failures():
        from orchestration.publishing.gate import judge

        report = judge(home.settings, home.store, context.run_id)
        home.store.close_build(context.run_id, "built")
        return dg.MaterializeResult(
            metadata={
                "verdict": report.verdict,
                "report": dg.MetadataValue.md(_table(report.results)),
                **Counter(f"checks: {r.status}" for r in report.results),
            },
            check_results=[_summed(name, report.results) for name in GATES],
        )


def _table(results: list[CheckResult]) -> str:
    from orchestration.publishing.report import sections

    rows = [f"| {s.name} | {s.line} | {'; '.join(s.stopped)} |" for s in sections(results)]
    return "\n".join(["| Checks | Result | What they stopped |", "|---|---|---|", *rows])


def _summed(name: str, results: list[CheckResult]) -> dg.AssetCheckResult:
    own = [r for r in results if r.kind in GATES[name][0]]
    stopped = [r for r in own if r.stopped]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not stopped,
        metadata={
            **Counter(r.status for r in own),
            **(
                {"stopped": dg.MetadataValue.md("\n".join(f"- {r.target}: {r.message}" for r in stopped))}
                if stopped
                else {}
            ),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The verdict alone: of the models, this module only names the keys."""
    return dg.Definitions(assets=dg.with_source_code_references([verdict]))
