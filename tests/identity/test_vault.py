import os
import sqlite3
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from orchestration.identity.keys import Keys
from orchestration.identity.vault import IDENTIFIERS, SCHEMA, Vault, VaultError
from orchestration.settings import Settings
from tests.identity.makers import PERSON, participants

SUBMISSION = "5" * 64
DERIVED = ["record_key", "age_band_code", "is_aged_16_to_30", "area_code", "imd_decile", "imd_year"]


def stored(home: Settings) -> list[dict[str, str]]:
    connection = sqlite3.connect(home.vault / "vault.db")
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute("select * from records order by partner_ref")]
    connection.close()
    return rows


def test_the_frame_comes_back_without_anyone_in_it(vault: Vault) -> None:
    frame = participants({}, {"partner_ref": "R-2"}).set_index(pd.Index([4, 9]))
    out = vault.pseudonymise("here", SUBMISSION, frame)
    assert list(out) == ["sex_code", "source_row", *DERIVED]
    assert out.index.tolist() == [4, 9]
    assert out["record_key"].tolist() == vault.keys.record_keys("here", ["R-1", "R-2"])
    assert out["age_band_code"].tolist() == ["25_34"] * 2
    text = out.to_csv()
    assert not any(str(PERSON[name]) in text for name in IDENTIFIERS if PERSON[name])


def test_identifiers_lie_in_the_vault_and_a_blank_takes_nothing_back(vault: Vault, home: Settings) -> None:
    vault.pseudonymise("here", SUBMISSION, participants({"date_of_birth": pd.Timestamp("1990-05-17")}))
    vault.pseudonymise("here", "6" * 64, participants({"nino": "", "surname": "Finch", "postcode": None}))
    (row,) = stored(home)
    told = {name: row[name] for name in ("surname", "nino", "postcode", "date_of_birth", "submission_id")}
    assert told == {
        "surname": "Finch", "nino": "QQ314159A", "postcode": "ZZ1 0AA", "date_of_birth": "1990-05-17",
        "submission_id": "6" * 64,
    }  # fmt: skip


def test_a_reference_on_several_rows_is_one_record(vault: Vault, home: Settings) -> None:
    out = vault.pseudonymise(
        "here", SUBMISSION, participants({"uln": ""}, {"nino": ""}, {"partner_ref": "R-1 "})
    )
    assert out["record_key"].nunique() == 1
    (row,) = stored(home)
    assert (row["nino"], row["uln"]) == ("QQ314159A", "9276308686")


def test_a_blank_reference_is_refused(vault: Vault, home: Settings) -> None:
    with pytest.raises(VaultError, match="1 participants have no reference"):
        vault.pseudonymise("here", SUBMISSION, participants({}, {"partner_ref": " "}))
    assert stored(home) == []


def test_a_failure_keeps_nothing_and_names_nobody(
    vault: Vault, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Wilhelmina Canary QQ314159A")

    monkeypatch.setattr("orchestration.identity.vault.derive", fail)
    with pytest.raises(VaultError) as caught:
        vault.pseudonymise("here", SUBMISSION, participants())
    shown = "".join(traceback.format_exception(caught.value))
    assert "Canary" not in shown
    assert "QQ314159A" not in shown
    assert stored(home) == []


def test_a_failure_half_way_through_keeps_nothing(vault: Vault, home: Settings) -> None:
    connection = sqlite3.connect(home.vault / "vault.db")
    connection.execute(
        "create trigger full before insert on records when new.partner_ref = 'R-2' "
        "begin select raise(abort, 'disk full'); end"
    )
    two = participants({}, {"partner_ref": "R-2"})
    for frame in (two, two.iloc[::-1]):
        with pytest.raises(VaultError, match="could not be pseudonymised"):
            vault.pseudonymise("here", SUBMISSION, frame)
        assert stored(home) == []
    connection.execute("drop trigger full")
    connection.close()
    vault.pseudonymise("here", SUBMISSION, two)
    assert len(stored(home)) == 2


def test_originals_are_encrypted_and_come_back(vault: Vault, home: Settings) -> None:
    content = b"Wilhelmina Canary" * 100
    vault.keep_original(SUBMISSION, content)
    vault.keep_original(SUBMISSION, content)
    vault.keep_original("6" * 64, content)
    one, other = sorted((home.vault / "originals").iterdir())
    assert b"Canary" not in one.read_bytes()
    assert one.read_bytes()[12:] != other.read_bytes()[12:]
    assert vault.original(SUBMISSION) == content
    with pytest.raises(VaultError, match="no original"):
        vault.original("7" * 64)


def test_a_changed_or_exchanged_original_is_found_out(vault: Vault, home: Settings) -> None:
    vault.keep_original(SUBMISSION, b"one")
    vault.keep_original("6" * 64, b"two")
    one, other = sorted((home.vault / "originals").iterdir())
    other.write_bytes(one.read_bytes())
    for path in (one, other):
        changed = bytearray(path.read_bytes())
        changed[-1] ^= path == one
        path.write_bytes(bytes(changed))
    for submission_id in (SUBMISSION, "6" * 64):
        with pytest.raises(VaultError, match="damaged or changed"):
            vault.original(submission_id)


def test_only_the_owner_may_read_whatever_the_umask(home: Settings) -> None:
    before = os.umask(0)
    try:
        home.vault.mkdir(parents=True, mode=0o777)
        with Vault.open(home) as vault:
            vault.pseudonymise("here", SUBMISSION, participants())
            vault.keep_original(SUBMISSION, b"content")
            found = [home.vault, *home.vault.rglob("*")]
            assert {p.name for p in found} >= {"vault", "vault.db", "vault.db-wal", "keys.json", "originals"}
            rights = {p.stat().st_mode & 0o777 for p in found if p.is_file()}
            assert rights == {0o600}
            assert {p.stat().st_mode & 0o777 for p in found if p.is_dir()} == {0o700}
    finally:
        os.umask(before)


def test_a_vault_does_not_open_with_the_keys_of_another(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.open(home).close()
    Keys.open(tmp_path / "other")
    monkeypatch.setenv("PATHWAYS_KEY_FILE", str(tmp_path / "other" / "keys.json"))
    with pytest.raises(VaultError, match="not those of"):
        Vault.open(home)


def test_an_unreadable_vault_says_what_to_do(home: Settings) -> None:
    Vault.open(home).close()
    (home.vault / "vault.db").write_bytes(b"no database" * 1000)
    with pytest.raises(VaultError, match="Restore it from a backup"):
        Vault.open(home)


def test_a_vault_whose_making_was_cut_off_is_made_anew(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr("orchestration.identity.vault.SCHEMA", (*SCHEMA[:2], "cut off"))
        with pytest.raises(VaultError, match="cannot be used"):
            Vault.open(home)
    with Vault.open(home) as vault:
        assert not vault.holds("any")


def test_a_vault_of_another_version_is_left_alone(home: Settings) -> None:
    Vault.open(home).close()
    connection = sqlite3.connect(home.vault / "vault.db")
    connection.execute("pragma user_version = 1")
    connection.close()
    with pytest.raises(VaultError, match="another version of Pathways"):
        Vault.open(home)


def test_storage_that_lets_others_in_is_refused(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.identity.vault.private_folder", lambda path: path.mkdir(parents=True))
    before = os.umask(0)
    try:
        with pytest.raises(VaultError, match="Others can enter"):
            Vault.open(home)
    finally:
        os.umask(before)


def test_the_operators_own_lookup_replaces_the_sample(home: Settings) -> None:
    with Vault.open(home) as vault:
        (home.vault / "postcode_lookup.csv").write_text(
            "postcode,area_code,imd_decile,imd_year\nZZ1,E07000125,9,2019\n"
        )
        out = vault.pseudonymise("here", SUBMISSION, participants())
    assert out[["area_code", "imd_decile", "imd_year"]].iloc[0].tolist() == ["E07000125", 9, 2019]


def test_example_numbers_match_only_in_a_synthetic_home(home: Settings) -> None:
    with Vault.open(replace(home, is_synthetic=False)) as vault:
        vault.pseudonymise("here", SUBMISSION, participants())
        assert vault.records()["match_nino"].isna().all()
    with Vault.open(home) as vault:
        vault.pseudonymise("here", SUBMISSION, participants())
        assert vault.records()["match_nino"].tolist() == ["QQ314159"]


def test_what_libraries_write_for_a_moment_lies_in_the_vault(home: Settings, vault: Vault) -> None:
    left = home.vault / "spill-of-a-command-that-was-killed"
    left.mkdir()
    with vault.spill() as folder, tempfile.NamedTemporaryFile() as written:
        assert Path(written.name).parent == folder
        assert folder.parent == home.vault
        assert not left.exists()
    assert not folder.exists()
    assert tempfile.gettempdir() != str(folder)
