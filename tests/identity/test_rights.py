"""Rights, retention, review and renewal of keys through the commands, on a small home."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.control.records import AcceptedFile, Submission
from orchestration.control.store import Store
from orchestration.identity.errors import KeysError, VaultError
from orchestration.identity.keys import Keys
from orchestration.identity.links import export_links
from orchestration.identity.rotation import rotate
from orchestration.identity.vault import Vault
from orchestration.intake.frames import write_parquet
from orchestration.settings import Settings
from tests.identity.makers import participants

JOINED = ("rotherham_eit", "doncaster_eit")
UNDER_HOLD = "more_positive_together"
RECEIVED = {"rotherham_eit": "5" * 64, "doncaster_eit": "6" * 64, UNDER_HOLD: "7" * 64}
PEOPLE: list[dict[str, Any]] = [
    {},
    {"partner_ref": "R-2", "forename": "Walter", "surname": "Finch", "nino": "QQ271828A", "uln": "",
     "date_of_birth": "1981-01-02", "postcode": "ZZ9 9AA"},
]  # fmt: skip


@dataclass
class Desk:
    """A small home, and the commands on it."""

    settings: Settings

    def run(self, *arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, ["person", *arguments], input=given)

    def json(self, *arguments: str, given: str | None = None) -> Any:
        ran = self.run(*arguments, "--json", given=given)
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout)

    @property
    def accepted(self) -> pd.DataFrame:
        files = sorted((self.settings.accepted / "participants").rglob("*.parquet"))
        return pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)

    def links(self) -> pd.DataFrame:
        with Vault.open(self.settings) as vault:
            return pd.read_parquet(export_links(vault, self.settings.accepted / "person_links").path)

    def unique(self) -> tuple[int, int]:
        """Records and people, as a build counts them."""
        linked = self.accepted.merge(self.links(), on="record_key")
        return len(linked), linked["person_key"].nunique()

    def original(self, return_id: str) -> str:
        with Vault.open(self.settings) as vault:
            return vault.original(RECEIVED[return_id]).decode()

    def audit(self) -> list[str]:
        with Store(self.settings.control_db) as store:
            return [event.action for event in store.audit_events()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    settings = Settings(home=tmp_path, as_at=date(2026, 3, 2), is_synthetic=True)
    (tmp_path / "home.toml").write_text("as_at = 2026-03-02\nis_synthetic = true\n")
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    with Store(settings.control_db) as store, Vault.open(settings) as vault:
        for return_id in RECEIVED:
            people = (
                PEOPLE if return_id != UNDER_HOLD else [PEOPLE[1] | {"nino": "QQ161803A", "forename": "Ada"}]
            )
            _take_in(store, vault, settings, return_id, people)
    made = Desk(settings)
    made.links()
    _build(settings, made.accepted)
    return made


def _take_in(
    store: Store, vault: Vault, settings: Settings, return_id: str, people: list[dict[str, Any]]
) -> None:
    submission_id = RECEIVED[return_id]
    frame = participants(*people).assign(
        source_row=range(2, 2 + len(people)), source_sheet="", return_id=return_id,
        submission_id=submission_id, programme_id="P08",
    )  # fmt: skip
    content = frame[["partner_ref", "surname", "nino"]].to_csv(index=False).encode()
    vault.keep_original(submission_id, content)
    out = vault.pseudonymise(return_id, submission_id, frame)
    path = settings.accepted / "participants" / return_id / f"{submission_id[:12]}.parquet"
    rows, digest = write_parquet(out, "participants", path, {})
    name = path.relative_to(settings.home).as_posix()
    end = date(2017, 3, 31) if return_id == UNDER_HOLD else date(2025, 6, 30)
    submission = Submission(return_id, submission_id, "f.csv", date(2025, 7, 1), "accepted", "register")
    file = AcceptedFile(return_id, submission_id, "participants", name, rows, digest)
    store.record(submission, [(end.replace(day=1), end)], [], [file])


def _build(settings: Settings, accepted: pd.DataFrame) -> None:
    folder = settings.builds / "one"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.register("people", accepted)
        con.execute("create schema harmonised; create table harmonised.participants as select * from people")
    release = settings.releases / "2026-03-02-abc"
    release.mkdir(parents=True)
    received = [{"return_id": r, "sha256": s} for r, s in RECEIVED.items()]
    (release / "manifest.json").write_text(json.dumps({"received": received}))


def test_access_shows_everything_of_one_person_and_of_nobody_else(desk: Desk, tmp_path: Path) -> None:
    found = desk.json("access", "--return", "rotherham_eit", "--ref", "R-1")
    assert [one["return_id"] for one in found["identity"]] == ["rotherham_eit", "doncaster_eit"]
    assert {one["surname"] for one in found["identity"]} == {"Canary"}
    assert sum(len(rows) for rows in found["accepted"].values()) == 2
    written = desk.json(
        "access", "--return", "rotherham_eit", "--ref", "R-1", "--to", str(tmp_path / "her.json")
    )
    assert Path(written["written"]).stat().st_mode & 0o077 == 0
    assert desk.run("access", "--return", "rotherham_eit", "--ref", "R-9").exit_code == 1
    assert desk.audit().count("gave access") == 2


def test_rectify_changes_what_records_are_linked_by(desk: Desk) -> None:
    before = desk.unique()
    corrected = ("rectify", "--return", "doncaster_eit", "--ref", "R-2", "--field")
    desk.json(*corrected, "nino", given="QQ141421A\n")
    assert desk.unique() == (before[0], before[1] + 1)
    assert "rectified" in desk.audit()
    assert isinstance(desk.run(*corrected, "shoe_size", given="9\n").exception, VaultError)


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
        broken.setattr("orchestration.identity.people.rekey_builds", cut)
        assert desk.run("erase", "--return", "rotherham_eit", "--ref", "R-1", "--yes").exit_code == 1
    with pytest.raises(VaultError, match="--resume"):
        desk.links()
    assert desk.json("erase", "--resume")["records"] == 2
    assert desk.unique() == before


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


def test_a_review_shows_what_differs_and_remembers_what_is_decided(desk: Desk) -> None:
    changed = ("rectify", "--return", "doncaster_eit", "--ref", "R-1", "--field")
    with Vault.open(desk.settings) as vault, vault.transaction():
        vault.connection.execute("delete from edges")
        vault.connection.execute("delete from persons")
    desk.json(*changed, "forename", given="Roberta\n")
    apart = desk.links()["person_key"].nunique()
    (waiting,) = desk.json("review")
    assert {name: set(both) for name, both in waiting["differ"].items()} == {
        "forename": {"Wilhelmina", "Roberta"}
    }
    assert "QQ314159A" not in desk.run("review").stdout
    desk.json("review", "--link", waiting["pair"])
    assert desk.links()["person_key"].nunique() == apart - 1
    assert desk.json("review") == []
    assert isinstance(desk.run("review", "--split", "abc").exception, VaultError)


def test_renewed_keys_change_every_pseudonym_and_no_count(desk: Desk) -> None:
    counted, keys, text = desk.unique(), set(desk.accepted["record_key"]), desk.original("rotherham_eit")
    old = Keys.open(desk.settings.vault)
    assert desk.json("rotate", "--yes") == {"version": 2}
    new = Keys.open(desk.settings.vault)
    assert all((new.secrets[p] == old.secrets[p]) == (p == "employer") for p in old.secrets)
    assert keys.isdisjoint(desk.accepted["record_key"])
    assert desk.unique() == counted
    assert desk.original("rotherham_eit") == text
    assert "rotated keys" in desk.audit()


@pytest.mark.parametrize(
    "place", ["rotation.rekey_accepted", "rotation.exchange", "rotation.Originals.replace", "keys.Keys.write"]
)
def test_an_interrupted_renewal_is_finished(desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    counted, store = desk.unique(), Store(desk.settings.control_db)
    first = Keys.open(desk.settings.vault).renewed()
    first.write(desk.settings.vault / "keys.next.json")

    def cut(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr(f"orchestration.identity.{place}", cut)
        with pytest.raises((OSError, KeysError)):
            rotate(desk.settings, store)
    with pytest.raises(VaultError, match="interrupted"):
        Vault.open(desk.settings)
    assert rotate(desk.settings, store) == 2
    assert Keys.open(desk.settings.vault) == first
    assert desk.unique() == counted
    store.close()


def test_the_steward_sees_gross_and_unique_people_of_the_latest_build(desk: Desk) -> None:
    assert desk.run("overlap").exit_code == 1
    with Store(desk.settings.control_db) as store:
        store.open_build("one", "key", desk.settings.as_at)
    with duckdb.connect(str(desk.settings.builds / "one" / "warehouse.duckdb")) as con:
        con.execute("create schema metrics")
        con.execute(
            "create table metrics.people_overlap as select 'P08' as programme_id, 5 as records, 3 as people"
        )
    assert desk.json("overlap") == {"programmes": [{"programme_id": "P08", "records": 5, "people": 3}]}
