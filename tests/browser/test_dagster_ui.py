"""An engineer opens the Dagster UI on a new home, sees the graph and launches the refresh there."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PATHWAYS, Home

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
GROUPS = ["landing", "returns", "accepted", "staging", "harmonised", "metrics", "gates", "publishing"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    assert made.run("init", "--sample").code == 0
    return made


@pytest.fixture
def address(home: Home) -> Iterator[str]:
    port = _free_port()
    environment = os.environ | {"PATHWAYS_HOME": str(home.path)}
    log = (home.path / "ui.log").open("w")
    ui = subprocess.Popen(
        [PATHWAYS, "ui", "--port", str(port)], env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/server_info")
        yield f"http://127.0.0.1:{port}"
    finally:
        ui.terminate()  # it ends what it started; told all at once, these can wait for each other for ever
        with contextlib.suppress(subprocess.TimeoutExpired):
            ui.wait(60)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(ui.pid, signal.SIGKILL)
        log.close()


def _wait_for(url: str, seconds: int = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    pytest.fail(f"{url} did not answer in {seconds} s")


def test_graph_reads_along_the_data_and_materialize_all_makes_a_release(home: Home, address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1800, "height": 900})
        page.goto(f"{address}/asset-groups", timeout=90_000)
        boxes = [page.get_by_text(name, exact=True).last for name in GROUPS]
        boxes[0].wait_for(timeout=90_000)
        page.wait_for_timeout(3_000)  # the graph lays itself out
        lefts = [box.bounding_box()["x"] for box in boxes]
        assert lefts == sorted(lefts)
        page.get_by_role("button", name="Materialize all").click(timeout=60_000)
        end = time.monotonic() + 400
        while time.monotonic() < end and not (home.path / "releases" / "current.json").exists():
            page.wait_for_timeout(2_000)
        page.goto(f"{address}/runs", timeout=90_000)
        page.get_by_text("Success").first.wait_for(timeout=120_000)
        page.goto(f"{address}/assets/landing/rotherham_eit?view=overview", timeout=90_000)
        page.get_by_text("Identifies a person: kept in the vault.").first.wait_for(timeout=60_000)
        page.goto(f"{address}/assets/harmonised/starts?view=overview", timeout=90_000)
        page.get_by_text("From harmonised/participants area_code", exact=False).first.wait_for(timeout=60_000)
        source = page.get_by_role("link", name="harmonised/participants").first
        assert source.get_attribute("href") == "/assets/harmonised/participants"
        page.goto(f"{address}/assets/returns/barnsley_eit?view=checks", timeout=90_000)
        page.get_by_text("in_time").first.wait_for(timeout=60_000)
        browser.close()
    assert (home.release / "metrics.csv").exists()
