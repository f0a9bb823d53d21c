"""Links between records of one vault, from what they share exactly; the model is tested in test_quality."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.identity.groups import group
from orchestration.identity.known_links import Known
from orchestration.identity.linking import Links, link
from orchestration.identity.links import export_links
from orchestration.identity.plan import Plan
from orchestration.identity.vault import Vault
from tests.identity.makers import KEYS, match_records, participants

BLANK = {"nino": "", "uln": "", "date_of_birth": "", "postcode": ""}
PLAN = Plan.read()


def linked(vault: Vault, folder: Path) -> pd.DataFrame:
    return pd.read_parquet(export_links(vault, folder).path)


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


SHARED = {"nino": "QQ314159", "forename": "jo", "surname": "canary", "born": "1990-05-17"}


@pytest.mark.parametrize(
    ("other", "is_linked"),
    [
        ({"surname": "married"}, True),
        ({"forename": "joanna"}, True),  # a short form
        ({"forename": "canary", "surname": "jo"}, True),  # exchanged
        ({"forename": None, "surname": None}, True),
        ({"born": None}, True),
        ({"born": "1990-05-18"}, True),  # a slip
        ({"born": "1990-17-05"}, True),  # day and month exchanged
        ({"born": "1985-02-11"}, False),
        ({"forename": "walter"}, False),  # a twin's number, or a name that a person must look at
        ({"forename": "walter", "surname": "other", "born": "1985-02-11"}, False),
    ],
)
def test_a_shared_number_links_only_what_does_not_contradict(other: dict[str, Any], is_linked: bool) -> None:
    found = linked_frame(SHARED, SHARED | other)
    assert (found.persons["person_key"].nunique() == 1) == is_linked


def linked_frame(*rows: dict[str, Any]) -> Links:
    return link(match_records(*rows), Known.nothing(), KEYS, PLAN)


def test_a_number_copied_down_a_column_links_nobody() -> None:
    people = [
        {"nino": "QQ314159", "forename": f"name{n}x{n}", "surname": "s", "born": f"19{60 + n}-01-{n + 10}"}
        for n in range(19)
    ]
    assert linked_frame(*people).persons["person_key"].nunique() == 19


def test_a_number_that_a_crowd_shares_is_left_aside_and_told() -> None:
    found = linked_frame(*[{"nino": "QQ314159"}] * (PLAN.crowd + 1))
    assert found.persons["person_key"].nunique() == PLAN.crowd + 1
    assert f"{PLAN.crowd + 1} records share a number" in found.note


def test_what_contradicts_stays_apart_through_a_third_record() -> None:
    vague = {"nino": "QQ314159", "uln": "9276308686"}
    found = linked_frame(
        {"nino": "QQ314159", "forename": "jo", "born": "1990-05-17"}, vague,
        {"uln": "9276308686", "forename": "walter", "born": "1985-02-11"},
    )  # fmt: skip
    persons = found.persons.set_index("record_key").loc[match_records(*[{}] * 3)["record_key"], "person_key"]
    assert persons.nunique() == 2
    assert persons.iloc[0] != persons.iloc[2]
    assert persons.iloc[0] == persons.iloc[1]  # the National Insurance number is the stronger link


def test_few_records_are_linked_without_a_model_and_that_is_said() -> None:
    found = linked_frame(SHARED, SHARED)
    assert found.model is None
    assert "too few to train a model" in found.note


def test_an_uncertain_pair_waits_for_a_person() -> None:
    found = linked_frame(SHARED, SHARED | {"forename": "walter"}, {})
    assert found.reviews["why"].tolist() == ["forenames differ"]
    assert linked_frame(SHARED, SHARED).reviews.empty


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
    exported = export_links(vault, tmp_path)
    before = exported.path.stat().st_mtime_ns
    assert export_links(vault, tmp_path).version == exported.version
    assert exported.path.stat().st_mtime_ns == before
    assert (exported.records, exported.people, exported.uncertain) == (3, 1, 0)
    table = pq.read_table(exported.path)
    assert table.column_names == ["record_key", "person_key", "link_rule"]
    assert table["record_key"].to_pylist() == sorted(table["record_key"].to_pylist())
    assert list(tmp_path.glob("*.partial")) == []


def test_an_empty_vault_exports_empty_links(vault: Vault, tmp_path: Path) -> None:
    assert len(linked(vault, tmp_path)) == 0


def test_a_move_does_not_undo_a_link_but_a_corrected_number_does(vault: Vault, tmp_path: Path) -> None:
    known = {"date_of_birth": "1990-05-17", "postcode": "ZZ1 0AA"}
    for return_id in ("a", "b"):
        vault.pseudonymise(return_id, "5" * 64, participants(BLANK | known))
    before = linked(vault, tmp_path)
    vault.pseudonymise("b", "6" * 64, participants(BLANK | known | {"postcode": "ZZ9 9AA"}))
    pd.testing.assert_frame_equal(linked(vault, tmp_path), before)
    for return_id, number in (("a", "QQ314159A"), ("b", "QQ271828A")):
        vault.pseudonymise(return_id, "7" * 64, participants(BLANK | known | {"nino": number}))
    assert linked(vault, tmp_path)["person_key"].nunique() == 2


def test_a_split_holds_for_ever_and_a_decided_link_too() -> None:
    rows = [SHARED, SHARED, SHARED | {"forename": "walter"}]
    records = match_records(*rows)
    first, second, third = records["record_key"]
    decisions = pd.DataFrame(
        [(*sorted((first, second)), "split"), (*sorted((first, third)), "link")],
        columns=["record_l", "record_r", "decision"],
    )
    known = replace(Known.nothing(), decisions=decisions)
    for _ in range(2):
        found = link(records, known, KEYS, PLAN)
        key = found.persons.set_index("record_key")["person_key"]
        assert key[first] == key[third] != key[second]
        assert found.persons.set_index("record_key").loc[third, "link_rule"] == "decided"
        known = replace(known, persons=found.persons, edges=found.edges)


def test_splitting_and_linking_again_gives_back_the_same_person_keys() -> None:
    records = match_records(SHARED, SHARED)
    alone = link(records.assign(match_nino=None, match_born=None), Known.nothing(), KEYS, PLAN)
    joined = link(records, replace(Known.nothing(), persons=alone.persons), KEYS, PLAN)
    assert joined.persons["person_key"].nunique() == 1
    split = pd.DataFrame(
        [(*sorted(records["record_key"]), "split")], columns=["record_l", "record_r", "decision"]
    )
    known = replace(Known.nothing(), persons=joined.persons, edges=joined.edges, decisions=split)
    apart = link(records, known, KEYS, PLAN)
    assert apart.persons["person_key"].tolist() == alone.persons["person_key"].tolist()


values = st.sampled_from([None, "a", "b", "c"])
tables = st.lists(st.fixed_dictionaries({n: values for n in ("nino", "uln", "born")}), max_size=10)


@settings(max_examples=8, deadline=None)
@given(tables, tables)
def test_a_person_key_is_given_once_and_named_after_one_record(
    first: list[dict[str, str | None]], second: list[dict[str, str | None]]
) -> None:
    before = linked_frame(*first)
    known = replace(Known.nothing(), persons=before.persons, edges=before.edges)
    after = link(match_records(*first, *second), known, KEYS, PLAN).persons
    assert after["record_key"].is_unique
    assert len(after) == len(first) + len(second)
    assert (after.groupby("person_key")["link_rule"].agg(lambda rules: (rules == "own").sum()) == 1).all()
    old = before.persons.merge(after, on="record_key", suffixes=("_then", "_now"))
    changed = old[old["person_key_then"] != old["person_key_now"]]
    assert set(changed["person_key_now"]) <= set(before.persons["person_key"])  # merged into an older person


@settings(max_examples=100)
@given(st.data(), st.integers(1, 9))
def test_groups_hold_no_pair_that_must_stay_apart(data: st.DataObject, count: int) -> None:
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    links, apart = data.draw(st.lists(pair)), data.draw(st.lists(pair))
    first = group(count, links, apart)
    assert all(first[one] != first[other] for one, other in apart)
    assert all(first[n] <= n and first[first[n]] == first[n] for n in range(count))
    loose = group(count, links)
    assert all(loose[one] == loose[other] for one, other in links)
    assert all(loose[n] == loose[first[n]] for n in range(count))  # only what is linked is together


def test_the_order_of_rows_does_not_matter() -> None:
    chance = random.Random(7)
    rows = [{n: chance.choice([None, "a", "b"]) for n in ("nino", "uln")} for _ in range(12)]
    frame = match_records(*rows)
    shuffled = frame.sample(frac=1, random_state=1)
    one, other = (link(f, Known.nothing(), KEYS, PLAN).persons for f in (frame, shuffled))
    together = [p.groupby("person_key")["record_key"].agg(frozenset) for p in (one, other)]
    assert set(together[0]) == set(together[1])
