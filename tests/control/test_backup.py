"""A backup holds what cannot be made again, of one moment; restoring it gives the home back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.control.backup import backup, restore
from orchestration.control.records import Release
from orchestration.control.store import Store
from orchestration.publishing.journal import current_release, put_in_place
from orchestration.settings import Settings, SettingsError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small home with one release, a vault and a build."""
    settings = Settings(home=tmp_path / "home", as_at=date(2026, 3, 2))
    with Store(settings.control_db) as store:
        store.open_build("run1", "key", settings.as_at)
        released = Release("r1", "run1", "key", settings.as_at, "f" * 64)
        put_in_place(settings, store, released, {"metrics.csv": b"x\n", "manifest.json": b"{}\n"}, [])
    (settings.vault / "originals").mkdir(parents=True)
    settings.vault.chmod(0o700)
    (settings.vault / "originals" / "a.enc").write_bytes(b"sealed")
    (settings.builds / "run1").mkdir(parents=True)
    return settings


def test_what_was_backed_up_comes_back(settings: Settings, tmp_path: Path) -> None:
    kept = backup(settings, tmp_path / "kept")
    assert sorted(p.name for p in kept.iterdir()) == ["control.db", "releases", "vault"]
    assert (kept / "vault").stat().st_mode & 0o777 == 0o700
    settings.control_db.write_bytes(b"broken")
    (settings.vault / "originals" / "a.enc").unlink()
    aside = restore(settings, kept)
    assert (aside / "control.db").read_bytes() == b"broken", "nothing is thrown away"
    assert current_release(settings) == "r1"
    assert (settings.vault / "originals" / "a.enc").read_bytes() == b"sealed"
    with Store(settings.control_db) as store:
        assert [r.release_id for r in store.releases()] == ["r1"]


def test_a_backup_of_a_busy_home_or_onto_something_is_refused(settings: Settings, tmp_path: Path) -> None:
    with FileLock(settings.lock_file), pytest.raises(SettingsError, match="A refresh holds this home"):
        backup(settings, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    backup(settings, tmp_path / "kept")
    with pytest.raises(SettingsError, match="there already"):
        backup(settings, tmp_path / "kept")
    with pytest.raises(SettingsError, match="not a backup"):
        restore(settings, tmp_path)


def test_the_commands(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(settings.home))
    said = CliRunner().invoke(app, ["backup", str(tmp_path / "kept"), "--json"])
    assert json.loads(said.output) == {"backup": str(tmp_path / "kept")}
    said = CliRunner().invoke(app, ["restore", str(tmp_path / "kept")])
    assert said.exit_code == 0
    assert "What was there before is at" in said.output
    assert current_release(settings) == "r1"
