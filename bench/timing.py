"""Runs commands as fresh processes and says how long each took and how much memory it needed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import QUIET, SCRIPTS

PYTHON = sys.executable
DBT = str(SCRIPTS / "dbt")
OURS = ("DAGSTER", "PATHWAYS", "DBT", "PYTHON")  # modules are compiled once, as for a user


class BenchError(Exception):
    """A timed command failed, or two ways of computing the same thing differ; the message says which."""


@dataclass(frozen=True)
class Ran:
    """A process that ended well: seconds by the clock and of processors, peak MiB, what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    out: str


def run(command: list[str], cwd: Path, **environment: str) -> Ran:
    """Run a command to its end in an environment without our variables, but for those given.

    Raises `BenchError` with the end of its output when its exit code is not 0.
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=clean | QUIET | environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        printed, complained = out.read().decode(), err.read().decode()
    if process.returncode:
        raise BenchError(f"{' '.join(command)[:200]} ended with {printed[-1500:]}{complained[-3000:]}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)


def rounds(times: int, *ways: Callable[[], Ran]) -> list[list[Ran]]:
    """Each way so many times, in turns, so that a busy minute on the machine slows all of them alike."""
    turns = [[way() for way in ways] for _ in range(times)]
    return [list(ran) for ran in zip(*turns, strict=True)]


def median(ran: Iterable[Ran]) -> float:
    """Median wall-clock seconds."""
    return statistics.median(r.seconds for r in ran)


def median_cpu(ran: Iterable[Ran]) -> float:
    """Median seconds of processors, which a busy machine disturbs less."""
    return statistics.median(r.cpu_seconds for r in ran)


def peak(ran: Iterable[Ran]) -> float:
    """Highest resident memory of all the runs, MiB."""
    return max(r.peak_mib for r in ran)


def dbt(command: list[str], project: Path, target: Path) -> list[str]:
    """A dbt command that reads `project` and writes only below `target`; set the warehouse beside it."""
    places: Mapping[str, Path] = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target-path": target,
        "--log-path": target / "logs",
    }
    return [DBT, *command, *(str(part) for place in places.items() for part in place)]


def seconds_by_model(target: Path) -> dict[str, float]:
    """What each model took in the last dbt command that wrote to `target`, slowest first."""
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    taken = {r["unique_id"].removeprefix("model.pathways."): r["execution_time"] for r in results}
    return dict(sorted(taken.items(), key=lambda item: -item[1]))
