"""The catalogue, and a file that trips each rule; the clean file trips none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestration.control.rules import load_rules
from orchestration.intake.contract import Contract
from orchestration.settings import EXPECTATIONS, PROJECT
from tests.intake.makers import (
    AS_AT,
    CLEAN,
    OTHER,
    check,
    contract,
    counts_contract,
    counts_file,
    file,
    make,
    rules_of,
    text,
)

# Rules of the catalogue that nothing raises yet; this list only ever shrinks.
NOT_IMPLEMENTED = {
    "F08",
    "R26",
    "X02",
    "X04",
    "X08",
    "X10",
    "X13",
    "C02",
    "C03",
    "C04",
    "C07",
    "C08",
    "C09",
    "S01",
    "S07",
    "P01",
    "P02",
    "P03",
    "P04",
    "P05",
}
# Raised only against an earlier file or in a home of its own: tests/intake/test_door.py and test_past.py.
ELSEWHERE = {"F02", "F13", "F15", "C01", "C05", "C06", "S02", "S03", "S05", "S08"}
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
    "R27": {"hours": "about a dozen"},
    "R29": {"source": "jo@example.org"},
    "R31": {"job": ""},
    "R33": {"job_start": "#REF!"},
}
HEADER = "ID,Started"


def _volunteers(hours: str) -> tuple[bytes, Contract]:
    columns = {"ref": {"headers": ["ID"]}, "hours": {"headers": ["Hours"]}}
    feed = {
        "entity": "activities",
        "columns": {"partner_ref": "ref", "activity_code": "=volunteer_hours", "quantity": "hours"},
    }
    return text([["ID", "Hours"], ["A1", hours]]), make(columns, [feed])


def _score(score: str) -> tuple[bytes, Contract]:
    columns = {"ref": {"headers": ["ID"]}, "score": {"headers": ["Happy"]}}
    feed = {
        "entity": "measures",
        "columns": {
            "partner_ref": "ref",
            "instrument_code": "=ons4",
            "item_code": "=happy",
            "stage_code": "=start",
            "score": "score",
        },
    }
    return text([["ID", "Happy"], ["A1", score]]), make(columns, [feed])


def _spend(total: str) -> tuple[bytes, Contract]:
    columns = {"line": {"headers": ["Line"]}, "budget": {"headers": ["Budget"]}}
    feed = {
        "entity": "spend",
        "columns": {
            "line_name": "line",
            "theme_code": "=system",
            "cost_type_code": "=staffing",
            "budget_gbp": "budget",
        },
    }
    rows = [["Line", "Budget"], ["Staff", "£40.10"], ["Rent", "£60.05"], ["Total", total]]
    return text(rows), make(columns, [feed], grain="aggregate")


def _status(status: str) -> tuple[bytes, Contract]:
    names = {"ref": "ID", "start": "Start", "status": "Status", "reason": "Reason"}
    feed = {
        "entity": "starts",
        "columns": {
            "partner_ref": "ref",
            "start_date": "start",
            "employment_status_code": "status",
            "inactivity_reason_code": "reason",
        },
    }
    rows = [list(names.values()), ["A1", "01/05/2025", status, "long_term_sick"]]
    return text(rows), make({name: {"headers": [header]} for name, header in names.items()}, [feed])


def _jobs(evidence_date: str) -> bytes:
    return file(*({"ref": f"A{n}", "nino": "", "uln": "", "evidence_date": evidence_date} for n in range(10)))


def _starts(day: str) -> bytes:
    return file(*(OTHER | {"ref": f"A{n}", "started": day} for n in range(20)))


def _attended(people: str) -> bytes:
    return counts_file(("unique_attendees", "all", "all", people), ("attendances", "all", "all", "40"))


NO_JOB = OTHER | {"job_start": "01/07/2025", "job": "HOUSING", "weeks": "13", "result": "sustained"}
SHARE = ("success_share", "all", "all", "90%")
TOTAL, WOMEN, MEN = (
    ("starts", "all", "all", "42"),
    ("starts", "sex", "female", "20"),
    ("starts", "sex", "male", "21"),
)
FILES = {
    "F01": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02\x00", contract(), None),
    "F03": (file({}), contract(), "final version.csv"),
    "F04": (file({}), contract(agreement={"reference": "D1", "purpose": "t", "expires": "2026-01-30"}), None),
    "F05": (file({}, headers={"started": "Began"}), contract(), None),
    "F06": (file({"notes": "x"}, headers={"notes": "Case notes"}), contract(), None),
    "F07": (file({"rag": "green"}, headers={"rag": "RAG"}), contract(), None),
    "F09": (file({}, {name: "" for name in CLEAN} | {"ref": "Total"}), contract(), None),
    "F10": (file({"source": "cafÃ©"}), contract(), None),
    "F11": (file({}), contract(), "sample_2026-04.csv"),
    "F12": (file({}), contract(), "sample_2025-11.csv"),
    "F14": (file(), contract(), None),
    "R03": (file({"born": "03/04/1990"}, OTHER | {"born": "03/25/1990"}), contract(), None),
    "R23": (*_volunteers("745"), None),
    "R24": (*_status("unemployed"), None),
    "R28": (counts_file(("starts", "all", "all", "*")), counts_contract(), None),
    "R30": (file({}) + b"A9,01/01/1990\r\n", contract(), None),
    "R32": (*_score("70"), None),
    "X01": (file({}, {}), contract(), None),
    "X03": (file(OTHER, OTHER | {"started": "13/05/2025"}), contract(), None),
    "X05": (file({"started": ""}), contract(), None),
    "X06": (file({}, NO_JOB), contract(), None),
    "X09": (_attended("220"), counts_contract(), None),
    "S04": (_starts("01/06/2025"), contract(), None),
    "S06": (_jobs("01/07/2025"), contract(), None),
    "X07": (counts_file(TOTAL, WOMEN, MEN), counts_contract(), None),
    "X11": (counts_file(SHARE), counts_contract(), None),
    "X12": (*_spend("£110.15"), None),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_a_clean_file_trips_nothing(home: Path) -> None:
    verdict = check(home, file({}, OTHER))
    assert verdict.findings == ()
    assert verdict.submission.status == "accepted"
    assert {name: len(frame) for name, frame in verdict.frames.items()} == {
        "participants": 2,
        "referrals": 2,
        "starts": 2,
        "outcomes": 1,
        "sustainments": 1,
    }


@pytest.mark.parametrize("rule_id", sorted(ROW))
def test_a_row_trips_its_rule_at_its_row(home: Path, rule_id: str) -> None:
    verdict = check(home, file(OTHER, ROW[rule_id]))
    found = [f for f in verdict.findings if f.rule_id == rule_id]
    assert [f.row for f in found] == [3], verdict.findings
    assert found[0].severity == load_rules()[rule_id].severity
    assert verdict.submission.status == "accepted_with_findings"
    if found[0].severity == "record":
        assert verdict.submission.rows_set_aside == 1


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_file_trips_its_rule(home: Path, rule_id: str) -> None:
    content, agreed, name = FILES[rule_id]
    verdict = check(home, content, agreed, name or "sample_2026-01.csv")
    found = [f for f in verdict.findings if f.rule_id == rule_id]
    assert len(found) == 1, verdict.findings
    if found[0].severity == "return":
        assert verdict.submission.status == "rejected"
        assert not verdict.frames


@pytest.mark.parametrize(
    ("content", "agreed"),
    [
        _volunteers("20"),
        _status("inactive"),
        (_jobs("02/07/2025"), contract()),
        (_starts("02/06/2025"), contract()),
        (_attended("40"), counts_contract()),
        _score("7"),
        _spend("£100.15"),
        (counts_file(("starts", "all", "all", "41"), WOMEN, MEN), counts_contract()),
        (counts_file(SHARE, ("people_supported", "all", "all", "20")), counts_contract()),
    ],
)
def test_other_shapes_that_are_clean_trip_nothing_but_the_total_row(
    home: Path, content: bytes, agreed: Contract
) -> None:
    assert rules_of(check(home, content, agreed)) <= {"F09"}


def test_an_example_number_is_refused_outside_a_synthetic_home(home: Path) -> None:
    assert "R11" in rules_of(check(home, file({}), is_synthetic=False))


def test_a_follow_on_fault_is_not_told_again(home: Path) -> None:
    assert rules_of(check(home, file(OTHER, {"job_start": "yesterday", "weeks": ""}))) == {"R02"}


def test_what_hangs_on_a_participant_set_aside_goes_too_and_the_start_of_a_bad_job_stays(home: Path) -> None:
    young = check(home, file(OTHER, {"born": "01/02/2015"}))
    assert {name: len(frame) for name, frame in young.frames.items()} == {
        "participants": 1,
        "referrals": 1,
        "starts": 1,
    }
    early = check(home, file(OTHER, {"job_start": "11/05/2025"}))
    assert len(early.frames["starts"]) == 2
    assert "outcomes" not in early.frames


@pytest.mark.parametrize("rule_id", ["R18", "R20"])
def test_a_job_without_evidence_stays_as_claimed(home: Path, rule_id: str) -> None:
    jobs = check(home, file(ROW[rule_id])).frames["outcomes"]
    assert jobs["evidence_status_code"].tolist() == ["claimed"]


def test_an_unknown_category_is_unknown_and_an_old_area_the_new_one(home: Path) -> None:
    region = contract(programmes=["P07"])
    frames = check(home, file({"source": "Gee Pee", "area": "E08000016"}), region).frames
    assert frames["referrals"]["source_code"].tolist() == ["unknown"]
    assert frames["participants"]["area_code"].tolist() == ["E08000038"]


def test_messages_quote_no_personal_value(home: Path) -> None:
    verdict = check(home, file({"born": "31/06/1990", "sex": "Robin Sample", "nino": "QQ12"}))
    told = json.dumps([f.message for f in verdict.findings])
    assert rules_of(verdict) == {"R02", "R10", "R16"}
    assert not re.search(r"1990|Robin|QQ12", told)


def test_every_rule_is_raised_somewhere_or_listed_as_not_implemented() -> None:
    sources = [
        *(PROJECT / "orchestration" / "intake").rglob("*.py"),
        *(EXPECTATIONS / "entities").glob("*.json"),
    ]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    raised = set(re.findall(r'"([FRXCSP]\d\d)"', code))
    raised |= {path.name[:3] for path in (EXPECTATIONS / "across").glob("*.sql")}
    assert raised - {"P08"} == set(load_rules()) - NOT_IMPLEMENTED


def test_every_implemented_rule_has_a_case_that_trips_it() -> None:
    assert set(ROW) | set(FILES) | ELSEWHERE | {"R11"} == set(load_rules()) - NOT_IMPLEMENTED


def test_every_rule_says_what_it_stops_and_how_to_do_better() -> None:
    for rule in load_rules().values():
        assert rule.severity in ("record", "return", "release", "warn", "info")
        assert rule.responsibility in ("partner", "officer", "steward", "engineer")
        assert rule.good
        assert rule.bad
        assert rule.severity_at(AS_AT) == rule.severity
        assert rule.severity_at(rule.effective_from.replace(year=2024)) in ("warn", "info")
