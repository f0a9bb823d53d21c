"""What several tests share: a home of sample returns that has been refreshed once."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from filelock import FileLock

from orchestration.intake import inbox
from tests.postgres import control_store, postgres

__all__ = ["control_store", "postgres"]

PATHWAYS = str(Path(sys.executable).with_name("pathways"))
LOOK_AGAIN, inbox.LOOK_AGAIN_SECONDS = inbox.LOOK_AGAIN_SECONDS, 0.05
"""Seconds between two looks at a new file, as people wait them; tests write theirs whole, and do not wait."""
PATIENCE = 1800
"""Seconds that a command may take on a busy machine before it counts as hung."""


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """A home, and the officer's commands on it."""

    path: Path

    def run(self, *arguments: str) -> Ran:
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER", "PATHWAYS", "DBT"))
        }
        environment["PATHWAYS_HOME"] = str(self.path)
        done = subprocess.run(
            [PATHWAYS, *arguments], capture_output=True, text=True, env=environment, timeout=PATIENCE
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def run_in_terminal(self, *arguments: str, columns: int = 80) -> Ran:
        """Run as a person does, in a terminal of that width; out and err come as one text."""
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER", "PATHWAYS", "DBT"))
        }
        environment |= {"PATHWAYS_HOME": str(self.path), "COLUMNS": str(columns), "TERM": "xterm"}
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [PATHWAYS, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        )
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # the terminal closes with its last process
            while chunk := os.read(ours, 65536):
                seen += chunk
        os.close(ours)
        return Ran(process.wait(timeout=PATIENCE), seen.decode().replace("\r\n", "\n"), "")

    @property
    def temporary(self) -> Path:
        """Where the first refresh put its temporary files."""
        return self.path.with_name(f"{self.path.name}.temporary")

    @property
    def current(self) -> str:
        return json.loads((self.path / "releases" / "current.json").read_text("utf-8"))["release_id"]

    @property
    def release(self) -> Path:
        return self.path / "releases" / self.current

    def copy(self, to: Path) -> Home:
        shutil.copytree(self.path, to)
        return Home(to)


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    """The sample home after its first refresh, made once for all workers; read it, do not change it."""
    root = tmp_path_factory.getbasetemp()
    shared = (root if worker_id == "master" else root.parent) / "refreshed"
    with FileLock(f"{shared}.lock"):
        home = Home(shared)
        if not (shared / "first_refresh.json").exists():
            assert home.run("init", "--sample").code == 0
            home.temporary.mkdir(exist_ok=True)
            with patch.dict(os.environ, TMPDIR=str(home.temporary)):
                ran = home.run("refresh", "--json")
            assert ran.code == 0, ran.out + ran.err
            (shared / "first_refresh.json").write_text(ran.out, "utf-8")
    return home


@pytest.fixture
def own_home(refreshed: Home, tmp_path: Path) -> Home:
    """A copy of the refreshed sample home that a test may break."""
    return refreshed.copy(tmp_path / "home")
