"""How the models grow with the register: what one build takes, on DuckDB and on Spark."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.checkout import copy_project
from bench.compare import differing, keep_figures
from bench.timing import PYTHON, BenchError, dbt, run, seconds_by_model
from bench.watch import Watch
from orchestration.intake.spark import SOURCES, spark_folder, take_from_spark
from orchestration.settings import PROJECT

SIZES = (1_000_000, 10_000_000, 50_000_000)
SPARK_UP_TO = 10_000_000
DISK_A_MILLION = 1.0
"""GiB for register, build and what spills: 0.8 were needed at 50 million."""


def bench(folder: Path, participations: int) -> dict[str, dict[str, Any]]:
    """Results `growth_<engine>_<participations>`: DuckDB, and Spark beside it where both are feasible.

    Raises `BenchError` where the disk is too small, or Spark is not installed.
    """
    engines = ["duckdb"] + ["spark"] * (participations <= SPARK_UP_TO)
    _can_run(folder, participations, engines)
    project, register = copy_project(folder / "project") / "dbt_project", folder / "register"
    run([PYTHON, "-m", "bench.register", str(participations), str(register), engines[-1]], PROJECT)
    return of_register(participations, register, engines, project)


def of_register(
    participations: int, register: Path, engines: list[str], project: Path
) -> dict[str, dict[str, Any]]:
    """The same of a register that is there; each build lies beside it, in a folder of the engine's name."""
    accepted = sum(path.stat().st_size for path in (register / "accepted").rglob("*.parquet")) / 2**20
    common = {"participations": participations, "runs": 1, "accepted_mib": accepted}
    results = {}
    for engine in engines:
        build = register.with_name(engine)
        took = common | {"engine": engine} | _built(project, register, build, engine)
        if engine == "spark":
            ours, theirs = register.with_name("duckdb") / "figures.parquet", build / "figures.parquet"
            took["figures_that_differ"] = len(differing(ours, theirs, engine))
        results[f"growth_{engine}_{participations}"] = took
    return results


def _can_run(folder: Path, participations: int, engines: list[str]) -> None:
    if "spark" in engines and not find_spec("pyspark"):
        raise BenchError("Spark is not installed: pip install -r requirements-spark.lock")
    wanted = DISK_A_MILLION * len(engines) * participations / 1e6
    free = shutil.disk_usage(folder).free / 2**30
    if free < wanted:
        raise BenchError(
            f"{participations:,} participations need {wanted:.0f} GiB of disk, and {folder} has {free:.0f}. "
            "Set TMPDIR to a larger one."
        )


def _built(project: Path, register: Path, to: Path, engine: str) -> dict[str, Any]:
    """Seeds and models as one fresh process: what it took; its figures are left in `figures.parquet`."""
    warehouse = to / "warehouse.duckdb"
    to.mkdir()
    shutil.copy(register / warehouse.name, warehouse)
    if engine == "spark":
        spark_folder(warehouse).mkdir()
        shutil.copy(spark_folder(register / warehouse.name) / SOURCES, spark_folder(warehouse))
    command = ["build", "--quiet", "--target", engine, "--exclude-resource-type", "test", "unit_test"]
    with Watch(to) as watch:
        ran = run(dbt(command, project, to / "target"), PROJECT, PATHWAYS_WAREHOUSE=str(warehouse))
    if engine == "spark":
        take_from_spark(warehouse)
    return {
        "figures": keep_figures(warehouse, to / "figures.parquet"),
        "seconds": ran.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "peak_mib": watch.peak_mib,
        "peak_disk_mib": watch.peak_disk_mib,
        "seconds_by_slowest_model": dict(list(seconds_by_model(to / "target").items())[:5]),
    }
