"""A Postgres server of its own for the tests, from Debian's binaries, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
USER, PASSWORD = "pathways", "kept-in-a-file"
NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """The server whose socket lies in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def database(self, like: str = "template0") -> str:
        """The URL of a new database, empty or a copy of another to which nobody is connected."""
        name = f"pathways_{next(NUMBERS)}"
        self.run(f"create database {name} template {like}")
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> str:
        command = [INSTALLED[-1] / "psql", "-h", self.folder, "-U", USER, "-d", database, "-XAtqc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that sorts text as a dictionary does and asks for a password, which a file holds."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    owner = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    (folder / "password").write_text(PASSWORD)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        known = folder / "known"
        known.write_text(f"*:*:*:{USER}:{PASSWORD}\n")
        known.chmod(0o600)
        patch.setenv("PGPASSFILE", str(known))
        process = _started(folder, owner.pw_name)
        try:
            _wait(process, Server(folder))
            yield Server(folder)
        finally:
            process.send_signal(signal.SIGINT)  # whoever is connected is not waited for
            process.wait(30)
            shutil.rmtree(folder)


def _started(folder: Path, owner: str) -> subprocess.Popen[bytes]:
    """The server as a user other than root, which it refuses to run as."""
    initdb = [
        INSTALLED[-1] / "initdb", "-D", folder / "data", "-U", USER, "-A", "scram-sha-256", "--no-sync",
        f"--pwfile={folder / 'password'}", "--encoding=UTF8", "--locale=C.UTF-8",
        "--locale-provider=icu", "--icu-locale=en-GB",
    ]  # fmt: skip
    server = [
        INSTALLED[-1] / "postgres", "-D", folder / "data", "-k", folder,
        "-c", "listen_addresses=", "-c", "fsync=off",
    ]  # fmt: skip
    subprocess.run(initdb, check=True, capture_output=True, user=owner, cwd=folder)
    aside = subprocess.DEVNULL
    return subprocess.Popen(server, stdout=aside, stderr=aside, user=owner, cwd=folder)


def _wait(process: subprocess.Popen[bytes], server: Server) -> None:
    until = time.monotonic() + 60
    while subprocess.run([INSTALLED[-1] / "pg_isready", "-q", "-h", server.folder]).returncode:
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.engines)])
def control_store(request: pytest.FixtureRequest) -> str:
    """`control_store` as home.toml has it: empty, or the URL of a new database."""
    return "" if request.param == "file" else request.getfixturevalue("postgres").database()
