"""One run or command at a time changes a home; every other ends at once and names the first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import cli
from orchestration.control.lock import HomeIsBusyError, held
from orchestration.settings import Settings


@pytest.mark.parametrize("command", [["refresh"], ["recheck", "--apply"], ["release", "rollback", "r1"]])
def test_a_command_that_changes_a_held_home_ends_and_names_the_holder(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    (tmp_path / "home.toml").touch()
    with held(Settings(tmp_path, date(2026, 3, 2)), "run-7"):
        ended = CliRunner().invoke(cli.app, command)
    assert isinstance(ended.exception, HomeIsBusyError)
    assert "run-7" in str(ended.exception)


def test_a_busy_home_is_no_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    (tmp_path / "home.toml").touch()
    monkeypatch.setattr("sys.argv", ["pathways", "refresh"])
    with held(Settings(tmp_path, date(2026, 3, 2)), "run-7"), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.BUSY
    assert "run-7" in capsys.readouterr().err


def test_a_home_is_free_again_afterwards(tmp_path: Path) -> None:
    for holder in ("one", "two"):
        with held(Settings(tmp_path, date(2026, 3, 2)), holder):
            assert holder in (tmp_path / "refresh.json").read_text("utf-8")
