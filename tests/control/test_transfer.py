"""A store moved to Postgres and back holds what it held, to the last digit, and goes on being used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.control import transfer as room
from orchestration.control.database import Database
from orchestration.control.records import CheckResult, Finding, PublishedCell, Release, Waiver
from orchestration.control.store import Store, StoreError
from orchestration.control.transfer import TABLES, move, transfer
from orchestration.settings import Settings, load_settings
from tests.control.makers import Q1, Q2, files, submission, take_in
from tests.postgres import Server

DAY = date(2026, 3, 2)


def filled(where: Path | str) -> None:
    """A store with rows in every table, of every type, in an order that no key gives."""
    with Store(where) as store:
        made = submission("b", DAY, "accepted_with_findings", extract_date=date(2026, 3, 1))
        finding = Finding("R01", "record", "Row 7: “none” is no date.", "main", 7, "Début", 2)
        store.record(made, [Q1, Q2], [finding, replace(finding, sheet=None, row=None)], files(made, [Q1, Q2]))
        take_in(store, submission("a", DAY, is_nil=True), Q1)
        store.add_waiver(Waiver("R08", "agreed", "officer", DAY, DAY, "here", row=4))
        for build_id in ("b2", "b1"):
            store.open_build(build_id, "key", DAY)
        store.set_check_results("b1", [CheckResult("c", "suite", "warn", "t", "pass", stopped=True)])
        store.set_verdict("b1", "pass", {"z": "1", "a": "2"})
        cell = PublishedCell(
            "M01", "P08", "E06", "all", "all", "all", *Q1, Decimal("12.500"), None, Decimal(0), "[c]", "x"
        )
        store.add_release(Release("r1", "b1", "key", DAY, "0" * 64), [cell, replace(cell, metric_id="M-1")])


def contents(where: Path | str) -> dict[str, list[tuple[Any, ...]]]:
    database = Database(where)
    with database.read() as connection:
        found = {
            t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key.columns))]
            for t in TABLES
        }
    database.close()
    return found


def go_on(where: Path | str) -> None:
    """Every table that numbers its rows takes another."""
    with Store(where) as store:
        made = submission("c", DAY, "rejected")
        store.record(made, [Q1], [Finding("R02", "return", "no")], [])
        take_in(store, submission("d", date(2026, 3, 3)), Q1)
        store.add_waiver(Waiver("R09", "agreed", "officer", DAY, DAY))
        store.set_check_results("b2", [CheckResult("c", "suite", "warn", "t", "pass")])
        store.open_build("b3", "key", DAY)
        assert [b.build_id for b in store.builds()] == ["b2", "b1", "b3"]
        assert store.findings_of("here", made.submission_id)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    (tmp_path / "home.toml").write_text("# Ours\nas_at = 2026-03-02  # fixed\n", "utf-8")
    settings = load_settings()
    filled(settings.control_db)
    return settings


@pytest.mark.engines
def test_there_and_back_nothing_is_lost(home: Settings, postgres: Server) -> None:
    before, url = contents(home.control_db), postgres.database()
    assert all(before.values()), "every table has rows"
    said = CliRunner().invoke(app, ["move-store", url])
    assert said.exit_code == 0, said.output
    assert load_settings() == replace(home, control_store=url)
    told = before["audit_events"]
    there = contents(url)
    assert there.pop("audit_events")[: len(told)] == told
    assert there == {name: rows for name, rows in before.items() if name != "audit_events"}
    with pytest.raises(StoreError, match=r"was moved from .*control\.db to postgresql"):
        Store(home.control_db)
    go_on(url)
    later = contents(url)
    assert CliRunner().invoke(app, ["move-store", "file"]).exit_code == 0
    assert (home.home / "home.toml").read_text("utf-8") == "# Ours\nas_at = 2026-03-02  # fixed\n"
    back = contents(home.control_db)
    assert back.pop("audit_events")[:-1] == later.pop("audit_events")
    assert back == later
    with pytest.raises(StoreError, match="was moved from postgresql"):
        Store(url)
    assert CliRunner().invoke(app, ["move-store", url]).exit_code == 0, "and there again"


def test_a_store_in_use_is_not_written_over(home: Settings, control_store: str, tmp_path: Path) -> None:
    target = control_store or tmp_path / "other.db"
    with Store(target) as other:
        other.audit("exported", "feedback")
    before = contents(target), contents(home.control_db)
    with pytest.raises(StoreError, match="holds a control store"):
        transfer(home.control_db, target)
    assert (contents(target), contents(home.control_db)) == before
    with pytest.raises(StoreError, match="already"):
        move(home, "")


def test_what_did_not_arrive_whole_is_not_kept(
    home: Settings, control_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = control_store or tmp_path / "other.db"
    copy = room._copy

    def damage(source: Connection, target: Connection) -> None:
        copy(source, target)
        target.exec_driver_sql("update waivers set reason = 'other'")

    monkeypatch.setattr(room, "_copy", damage)
    with pytest.raises(StoreError, match=r"waivers did not arrive at .* whole"):
        transfer(home.control_db, target)
    assert not any(contents(target).values())


@pytest.mark.parametrize(
    ("to", "said"),
    [("mysql://x/y", "is to be a URL"), ("postgresql://u:secret@h/d", "holds a password"),
     ("postgresql://u@h/d?password=secret", "holds a password")],
)  # fmt: skip
def test_a_place_that_cannot_be_used_is_refused(home: Settings, to: str, said: str) -> None:
    ended = CliRunner().invoke(app, ["move-store", to])
    assert said in str(ended.exception)
    assert "secret" not in str(ended.exception)


@pytest.mark.engines
def test_a_server_that_is_not_there_or_lets_nobody_in_is_told_plainly(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="See that the server runs"):
        Store(postgres.url("nowhere"))
    url = postgres.database()
    monkeypatch.setenv("PGPASSWORD", "wrong-password")
    with pytest.raises(StoreError, match="PGPASSFILE") as refused:
        Store(url)
    assert "wrong-password" not in str(refused.value)
