"""What dbt says of a build: whether everything that should have run did, and passed.

Read from `manifest.json` and `run_results.json`. What has no result did not pass: a green run proves
nothing about what it left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestration.control.records import CheckResult
from orchestration.control.refusals import refusal_in
from orchestration.publishing.inspection import Build, result

BUILT = ("model", "seed", "snapshot")
TESTED = ("test", "unit_test")
NOT_RUN = "did not run"
PASSED = ("success", "pass", "no-op")


def dbt_results(build: Build) -> list[CheckResult]:
    """One result for every enabled model, seed, snapshot, test and unit test of the manifest."""
    target = build.folder / "target"
    if not (target / "run_results.json").exists():
        said = f"dbt ended before it ran a model, so nothing was built. {target / 'dbt.log'} says why."
        return [CheckResult("dbt_runs", "dbt model", "release", "build", "error", said, True)]
    expected = expected_nodes(_read(target / "manifest.json"))
    came_back = _read(target / "run_results.json")["results"]
    said_of = {str(r["unique_id"]): (str(r["status"]), str(r.get("message") or "")) for r in came_back}
    return [
        _judged(node, *said_of.get(unique_id, (None, ""))) for unique_id, node in sorted(expected.items())
    ]


def dbt_versions(build: Build) -> dict[str, str]:
    """The version of dbt that made the build."""
    return {"dbt": str(_read(build.folder / "target" / "run_results.json")["metadata"]["dbt_version"])}


def expected_nodes(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Nodes that must have a result: all but ephemeral models, which run inside others."""
    nodes: dict[str, dict[str, Any]] = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    return {
        unique_id: node
        for unique_id, node in nodes.items()
        if node["resource_type"] in (*BUILT, *TESTED)
        and node.get("config", {}).get("enabled", True)
        and node.get("config", {}).get("materialized") != "ephemeral"
    }


def _judged(node: Mapping[str, Any], status: str | None, message: str) -> CheckResult:
    name, kind = str(node["name"]), f"dbt {node['resource_type']}".replace("_", " ")
    if status is None or status == "skipped":
        said = f"{kind} {name} {NOT_RUN}, so this build is not complete."
        return CheckResult(name, kind, "release", _target(node), "error", said, True)
    if status == "warn":
        return result(name, kind, _target(node), False, f"{name} does not hold.", severity="warn")
    if status == "error" or status not in (*PASSED, "fail"):
        said = refusal_in(message) or (
            f"{kind} {name} could not be carried out; dbt's log in the build says why."
        )
        return CheckResult(name, kind, "release", _target(node), "error", said, True)
    return result(name, kind, _target(node), status in PASSED, f"{name} does not hold.")


def _target(node: Mapping[str, Any]) -> str:
    """What the node is about: the model that a test stands on, else itself."""
    attached: Iterable[str] = [node.get("attached_node") or ""]
    return next((a.rpartition(".")[2] for a in attached if a), str(node["name"]))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content
