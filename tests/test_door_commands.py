"""Waiving, and who owes what, from the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.control.store import CheckResult, Store, Submission
from orchestration.settings import SettingsError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    monkeypatch.setenv("PATHWAYS_AS_AT", "2026-03-02")
    (tmp_path / "home.toml").touch()
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, list(arguments))
    return ran.exit_code, ran.output


@pytest.mark.parametrize("command", [["status"], ["refresh"], ["release", "list"], ["recheck"], ["ui"]])
def test_a_home_that_is_not_there_is_said_to_be_none_and_is_not_made(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path / "mistyped"))
    ended = CliRunner().invoke(app, command)
    assert isinstance(ended.exception, SettingsError)
    assert "pathways init" in str(ended.exception)
    assert not (tmp_path / "mistyped").exists()


def test_what_is_no_day_and_a_folder_that_cannot_be_made_are_wrong_usage(home: Path) -> None:
    code, out = run("refresh", "--as-at", "yesterday")
    assert code == 2
    assert "2026-03-31" in out
    (home / "file").touch()
    code, out = run("status", "--feedback", str(home / "file" / "folder"))
    assert code == 2
    assert "cannot be made" in out


def _waive(rule_id: str, *more: str) -> tuple[int, str]:
    return run("waive", rule_id, "--reason", "agreed", "--until", "2026-03-31", *more)


def test_a_rule_of_a_return_waits_for_a_second_person(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for who, is_in_force in (("ann", False), ("ann", False), ("bob", True)):
        monkeypatch.setattr("orchestration.control.rows.who", lambda who=who: who)
        monkeypatch.setenv("LOGNAME", "carl")  # anybody can say so
        code, out = _waive("C01", "--return", "rotherham_eit", "--json")
        assert code == 0
        assert json.loads(out)["is_in_force"] == is_in_force
    with Store(home / "control.db") as store:
        assert {w.who for w in store.waivers_in_force(date(2026, 3, 2))} == {"ann", "bob"}


def test_one_cell_of_a_file_is_waived_and_listed(home: Path) -> None:
    came = Submission("rotherham_eit", "a" * 64, "r.csv", date(2026, 2, 1), "rejected", "register")
    with Store(home / "control.db") as store:
        store.record(came, [], [], [])
    cell = ("--return", "rotherham_eit", "--file", "r.csv", "--row", "14", "--column", "Start date")
    code, out = _waive("R05", *cell, "--json")
    assert (code, json.loads(out)["is_in_force"]) == (0, True)
    code, out = run("status", "--json")
    [waiver] = json.loads(out)["waivers"]
    assert (waiver["submission_id"], waiver["row"], waiver["column"]) == ("a" * 64, 14, "Start date")
    assert "R05 (rotherham_eit / aaaaaaaaaaaa / 14 / Start date) until 2026-03-31 by" in run("status")[1]


def test_what_returns_together_show_is_told_to_the_steward(home: Path) -> None:
    shared = CheckResult("C04", "finding", "warn", "P08", "warn", "2 jobs also appear on Doncaster.")
    quiet = CheckResult("C09", "finding", "warn", "returns together", "pass")
    with Store(home / "control.db") as store:
        store.open_build("one", "key", date(2026, 3, 2))
        store.set_check_results("one", [shared, quiet])
    told = json.loads(run("status", "--json")[1])["for_steward"]
    assert [one["check_id"] for one in told] == ["C04"]
    assert "C04 P08: 2 jobs also appear on Doncaster." in run("status")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("R05", "--return", "rotherham_eit", "--row", "14"), "--file"),
        (("R05", "--return", "rotherham_eit", "--column", "DOB"), "--row"),
        (("R05", "--return", "rotherham_eit", "--file", "none.csv"), "has come in"),
        (("X99",), "no rule"),
        (("F06", "--return", "rotherham_eit"), "cannot be waived"),
        (("C01",), "--return"),
        (("P02", "--return", "rotherham_eit"), "leave --return out"),
        (("C01", "--return", "nobody"), "--return"),
    ],
)
def test_what_cannot_be_waived_is_refused(home: Path, arguments: tuple[str, ...], said: str) -> None:
    code, out = _waive(*arguments)
    assert code == 2
    assert said in " ".join(out.replace("│", " ").split())


def test_due_names_who_owes_what_and_how_long_it_is_over(home: Path) -> None:
    code, out = run("status", "--due", "--json")
    assert code == 0
    owed = json.loads(out)
    assert {"return_id", "partner", "owner", "due_on", "days_overdue", "receipt"} <= set(owed[0])
    assert owed == sorted(owed, key=lambda one: (one["due_on"], one["return_id"]))
