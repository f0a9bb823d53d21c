"""The real refresh killed again and again, with a reader looking on: nothing torn, lost or counted twice.

`PATHWAYS_SOAK_KILLS` says how often; a hundred takes some hours.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.control.store import Store
from tests.conftest import PATHWAYS, Home

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("PATHWAYS_SOAK_KILLS", "100"))
KILLS_A_HOME = 10
LONGEST = 90.0
"""Seconds into a refresh at which it is killed at the latest."""


class Reader(threading.Thread):
    """Reads the current release over and over, as a website would; `faults` is what it could not read."""

    def __init__(self, home: Home) -> None:
        super().__init__(daemon=True)
        self.home, self.faults, self.reads = home, [], 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            if (self.home.path / "releases" / "current.json").exists():
                self.reads += 1
                self.faults += whole(self.home.release)


def whole(release: Path) -> list[str]:
    """What is wrong with a release: a file that is missing or is not what the manifest says."""
    try:
        files = json.loads((release / "manifest.json").read_text("utf-8"))["files"]
        return [n for n, h in files.items() if hashlib.sha256((release / n).read_bytes()).hexdigest() != h]
    except (OSError, ValueError) as error:
        return [repr(error)]


@contextmanager
def reading(home: Home) -> Iterator[Reader]:
    reader = Reader(home)
    reader.start()
    yield reader
    reader.stopped.set()
    reader.join()


def kill_a_refresh(home: Home, after: float) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER", "PATHWAYS", "DBT"))}
    process = subprocess.Popen(
        [PATHWAYS, "refresh"], env=environment | {"PATHWAYS_HOME": str(home.path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def received(home: Home) -> list[tuple[str, str, str, int]]:
    with Store(home.path / "control.db") as store:
        return sorted((s.return_id, s.submission_id, s.status, s.rows_accepted) for s in store.submissions())


@pytest.mark.parametrize("number", range(-(-KILLS // KILLS_A_HOME)))
def test_a_refresh_killed_at_any_moment(refreshed: Home, tmp_path: Path, number: int) -> None:
    """Ten kills of one home, then a refresh that nobody helps; the result is that of an undisturbed one."""
    chance = random.Random(number)
    home = Home(tmp_path / "home")
    assert home.run("init", "--sample").code == 0
    with reading(home) as reader:
        for _ in range(min(KILLS_A_HOME, KILLS - number * KILLS_A_HOME)):
            kill_a_refresh(home, chance.uniform(1, LONGEST))
        ran = home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert (home.current, received(home)) == (refreshed.current, received(refreshed))
    same = {p.name: p.read_bytes() for p in home.release.iterdir() if p.is_file()}
    assert same == {p.name: p.read_bytes() for p in refreshed.release.iterdir() if p.is_file()}
    assert reader.faults == []
    assert not list((home.path / "releases").glob(".*"))


def test_dagster_storage_can_be_deleted(own_home: Home) -> None:
    before = received(own_home)
    shutil.rmtree(own_home.path / "dagster")
    ran = own_home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert (ran.json["release_id"], received(own_home)) == (own_home.current, before)


def test_a_release_comes_out_the_same_once_more(own_home: Home) -> None:
    ran = own_home.run("release", "reproduce", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.json["differing"] == []
    assert ran.json["files"] > 8


def test_a_refresh_while_the_page_is_open(own_home: Home, tmp_path: Path) -> None:
    environment = os.environ | {"PATHWAYS_HOME": str(own_home.path)}
    page = subprocess.Popen(
        [PATHWAYS, "ui", "--port", "3977"], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(20)
        assert page.poll() is None
        ran = own_home.run("refresh", "--as-at", "2026-03-12", "--json")
        assert ran.code in (0, 1), ran.out + ran.err
        assert ran.json["gate"], "it went as far as the gate"
    finally:
        os.killpg(page.pid, signal.SIGTERM)
        page.wait(30)
