"""Wherever a process ends while it releases, the home holds the old release or the new one, whole."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from orchestration.control.records import Release
from orchestration.control.refusals import DISK_IS_FULL, NOT_ALLOWED
from orchestration.control.store import Store
from orchestration.control.transfer import transfer
from orchestration.identity.errors import told
from orchestration.publishing import files
from orchestration.publishing.journal import current_release, put_in_place, recover
from orchestration.settings import Settings
from tests.publishing.test_gate import snapshot

OLD, NEW = "2026-03-02-01234567", "2026-03-02-fedcba98"
FILES = {"metrics.csv": b"new\n", "steward/metrics.csv": b"new\n", "manifest.json": b"{}\n"}
KILLED = 9


def put(settings: Settings, store: Store, release_id: str, build_id: str, content: dict[str, bytes]) -> None:
    release = Release(release_id, build_id, release_id, settings.as_at, "f" * 64)
    put_in_place(settings, store, release, content, [])


def put_new(settings: Settings, store: Store) -> None:
    put(settings, store, NEW, "run2", FILES)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with one release and a build for the next; copy it, do not change it."""
    settings = Settings(home=tmp_path_factory.mktemp("prepared"), as_at=date(2026, 3, 2))
    with Store(settings.control_db) as store:
        for build_id in ("run1", "run2"):
            store.open_build(build_id, build_id, settings.as_at)
        put(settings, store, OLD, "run1", {name: b"old\n" for name in FILES})
    return settings


@pytest.fixture
def home(prepared: Settings, tmp_path: Path, control_store: str) -> Iterator[tuple[Settings, Store]]:
    """A copy of the prepared home."""
    shutil.copytree(prepared.home, tmp_path / "copy")
    settings = replace(prepared, home=tmp_path / "copy", control_store=control_store)
    if control_store:
        transfer(prepared.control_db, control_store)
    with Store(settings.control_db) as store:
        yield settings, store


class Killed(BaseException):
    """The process dies here; nothing of ours may catch it."""


def _at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, time: int, after: bool) -> None:
    """Die at the `time`-th call of `owner.name`, before or after it is done."""
    real: Callable[..., object] = getattr(owner, name)
    calls = 0

    def dying(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == time and not after:
            raise Killed
        done = real(*args, **kwargs)
        if calls == time:
            raise Killed
        return done

    monkeypatch.setattr(owner, name, dying)


ENDS: list[tuple[object, str]] = [(os, "rename"), (Store, "add_release"), (Path, "unlink")]
WRITES, SYNCS, REPLACES = len(FILES) + 2, 6, 2
POINTS = [
    *[(files, "write_file", n, after) for n in range(1, WRITES + 1) for after in (False, True)],
    *[(files, "sync", n, after) for n in range(1, SYNCS + 1) for after in (False, True)],
    *[(os, "replace", n, after) for n in range(1, REPLACES + 1) for after in (False, True)],
    *[(owner, name, 1, after) for owner, name in ENDS for after in (False, True)],
]


def one_release_stands(settings: Settings, store: Store, old: dict[str, bytes]) -> None:
    """Right after a crash, and after the next refresh has looked."""
    named = current_release(settings)
    assert named in (OLD, NEW)
    whole = snapshot(settings.releases / named)
    assert whole == (old if named == OLD else FILES)
    assert named in {r.release_id for r in store.releases()}, "visible, so it must be remembered"
    recover(settings, store)
    recorded = [r.release_id for r in store.releases()]
    assert current_release(settings) == recorded[-1]
    assert sorted(p.name for p in settings.releases.iterdir()) == [*recorded, "current.json"]
    assert snapshot(settings.releases / OLD) == old


@pytest.mark.parametrize(("owner", "name", "time", "after"), POINTS)
def test_a_crash_anywhere_leaves_one_release_whole(
    home: tuple[Settings, Store],
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    time: int,
    after: bool,
) -> None:
    settings, store = home
    old = snapshot(settings.releases / OLD)
    with monkeypatch.context() as patch:
        _at(patch, owner, name, time, after)
        with pytest.raises(Killed):
            put_new(settings, store)
    one_release_stands(settings, store, old)
    if NEW not in {r.release_id for r in store.releases()}:
        put_new(settings, store)
    assert current_release(settings) == NEW
    assert snapshot(settings.releases / NEW) == FILES


def test_every_point_is_tried(home: tuple[Settings, Store]) -> None:
    with ExitStack() as stack:
        spies = [
            stack.enter_context(mock.patch.object(owner, name, wraps=getattr(owner, name)))
            for owner, name in ((files, "write_file"), (files, "sync"), (os, "replace"))
        ]
        put_new(*home)
    assert [spy.call_count for spy in spies] == [WRITES, SYNCS, REPLACES]


PROGRAM = """
import os, sys
from datetime import date
from pathlib import Path
from orchestration.control.store import Store
from orchestration.publishing import files
from orchestration.settings import Settings
from tests.publishing.test_journal import put_new

home, step, time, control_store = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
owner = {"write_file": files, "rename": os, "replace": os, "add_release": Store}[step]
real, seen = getattr(owner, step), []

def kill(*given, **named):
    seen.append(1)
    done = real(*given, **named)
    if len(seen) == time:
        os._exit(9)
    return done

setattr(owner, step, kill)
settings = Settings(home=home, as_at=date(2026, 3, 2), control_store=control_store)
put_new(settings, Store(settings.control_db))
"""


KILLS = [("write_file", 2), ("add_release", 1), ("rename", 1), ("replace", 2)]


@pytest.mark.parametrize(("step", "time"), KILLS)
def test_a_killed_process_leaves_one_release_whole(
    home: tuple[Settings, Store], step: str, time: int
) -> None:
    """As by a power cut: the process ends without any cleaning up."""
    settings, store = home
    old = snapshot(settings.releases / OLD)
    here = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(settings.home), step, str(time), settings.control_store],
        cwd=here, env={**os.environ, "PYTHONPATH": str(here)}, timeout=120,
    )  # fmt: skip
    assert ended.returncode == KILLED
    one_release_stands(settings, store, old)


FULL_DISK = """
import resource, sys
from datetime import date
from pathlib import Path
from orchestration.control.store import Store
from orchestration.identity.errors import told
from orchestration.settings import Settings
from tests.publishing.test_journal import FILES, NEW, put

settings = Settings(home=Path(sys.argv[1]), as_at=date(2026, 3, 2), control_store=sys.argv[2])
store = Store(settings.control_db)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    put(settings, store, NEW, "run2", FILES | {"tables.xlsx": b"x" * 100_000})
except Exception as error:
    sys.exit(told(error))
"""


def test_a_full_disk_is_told_plainly_and_loses_nothing(home: tuple[Settings, Store]) -> None:
    settings, store = home
    old = snapshot(settings.releases / OLD)
    here = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(settings.home), settings.control_store],
        cwd=here, env={**os.environ, "PYTHONPATH": str(here)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr.splitlines()[:1]) == (1, [DISK_IS_FULL])
    one_release_stands(settings, store, old)
    put_new(settings, store)
    assert current_release(settings) == NEW


def test_a_folder_that_may_not_be_written_is_told_plainly(
    home: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, store = home
    old = snapshot(settings.releases / OLD)
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_file", mock.Mock(side_effect=PermissionError(errno.EACCES, "no", "x")))
        with pytest.raises(PermissionError) as refused:
            put_new(settings, store)
    assert told(refused.value) == NOT_ALLOWED
    one_release_stands(settings, store, old)


def test_the_pointer_is_one_json_document(prepared: Settings) -> None:
    assert json.loads((prepared.releases / "current.json").read_text("utf-8")) == {"release_id": OLD}
