"""How well records are linked: nobody joined with a stranger, and most of one person's records found."""

import random
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from orchestration.identity import model
from orchestration.identity.known_links import Known
from orchestration.identity.linking import Links, link
from orchestration.identity.plan import Plan
from tests.conftest import Home
from tests.identity.makers import KEYS, match_records
from tests.identity.truth import records
from tests.sample_files import RETURNS

FEBRL = Path(__file__).parent / "febrl"
PLAN = Plan.read()


def quality(persons: pd.DataFrame, truth: pd.Series) -> tuple[float, float]:
    """Precision and recall over pairs of records; `truth`: person by record key."""
    named = persons.assign(truth=persons["record_key"].map(truth))
    right, linked, same = (
        int((size * (size - 1) // 2).sum())
        for size in (named.groupby(by).size() for by in (["truth", "person_key"], "person_key", "truth"))
    )
    return right / linked, right / same


@cache
def invented() -> tuple[pd.DataFrame, Links]:
    told = records(random.Random(1), 1000)
    return told, link(told, Known.nothing(), KEYS, PLAN)


def test_invented_people_with_twins_households_and_name_changes(record_property: pytest.Function) -> None:
    told, found = invented()
    precision, recall = quality(found.persons, told.set_index("record_key")["person"])
    record_property("precision", precision)
    record_property("recall", recall)
    assert found.note == ""
    assert (found.persons["link_rule"] == "probable").sum() > 60
    assert precision >= 0.999
    assert recall >= 0.93


@pytest.mark.parametrize(("sets", "least_recall"), [(("3",), 0.98), (("4a", "4b"), 0.95)])
def test_febrl_without_the_national_number(
    record_property: pytest.Function, sets: tuple[str, ...], least_recall: float
) -> None:
    told = pd.concat([_febrl(name) for name in sets], ignore_index=True)
    precision, recall = quality(
        link(told, Known.nothing(), KEYS, PLAN).persons, told.set_index("record_key")["person"]
    )
    record_property("precision", precision)
    record_property("recall", recall)
    assert precision >= 0.999
    assert recall >= least_recall


def _febrl(name: str) -> pd.DataFrame:
    raw = pd.read_csv(
        FEBRL / f"dataset{name}.csv.gz", dtype="str", skipinitialspace=True, keep_default_na=False
    ).rename(columns=str.strip)
    born = raw["date_of_birth"].str.replace(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True)
    lines = raw[["street_number", "address_1", "address_2", "suburb"]].agg(" ".join, axis=1)
    told = pd.DataFrame(
        {
            "match_forename": raw["given_name"],
            "match_surname": raw["surname"],
            "match_born": born,
            "match_postcode": raw["postcode"],
            "match_address": lines.str.replace(r"\s+", " ", regex=True).str.strip(),
        }
    )
    told = told.mask(told == "").assign(match_nino=None, match_uln=None)
    return told.assign(record_key=raw["rec_id"], person=raw["rec_id"].str.extract(r"rec-(\d+)-")[0])


def test_the_sample_returns(refreshed: Home, record_property: pytest.Function) -> None:
    told = pd.read_csv(RETURNS / "truth_people.csv", dtype="str").set_index(["return_id", "partner_ref"])
    with closing(sqlite3.connect(refreshed.path / "vault" / "vault.db")) as vault:
        linked = vault.execute(
            "select return_id, partner_ref, record_key, person_key from records"
            " inner join persons using (record_key)"
        ).fetchall()
    keys = ["return_id", "partner_ref"]
    persons = pd.DataFrame(linked, columns=[*keys, "record_key", "person_key"]).join(
        told, on=keys, how="inner"
    )
    precision, recall = quality(persons, persons.set_index("record_key")["person"])
    record_property("precision", precision)
    record_property("recall", recall)
    assert len(persons) > 1800
    assert precision >= 0.999
    assert recall >= 0.98


def test_new_records_are_scored_with_the_kept_model(monkeypatch: pytest.MonkeyPatch) -> None:
    told, before = invented()
    monkeypatch.setattr(model, "train", lambda _: pytest.fail("the model was trained again"))
    linked = before.persons[before.persons["link_rule"] == "probable"]["record_key"].tolist()[:40]
    persons = before.persons[~before.persons["record_key"].isin(linked)]
    edges = before.edges[~(before.edges["record_l"].isin(linked) | before.edges["record_r"].isin(linked))]
    again = link(told, Known(persons, edges, Known.nothing().decisions, before.model), KEYS, PLAN)
    precision, _ = quality(again.persons, told.set_index("record_key")["person"])
    rules = again.persons.set_index("record_key").loc[linked, "link_rule"]
    assert (rules == "probable").sum() > 30
    assert precision >= 0.999


def test_the_same_records_teach_the_same_model_whatever_the_keys() -> None:
    told, before = invented()
    renamed = told.assign(record_key=[KEYS.person_key(key) for key in told["record_key"]])
    again = link(renamed, Known.nothing(), KEYS, PLAN)
    assert again.model == before.model
    groups = [p.groupby("person_key").size().sort_values().tolist() for p in (before.persons, again.persons)]
    assert groups[0] == groups[1]


def test_a_model_that_the_records_do_not_teach_is_refused() -> None:
    alike = {"forename": "jo", "surname": "canary", "born": "1990-05-17", "postcode": "ZZ1 0AA"}
    rows = [alike | {"surname": f"s{n // 2}", "born": f"{1900 + n // 2}-01-01"} for n in range(200)]
    found = link(match_records(*rows), Known.nothing(), KEYS, Plan(**(vars(PLAN) | {"enough_pairs": 50})))
    assert found.model is not None
    assert found.model.content is None
    assert "only: the records do not teach" in found.note
    assert found.persons["person_key"].nunique() == 100
