"""Notices after a run: sent where the operator says, and saying nothing that must not leave the home."""

from __future__ import annotations

import json
import smtplib
import threading
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from orchestration.control.store import CheckResult, Store
from orchestration.defs.timetable.notices import notice, send
from orchestration.settings import Settings, SettingsError, load_settings


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


def test_the_notice_is_posted_where_home_toml_says(settings: Settings) -> None:
    received: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.handle_request, daemon=True).start()
    send(replace(settings, notify_url=f"http://127.0.0.1:{server.server_port}/"), "All is well.")
    server.server_close()
    assert received == [{"text": "All is well."}]


def test_the_notice_is_mailed_where_home_toml_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, EmailMessage]] = []

    class Server:
        def __init__(self, host: str, timeout: int) -> None:
            self.host = host

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def send_message(self, message: EmailMessage) -> None:
            sent.append((self.host, message))

    monkeypatch.setattr(smtplib, "SMTP", Server)
    send(replace(settings, notify_mail="officers@example.org", mail_host="mail.example.org"), "All is well.")
    [(host, message)] = sent
    assert host == "mail.example.org"
    assert message["To"] == "officers@example.org"
    assert message.get_content().strip() == "All is well."


def test_a_misspelt_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home.toml").write_text('notify_ulr = "x"\n', "utf-8")
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="notify_ulr"):
        load_settings()
