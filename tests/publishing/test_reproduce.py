"""A release is made again from what the home kept; the real refresh of it is in the soak."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.control.records import Waiver
from orchestration.control.store import Store
from orchestration.control.transfer import transfer
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.reproduce import reproduce, rewind
from tests.postgres import Server
from tests.publishing.test_release import release
from tests.publishing.toy import FIRST, Toy, record


def later(toy: Toy) -> None:
    """What the home learnt after its first release: a file, a waiver, another release."""
    record(toy.store, "two", "b" * 64, "accepted")
    until = toy.settings.as_at
    toy.store.add_waiver(Waiver("C02", "known", "someone", until, until))
    release(toy.again("run2", "fedcba9876543210"))


def test_the_store_is_taken_back_to_what_it_knew(first: Toy, tmp_path: Path) -> None:
    toy = first
    later(toy)
    assert rewind(toy.settings.control_db, tmp_path / "then.db", "run2") == [FIRST]
    assert rewind(toy.settings.control_db, tmp_path / "before.db", "run1") == []
    with Store(tmp_path / "before.db") as store:
        assert [s.return_id for s in store.submissions()] == ["one"]
        assert (store.builds(), store.releases(), store.waivers_in_force(toy.settings.as_at)) == ([], [], [])
    with Store(tmp_path / "then.db") as store:
        assert [s.return_id for s in store.submissions()] == ["one", "two"]
        assert [b.build_id for b in store.builds()] == ["run1"]
        assert store.published_cells(FIRST)
    assert len(toy.store.releases()) == 2, "the home itself is as it was"


@pytest.mark.engines
def test_a_store_in_postgres_is_taken_back_in_a_file(first: Toy, postgres: Server, tmp_path: Path) -> None:
    later(first)
    url = postgres.database()
    transfer(first.settings.control_db, url)
    assert rewind(url, tmp_path / "then.db", "run2") == [FIRST]
    with Store(tmp_path / "then.db") as then, Store(url) as now:
        assert [b.build_id for b in then.builds()] == ["run1"]
        assert [b.build_id for b in now.builds()] == ["run1", "run2"]


def prepared(toy: Toy) -> None:
    later(toy)
    for name in ("accepted", "vault"):
        (toy.settings.home / name).mkdir()
    (toy.settings.home / "home.toml").write_text("", "utf-8")


def test_what_comes_out_differently_is_named_and_nothing_is_left_behind(first: Toy) -> None:
    toy = first
    prepared(toy)

    def refresh(home: Path, as_at: str, target: str) -> None:
        assert (as_at, target) == ("2026-03-02", "duckdb")
        assert sorted(p.name for p in home.iterdir()) == [
            "accepted",
            "control.db",
            "home.toml",
            "landing",
            "vault",
        ]
        shutil.copytree(toy.settings.releases / FIRST, home / "releases" / FIRST)
        (home / "releases" / FIRST / "metrics.csv").write_text("other", "utf-8")
        (home / "releases" / FIRST / "changes.md").unlink()

    found = reproduce(toy.settings, toy.store, FIRST, "", refresh)
    assert found.differing == ["changes.md", "metrics.csv"]
    assert found.files == sum(p.is_file() for p in (toy.settings.releases / FIRST).rglob("*"))
    assert not list(toy.settings.home.glob(".reproduce-*"))


def test_it_says_which_code_is_needed(first: Toy) -> None:
    toy = first
    with pytest.raises(ReleaseError, match="made by code version unknown; this is aaaaaaaaaaaa"):
        reproduce(toy.settings, toy.store, FIRST, "a" * 64, lambda home, as_at, target: None)
    with pytest.raises(ReleaseError, match="There is no release"):
        reproduce(toy.settings, toy.store, "2020-01-01-00000000", "", lambda home, as_at, target: None)
