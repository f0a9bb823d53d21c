"""Access, correction, review and renewal of keys through the commands, on a small home."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.control.store import Store
from orchestration.identity.errors import KeysError, VaultError
from orchestration.identity.keys import Keys
from orchestration.identity.rotation import rotate
from orchestration.identity.vault import Vault
from tests.identity.desk import Desk


def test_access_shows_everything_of_one_person_and_of_nobody_else(desk: Desk, tmp_path: Path) -> None:
    found = desk.json("access", "--return", "rotherham_eit", "--ref", "R-1")
    assert [one["return_id"] for one in found["identity"]] == ["rotherham_eit", "doncaster_eit"]
    assert {one["surname"] for one in found["identity"]} == {"Canary"}
    assert sum(len(rows) for rows in found["accepted"].values()) == 2
    assert [one["lines"] for one in found["received"]] == [["R-1,Canary,QQ314159A"]] * 2
    written = desk.json(
        "access", "--return", "rotherham_eit", "--ref", "R-1", "--to", str(tmp_path / "her.json")
    )
    assert Path(written["written"]).stat().st_mode & 0o077 == 0
    assert desk.run("access", "--return", "rotherham_eit", "--ref", "R-9").exit_code == 1
    again = desk.run(
        "access", "--return", "rotherham_eit", "--ref", "R-1", "--to", str(tmp_path / "her.json")
    )
    assert "there already" in again.output
    assert isinstance(desk.run("access", "--return", "rotheram", "--ref", "R-1").exception, VaultError)
    assert desk.audit().count("gave access") == 2


def test_rectify_changes_what_records_are_linked_by(desk: Desk) -> None:
    before = desk.unique()
    corrected = ("rectify", "--return", "doncaster_eit", "--ref", "R-2", "--field")
    desk.json(*corrected, "nino", given="QQ141421A\n")
    assert desk.unique() == (before[0], before[1] + 1)
    assert "rectified" in desk.audit()
    assert isinstance(desk.run(*corrected, "shoe_size", given="9\n").exception, VaultError)
    desk.json(*corrected, "nino", given="-\n")
    told = desk.json("access", "--return", "doncaster_eit", "--ref", "R-2")["identity"][0]
    assert (told["nino"], told["surname"]) == (None, "Finch")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("date_of_birth", "02/01/1981"), ("age", "young"), ("nino", "QQ12"), ("uln", "123"),
     ("postcode", "Rotherham"), ("surname", ""), ("forename", " ")],
)  # fmt: skip
def test_a_wrong_correction_changes_nothing(desk: Desk, field: str, wrong: str) -> None:
    person = ("--return", "doncaster_eit", "--ref", "R-2")
    before = desk.json("access", *person)
    ran = desk.run("rectify", *person, "--field", field, given=f"{wrong}\n")
    assert isinstance(ran.exception, VaultError)
    assert not wrong.strip() or wrong not in str(ran.exception)
    assert desk.json("access", *person) == before


def test_a_review_shows_what_differs_and_remembers_what_is_decided(desk: Desk) -> None:
    changed = ("rectify", "--return", "doncaster_eit", "--ref", "R-1", "--field")
    with Vault.open(desk.settings) as vault, vault.transaction():
        vault.connection.execute("delete from edges")
        vault.connection.execute("delete from persons")
    desk.json(*changed, "forename", given="Roberta\n")
    apart = desk.links()["person_key"].nunique()
    (waiting,) = desk.json("review")
    with Vault.open(desk.settings) as vault, vault.transaction():  # a pair of which one was erased since
        vault.connection.execute(
            "insert into reviews select record_l, 'gone', link_rule, probability, why from reviews"
        )
    assert {name: set(both) for name, both in waiting["differ"].items()} == {
        "forename": {"Wilhelmina", "Roberta"}
    }
    assert "QQ314159A" not in desk.run("review").stdout
    desk.json("review", "--link", waiting["pair"])
    assert desk.links()["person_key"].nunique() == apart - 1
    assert desk.json("review") == []
    assert desk.run("review", "--link", "abc", "--split", "def").exit_code == 2
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
