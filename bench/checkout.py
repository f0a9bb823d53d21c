"""A copy of the project without anything that an earlier run left in it, so that timings start fresh."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.settings import PROJECT

ROOMS = ("orchestration", "dbt_project", "expectations", "seeds")
LEFT_BEHIND = shutil.ignore_patterns("target", "logs", "state")


def copy_project(to: Path) -> Path:
    """Copy what a refresh needs; run it with the copy as working folder and as PYTHONPATH."""
    for room in ROOMS:
        shutil.copytree(PROJECT / room, to / room, ignore=LEFT_BEHIND)
    shutil.copy(PROJECT / "pyproject.toml", to)  # Dagster looks for it
    return to


def forget_parse(project: Path) -> None:
    """Remove the manifest, so that the next refresh parses the dbt project from scratch."""
    shutil.rmtree(project / "dbt_project" / "target", ignore_errors=True)
