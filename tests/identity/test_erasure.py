"""Erasure and retention through the commands, on a small home: counts stay, and nothing else does."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import pytest

from orchestration.control.records import Finding, Submission
from orchestration.control.store import Store
from orchestration.identity.errors import VaultError
from orchestration.identity.vault import Vault
from tests.identity.desk import JOINED, RECEIVED, UNDER_HOLD, Desk


def test_erasure_leaves_counts_and_nothing_else(desk: Desk) -> None:
    before, keys = desk.unique(), set(desk.accepted["record_key"])
    done = desk.json("erase", "--return", "rotherham_eit", "--ref", "R-1", "--yes")
    assert done["records"] == 2
    assert done["submissions"] == sorted(RECEIVED[r] for r in JOINED)
    assert list(done["releases"]) == ["2026-03-02-abc"]
    assert desk.unique() == before
    gone = keys - set(desk.accepted["record_key"])
    assert len(gone) == 2
    for return_id in JOINED:
        lines = desk.original(return_id).splitlines()
        assert lines[1] == ",,"
        assert "Finch" in lines[2]
    with duckdb.connect(str(desk.settings.builds / "one" / "warehouse.duckdb"), read_only=True) as con:
        built = {key for (key,) in con.execute("select record_key from harmonised.participants").fetchall()}
    assert built == set(desk.accepted["record_key"])
    raw = b"".join(p.read_bytes() for p in desk.settings.home.rglob("*") if p.is_file())
    assert not any(key.encode() in raw for key in gone)
    assert b"Wilhelmina" not in raw
    assert "erased" in desk.audit()
    assert "inputs redacted" in desk.audit()


def test_who_is_only_in_a_file_that_was_refused_has_the_same_rights(desk: Desk) -> None:
    person = ("--return", "rotherham_eit", "--ref", "R-7")
    content = b"partner_ref,surname\nR-7,Wren\nR-8,Finch\n"
    with Store(desk.settings.control_db) as store, Vault.open(desk.settings) as vault:
        for submission_id, rule_id in (("8" * 64, "F06"), ("9" * 64, "F01")):
            vault.keep_original(submission_id, content)
            store.record(
                Submission("rotherham_eit", submission_id, "f.csv", date(2025, 8, 1), "rejected", "register"),
                [], [Finding(rule_id, "return", "no")], [],
            )  # fmt: skip
    found = desk.json("access", *person)
    assert [one["lines"] for one in found["received"]] == [
        ["R-7,Wren"], "this kind of file cannot be searched"
    ]  # fmt: skip
    done = desk.json("erase", *person, "--yes")
    assert (done["submissions"], done["deleted"]) == (["8" * 64, "9" * 64], ["9" * 64])
    with Vault.open(desk.settings) as vault:
        assert vault.original("8" * 64) == b"partner_ref,surname\n,\nR-8,Finch\n"
    assert isinstance(desk.run("erase", *person, "--yes").exception, VaultError)


def test_erasure_asks_and_is_refused_under_a_legal_hold(desk: Desk) -> None:
    assert desk.run("erase", "--return", "rotherham_eit", "--ref", "R-1", given="n\n").exit_code == 1
    refused = desk.run("erase", "--return", UNDER_HOLD, "--ref", "R-2", "--yes", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout) == {"refused": ["MPT Steps", "More Positive Together"]}
    assert "refused erasure" in desk.audit()
    assert "erased" not in desk.audit()
    assert desk.run("erase", "--yes").exit_code == 2


def test_an_interrupted_erasure_stops_the_links_until_it_is_resumed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.unique()

    def cut(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr("orchestration.identity.erasure.rekey_builds", cut)
        assert desk.run("erase", "--return", "rotherham_eit", "--ref", "R-1", "--yes").exit_code == 1
    with pytest.raises(VaultError, match="--resume"):
        desk.links()
    assert desk.json("erase", "--resume")["records"] == 2
    assert desk.unique() == before
    assert "nothing to finish" in desk.run("erase", "--resume").output


def test_retention_lets_go_what_is_past_and_keeps_what_is_held(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.unique()
    assert desk.json("retain") == {"past": 0, "held": 0, "applied": False, "records": 0}
    monkeypatch.setenv("PATHWAYS_AS_AT", "2031-07-01")
    assert desk.json("retain") == {"past": 2, "held": 1, "applied": False, "records": 0}
    assert desk.json("retain", "--apply", "--yes") == {"past": 2, "held": 1, "applied": True, "records": 4}
    assert desk.json("retain")["past"] == 0
    assert desk.unique() == before
    with pytest.raises(VaultError, match="no original"):
        desk.original("rotherham_eit")
    assert "Finch" in desk.original(UNDER_HOLD)
    assert {"retained", "kept under legal hold"} <= set(desk.audit())


def test_a_refused_file_and_an_interruption_do_not_escape_retention(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_AS_AT", "2031-07-02")
    with Store(desk.settings.control_db) as store, Vault.open(desk.settings) as vault:
        for return_id, submission_id in (("rotherham_eit", "8" * 64), ("no_more_sent", "9" * 64)):
            vault.keep_original(submission_id, b"refused")
            refused = Submission(return_id, submission_id, "f.csv", date(2025, 7, 1), "rejected", "register")
            store.record(refused, [], [], [])

    def cut(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr("orchestration.identity.erasure.finish", cut)
        assert desk.run("retain", "--apply", "--yes").exit_code == 1
    assert desk.json("erase", "--resume")["records"] == 4
    told = desk.json("retain")
    assert (told["past"], told["without_schedule"]) == (0, ["no_more_sent"])
    with Vault.open(desk.settings) as vault:
        assert vault.originals.kept() == [RECEIVED[UNDER_HOLD], "9" * 64]
        left = vault.connection.execute("select distinct return_id from records").fetchall()
    assert left == [(UNDER_HOLD,)]
