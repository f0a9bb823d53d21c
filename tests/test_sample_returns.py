"""The sample returns: the same each time, about nobody, read by their contracts, feeding every metric."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from orchestration.intake.contract import Contract, load_contracts
from orchestration.intake.prepare import Prepared, prepare
from orchestration.intake.reference import load_reference
from orchestration.settings import REFERENCE
from seeds.returns.generate import write
from tests.sample_files import CLOCK, LANDING, RETURNS, files_in, read_text, texts


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts()


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    committed = files_in(LANDING)
    again = files_in(tmp_path / "landing")
    assert list(again) == list(committed)
    assert [name for name in again if again[name] != committed[name]] == []
    for name in ("truth.csv", "truth_people.csv"):
        assert (tmp_path / name).read_bytes() == (RETURNS / name).read_bytes()


def test_every_contract_loads_and_has_files(contracts: dict[str, Contract]) -> None:
    assert sorted(contracts) == sorted(p.name for p in LANDING.iterdir() if p.is_dir())


def test_every_file_is_listed_once_and_none_arrives_after_the_clock() -> None:
    with (LANDING / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        deliveries = list(csv.DictReader(file))
    on_disk = {name for name in files_in(LANDING) if name != "deliveries.csv"}
    assert Counter(d["file"] for d in deliveries) == Counter(on_disk)
    assert max(date.fromisoformat(d["received_on"]) for d in deliveries) <= CLOCK


def test_the_whole_is_small() -> None:
    assert sum(len(content) for content in files_in(LANDING).values()) < 8_000_000


def test_every_national_insurance_number_is_an_example_number() -> None:
    number = re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
    found = [match for text in texts() for match in number.findall(text)]
    assert len(found) > 9000
    assert {match[:2] for match in found} == {"QQ"}


def test_every_postcode_is_a_fictional_one() -> None:
    postcode = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b")
    with (REFERENCE / "postcode_lookup.csv").open(encoding="utf-8", newline="") as file:
        lookup = list(csv.DictReader(file))
    known = {row["postcode"] for row in lookup} | {"ZZ1 9XX"}
    assert all("fictional" in row["source"] and row["postcode"].startswith("ZZ") for row in lookup)
    assert {match for text in texts() for match in postcode.findall(text)} <= known


# What each metric of the catalogue is computed from: (entity, columns). M30 needs only the ledger.
NEEDS: dict[str, list[tuple[str, set[str]]]] = {
    "M01-M03": [("referrals", {"referral_date", "triage_outcome_code"})],
    "M04-M07": [("starts", {"start_date"}), ("referrals", {"referral_date"})],
    "M08-M14": [("outcomes", {"outcome_code", "outcome_date", "evidence_status_code", "evidence_date"})],
    "M15-M16": [("sustainments", {"check_weeks", "check_date", "sustainment_status_code"})],
    "M17": [("starts", {"employment_status_code"})],
    "M18": [("barriers", {"barrier_code"}), ("starts", {"is_barriers_assessed"})],
    "M19": [("activities", {"activity_code", "partner_ref"})],
    "M20": [("activities", {"headcount"}), ("counts", {"count_code", "value_lower"})],
    "M21": [("measures", {"item_code", "stage_code", "score"})],
    "M24": [("placements", {"employer_name", "end_date", "is_permanent"})],
    "M25, M33": [("spend", {"theme_code", "cost_type_code", "budget_gbp", "actual_gbp"})],
    "M26, M34": [("targets", {"target_code", "definition_code", "target_value"})],
    "M27-M29": [
        ("participants", {"sex_code", "date_of_birth", "ethnic_group_code", "disability_code", "postcode"})
    ],
}


@pytest.mark.parametrize("metrics", NEEDS)
def test_every_metric_is_fed_by_some_return(metrics: str, contracts: dict[str, Contract]) -> None:
    feeds = [f for c in contracts.values() for table in c.tables for f in table.feeds]
    for entity, columns in NEEDS[metrics]:
        assert any(f.entity == entity and columns <= set(f.columns) for f in feeds), f"{metrics}: {entity}"


def test_counted_results_feed_value_and_volunteering(contracts: dict[str, Contract]) -> None:
    """M22, M23 and M31 come from these counts (M22 from records too)."""
    fed = set()
    for table in contracts["red_rose_recovery"].tables:
        fed |= {f.columns["count_code"].removeprefix("=") for f in table.feeds}
        fed |= {code for column in table.columns.values() for code in column.codes.values()}
    wanted = {
        "volunteer_hours",
        "accredited_training",
        "unique_attendees",
        "substance_instances",
        "ae_events",
    }
    assert wanted | {"people_into_work", "people_not_reoffending"} <= fed


def test_every_word_in_a_coded_column_is_known_or_meant_to_be_unknown(contracts: dict[str, Contract]) -> None:
    with (REFERENCE / "codes.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    unknown = set()
    for return_id in ("rotherham_eit", "more_positive_together", "sheffield_eit", "rotherham_finance"):
        file_name = sorted(p.name for p in (LANDING / return_id).iterdir())[-1]
        rows = [r for r in read_text(return_id, file_name) if "Total" not in r.values()]
        table = contracts[return_id].tables[0]
        for name, column in table.columns.items():
            header = next((h for h in column.headers if h in rows[0]), None)
            if column.codes and header:
                cells = [r[header].split(column.list_by) if column.list_by else [r[header]] for r in rows]
                words = {word.strip() for cell in cells for word in cell} - {""}
                deciding = {word for feed in table.feeds for word in feed.where.get(name, [])}
                known = {word.casefold() for word in deciding.union(column.codes)} | codes
                unknown |= {(return_id, word) for word in words if word.casefold() not in known}
    assert unknown == {("rotherham_eit", word) for word in ("Roadshow", "W1", "f")}


@pytest.mark.parametrize(
    ("return_id", "name", "column", "word"),
    [
        ("rotherham_eit", "PtW_EIT_Rotherham_2025-04-30.csv", "Episode", "2"),
        ("more_positive_together", "MPT_and_Steps_participants_2023_H2_interim.csv", "Re-entry", "1"),
    ],
)
def test_whoever_comes_back_without_a_first_row_is_a_participant(
    contracts: dict[str, Contract], return_id: str, name: str, column: str, word: str
) -> None:
    first, *_ = read_text(return_id, name)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([list(first), [*(first | {column: word}).values()]])
    content = out.getvalue().encode()
    file = prepare(content, Prepared("s", name, CLOCK), contracts[return_id], load_reference(), CLOCK)
    assert file.records.frames["participants"]["partner_ref"].tolist() == [first["Participant ref"]]
