"""A home whose state is in Postgres gives the same release, and several machines see one state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.control.lock import held
from orchestration.control.store import Store
from orchestration.settings import Settings
from tests.conftest import Home
from tests.postgres import Server

pytestmark = pytest.mark.engines
Shared = tuple[Home, Settings]


@pytest.fixture(scope="module")
def shared(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """The sample home after its first refresh, with nothing of its state in files."""
    home = Home(tmp_path_factory.mktemp("shared") / "home")
    settings = Settings(
        home.path, date(2026, 3, 2), control_store=postgres.database(), dagster_storage=postgres.database()
    )
    assert home.run("init", "--sample").code == 0
    with (home.path / "home.toml").open("a") as file:
        file.write("workers = 2\n")
        for name in ("control_store", "dagster_storage"):
            file.write(f'{name} = "{getattr(settings, name)}"\n')
    ran = home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    return home, settings


def received(where: Path | str) -> list[dict[str, Any]]:
    with Store(where) as store:
        found = [vars(submission) for submission in store.submissions()]
    own = {"taken_in_at_run": "", "sequence": 0}  # workers take returns in side by side
    return [row | own for row in found]


def test_the_release_is_the_same_byte_for_byte(shared: Shared, refreshed: Home) -> None:
    home, settings = shared
    files = {p.name: p.read_bytes() for p in home.release.rglob("*") if p.is_file()}
    assert files == {p.name: p.read_bytes() for p in refreshed.release.rglob("*") if p.is_file()}
    assert received(settings.control_db) == received(refreshed.path / "control.db")


def test_nothing_of_the_state_is_in_a_file(shared: Shared, postgres: Server) -> None:
    home, settings = shared
    databases = [p.relative_to(home.path).as_posix() for p in home.path.rglob("*.db")]
    assert databases == ["vault/vault.db"]
    runs = postgres.run("select status from runs", settings.dagster_storage.split("/")[3].split("?")[0])
    assert runs == "SUCCESS"


def test_a_second_machine_waits_for_the_first_and_then_sees_its_release(
    shared: Shared, tmp_path: Path
) -> None:
    home, settings = shared
    with held(replace(settings, home=tmp_path), "run-elsewhere"):
        ran = home.run("refresh")
    assert ran.code == 3
    assert "run-elsewhere on " in ran.err
    assert home.run("release", "list", "--json").json[0]["release_id"] == home.current
    assert home.run("status", "--json").json["release"] == home.current


def test_moved_back_into_files_it_goes_on_where_it_was(shared: Shared, tmp_path: Path) -> None:
    home, settings = shared
    before, current = received(settings.control_db), home.current
    assert home.run("move-store", "file").code == 0
    assert received(home.path / "control.db") == before
    ran = home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert (home.current, ran.json["release_id"]) == (current, current)
    assert home.run("move-store", settings.control_store).code == 0
    assert received(settings.control_db) == before
