"""A damaged store or build, a full disk, a folder without rights: told plainly, and nothing is lost."""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.control.refusals import DISK_FAILS, DISK_IS_FULL, NOT_ALLOWED, refusal, refusal_in
from orchestration.publishing.completeness import dbt_results
from orchestration.publishing.inspection import Build
from orchestration.publishing.journal import current_release
from orchestration.refresh import _stopped
from tests.conftest import Home
from tests.publishing.test_gate import snapshot
from tests.publishing.toy import FIRST, SECOND, Toy

HELD, USAGE = 1, 2
CAP_DAC_OVERRIDE = 1
WAIVE = ("waive", "P02", "--reason", "agreed", "--until", "2026-03-31")
ROLLBACK = ("release", "rollback", FIRST)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(twice: Toy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command on a home with two releases: its exit code, and what it said of an error."""
    (twice.settings.home / "home.toml").write_text("as_at = 2026-03-02\n", "utf-8")

    def pathways(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["pathways", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return pathways


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes: to a program as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing may be made in a folder; root, who otherwise may everywhere, has no more rights than others."""
    folder.chmod(0o555)
    libc, header, rights = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, rights) == 0
    had = rights[0]
    rights[0] &= ~(1 << CAP_DAC_OVERRIDE)
    assert libc.capset(header, rights) == 0
    try:
        yield
    finally:
        rights[0] = had
        libc.capset(header, rights)
        folder.chmod(0o755)


def whole(path: Path) -> None:
    path.write_bytes(b"this was a database")


def page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


@pytest.mark.parametrize("damage", [whole, page])
def test_a_damaged_store_is_named_and_left_as_it_is(
    twice: Toy, run: Run, damage: Callable[[Path], None]
) -> None:
    twice.store.close()
    store, released = twice.settings.home / "control.db", snapshot(twice.settings.releases)
    sound = store.read_bytes()
    damage(store)
    damaged = store.read_bytes()
    for command in (["status"], ["release", "list"], ["refresh"], WAIVE, ROLLBACK):
        code, said = run(*command)
        assert (code, "Restore it from a backup" in said) == (USAGE, True), said
    assert (store.read_bytes(), snapshot(twice.settings.releases)) == (damaged, released)
    store.write_bytes(sound)
    assert run("release", "list") == (0, "")


def test_a_damaged_build_is_named(twice: Toy, run: Run) -> None:
    whole(twice.warehouse)
    code, said = run("release", "explain", "--metric", "M04", "--area", "E08000018", "--period", "2026-02-28")
    assert code == USAGE
    assert "Build run2 cannot be read" in said
    assert "Nothing is lost" in said


def test_a_full_disk_is_told_and_nothing_is_half_done(twice: Toy, run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with files_of_at_most(20_000):
        assert run(*WAIVE) == (USAGE, f"{DISK_FAILS}\n")
        code, said = run("backup", str(kept))
    assert (code, said) == (HELD, f"{DISK_IS_FULL}\n")
    assert not kept.exists()
    assert twice.store.waivers_in_force(twice.settings.as_at) == []
    assert [run(*WAIVE)[0], run("backup", str(kept))[0]] == [0, 0]


@pytest.mark.skipif(sys.platform != "linux", reason="takes away rights as Linux knows them")
def test_a_folder_without_the_right_to_write_is_told_and_nothing_moves(twice: Toy, run: Run) -> None:
    with read_only(twice.settings.releases):
        assert run(*ROLLBACK) == (HELD, f"{NOT_ALLOWED}\n")
    assert current_release(twice.settings) == SECOND
    assert run(*ROLLBACK) == (0, "")
    assert current_release(twice.settings) == FIRST


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(sqlite3.OperationalError) database or disk is full", DISK_IS_FULL),
        ('IO Error: Could not write file "x.duckdb": No space left on device', DISK_IS_FULL),
        ("attempt to write a readonly database", NOT_ALLOWED),
        ("no such table: releases", None),
    ],
)
def test_a_refusal_is_known_by_what_libraries_print(text: str, told: str | None) -> None:
    assert refusal_in(text) == told
    with pytest.raises(RuntimeError) as failed:
        raise RuntimeError("step failed") from ValueError(text)
    assert refusal(failed.value) == told


def test_a_disk_that_fills_while_dbt_builds_is_told_once(toy: Toy) -> None:
    toy.dbt |= {"model.p.starts": "error", "model.p.jobs": "error", "test.p.starts_unique": "skipped"}
    results = toy.write().folder / "target" / "run_results.json"
    ran = json.loads(results.read_text("utf-8"))
    for one in ran["results"]:
        one["message"] = "IO Error: No space left on device" if one["status"] == "error" else None
    results.write_text(json.dumps(ran), "utf-8")
    assert _stopped(dbt_results(Build(toy.settings, toy.store, toy.build_id))) == [
        f"No release: {DISK_IS_FULL} Where: jobs, starts.",
        "Because of that, 1 more checks and models did not run.",
    ]


@pytest.mark.soak
@pytest.mark.parametrize("size", [50_000, 1_000_000, 5_000_000])
def test_a_refresh_on_a_full_disk(own_home: Home, size: int) -> None:
    """Wherever the disk is full: taking in, building, or writing the release."""
    before = snapshot(own_home.path / "releases")
    with files_of_at_most(size):
        ran = own_home.run("refresh", "--as-at", "2026-03-12")
    assert ran.code in (HELD, USAGE)
    assert DISK_IS_FULL in ran.out + ran.err or DISK_FAILS in ran.out + ran.err, ran.out + ran.err
    assert snapshot(own_home.path / "releases") == before
    again = own_home.run("refresh", "--as-at", "2026-03-12")
    assert again.code == 0, again.out + again.err
