"""One slip in a file is told once, at its own cell, and nothing that only follows from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake import books
from tests.intake.makers import (
    COUNTS,
    HEADERS,
    NUMBER,
    OTHER,
    Sent,
    contract,
    file,
    judged,
    make,
    text,
    told_at,
)

WHO = {"partner_ref": "ref"}
PROJECT = {"programme_id": "project", **WHO}
START = {"entity": "starts", "columns": PROJECT | {"start_date": "start"}}
TRAINED = {
    "entity": "outcomes",
    "where": {"trained": ["1"]},
    "columns": PROJECT
    | {"outcome_code": "=ACCRED_TRAINING", "outcome_date": "day"}
    | {"evidence_status_code": "=verified", "evidence_type_code": "=certificate", "evidence_date": "day"},
}
SCORES = [
    {
        "entity": "measures",
        "columns": WHO
        | {"instrument_code": "=ons4", "stage_code": "=start", "item_code": f"={item}", "score": item},
    }
    for item in ("happy", "anxious")
]


def _sent(row: dict[str, str], feeds: list[dict[str, Any]], *before: dict[str, str], **changes: Any) -> Sent:
    """A row after others; each column has the name that the feeds know it by."""
    columns = {name: {"headers": [name.title()]} for name in row}
    rows = [[name.title() for name in row], *(list((row | other).values()) for other in before)]
    return Sent(text([*rows, list(row.values())]), make(columns, feeds, **changes))


@pytest.mark.parametrize(("score", "rule_id"), [("70", "R32"), ("high", "R27")])
@pytest.mark.parametrize("item", ["happy", "anxious"])
def test_of_two_feeds_the_column_is_that_of_its_own(
    tmp_path: Path, item: str, score: str, rule_id: str
) -> None:
    row = {"ref": "A1", "happy": "7", "anxious": "3"} | {item: score}
    assert told_at(judged(tmp_path, _sent(row, SCORES))) == [(rule_id, 2, item.title())]


@pytest.mark.parametrize(
    ("slip", "rule_id"),
    [
        ({"day": ""}, "R31"),
        ({"day": "01/06/2026"}, "R04"),
        ({"project": "Zebra"}, "R17"),
        ({"ref": "#REF!"}, "R33"),
        ({"ref": ""}, "R01"),
        ({"trained": "#REF!"}, "R33"),
        ({"trained": "Mrs Sample"}, "R29"),
    ],
)
def test_a_slip_in_a_register(tmp_path: Path, slip: dict[str, str], rule_id: str) -> None:
    row = {"ref": "A1", "project": "P08", "start": "12/05/2025", "trained": "1", "day": "01/07/2025"}
    verdict = judged(
        tmp_path, _sent(row | slip, [START, TRAINED], *(row | {"ref": other} for other in ("A0", "A2")))
    )
    assert told_at(verdict) == [(rule_id, 4, next(iter(slip)).title())]
    assert [f.count for f in verdict.findings] == [1]  # though several records are of the row
    assert len(verdict.frames["outcomes"]) == 2


@pytest.mark.parametrize(("column", "rule_id"), [("subsidy", "R29"), ("hours", "R27")])
def test_a_name_in_a_column_without_any_is_not_quoted(tmp_path: Path, column: str, rule_id: str) -> None:
    verdict = judged(tmp_path, Sent(file(OTHER, {column: "Mrs Sample"})))
    assert told_at(verdict) == [(rule_id, 3, HEADERS[column])]
    assert "Sample" not in verdict.findings[0].message


@pytest.mark.parametrize(
    ("slip", "rule_id"),
    [
        ({"area": "E07000125"}, "R14"),
        ({"area": "Atlantis"}, "R16"),
        ({"area": ""}, "R31"),
        ({"from": ""}, "R31"),
        ({"from": "12/01/1900"}, "R02"),
        ({"to": "31/01/2027"}, "R04"),
        ({"to": "31/02/2026"}, "R02"),
        ({"number": ""}, "R31"),
    ],
)
def test_a_slip_in_a_part_of_a_total(tmp_path: Path, slip: dict[str, str], rule_id: str) -> None:
    """The other parts and the total stay."""
    row = {"measure": "starts", "by": "sex", "group": "female", "area": "E08000018"}
    row |= {"from": "01/01/2026", "to": "31/01/2026", "number": "20"}
    total, other = {"by": "all", "group": "all", "number": "40"}, {"group": "male"}
    sent = _sent(row | slip, [COUNTS], row | total, row | other, grain="aggregate", scope="period")
    verdict = judged(tmp_path, sent)
    assert told_at(verdict) == [(rule_id, 4, next(iter(slip)).title())]
    stay = 3 if rule_id == "R16" else 2
    assert sorted(verdict.frames["counts"]["value_lower"]) == [20, 20, 40][-stay:]


def test_a_field_that_no_record_has_is_empty_in_each(tmp_path: Path) -> None:
    row = {"ref": "A1", "project": "P08", "start": "12/05/2025", "trained": "1"}
    agreed = _sent(row | {"day": ""}, [START, TRAINED], kind="json").agreed
    records = [{name.title(): text for name, text in row.items()}]
    verdict = judged(tmp_path, Sent(json.dumps(records).encode(), agreed))
    assert told_at(verdict) == [("R31", 1, "Day")]


def test_a_check_of_a_job_without_its_first_day(tmp_path: Path) -> None:
    no_day = {"job_start": "", "weeks": "13", "result": "sustained"}
    told = told_at(judged(tmp_path, Sent(file(OTHER | {"ref": "A0"}, no_day))))
    assert told == [("R31", 3, "Job start")]


def test_a_reference_that_is_an_error_is_not_missing_too(tmp_path: Path) -> None:
    told = told_at(judged(tmp_path, Sent(file(OTHER, {"ref": "#REF!"}))))
    assert told == [("R33", 3, "ID")]


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"source": "cafÃ©"}, ("F10", 3, "Source")),
        ({"evidence_date": ""}, ("R18", 3, "Evidence date")),
        ({"evidence_type": "a slip of pay"}, ("R16", 3, "Evidence type")),
    ],
)
@pytest.mark.parametrize("kind", ["delimited", "workbook"])
def test_a_slip_in_a_code_is_told_where_it_is(
    tmp_path: Path, kind: str, slip: dict[str, str], told: tuple[str, int, str]
) -> None:
    content = file(OTHER, slip)
    if kind == "workbook":
        content = books.xlsx([line.split(",") for line in content.decode().splitlines()])
    verdict = judged(tmp_path, Sent(content, contract(kind=kind)))
    assert told_at(verdict) == [told]
    assert verdict.frames["outcomes"]["evidence_status_code"].tolist() == [
        "evidenced" if told[0] == "F10" else "claimed"
    ]


STATUSES = ("employed", "unemployed", "inactive")
COURSE = {"people": "people_supported", "jobs": "people_into_work", "share": "into_work_share"}


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"share": "60%"}, {("X10", 3)}),
        ({"people": "30"}, {("X08", 3)}),
        ({"jobs": "9.5"}, {("R27", 3)}),
        ({"people": "30", "share": "90%"}, {("X08", 3), ("X10", 3)}),
    ],
)
def test_a_share_of_a_wrong_number_is_not_wrong_too(
    tmp_path: Path, slip: dict[str, str], told: set[tuple[str, int]]
) -> None:
    row = {"people": "20", "jobs": "10", "share": "50%"} | dict(zip(STATUSES, "578", strict=True))
    feeds = [
        {"entity": "counts", "columns": {"count_code": f"={code}", "value_lower": name, "area_code": "area"}}
        for name, code in COURSE.items()
    ] + [
        {
            "entity": "counts",
            "columns": {"count_code": "=people_supported", "value_lower": status, "area_code": "area"}
            | {"breakdown_type": "=employment_status", "breakdown_value": f"={status}"},
        }
        for status in STATUSES
    ]
    sent = _sent(
        row | slip | {"area": "E08000018"}, feeds, row | {"area": "E08000017"},
        grain="aggregate", scope="period", programmes=["P07"],
    )  # fmt: skip
    assert {(rule_id, row) for rule_id, row, _ in told_at(judged(tmp_path, sent))} == told


@pytest.mark.parametrize(
    ("slip", "rule_id", "column"),
    [
        ({"born": ""}, "R09", "Born"),
        ({"evidence_date": ""}, "R18", "Evidence date"),
        ({"evidence_type": ""}, "R18", "Evidence type"),
    ],
)
def test_what_is_missing_is_told_where_it_is_missing(
    tmp_path: Path, slip: dict[str, str], rule_id: str, column: str
) -> None:
    assert told_at(judged(tmp_path, Sent(file(slip)))) == [(rule_id, 2, column)]


def test_a_column_that_is_not_there_is_no_cell_of_another_feed(tmp_path: Path) -> None:
    job = WHO | {"outcome_code": "=EMP_START", "outcome_date": "job", "evidence_status_code": "=evidenced"}
    job |= {"evidence_type_code": "=payslip", "evidence_date": "seen"}
    feeds = [START, TRAINED, {"entity": "outcomes", "when": "job", "columns": job}]
    row = {"ref": "A1", "project": "P08", "start": "12/05/2025", "trained": "1", "day": "01/07/2025"}
    names = [*row, "job", "seen"]
    agreed = make({name: {"headers": [name]} for name in names}, feeds)
    content = text([names[:-1], [*row.values(), "02/06/2025"]])
    assert told_at(judged(tmp_path, Sent(content, agreed))) == [("F07", None, None), ("R18", 2, None)]


SESSION = {"day": "12/01/2026", "there": "9"}
SESSIONS = {
    "entity": "activities",
    "when": "there",
    "columns": {"activity_code": "=session", "activity_date": "day", "quantity": "=1", "headcount": "there"},
}


@pytest.mark.parametrize(
    ("slip", "rule_id"),
    [
        ({"day": "12/01/2027"}, "R04"),
        ({"there": "2.5"}, "R27"),
        ({"there": "*"}, "R27"),
        ({"there": "£9"}, "R27"),
    ],
)
def test_a_slip_in_a_session_of_a_total(tmp_path: Path, slip: dict[str, str], rule_id: str) -> None:
    """A total that the slip no longer adds up to is no second fault."""
    sent = _sent({"day": "Total", "there": "18"}, [SESSIONS], SESSION, SESSION | slip, scope="period")
    told = [one for one in told_at(judged(tmp_path, sent)) if one[0] != "F09"]
    assert told == [(rule_id, 3, next(iter(slip)).title())]


@pytest.mark.parametrize("feed", [SESSIONS, COUNTS | {"when": "number"}])
def test_a_number_of_none_is_a_number(tmp_path: Path, feed: dict[str, Any]) -> None:
    row = SESSION | {"there": "0"} | NUMBER | {"number": "0"}
    verdict = judged(tmp_path, _sent(row, [feed], grain="aggregate", scope="period"))
    assert not told_at(verdict)
    assert [len(frame) for frame in verdict.frames.values()] == [1]


def test_a_programme_that_is_not_the_partners(tmp_path: Path) -> None:
    row = {"ref": "A1", "project": "P09", "start": "12/05/2025"}
    assert told_at(judged(tmp_path, _sent(row, [START]))) == [("R17", 2, "Project")]


@pytest.mark.parametrize(
    ("day", "rule_id", "row"),
    [
        ("started", "R31", {"started": "", "ended": "30/06/2025"}),
        ("started", "R02", {"started": "0", "ended": "30/06/2025"}),
        ("job_start", "R31", {"job_start": "", "weeks": ""}),
        ("check_date", "R31", {"check_date": ""}),
        ("ended", "R04", {"ended": "01/04/2026"}),
        ("born", "R08", {"born": "01/02/1950", "subsidy": "Y"}),
    ],
)
def test_a_slip_that_sets_a_row_aside_is_told_once(
    tmp_path: Path, day: str, rule_id: str, row: dict[str, str]
) -> None:
    verdict = judged(tmp_path, Sent(file(OTHER | {"ref": "A0"}, row)))
    assert told_at(verdict) == [(rule_id, 3, HEADERS[day])]
    assert verdict.submission.rows_set_aside == 1


JOB = {"outcome_code": "=EMP_START", "outcome_date": "job", "evidence_status_code": "=claimed"}
JOB |= {"hours_per_week": "hours", "evidence_type_code": "proof"}
CHECK = {
    "job_start_date": "job",
    "check_weeks": "=13",
    "check_date": "on",
    "sustainment_status_code": "result",
}


@pytest.mark.parametrize(
    ("job", "hours", "proof", "result", "told"),
    [
        ("01/07/2025", "30", "payslip", "unknown", []),
        ("01/07/2025", "30", "payslip", "sustained", [("R31", 2, "On")]),
        ("", "30", "", "", []),
        ("", "0.00", "payslip", "", []),
        ("", "30", "payslip", "", [("R31", 2, "Job")]),
    ],
)
def test_what_is_filled_in_advance_begins_nothing(
    tmp_path: Path, job: str, hours: str, proof: str, result: str, told: list[tuple[str, int, str]]
) -> None:
    feeds = [
        {"entity": "starts", "columns": WHO | {"start_date": "start"}},
        {"entity": "outcomes", "when": "job", "columns": WHO | JOB},
        {"entity": "sustainments", "when": "on", "columns": WHO | CHECK},
    ]
    row = {"ref": "A1", "start": "12/05/2025", "job": job, "hours": hours, "proof": proof}
    row |= {"on": "", "result": result}
    assert told_at(judged(tmp_path, _sent(row, feeds))) == told


def test_a_count_so_far_may_bear_the_name_of_its_year(tmp_path: Path) -> None:
    row = NUMBER | {"from": "2025/26", "to": "2025/26"}
    assert not told_at(judged(tmp_path, _sent(row, [COUNTS], grain="aggregate", scope="period")))


def test_a_field_that_decides_and_that_no_record_has(tmp_path: Path) -> None:
    agreed = _sent(
        {"ref": "", "project": "", "start": "", "trained": "", "day": ""}, [START, TRAINED], kind="json"
    ).agreed
    records = [{"Ref": "A1", "Project": "P08", "Start": "12/05/2025", "Day": ""}]
    assert not told_at(judged(tmp_path, Sent(json.dumps(records).encode(), agreed)))
