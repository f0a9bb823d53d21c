"""From accepted Parquet of a big register to its metrics: the models, one hand-written script, a notebook."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.checkout import copy_project
from bench.compare import keep_figures, must_agree
from bench.timing import PYTHON, Ran, dbt, median, median_cpu, peak, rounds, run, seconds_by_model
from orchestration.settings import DBT_PROJECT, PROJECT

FEW = 1_000  # with so few people only what the models cost whatever the size is left
NOTEBOOK_UP_TO = 3_000_000  # it needs more than 3 GiB for each million people


@dataclass(frozen=True)
class Models:
    """The models on one register; every run starts from the same warehouse with the seeds in it."""

    folder: Path
    project: Path = DBT_PROJECT

    @property
    def built(self) -> Path:
        """The warehouse that a run builds."""
        return self.folder / "built.duckdb"

    @property
    def target(self) -> Path:
        """Where dbt writes what it did."""
        return self.folder / "target"

    def make(self, people: int) -> None:
        """Make the register and the warehouse that the hand-off gives dbt."""
        run([PYTHON, "-m", "bench.register", str(people), str(self.folder)], PROJECT)
        shutil.copy(self.folder / "warehouse.duckdb", self.built)

    def load_seeds(self) -> None:
        """Load the reference data: it stands before a run, and is not timed."""
        self.dbt("seed")
        shutil.copy(self.built, self.folder / "seeded.duckdb")

    def run(self) -> Ran:
        """`dbt run` as a fresh process."""
        shutil.copy(self.folder / "seeded.duckdb", self.built)
        return self.dbt("run")

    def dbt(self, *command: str) -> Ran:
        """A dbt command on this register, as a fresh process."""
        arguments = dbt([*command, "--quiet"], self.project, self.target)
        return run(arguments, PROJECT, PATHWAYS_WAREHOUSE=str(self.built))


def bench(folder: Path, people: int, times: int) -> dict[str, dict[str, Any]]:
    """Result `scale_<people>`; raises `BenchError` unless every way gives the same figures."""
    project = copy_project(folder / "project") / "dbt_project"
    models, few = Models(folder / "register", project), Models(folder / "few", project)
    for register, size in ((models, people), (few, FEW)):
        register.make(size)
        register.load_seeds()
    scripts = ["by_hand"] + (["notebook"] if people <= NOTEBOOK_UP_TO else [])
    others = {name: partial(run_script, name, models.folder) for name in scripts}
    ways: list[Callable[[], Ran]] = [models.run, few.run, *others.values()]
    ours, fixed, *theirs = rounds(times, *ways)
    figures = keep_figures(models.built, folder / "models.parquet")
    for name in scripts:
        must_agree(folder / "models.parquet", models.folder / f"{name}.parquet", name)
    result = {
        "people": people,
        "figures_compared": figures,
        **_times(ours, fixed, dict(zip(scripts, theirs, strict=True))),
        "seconds_by_slowest_model": dict(list(seconds_by_model(models.target).items())[:5]),
    }
    return {f"scale_{people}": result}


def run_script(name: str, home: Path) -> Ran:
    """Compute the figures of the register in `home` with the module `bench.<name>`, as a fresh process."""
    return run([PYTHON, "-m", f"bench.{name}", str(home), str(home / f"{name}.parquet")], PROJECT)


def _times(ours: list[Ran], fixed: list[Ran], others: dict[str, list[Ran]]) -> dict[str, Any]:
    seconds, hand = median(ours), median(others["by_hand"])
    times: dict[str, Any] = {
        "seconds": seconds,
        "peak_mib": peak(ours),
        "peak_target_mib": 4096,
        "by_hand_seconds": hand,
        "ratio": seconds / hand,
        "target": 3.0,
        "seconds_whatever_the_size": median(fixed),
        "ratio_without_them": max(seconds - median(fixed), 0) / hand,
        "cpu_seconds": {"models": median_cpu(ours)} | {name: median_cpu(ran) for name, ran in others.items()},
        "peak_mib_of": {name: peak(ran) for name, ran in others.items()},
    }
    if "notebook" in others:
        notebook = median(others["notebook"])
        times |= {"notebook_seconds": notebook, "times_faster_than_notebook": notebook / seconds}
    return times
