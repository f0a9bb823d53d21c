"""Nothing of a person leaves the vault: not in a good run, and not when a step breaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.components.failures import plain_failures
from orchestration.identity.errors import VaultError
from tests.conftest import PATIENCE, Home
from tests.leaks.search import in_text, leaks, marks_of

CANARY = "Wilhelmina Samplecanary QQ314159A ZZ1 0AA"
MARKS = frozenset({b"samplecanary", b"qq314159a"})


def test_a_refreshed_home_holds_nobody_outside_the_vault(refreshed: Home) -> None:
    marks = marks_of(refreshed.path / "vault")
    assert len(marks) > 30_000
    assert leaks(refreshed.temporary, marks) == []
    assert leaks(refreshed.path, marks) == []  # `first_refresh.json` is what the terminal showed
    assert (refreshed.path / "vault").stat().st_mode & 0o077 == 0


def _fails() -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as cause:
        raise ValueError(f"no such person: {CANARY}") from cause


@pytest.mark.parametrize("is_generator", [False, True])
def test_what_a_step_raises_is_kept_out_of_dagsters_storage(tmp_path: Path, is_generator: bool) -> None:
    @dg.op
    @plain_failures()
    def plain() -> None:
        _fails()

    @dg.op(out=dg.DynamicOut())
    def generating():
        with plain_failures():
            _fails()
            yield dg.DynamicOutput(1, "one")

    @dg.job(executor_def=dg.in_process_executor)
    def job() -> None:
        generating() if is_generator else plain()

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
    assert leaks(tmp_path, MARKS) == []
    (failure,) = [e for e in result.all_events if e.event_type_value == "STEP_FAILURE"]
    said = failure.step_failure_data.user_failure_data.description
    assert "ValueError in test_leaks.py" in said


def test_our_own_words_are_shown() -> None:
    with pytest.raises(dg.Failure, match="Restore it from a backup"), plain_failures():
        raise VaultError("The vault is damaged. Restore it from a backup.") from ValueError(CANARY)


DRIVER = """
import importlib, sys
name = sys.argv[1].split(":")
def fail(*_, **__):
    raise ValueError({canary!r})
target = importlib.import_module(name[0])
for part in name[1].split(".")[:-1]:
    target = getattr(target, part)
last = name[1].split(".")[-1]
getattr(target, last)  # there must be such a thing to break
setattr(target, last, fail)
sys.argv = ["pathways", *sys.argv[2:]]
from orchestration.cli import main
main()
"""
AT_THE_DOOR = [
    "orchestration.intake.prepare:READER.read",
    "orchestration.intake.prepare:read_body",
    "orchestration.intake.normalise:Normaliser.convert",
    "orchestration.intake.judge:check_people",
    "orchestration.intake.judge:check_columns",
    "orchestration.intake.across:Across.run",
    "orchestration.identity.vault:derive",
    "orchestration.intake.door:write_parquet",
]
AFTERWARDS = [
    "orchestration.identity.links:link",
    "orchestration.intake.handoff:create_warehouse",
    "orchestration.publishing.gate:protect",
    "orchestration.publishing.release:publish",
]


def _run(home: Path, broken: str, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER", "PATHWAYS", "DBT"))}
    command = [sys.executable, "-c", DRIVER.format(canary=CANARY), broken, *arguments]
    environment["PATHWAYS_HOME"] = str(home)
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_command_that_breaks_quotes_nobody(refreshed: Home) -> None:
    shown = _run(refreshed.path, "orchestration.intake.handoff:ledger", "status")
    assert in_text(shown, MARKS) == set()
    assert "ValueError" in shown


@pytest.mark.soak
@pytest.mark.parametrize("broken", AT_THE_DOOR)
def test_a_failure_at_the_door_leaks_nobody(tmp_path: Path, broken: str) -> None:
    home = Home(tmp_path / "home")
    assert home.run("init", "--sample").code == 0
    kept = {path.relative_to(home.path) for path in (home.path / "landing").rglob("*")}
    shown = _run(home.path, broken, "refresh")
    assert in_text(shown, MARKS) == set()
    inbox = {p.relative_to(home.path) for p in (home.path / "landing").rglob("*")}
    assert inbox <= kept
    marks = marks_of(home.path / "vault") | MARKS
    outside = [found for found in leaks(home.path, marks) if not found.startswith("landing/")]
    assert outside == []


@pytest.mark.soak
@pytest.mark.parametrize("broken", AFTERWARDS)
def test_a_failure_after_the_door_leaks_nobody(own_home: Home, broken: str) -> None:
    shown = _run(own_home.path, broken, "refresh", "--as-at", "2026-03-03")
    marks = marks_of(own_home.path / "vault") | MARKS
    assert in_text(shown, marks) == set()
    assert leaks(own_home.path, marks) == []


@pytest.mark.soak
def test_a_failure_inside_dbt_leaks_nobody(own_home: Home) -> None:
    """Not even of a person who stands in what dbt reads, where a day should be."""
    for path in own_home.path.glob("accepted/starts/*/*.parquet"):
        table = pq.read_table(path)
        place = table.column_names.index("start_date")
        pq.write_table(table.set_column(place, "start_date", pa.array([CANARY] * len(table))), path)
    ran = own_home.run("refresh", "--as-at", "2026-03-03", "--json")
    assert ran.code == 1
    said = json.loads((own_home.path / "builds/candidate/target/run_results.json").read_text("utf-8"))
    assert "error" in {result["status"] for result in said["results"]}
    marks = marks_of(own_home.path / "vault") | MARKS
    assert in_text(ran.out + ran.err, marks) == set()
    assert [found for found in leaks(own_home.path, marks) if not found.startswith("accepted/starts/")] == []
