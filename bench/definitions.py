"""How long the Dagster definitions take to load, against importing what they stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.checkout import copy_project
from bench.timing import PYTHON, median, rounds, run

FLOOR = "import dagster, dagster_dbt"
LOAD = "from orchestration.definitions import defs; defs().get_repository_def()"


def bench(folder: Path, times: int) -> dict[str, dict[str, Any]]:
    """Result `definitions_load`: both as whole processes, with the manifest parsed beforehand."""
    project = copy_project(folder / "project")
    places = {"PYTHONPATH": str(project), "PATHWAYS_HOME": str(folder / "home")}
    run([PYTHON, "-c", LOAD], project, **places)  # parses the manifest
    loads, floors = rounds(
        times,
        lambda: run([PYTHON, "-c", LOAD], project, **places),
        lambda: run([PYTHON, "-c", FLOOR], project),
    )
    seconds, floor = median(loads), median(floors)
    return {
        "definitions_load": {
            "seconds": seconds,
            "floor_seconds": floor,
            "ratio": seconds / floor,
            "target": 1.5,
        }
    }
