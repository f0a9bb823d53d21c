import json
from pathlib import Path

import pytest

from orchestration.identity.keys import Keys, KeysError


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    made = Keys.open(tmp_path / "vault")
    assert Keys.open(tmp_path / "vault") == made
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "vault" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert len(set(made.secrets.values())) == 4


def test_a_mounted_key_file_is_used_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Keys.open(tmp_path / "elsewhere")
    monkeypatch.setenv("PATHWAYS_KEY_FILE", str(tmp_path / "elsewhere" / "keys.json"))
    assert Keys.open(tmp_path / "vault") == made
    assert not (tmp_path / "vault").exists()


def test_a_mounted_key_file_that_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_KEY_FILE", str(tmp_path / "nowhere.json"))
    with pytest.raises(KeysError, match=r"nowhere\.json"):
        Keys.open(tmp_path / "vault")


def test_a_vault_in_use_does_not_get_new_keys(tmp_path: Path) -> None:
    (tmp_path / "vault.db").touch()
    with pytest.raises(KeysError, match="Restore it"):
        Keys.open(tmp_path)


@pytest.mark.parametrize("broken", ["{", "{}", '{"version": 1, "record": "5ec4e7"}'])
def test_a_broken_key_file_is_not_quoted(tmp_path: Path, broken: str) -> None:
    (tmp_path / "keys.json").write_text(broken)
    with pytest.raises(KeysError) as caught:
        Keys.open(tmp_path)
    assert "5ec4e7" not in str(caught.value)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    short = {"version": 1, "record": "5ec4e7", "person": "00", "employer": "00", "original": "00"}
    (tmp_path / "keys.json").write_text(json.dumps(short))
    with pytest.raises(KeysError, match="not a key file"):
        Keys.open(tmp_path)


def test_pseudonyms_differ_by_purpose_return_and_reference(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path)
    made = [
        keys.record_key("here", "1"), keys.record_key("there", "1"), keys.record_key("here", "2"),
        keys.record_key("her", "e1"), keys.person_key("here"), keys.employer_key("here"),
        Keys.open(tmp_path / "other").record_key("here", "1"),
    ]  # fmt: skip
    assert len(set(made)) == len(made)
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in made)


def test_many_record_keys_are_the_same_as_one_by_one(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path)
    assert keys.record_keys("here", ["1", "2", "1"]) == [
        keys.record_key("here", r) for r in ("1", " 2", "1 ")
    ]
    assert keys.employer_key("Moor  Mills") == keys.employer_key(" moor mills ")


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path)
    assert repr(keys) == "Keys(version=1)"
