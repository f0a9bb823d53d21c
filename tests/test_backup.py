"""A backup holds what cannot be made again, of one moment; restoring it gives the home back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.backup import backup, restore
from orchestration.cli import app
from orchestration.control.lock import HomeIsBusyError, held
from orchestration.control.records import Release
from orchestration.control.store import Store, StoreError
from orchestration.identity.errors import VaultError
from orchestration.identity.rotation import rotate
from orchestration.identity.vault import Vault
from orchestration.publishing.journal import current_release, put_in_place
from orchestration.settings import Settings, SettingsError

SUBMISSION = "5" * 64


@pytest.fixture
def settings(tmp_path: Path, control_store: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small home with one release, a vault and a build."""
    settings = Settings(home=tmp_path / "home", as_at=date(2026, 3, 2), control_store=control_store)
    monkeypatch.setenv("PATHWAYS_HOME", str(settings.home))
    settings.home.mkdir()
    named = f'control_store = "{control_store}"\n' if control_store else ""
    (settings.home / "home.toml").write_text("as_at = 2026-03-02\n" + named, "utf-8")
    with Store(settings.control_db) as store:
        store.open_build("run1", "key", settings.as_at)
        released = Release("r1", "run1", "key", settings.as_at, "f" * 64)
        put_in_place(settings, store, released, {"metrics.csv": b"x\n", "manifest.json": b"{}\n"}, [])
    with Vault.open(settings) as vault:
        vault.keep_original(SUBMISSION, b"sealed")
    (settings.builds / "run1").mkdir(parents=True)
    return settings


def builds(where: Path | str) -> list[str]:
    with Store(where) as store:
        return [build.build_id for build in store.builds()]


def test_what_was_backed_up_comes_back(settings: Settings, tmp_path: Path) -> None:
    kept = backup(settings, tmp_path / "kept")
    assert sorted(p.name for p in kept.iterdir()) == ["control.db", "home.toml", "releases", "vault"]
    assert (kept / "vault").stat().st_mode & 0o777 == 0o700
    assert builds(kept / "control.db") == ["run1"]
    with Store(settings.control_db) as store:
        store.open_build("run2", "key", settings.as_at)
    with Vault.open(settings) as vault:
        vault.originals.remove(SUBMISSION)
    aside = restore(settings, kept)
    assert builds(aside / "control.db") == ["run1", "run2"], "nothing is thrown away"
    assert current_release(settings) == "r1"
    assert builds(settings.control_db) == ["run1"]
    assert (settings.home / "control.db").exists() == (not settings.control_store)
    with Vault.open(settings) as vault:
        assert vault.original(SUBMISSION) == b"sealed"


def test_a_backup_onto_something_or_of_nothing_is_refused(settings: Settings, tmp_path: Path) -> None:
    with held(settings, "run-7"), pytest.raises(HomeIsBusyError, match="run-7"):
        backup(settings, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    backup(settings, tmp_path / "kept")
    with pytest.raises(SettingsError, match="there already"):
        backup(settings, tmp_path / "kept")
    with pytest.raises(SettingsError, match="cannot be made"):
        backup(settings, Path(__file__) / "backup")  # a file is no folder
    with pytest.raises(SettingsError, match="no home"):
        backup(replace(settings, home=tmp_path / "nowhere"), tmp_path / "other")


@pytest.mark.parametrize("store", [None, b"", b"broken", "another program's"])
def test_what_is_no_backup_is_refused_and_nothing_changed(
    settings: Settings, tmp_path: Path, store: str | bytes | None
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "home.toml").touch()
    if isinstance(store, bytes):
        (other / "control.db").write_bytes(store)
    elif store:
        with closing(sqlite3.connect(other / "control.db")) as connection:
            connection.execute("create table submissions (id integer)")
    with pytest.raises(SettingsError, match=r"is not a backup of a home: it has no control\.db"):
        restore(settings, other)
    assert builds(settings.control_db) == ["run1"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "other"]


def test_a_damaged_store_is_replaced(settings: Settings, tmp_path: Path) -> None:
    kept = backup(settings, tmp_path / "kept")
    (settings.home / "control.db").write_bytes(b"broken")
    if settings.control_store:
        with pytest.raises(StoreError, match="cannot be used"):
            restore(settings, kept)
        assert builds(settings.control_db) == ["run1"], "nothing was changed"
    else:
        assert (restore(settings, kept) / "control.db").read_bytes() == b"broken"
        assert builds(settings.control_db) == ["run1"]


@pytest.mark.engines
@pytest.mark.parametrize("control_store", ["postgres"], indirect=True)
def test_another_home_never_takes_the_database_of_this_one(settings: Settings, tmp_path: Path) -> None:
    """As in a drill: the backup's home.toml names the database that is in use."""
    kept = backup(settings, tmp_path / "kept")
    with Store(settings.control_db) as store:
        store.open_build("run2", "key", settings.as_at)
    drill = replace(settings, home=tmp_path / "drill")
    with pytest.raises(StoreError, match="PATHWAYS_CONTROL_STORE"):
        restore(drill, kept)
    assert builds(settings.control_db) == ["run1", "run2"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATHWAYS_CONTROL_STORE", "")
        restore(replace(drill, control_store=""), kept)
    assert "control_store" not in (drill.home / "home.toml").read_text("utf-8")
    assert builds(drill.home / "control.db") == ["run1"]


PLACES = ["rotation.rekey_accepted", "rotation.exchange", "rotation.Originals.replace", "keys.Keys.write"]


@pytest.mark.parametrize("place", PLACES)
def test_half_renewed_keys_are_finished_before_a_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with Vault.open(settings) as vault:
        vault.keys.renewed().write(settings.vault / "keys.next.json")

    def cut(*_: object) -> None:
        raise OSError("power")

    with Store(settings.control_db) as store:
        with monkeypatch.context() as broken:
            broken.setattr(f"orchestration.identity.{place}", cut)
            with pytest.raises(Exception, match=r"power|cannot be written"):
                rotate(settings, store)
        with pytest.raises(SettingsError, match="Finish it with 'pathways person rotate'"):
            backup(settings, tmp_path / "kept")
        rotate(settings, store)
    restore(settings, backup(settings, tmp_path / "kept"))
    with Vault.open(settings) as vault:
        assert vault.original(SUBMISSION) == b"sealed"


def test_a_backup_from_before_the_keys_were_renewed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It brings its own keys; where keys are mounted, those of its time are asked for before anything."""
    kept = backup(settings, tmp_path / "kept")
    old = (settings.vault / "keys.json").read_bytes()
    mounted = tmp_path / "mounted.json"
    with Store(settings.control_db) as store:
        rotate(settings, store)
    mounted.write_bytes((settings.vault / "keys.json").read_bytes())
    with monkeypatch.context() as patch:
        patch.setenv("PATHWAYS_KEY_FILE", str(mounted))
        with pytest.raises(VaultError, match="Mount the keys that this vault was made with"):
            restore(settings, kept)
        assert not list(tmp_path.glob("*.before-restore"))
        mounted.write_bytes(old)
        restore(settings, kept)
        with Vault.open(settings) as vault:
            assert vault.original(SUBMISSION) == b"sealed"


def test_the_commands(settings: Settings, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["backup", str(tmp_path / "kept"), "--json"])
    assert json.loads(said.output) == {"backup": str(tmp_path / "kept")}
    said = CliRunner().invoke(app, ["restore", str(tmp_path / "kept")])
    assert said.exit_code == 0
    assert "What was there before is at" in said.output
    assert current_release(settings) == "r1"
