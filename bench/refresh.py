"""The main job on the sample returns against the sum of its parts, and a refresh with nothing new."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.checkout import copy_project, forget_parse
from bench.timing import PYTHON, BenchError, Ran, dbt, median, median_cpu, run

COMMAND = [PYTHON, "-c", "from orchestration.cli import main; main()"]
IMPORTS = "import dagster, dagster_dbt, great_expectations"
# Importing is a part of its own, so the instance is timed from when Dagster is there.
INSTANCE = """
import time, dagster
began, processor = time.perf_counter(), time.process_time()
with dagster.DagsterInstance.get() as instance:
    instance.get_runs(limit=1), instance.all_asset_keys(), instance.all_instigator_state()
print(time.perf_counter() - began, time.process_time() - processor)
"""
COPY_INPUT = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute(f"attach '{sys.argv[1]}' as built (read_only)")
con.execute("create schema accepted; create schema control")
for name, sql in con.execute("select view_name, sql from duckdb_views() where database_name = 'built' "
                             "and schema_name = 'accepted'").fetchall():
    con.execute(sql)
for name, in con.execute("select table_name from duckdb_tables() where database_name = 'built' "
                         "and schema_name = 'control'").fetchall():
    con.execute(f'create table control."{name}" as from built.control."{name}"')
"""


@dataclass(frozen=True)
class Bed:
    """Where one bench runs: a copy of the project, and a folder for homes and warehouses."""

    project: Path
    folder: Path

    def pathways(self, home: Path, *arguments: str) -> Ran:
        """An officer's command on a home, as a fresh process."""
        places = {"PATHWAYS_HOME": str(home), "PYTHONPATH": str(self.project)}
        return run([*COMMAND, *arguments], self.project, **places)


def bench(folder: Path, times: int) -> dict[str, dict[str, Any]]:
    """Results `sample_refresh` and `nothing_new`: medians of seconds, ratios, targets."""
    bed = Bed(copy_project(folder / "project"), folder)
    first, second, floors = [], [], []
    for turn in range(times):
        home = folder / f"home{turn}"
        forget_parse(bed.project)
        bed.pathways(home, "init", "--sample")
        first.append(_released(bed.pathways(home, "refresh", "--json")))
        before = _made(home)
        second.append(bed.pathways(home, "refresh", "--json"))
        if _made(home) != before:
            raise BenchError("A refresh with nothing new made a build, a release or Parquet.")
        floors.append(_floor(bed, home, turn))
    return _results(first, second, {name: [floor[name] for floor in floors] for name in floors[0]})


def _results(first: list[Ran], second: list[Ran], floors: dict[str, list[Ran]]) -> dict[str, dict[str, Any]]:
    parts = {name: median(ran) for name, ran in floors.items()}
    refresh, again = median(first), median(second)
    processors = sum(median_cpu(ran) for ran in floors.values())
    return {
        "sample_refresh": {
            "seconds": refresh,
            "floor_seconds": sum(parts.values()),
            "parts": parts,
            "ratio": refresh / sum(parts.values()),
            "cpu_ratio": median_cpu(first) / processors,
            "target": 2.0,
        },
        "nothing_new": {
            "seconds": again,
            "floor_seconds": refresh,
            "ratio": again / refresh,
            "cpu_ratio": median_cpu(second) / median_cpu(first),
            "target": 0.4,
        },
    }


def _released(ran: Ran) -> Ran:
    if json.loads(ran.out.splitlines()[-1])["release_id"] is None:
        raise BenchError(f"The sample refresh released nothing: {ran.out[-2000:]}")
    return ran


def _made(home: Path) -> tuple[set[str], set[str], set[str], int]:
    """Builds, releases and Parquet of a home, and how many builds its control store knows."""
    folders = [{p.name for p in (home / room).iterdir()} for room in ("builds", "releases")]
    parquet = {str(p) for p in (home / "accepted").rglob("*.parquet")}
    with sqlite3.connect(home / "control.db") as db:
        known = db.execute("select count(*) from builds").fetchone()[0]
    return folders[0], folders[1], parquet, known


def _floor(bed: Bed, home: Path, turn: int) -> dict[str, Ran]:
    """The parts that a refresh cannot do without, each as its own fresh process."""
    parts = {"imports": run([PYTHON, "-c", IMPORTS], bed.folder)}
    instance = bed.folder / f"instance{turn}"
    instance.mkdir()
    ran = run([PYTHON, "-c", INSTANCE], bed.folder, DAGSTER_HOME=str(instance))
    seconds, processors = (float(number) for number in ran.out.split())
    parts["dagster instance"] = replace(ran, seconds=seconds, cpu_seconds=processors)
    target, warehouse = bed.folder / f"target{turn}", bed.folder / f"built{turn}.duckdb"
    built = next((home / "builds").glob("*/warehouse.duckdb"))
    run([PYTHON, "-c", COPY_INPUT, str(built), str(warehouse)], bed.folder)
    project, points_at = bed.project / "dbt_project", {"PATHWAYS_WAREHOUSE": str(warehouse)}
    for name, command in (("dbt parse", ["parse", "--no-partial-parse"]), ("dbt build", ["build"])):
        parts[name] = run(dbt(command, project, target), project, **points_at)
    shutil.rmtree(target)
    return parts
