"""Rules about one record: a row that trips each, told at its row, and one that does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestration.control.rules import load_rules
from tests.intake.makers import (
    OTHER,
    Sent,
    check,
    contract,
    counts_contract,
    counts_file,
    fed_by,
    file,
    judged,
    make,
    rules_of,
    text,
)

ROW = {
    "R01": {"ref": "TBC"},
    "R02": {"started": "31/06/2025"},
    "R04": {"job_start": "01/07/2026"},
    "R05": {"referred": "13/05/2025"},
    "R06": {"job_start": "11/05/2025"},
    "R07": {"referred": "01/05/2024"},
    "R08": {"born": "01/02/2015"},
    "R09": {"born": ""},
    "R10": {"nino": "QQ12345"},
    "R12": {"uln": "9276308687"},
    "R13": {"postcode": "Rotherham"},
    "R14": {"area": "E07000125"},
    "R15": {"area": "E08000016"},
    "R16": {"source": "Gee Pee"},
    "R17": {"job": "GOT JOB?"},
    "R18": {"evidence_date": ""},
    "R19": {"evidence_date": "31/05/2025"},
    "R20": {"evidence_type": "self_declaration"},
    "R21": {"check_date": "01/08/2025"},
    "R22": {"hours": "375"},
    "R25": {"subsidy": "Y"},
    "R26": {"ethnic": ""},
    "R27": {"hours": "about a dozen"},
    "R29": {"source": "jo@example.org"},
    "R31": {"job": ""},
    "R33": {"job_start": "#REF!"},
    "R34": {"ended": "11/05/2025"},
}


def _happy_and_anxious(happy: str, anxious: str) -> Sent:
    """Two columns that feed one standard column."""
    columns = {name: {"headers": [name.title()]} for name in ("ref", "happy", "anxious")}
    said = {"partner_ref": "ref", "instrument_code": "=ons4", "stage_code": "=start"}
    feeds = [
        {"entity": "measures", "columns": said | {"item_code": f"={item}", "score": item}}
        for item in ("happy", "anxious")
    ]
    return Sent(text([["Ref", "Happy", "Anxious"], ["A1", happy, anxious]]), make(columns, feeds))


def _volunteers(hours: str) -> Sent:
    headers = {"partner_ref": "ID", "quantity": "Hours"}
    return fed_by(headers, "activities", ["A1", hours], activity_code="=volunteer_hours")


def _score(score: str) -> Sent:
    said = {"instrument_code": "=ons4", "item_code": "=happy", "stage_code": "=start"}
    return fed_by({"partner_ref": "ID", "score": "Happy"}, "measures", ["A1", score], **said)


def _status(status: str) -> Sent:
    headers = {"partner_ref": "ID", "start_date": "Start"}
    headers |= {"employment_status_code": "Status", "inactivity_reason_code": "Reason"}
    return fed_by(headers, "starts", ["A1", "01/05/2025", status, "long_term_sick"])


def _starts(number: str) -> Sent:
    return Sent(counts_file(("starts", "all", "all", number)), counts_contract())


CASES = {rule_id: (Sent(file(OTHER, row)), Sent(file(OTHER, {}))) for rule_id, row in ROW.items()} | {
    "R03": (
        Sent(file({"born": "03/04/1990"}, OTHER | {"born": "03/25/1990"})),
        Sent(file({"born": "03/04/1990"}, OTHER)),
    ),
    "R11": (Sent(file(OTHER, {}), is_synthetic=False), Sent(file(OTHER), is_synthetic=False)),
    "R23": (_volunteers("745"), _volunteers("20")),
    "R24": (_status("unemployed"), _status("inactive")),
    "R28": (_starts("*"), _starts("3")),
    "R30": (Sent(file({}) + b"A9,01/01/1990\r\n"), Sent(file({}))),
    "R32": (_score("70"), _score("7")),
}


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_row_trips_its_rule(tmp_path: Path, rule_id: str) -> None:
    bad, good = CASES[rule_id]
    verdict = judged(tmp_path, bad)
    found = [f for f in verdict.findings if f.rule_id == rule_id]
    assert len(found) == 1, verdict.findings
    assert found[0].severity == load_rules()[rule_id].severity
    assert rule_id not in rules_of(judged(tmp_path, good))


@pytest.mark.parametrize("rule_id", sorted(ROW))
def test_it_is_told_at_its_row_and_what_it_stops_is_set_aside(tmp_path: Path, rule_id: str) -> None:
    verdict = judged(tmp_path, CASES[rule_id][0])
    found = [f for f in verdict.findings if f.rule_id == rule_id]
    assert [f.row for f in found] == [3]
    assert verdict.submission.status.startswith("accepted")
    assert verdict.submission.rows_set_aside >= (found[0].severity == "record")


@pytest.mark.parametrize(("scores", "column"), [(("70", "7"), "Happy"), (("7", "70"), "Anxious")])
def test_a_fault_is_told_at_the_column_that_has_it(
    tmp_path: Path, scores: tuple[str, str], column: str
) -> None:
    told = [(f.rule_id, f.column) for f in judged(tmp_path, _happy_and_anxious(*scores)).findings]
    assert told == [("R32", column)]


@pytest.mark.parametrize(("column", "word"), [("ethnic", "not asked"), ("sex", "Not stated")])
def test_a_blank_equality_question_is_told_and_what_it_asks_for_is_understood(
    tmp_path: Path, column: str, word: str
) -> None:
    [told] = check(tmp_path, file({column: ""})).findings
    assert (told.rule_id, word.casefold() in told.message) == ("R26", True)
    assert check(tmp_path, file({column: word})).findings == ()


@pytest.mark.parametrize("rule_id", ["R18", "R20"])
def test_a_job_without_evidence_stays_as_claimed(tmp_path: Path, rule_id: str) -> None:
    jobs = check(tmp_path, file(ROW[rule_id])).frames["outcomes"]
    assert jobs["evidence_status_code"].tolist() == ["claimed"]


def test_an_unknown_category_is_unknown_and_an_old_area_the_new_one(tmp_path: Path) -> None:
    region = contract(programmes=["P07"])
    frames = check(tmp_path, file({"source": "Gee Pee", "area": "E08000016"}), region).frames
    assert frames["referrals"]["source_code"].tolist() == ["unknown"]
    assert frames["participants"]["area_code"].tolist() == ["E08000038"]


def test_messages_quote_no_personal_value(tmp_path: Path) -> None:
    verdict = check(tmp_path, file({"born": "31/06/1990", "sex": "Robin Sample", "nino": "QQ12"}))
    told = json.dumps([f.message for f in verdict.findings])
    assert rules_of(verdict) == {"R02", "R10", "R16"}
    assert not re.search(r"1990|Robin|QQ12", told)
