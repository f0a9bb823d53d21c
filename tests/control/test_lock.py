"""One run or command at a time changes a home; every other ends at once and names the first."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import cli
from orchestration.control.lock import HomeIsBusyError, held
from orchestration.control.store import StoreError
from orchestration.settings import Settings
from tests.postgres import Server

COMMANDS = [
    ["refresh"],
    ["recheck", "--apply"],
    ["waive", "R08", "--return", "rotherham_eit", "--reason", "known", "--until", "2099-12-31"],
    ["release", "rollback", "r1"],
    ["release", "sign-off", "--reason", "known"],
    ["person", "review"],
    ["person", "rotate", "--yes"],
    ["status", "--feedback", "somewhere"],
    ["backup", "kept"],
    ["move-store", "postgresql+psycopg://user@nowhere/none"],
]


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same home as another machine knows it: with the store in Postgres, only that is in common."""
    other = replace(settings, home=tmp_path / "other") if settings.control_store else settings
    other.home.mkdir(exist_ok=True)
    (other.home / "home.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATHWAYS_HOME", str(other.home))
    monkeypatch.setenv("PATHWAYS_CONTROL_STORE", settings.control_store)
    return other


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c[:2]))
def test_a_command_that_changes_a_held_home_ends_and_names_the_holder(
    command: list[str], settings: Settings, elsewhere: Settings
) -> None:
    with held(settings, "run-7"):
        ended = CliRunner().invoke(cli.app, command)
    assert isinstance(ended.exception, HomeIsBusyError), ended.output
    assert "run-7" in str(ended.exception)


def test_a_busy_home_is_no_wrong_usage(
    settings: Settings,
    elsewhere: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["pathways", "refresh"])
    with held(settings, "run-7"), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.BUSY
    assert "run-7" in capsys.readouterr().err


def test_a_home_is_free_again_afterwards(settings: Settings, elsewhere: Settings) -> None:
    for one, holder in ((settings, "one"), (elsewhere, "two")):
        with held(one, holder), pytest.raises(HomeIsBusyError, match=holder), held(elsewhere, "three"):
            pass


PROGRAM = """
import os, sys
from datetime import date
from pathlib import Path
from orchestration.control.lock import held
from orchestration.settings import Settings

with held(Settings(Path(sys.argv[1]), date(2026, 3, 2), control_store=sys.argv[2]), "run-7"):
    os._exit(9)
"""


def test_whoever_is_killed_holds_nothing(settings: Settings, elsewhere: Settings) -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, settings.home, settings.control_store], timeout=60)
    assert ended.returncode == 9
    with held(elsewhere, "run-8") as check:
        check()


@pytest.mark.engines
def test_a_run_whose_connection_is_lost_does_not_go_on(postgres: Server, tmp_path: Path) -> None:
    url = postgres.database()
    with held(Settings(tmp_path, date(2026, 3, 2), control_store=url), "run-7") as check:
        check()
        postgres.run("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
        for _ in range(2):  # also when the driver has connected anew
            with pytest.raises(StoreError):
                check()
