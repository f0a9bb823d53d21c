"""Returns taken in by several processes: the same verdicts and bytes, and nothing lost with a worker."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tqdm.std import TqdmDefaultWriteLock, tqdm

from orchestration.cli import SAMPLE
from orchestration.control.store import Store
from orchestration.identity.keys import PURPOSES, Keys
from orchestration.identity.vault import Vault
from orchestration.intake.contract import load_contracts
from orchestration.intake.workers import TakingInError, Workers, _context
from orchestration.settings import Settings
from tests.intake.makers import settings

RETURNS = ("rossendale_works", "sheffield_eit", "south_yorkshire_targets")


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same keys for every home, mounted from elsewhere."""
    Keys(1, {purpose: bytes(32) for purpose in PURPOSES}).write(tmp_path / "keys.json")
    monkeypatch.setenv("PATHWAYS_KEY_FILE", str(tmp_path / "keys.json"))


def sample(folder: Path, workers: int) -> Settings:
    home = replace(settings(folder), workers=workers)
    for return_id in RETURNS:
        (home.landing / return_id).mkdir(parents=True)
        for path in sorted((SAMPLE / return_id).iterdir())[:2]:
            shutil.copy(path, home.landing / return_id)
    shutil.copy(SAMPLE / "deliveries.csv", home.landing)
    return home


def take_in(home: Settings, workers: Workers | None = None) -> dict[str, object]:
    """Take everything in; what stands afterwards, in words and bytes."""
    workers, contracts = workers or Workers(home), load_contracts()
    with Store(home.control_db) as store, Vault.open(home) as vault:
        try:
            told = {
                r: [
                    (v.submission.file_name, v.submission.status, v.periods, v.findings)
                    for v in workers.take_in(r, contracts[r], RETURNS, store, vault)
                ]
                for r in RETURNS
            }
        finally:
            workers.close()
        states = [replace(s, sequence=0) for s in store.submissions()]
        links = vault.records()
    files = {p.relative_to(home.home): p.read_bytes() for p in home.accepted.rglob("*.parquet")}
    kept = {p.name: p.read_bytes() for p in (home.vault / "feedback").rglob("*.json")}
    left = [p for p in home.landing.rglob("*") if p.is_file() and p.name != "deliveries.csv"]
    return {"told": told, "states": states, "who": links.to_csv(), "files": files, "kept": kept, "left": left}


def test_any_number_of_workers_gives_the_same(tmp_path: Path) -> None:
    alone, together = (take_in(sample(tmp_path / str(n), n)) for n in (1, 3))
    assert alone == together
    assert alone["left"] == []
    assert len(alone["files"]) > 5  # type: ignore[arg-type]


@pytest.mark.soak
def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    home = sample(tmp_path / "killed", 2)
    workers = Workers(home)

    def kill() -> None:
        """Kill a worker as soon as a file is put away."""
        while not list(home.vault.glob("originals/*.sealed")):
            time.sleep(0.01)
        os.kill(next(iter(workers._pool._processes)), signal.SIGKILL)  # type: ignore[union-attr]

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(TakingInError, match="Nothing is lost"):
        take_in(home, workers)
    killer.join()
    expected = take_in(sample(tmp_path / "whole", 1))
    finished = take_in(home)
    assert finished | {"told": ()} == expected | {"told": ()}


def _how_it_ends() -> tuple[bool, bool]:
    return signal.getsignal(signal.SIGINT) == signal.SIG_DFL, isinstance(
        tqdm.get_lock(), TqdmDefaultWriteLock
    )


def test_an_interrupt_ends_a_worker_that_holds_no_lock_of_several_processes() -> None:
    with ProcessPoolExecutor(1, _context()) as pool:
        assert pool.submit(_how_it_ends).result() == (True, False)
