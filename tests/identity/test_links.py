import random
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.identity.keys import PURPOSES, Keys
from orchestration.identity.links import export_links, link, links_file
from orchestration.identity.matching import MATCH_COLUMNS
from orchestration.identity.vault import Vault
from tests.identity.makers import participants

KEYS = Keys(1, {purpose: purpose.encode() * 8 for purpose in PURPOSES})
NOBODY = pd.DataFrame(columns=["record_key", "person_key", "link_rule", "seen"])
BLANK = {"nino": "", "uln": "", "date_of_birth": "", "postcode": ""}


def linked(vault: Vault, folder: Path) -> pd.DataFrame:
    return pd.read_parquet(links_file(folder, export_links(vault, folder)))


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ({"nino": "QQ314159A"}, {"nino": "qq 31 41 59 b"}, "nino"),
        ({"nino": "QQ314159A"}, {"nino": "QQ314158A"}, None),
        ({"nino": "QQ000000A"}, {"nino": "QQ000000A"}, None),
        ({"nino": "nonsense"}, {"nino": "nonsense"}, None),
        ({"uln": "9276308686"}, {"uln": "92763 08686"}, "uln"),
        ({"uln": "9999999999"}, {"uln": "9999999999"}, None),
        ({"uln": "9276308687"}, {"uln": "9276308687"}, None),
        ({"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AA"},
         {"date_of_birth": "1990-05-17", "postcode": "zz10aa", "forename": "", "surname": "",
          "full_name": "CANARY, Wilhelmína"},
         "name_birth_postcode"),
        ({"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AA"},
         {"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AA", "forename": "Walter"}, None),
        ({"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AA"},
         {"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AB"}, None),
        ({"postcode": "ZZ1 0AA"}, {"postcode": "ZZ1 0AA"}, None),
        ({}, {}, None),
    ],
)  # fmt: skip
def test_what_makes_two_records_one_person(
    vault: Vault, tmp_path: Path, one: dict[str, Any], other: dict[str, Any], rule: str | None
) -> None:
    vault.pseudonymise("here", "5" * 64, participants(BLANK | one))
    vault.pseudonymise("there", "6" * 64, participants(BLANK | other))  # the same partner_ref is no match
    links = linked(vault, tmp_path)
    assert links["person_key"].nunique() == (1 if rule else 2)
    assert sorted(links["link_rule"]) == sorted(["own", rule or "own"])


def test_records_are_one_person_through_a_third(vault: Vault, tmp_path: Path) -> None:
    vault.pseudonymise("a", "5" * 64, participants(BLANK | {"nino": "QQ314159A"}))
    vault.pseudonymise("b", "6" * 64, participants(BLANK | {"uln": "9276308686"}))
    before = linked(vault, tmp_path).set_index("record_key")["person_key"]
    assert before.nunique() == 2
    vault.pseudonymise("c", "7" * 64, participants(BLANK | {"nino": "QQ314159A", "uln": "9276308686"}))
    after = linked(vault, tmp_path)
    assert after["person_key"].nunique() == 1
    assert set(after["person_key"]) <= set(before)


def test_the_file_is_sorted_named_by_its_content_and_never_changes(vault: Vault, tmp_path: Path) -> None:
    vault.pseudonymise("here", "5" * 64, participants({}, {"partner_ref": "R-2"}, {"partner_ref": "R-3"}))
    version = export_links(vault, tmp_path)
    path = links_file(tmp_path, version)
    before = path.stat().st_mtime_ns
    assert export_links(vault, tmp_path) == version
    assert path.stat().st_mtime_ns == before
    table = pq.read_table(path)
    assert table.column_names == ["record_key", "person_key", "link_rule"]
    assert table["record_key"].to_pylist() == sorted(table["record_key"].to_pylist())
    assert list(tmp_path.glob("*.partial")) == []


def test_an_empty_vault_exports_empty_links(vault: Vault, tmp_path: Path) -> None:
    assert len(linked(vault, tmp_path)) == 0


def test_what_was_linked_stays_linked_when_a_number_is_corrected(vault: Vault, tmp_path: Path) -> None:
    for return_id in ("a", "b"):
        vault.pseudonymise(return_id, "5" * 64, participants(BLANK | {"nino": "QQ314159A"}))
    before = linked(vault, tmp_path)
    vault.pseudonymise("b", "6" * 64, participants(BLANK | {"nino": "QQ271828A"}))
    pd.testing.assert_frame_equal(linked(vault, tmp_path), before)


values = st.one_of(st.none(), st.sampled_from("abcdef"))
tables = st.lists(st.tuples(values, values, values), max_size=14)


def records(rows: list[tuple[str | None, ...]], first: int = 0) -> pd.DataFrame:
    named = [(KEYS.record_key("here", str(first + n)), *row) for n, row in enumerate(rows)]
    return pd.DataFrame(named, columns=["record_key", *MATCH_COLUMNS], dtype="object")


@settings(max_examples=150, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str | None, ...]], chance: random.Random) -> None:
    frame = records(rows)
    shuffled = list(frame.index)
    chance.shuffle(shuffled)
    one, other = (
        link(f, NOBODY, KEYS).sort_values("record_key", ignore_index=True)
        for f in (frame, frame.loc[shuffled])
    )
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=150, deadline=None)
@given(tables, tables, tables)
def test_a_person_key_changes_only_by_a_merge_that_keeps_the_older(
    first: list[tuple[str | None, ...]],
    second: list[tuple[str | None, ...]],
    third: list[tuple[str | None, ...]],
) -> None:
    persons, seen_at, rows = NOBODY, {}, []
    for number, batch in enumerate((first, second, third), 1):
        rows += batch
        now = link(records(rows), persons, KEYS)
        assert now["record_key"].is_unique
        assert set(now["record_key"]) == set(records(rows)["record_key"])
        new = dict(zip(now["record_key"], now["person_key"], strict=True))
        for record_key, before in zip(persons["record_key"], persons["person_key"], strict=True):
            if new[record_key] != before:
                assert seen_at[new[record_key]] <= seen_at[before]
                assert before not in set(new.values())  # the whole person moved
        for person_key in new.values():
            seen_at.setdefault(person_key, number)
        assert (now.groupby("person_key")["link_rule"].agg(lambda r: (r == "own").sum()) == 1).all()
        persons = now[list(NOBODY.columns)]


@settings(max_examples=100, deadline=None)
@given(tables)
def test_records_that_share_a_value_are_one_person_and_no_others(rows: list[tuple[str | None, ...]]) -> None:
    frame = records(rows).merge(link(records(rows), NOBODY, KEYS), on="record_key")
    for column in MATCH_COLUMNS:
        assert (frame.dropna(subset=column).groupby(column)["person_key"].nunique() <= 1).all()
    for _, person in frame.groupby("person_key"):
        reached, rest = person.iloc[:1], person.iloc[1:]
        while len(rest):
            shares = pd.concat(
                [rest[c].notna() & rest[c].isin(reached[c].dropna()) for c in MATCH_COLUMNS], axis=1
            ).any(axis=1)
            assert shares.any()
            reached, rest = pd.concat([reached, rest[shares]]), rest[~shares]
