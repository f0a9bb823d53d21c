"""A process that is killed while it publishes, as by a power cut: the home holds one release whole.

`test_release.py` raises at every write, rename and commit; here the process ends without any cleaning up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.publishing.release import current_release, publish, recover
from tests.publishing.test_gate import snapshot
from tests.publishing.test_release import release
from tests.publishing.toy import Toy, cell

KILLED = 9
PROGRAM = """
import os, sys
from datetime import date
from pathlib import Path
from orchestration.control.store import Store
from orchestration.publishing import files
from orchestration.publishing.release import publish
from orchestration.settings import Settings

home, step, time = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
owner = {"write_file": files, "rename": os, "replace": os, "add_release": Store}[step]
real, seen = getattr(owner, step), []

def kill(*given, **named):
    seen.append(1)
    done = real(*given, **named)
    if len(seen) == time:
        os._exit(9)
    return done

setattr(owner, step, kill)
settings = Settings(home=home, as_at=date(2026, 3, 2), is_synthetic=True)
publish(settings, Store(settings.control_db), "run2")
"""
POINTS = [("write_file", 4), ("add_release", 1), ("rename", 1), ("replace", 2)]


@pytest.mark.parametrize(("step", "time"), POINTS)
def test_a_killed_process_leaves_one_release_whole(toy: Toy, step: str, time: int) -> None:
    old = release(toy)
    before = snapshot(old.folder)
    later = toy.again("run2", "fedcba9876543210")
    later.cells.append(cell("M02", 50, area_code="E08000038", area_vintage="2025"))
    later.passed()
    arguments = [sys.executable, "-c", PROGRAM, str(toy.settings.home), step, str(time)]
    here = Path(__file__).parents[2]
    ended = subprocess.run(arguments, cwd=here, env={**os.environ, "PYTHONPATH": str(here)}, timeout=120)
    assert ended.returncode == KILLED
    named = current_release(toy.settings)
    assert named is not None
    assert (toy.settings.releases / named / "metrics.csv").is_file(), "a reader finds what the pointer names"
    assert snapshot(old.folder) == before
    recover(toy.settings, toy.store)
    assert not list(toy.settings.releases.glob(".new-*"))
    published = publish(toy.settings, toy.store, "run2")
    assert current_release(toy.settings) == published.release_id
    manifest = json.loads((published.folder / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) | {"manifest.json"} == set(snapshot(published.folder))
