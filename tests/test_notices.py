"""Notices after a run: sent where the operator says, and saying nothing that must not leave the home."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from orchestration.control.store import CheckResult, Store
from orchestration.defs.timetable.notices import notice, notice_of_success
from orchestration.settings import Settings, SettingsError, load_settings


@dg.job
def nothing_to_do() -> None:
    """A run that ends well at once."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, as_at=date(2026, 3, 2), is_synthetic=True)


def test_a_stopped_release_names_the_checks_and_nothing_of_their_messages(settings: Settings) -> None:
    with Store(settings.control_db) as store:
        store.open_build("run1", "key", settings.as_at)
        stopped = CheckResult(
            "C02", "reconciliation", "release", "metric M04", "fail", message="7 is not 9", stopped=True
        )
        store.set_check_results("run1", [stopped])
        told = notice(settings, store, "run1", passed=False)
    assert told.startswith("SYNTHETIC")
    assert "Stopped by: C02." in told
    assert "7 is not 9" not in told


def test_nothing_new_is_told_as_such(settings: Settings) -> None:
    with Store(settings.control_db) as store:
        assert "Nothing new to release" in notice(settings, store, "run1", passed=True)


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    """A web server that takes what is posted: its address, and the texts."""
    received: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", received


@pytest.fixture
def post_office() -> Iterator[tuple[str, list[EmailMessage]]]:
    """A mail server that speaks as much SMTP as a notice needs: its address, and the messages."""
    received: list[EmailMessage] = []

    class Letterbox(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    received.append(message_from_bytes(b"".join(lines), EmailMessage))
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 done\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Letterbox) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", received


def test_a_run_is_posted_and_mailed_where_home_toml_says(
    hook: tuple[str, list[str]],
    post_office: tuple[str, list[EmailMessage]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "home.toml").write_text(
        f'notify_url = "{hook[0]}"\nnotify_mail = "officers@example.org"\nmail_host = "{post_office[0]}"\n',
        "utf-8",
    )
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        ran = nothing_to_do.execute_in_process(instance=instance)
        event = ran.get_run_success_event()
        notice_of_success(
            dg.build_run_status_sensor_context("notice_of_success", event, instance, ran.dagster_run)
        )
    told = "Pathways refreshed. Nothing new to release."
    assert hook[1] == [told]
    [message] = post_office[1]
    assert message["To"] == "officers@example.org"
    assert message.get_payload().strip() == told


def test_nothing_is_sent_where_home_toml_says_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    (tmp_path / "home.toml").touch()
    with dg.DagsterInstance.ephemeral() as instance:
        ran = nothing_to_do.execute_in_process(instance=instance)
        event = ran.get_run_success_event()
        skipped = notice_of_success(
            dg.build_run_status_sensor_context("notice_of_success", event, instance, ran.dagster_run)
        )
    assert isinstance(skipped, dg.SkipReason)


def test_a_misspelt_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home.toml").write_text('notify_ulr = "x"\n', "utf-8")
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="notify_ulr"):
        load_settings()
