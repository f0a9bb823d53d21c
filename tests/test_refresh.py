"""A refresh that cannot begin says why, whatever came in between the command and its run."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.components import resources
from orchestration.control.engines import StoreError
from orchestration.control.lock import HomeIsBusyError, held
from orchestration.refresh import run_refresh
from orchestration.settings import Settings, load_home, point_dagster_at


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "home.toml").touch()
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    settings = load_home()
    for name in ("DAGSTER_HOME", "PATHWAYS_AS_AT", "PATHWAYS_TARGET"):
        monkeypatch.setenv(name, "")  # as they were before, after the test
    point_dagster_at(settings)
    return settings


def test_a_home_that_another_takes_while_a_refresh_gets_ready_is_busy(home: Settings) -> None:
    with held(home, "run-7"), pytest.raises(HomeIsBusyError, match="run-7"):
        run_refresh(home, quiet=True)


def test_whatever_else_keeps_a_run_from_beginning_is_told(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreError("The control store is gone. Start it again.")

    monkeypatch.setattr(resources, "held", gone)
    outcome = run_refresh(home, quiet=True)
    assert not outcome.passed
    assert any("The control store is gone. Start it again." in failure for failure in outcome.failures)
