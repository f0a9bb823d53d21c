"""The commands as a person sees them: in a terminal, through a pipe, without colour."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestration.cli import _print_summary, app
from tests.conftest import Home

ESCAPE = "\x1b"


def test_help_reads_like_a_guide(refreshed: Home) -> None:
    ran = refreshed.run_in_terminal("--help")
    assert ran.code == 0
    for word in ("A first look", "Every month", "Before sending", "A command ends with 0", "PATHWAYS_HOME"):
        assert word in ran.out
    assert "..." not in ran.out.split("Commands:")[1], "a command's summary is cut"
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("columns", [80, 120])
def test_status_fits_a_terminal_and_says_what_happens_next(refreshed: Home, columns: int) -> None:
    ran = refreshed.run_in_terminal("status", columns=columns)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", ran.out)
    headings = [line for line in plain.splitlines() if line.startswith("What ")]
    assert [h.split(" (")[0] for h in headings] == ["What is in", "What is wrong", "What happens next"]
    table = plain.split("What is in")[1].split("What is wrong")[0].splitlines()[1:-1]
    assert len(table) == 13, "one line a return, none wrapped"
    assert max(len(line.rstrip()) for line in table) <= 80
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= columns


def test_nothing_is_said_by_colour_alone(refreshed: Home) -> None:
    in_pipe = refreshed.run("status").out
    in_terminal = re.sub(r"\x1b\[[0-9;]*m", "", refreshed.run_in_terminal("status", columns=200).out)
    assert ESCAPE not in in_pipe
    assert in_pipe.split() == in_terminal.split()


def test_a_refresh_ends_with_where_to_look_and_what_needs_somebody(
    refreshed: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads((refreshed.path / "first_refresh.json").read_text("utf-8"))
    _print_summary(report)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("SYNTHETIC")
    (look,) = [line for line in lines if line.startswith("Look at")]
    assert look.endswith("report.html")
    assert Path(look.removeprefix("Look at").strip()).is_file()
    after = lines[lines.index(look) :]
    assert after[2].startswith("What needs somebody")
    assert [line for line in after if line.startswith("- barnsley_eit/") and "is rejected" in line]


def test_status_in_json_has_what_the_screen_has(refreshed: Home) -> None:
    told = refreshed.run("status", "--json").json
    assert told["release"] == refreshed.current
    assert told["ledger"]
    assert told["next"]
    owed = refreshed.run("status", "--due", "--json").json
    assert {"return_id", "due_on", "days_overdue", "receipt"} <= set(owed[0])


def test_every_command_but_two_speaks_json() -> None:
    groups = [app, *(group.typer_instance for group in app.registered_groups)]
    callbacks = [command.callback for group in groups for command in group.registered_commands]
    without = [c.__name__ for c in callbacks if "as_json" not in c.__annotations__]
    assert sorted(without) == ["init", "ui"]


def test_completion_is_there_for_the_shell(refreshed: Home) -> None:
    ran = refreshed.run("--show-completion")
    assert "pathways" in ran.out + ran.err
