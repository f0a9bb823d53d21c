"""Whole journeys through the command line, on the sample home and on homes broken on purpose."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from orchestration.cli import SAMPLE
from orchestration.refresh import no_interrupt_lost
from orchestration.settings import PROJECT
from tests.conftest import PATHWAYS, Home

DAGSTER = str(Path(sys.executable).with_name("dagster"))
ROTHERHAM = PROJECT / "seeds" / "returns" / "landing" / "rotherham_eit"


def _contents(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _first(home: Home) -> dict:
    return json.loads((home.path / "first_refresh.json").read_text("utf-8"))


def test_first_refresh_tells_what_became_of_the_returns(refreshed: Home) -> None:
    report = _first(refreshed)
    assert report["passed"]
    assert report["is_synthetic"]
    assert report["release_id"] == refreshed.current
    told = "\n".join(report["reasons"])
    assert "barnsley_eit" in told
    assert "rejected: F06" in told
    assert "doncaster_eit" in told
    assert "held" in told


def test_release_holds_what_it_promises(refreshed: Home) -> None:
    names = {p.name for p in refreshed.release.iterdir()}
    assert {"metrics.csv", "metrics.parquet", "manifest.json", "changes.csv", "steward"} <= names
    manifest = json.loads((refreshed.release / "manifest.json").read_text("utf-8"))
    on_disk = _contents(refreshed.release)
    del on_disk["manifest.json"]
    assert on_disk == manifest["files"]
    assert next(iter(manifest)) == "stamp"


def test_second_refresh_shows_its_progress_and_has_nothing_to_do(own_home: Home) -> None:
    watched = [own_home.path / name for name in ("builds", "releases", "accepted")]
    before = [_contents(folder) for folder in watched]
    ran = own_home.run_in_terminal("refresh")
    assert ran.code == 0, ran.out
    assert re.search(r"\d+/\d+.*\d:\d\d:\d\d", ran.out), "no progress is shown"
    assert "nothing was written" in ran.out
    assert own_home.current in ran.out.replace("\n", "")
    assert [_contents(folder) for folder in watched] == before


def test_status_shows_late_nil_held_and_rejected(refreshed: Home) -> None:
    ran = refreshed.run("status", "--json")
    assert ran.code == 0
    receipts = {row["receipt"] for row in ran.json["ledger"]}
    assert {"in", "nil", "late", "held", "rejected"} <= receipts
    carried = [row for row in ran.json["ledger"] if row["used"] == "carried_forward"]
    assert carried
    table = refreshed.run("status").out
    assert "barnsley_eit" in table
    assert refreshed.current in table


def test_check_gives_the_verdict_and_writes_nothing(refreshed: Home) -> None:
    file = next(ROTHERHAM.glob("*2026-02-28.csv"))
    before = _contents(refreshed.path / "accepted")
    ran = refreshed.run("check", str(file), "--return", "rotherham_eit", "--json")
    assert ran.code == 0
    assert ran.json["status"] == "accepted_with_findings"
    found = {f["rule_id"]: f for f in ran.json["findings"]}
    assert {"R02", "R05", "R06"} <= set(found)
    assert {"rule_id", "severity", "sheet", "row", "column", "message", "count"} == set(found["R02"])
    assert _contents(refreshed.path / "accepted") == before


def test_wrong_usage_is_told_plainly(refreshed: Home, tmp_path: Path) -> None:
    for arguments in (
        ["check", "nowhere.csv", "--return", "rotherham_eit"],
        ["check", __file__, "--return", "x"],
    ):
        ran = refreshed.run(*arguments)
        assert ran.code == 2
        assert "Traceback" not in ran.err
        assert "There is no" in ran.err
    nowhere = Home(tmp_path / "nowhere").run("refresh")
    assert nowhere.code == 2
    assert "pathways init" in nowhere.err


def test_second_refresh_at_the_same_time_ends_at_once(own_home: Home) -> None:
    (own_home.path / "refresh.json").write_text('{"run_id": "run-that-holds"}', "utf-8")
    with FileLock(own_home.path / "refresh.lock"):
        ran = own_home.run("refresh")
    assert ran.code == 3
    assert "run-that-holds" in ran.out + ran.err


@pytest.mark.parametrize("when", ["taking in", "building"])
def test_refresh_stopped_by_hand_says_so_and_leaves_the_release(own_home: Home, when: str) -> None:
    before, note = own_home.current, own_home.path / "refresh.json"
    candidate = own_home.path / "builds" / "candidate"  # copied as a folder; that of a run is a link
    note.unlink(missing_ok=True)
    for return_id in ("rossendale_works", "sheffield_eit"):  # two are taken in by workers
        shutil.copytree(SAMPLE / return_id, own_home.path / "landing" / return_id, dirs_exist_ok=True)
    environment = os.environ | {"PATHWAYS_HOME": str(own_home.path)}
    command = [PATHWAYS, "refresh", "--as-at", "2026-03-03"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as process:
        while not note.exists() or "pathways" in note.read_text("utf-8"):  # until the run names itself
            assert process.poll() is None
            time.sleep(0.1)
        if when == "building":
            while not candidate.is_symlink() or not list(candidate.glob("target/*")):
                assert process.poll() is None
                time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate()
    assert process.returncode == 1
    assert err == ""
    assert "Stopped by hand" in out
    assert "run 'pathways refresh' again" in out
    assert "Error" not in out
    assert own_home.current == before


class _Collected:
    def __del__(self) -> None:
        raise KeyboardInterrupt


def _stopped_while_garbage_is_collected() -> None:
    _Collected()
    time.sleep(60)


def test_an_interrupt_that_falls_into_a_callback_is_not_lost() -> None:
    others = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        with pytest.raises(KeyboardInterrupt), no_interrupt_lost():
            _stopped_while_garbage_is_collected()
    finally:
        signal.signal(signal.SIGINT, others)


def _demand(home: Home, **settings: object) -> None:
    text = (home.path / "home.toml").read_text("utf-8")
    (home.path / "home.toml").write_text(text + "".join(f"{k} = {v}\n" for k, v in settings.items()), "utf-8")


def _release_only(home: Home) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATHWAYS_HOME": str(home.path),
        "DAGSTER_HOME": str(home.path / "dagster"),
    }
    command = [
        DAGSTER,
        "asset",
        "materialize",
        "-m",
        "orchestration.definitions",
        "--select",
        "key:publishing/release",
    ]
    return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_too_little_coverage_stops_the_release_and_a_run_of_the_release_alone(own_home: Home) -> None:
    before = _contents(own_home.path / "releases")
    _demand(own_home, minimum_coverage=1.0)
    ran = own_home.run("refresh", "--json")
    assert ran.code == 1
    assert "expected returns can be used" in "\n".join(ran.json["reasons"])
    assert _contents(own_home.path / "releases") == before
    alone = _release_only(own_home)
    assert alone.returncode != 0
    assert _contents(own_home.path / "releases") == before


def test_failing_dbt_test_stops_the_release(own_home: Home) -> None:
    before = _contents(own_home.path / "releases")
    file = max(
        (own_home.path / "accepted" / "referrals" / "rotherham_eit").glob("*.parquet"),
        key=lambda p: p.stat().st_size,
    )
    table = pq.read_table(file)
    far = table.set_column(
        table.schema.get_field_index("programme_id"),
        "programme_id",
        pa.array(["P99"] * len(table), pa.string()),
    )
    pq.write_table(far, file)
    ran = own_home.run("refresh", "--as-at", "2026-03-03", "--json")
    assert ran.code == 1
    assert "No release" in "\n".join(ran.json["reasons"])
    assert _contents(own_home.path / "releases") == before


def test_nothing_of_the_person_leaves_the_vault(refreshed: Home) -> None:
    """What marks synthetic people (insurance numbers, surnames) is in the vault and nowhere else."""
    outside = [
        path
        for path in refreshed.path.rglob("*")
        if path.is_file() and "vault" not in path.relative_to(refreshed.path).parts
    ]
    marks = re.compile(rb"QQ\d{6}|Sampleaa")
    leaking = [str(p) for p in outside if marks.search(p.read_bytes())]
    assert not leaking
    assert (refreshed.path / "vault").stat().st_mode & 0o077 == 0


@pytest.mark.soak
def test_a_home_releases_month_after_month(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.run("init", "--sample").code == 0
    days = ("2025-12-10", "2026-02-20", "2026-03-02")
    for day in days:
        ran = home.run("refresh", "--as-at", day)
        if ran.code:
            assert "release sign-off" in ran.out
            assert "protection and attack                     2 passed" in ran.out
            assert home.run("release", "sign-off", "--reason", "Looked at it").code == 0
            ran = home.run("refresh", "--as-at", day)
        assert ran.code == 0, ran.out
        assert home.current.startswith(day)
    *_, before, now = sorted(p.name for p in (home.path / "releases").iterdir() if p.name.startswith("20"))
    moved = home.run("release", "diff", before, now)
    assert moved.code == 0
    assert "new records: +" in moved.out
