"""The real refresh killed again and again, with a reader looking on: nothing torn, lost or counted twice.

Between two writes a kill leaves the same home whenever it comes, so it comes right after a write, in a room
and at a moment drawn at random. Each refresh is the command itself in a fork of a process that has imported
everything: start-up writes nothing and would take most of the time. `PATHWAYS_SOAK_KILLS` says how often.
"""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerContext
from pathlib import Path
from socket import socket
from urllib.request import urlopen

import pytest

from orchestration import cli
from orchestration.control.store import Store
from orchestration.settings import QUIET
from tests.conftest import PATHWAYS, PATIENCE, Home
from tests.publishing.test_gate import snapshot

pytestmark = pytest.mark.soak
logger = logging.getLogger(__name__)
KILLS = int(os.environ.get("PATHWAYS_SOAK_KILLS", "100"))
KILLS_OF_TAKING_IN, KILLS_OF_RELEASING = 15, 5
"""Kills of one home: most is written while returns are taken in."""
WRITES = {"vault": 30, "accepted": 30, "control.db": 10, "builds": 40, "releases": 10}
"""Where a refresh writes, and about how many changes seen there it survives."""
LATER = "2026-03-12"
PRELOADED = [
    "orchestration.refresh", "orchestration.defs.warehouse.models", "orchestration.defs.gates.verdict",
    "orchestration.intake.door", "orchestration.publishing.gate", "orchestration.publishing.page.pages",
    "great_expectations", "tests.publishing.test_soak_kills",
]  # fmt: skip


class Reader(threading.Thread):
    """Reads the current release over and over, as a website would; `faults` is what it could not read."""

    def __init__(self, home: Home) -> None:
        super().__init__(daemon=True)
        self.home, self.faults, self.reads = home, [], 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
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


def refresh(*arguments: str) -> None:
    """`pathways refresh`, at the head of a process group that can be killed whole."""
    os.setsid()
    said = os.open(f"{os.environ['PATHWAYS_HOME']}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.argv = ["pathways", "refresh", *arguments]
    cli.main()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Always the same path: the server of forks knows it, and dbt need not read its models anew."""
    path = tmp_path / "home"
    for name, value in (QUIET | {"PATHWAYS_HOME": str(path), "DAGSTER_HOME": str(path / "dagster")}).items():
        monkeypatch.setenv(name, value)
    return Home(path)


@pytest.fixture
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


@pytest.fixture
def later(refreshed: Home, tmp_path: Path) -> Home:
    """The sample home after a second, undisturbed refresh, of a later day."""
    home = refreshed.copy(tmp_path / "later")
    ran = home.run("refresh", "--as-at", LATER)
    assert ran.code == 0, ran.out + ran.err
    assert home.current != refreshed.current
    return home


def written(home: Home, room: str) -> set[tuple[str, int, int]]:
    """Name, size and time of everything in a room of the home."""
    found = set()
    for top in home.path.glob(f"{room}*"):
        inside = (Path(at, name) for at, folders, files in os.walk(top) for name in (*folders, *files))
        for path in (top, *inside):
            with suppress(FileNotFoundError):
                stat = path.stat()
                found.add((str(path), stat.st_size, stat.st_mtime_ns))
    return found


def is_killed(home: Home, forks: ForkServerContext, room: str, chance: random.Random, *given: str) -> bool:
    """Kill a refresh after a write in a room; False where it came through, and ended well."""
    process = forks.Process(target=refresh, args=given)
    process.start()
    begun, before = time.monotonic(), written(home, room)
    while process.is_alive():
        process.join(0.01)
        now = written(home, room)
        if now != before and chance.random() < 1 / WRITES[room]:
            assert process.pid
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
            logger.info("killed %.1f seconds in, writing to %s", time.monotonic() - begun, room)
            return True
        before = now
    assert process.exitcode == 0, Path(f"{home.path}.log").read_text("utf-8")[-2000:]
    return False


def received(home: Home) -> list[tuple[str, str, str, int]]:
    with Store(home.path / "control.db") as store:
        return sorted((s.return_id, s.submission_id, s.status, s.rows_accepted) for s in store.submissions())


def same_as(home: Home, undisturbed: Home) -> None:
    assert (home.current, received(home)) == (undisturbed.current, received(undisturbed))
    assert snapshot(home.release) == snapshot(undisturbed.release)
    assert not list((home.path / "releases").glob(".*"))


def killed_again_and_again(
    home: Home, undisturbed: Home, kill: Callable[[], bool], most: int, *given: str
) -> int:
    """Kill refreshes until one came through or `most` are dead; then one that nobody helps. How many died."""
    killed = next((number for number in range(most) if not kill()), most)
    ran = home.run("refresh", *given)
    assert ran.code == 0, ran.out + ran.err
    same_as(home, undisturbed)
    return killed


def test_a_refresh_killed_at_any_moment(
    refreshed: Home, later: Home, home: Home, forks: ForkServerContext
) -> None:
    """First a home that takes everything in, then the same home, which has a release and makes the next."""
    chance, killed = random.Random(1), 0

    def kill(*rooms: str, given: tuple[str, ...] = ()) -> Callable[[], bool]:
        return lambda: is_killed(home, forks, chance.choice(rooms), chance, *given)

    while killed < KILLS:
        assert home.run("init", "--sample").code == 0
        taking_in, releasing = (
            kill("vault", "accepted", "control.db"),
            kill("control.db", "builds", "releases", given=("--as-at", LATER)),
        )
        killed += killed_again_and_again(home, refreshed, taking_in, KILLS_OF_TAKING_IN)
        with reading(home) as reader:
            killed += killed_again_and_again(home, later, releasing, KILLS_OF_RELEASING, "--as-at", LATER)
        assert reader.faults == []
        logger.info("%d kills so far; the release was read %d times here", killed, reader.reads)
        shutil.rmtree(home.path)


def test_dagster_storage_can_be_deleted(own_home: Home) -> None:
    before = received(own_home)
    shutil.rmtree(own_home.path / "dagster")
    ran = own_home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert (ran.json["release_id"], received(own_home)) == (own_home.current, before)


def test_a_restored_home_can_be_asked_again(own_home: Home, tmp_path: Path) -> None:
    asked = (
        "release",
        "explain",
        "--metric",
        "M04",
        "--area",
        "E08000018",
        "--period",
        "2026-02-28",
        "--json",
    )
    before, released = own_home.run(*asked).json, snapshot(own_home.path / "releases")
    for command in (("backup", str(tmp_path / "kept")), ("restore", str(tmp_path / "kept"))):
        assert own_home.run(*command).code == 0
    lost = own_home.run(*asked)
    assert (lost.code, "not kept any more" in lost.err) == (2, True)
    ran = own_home.run("refresh", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert own_home.run(*asked).json == before
    assert snapshot(own_home.path / "releases") == released


def test_a_release_comes_out_the_same_once_more(own_home: Home) -> None:
    ran = own_home.run("release", "reproduce", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.json["differing"] == []
    assert ran.json["files"] > 8


def answers(address: str, patience: float) -> bool:
    """Whether a page answers, within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(OSError), urlopen(address) as page:
            return page.status == 200
        time.sleep(0.5)
    return False


def test_a_refresh_while_the_page_is_open(own_home: Home) -> None:
    environment = os.environ | {"PATHWAYS_HOME": str(own_home.path)}
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    page = subprocess.Popen(
        [PATHWAYS, "ui", "--port", port], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert answers(f"http://127.0.0.1:{port}", PATIENCE)
        ran = own_home.run("refresh", "--as-at", LATER, "--json")
        assert ran.code == 0, ran.out + ran.err
        assert answers(f"http://127.0.0.1:{port}", 60)
    finally:
        page.terminate()  # it ends what it started
        with suppress(subprocess.TimeoutExpired):
            page.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(page.pid, signal.SIGKILL)
