"""One slip in a file is told once, at its own cell, and nothing that only follows from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.intake.verdict import Verdict
from tests.intake import books
from tests.intake.makers import (
    HEADERS,
    NAME,
    OTHER,
    Sent,
    contract,
    file,
    judged,
    make,
    rules_of,
    text,
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
COUNTS = {
    "entity": "counts",
    "columns": {
        "count_code": "measure",
        "breakdown_type": "by",
        "breakdown_value": "group",
        "area_code": "area",
        "period_start": "from",
        "period_end": "to",
        "value_lower": "number",
    },
}
_NUMBER = {"measure": "starts", "by": "all", "group": "all", "area": "E08000018"}
_NUMBER |= {"from": "01/01/2026", "to": "31/01/2026", "number": "40"}


def _sent(row: dict[str, str], feeds: list[dict[str, Any]], *before: dict[str, str], **changes: Any) -> Sent:
    """A row after others; each column has the name that the feeds know it by."""
    columns = {name: {"headers": [name.title()]} for name in row}
    rows = [[name.title() for name in row], *(list((row | other).values()) for other in before)]
    return Sent(text([*rows, list(row.values())]), make(columns, feeds, **changes))


def _told(verdict: Verdict) -> list[tuple[str, int | None, str | None]]:
    return [(f.rule_id, f.row, f.column) for f in verdict.findings]


@pytest.mark.parametrize(("score", "rule_id"), [("70", "R32"), ("high", "R27")])
@pytest.mark.parametrize("item", ["happy", "anxious"])
def test_of_two_feeds_the_column_is_that_of_its_own(
    tmp_path: Path, item: str, score: str, rule_id: str
) -> None:
    row = {"ref": "A1", "happy": "7", "anxious": "3"} | {item: score}
    assert _told(judged(tmp_path, _sent(row, SCORES))) == [(rule_id, 2, item.title())]


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
    assert _told(verdict) == [(rule_id, 4, next(iter(slip)).title())]
    assert [f.count for f in verdict.findings] == [1]  # though several records are of the row
    assert len(verdict.frames["outcomes"]) == 2


@pytest.mark.parametrize(("column", "rule_id"), [("subsidy", "R29"), ("hours", "R27")])
def test_a_name_in_a_column_without_any_is_not_quoted(tmp_path: Path, column: str, rule_id: str) -> None:
    verdict = judged(tmp_path, Sent(file(OTHER, {column: "Mrs Sample"})))
    assert _told(verdict) == [(rule_id, 3, HEADERS[column])]
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
    assert _told(verdict) == [(rule_id, 4, next(iter(slip)).title())]
    assert {40, 20} <= set(verdict.frames["counts"]["value_lower"])


def test_a_field_that_no_record_has_is_empty_in_each(tmp_path: Path) -> None:
    row = {"ref": "A1", "project": "P08", "start": "12/05/2025", "trained": "1"}
    agreed = _sent(row | {"day": ""}, [START, TRAINED], kind="json").agreed
    records = [{name.title(): text for name, text in row.items()}]
    verdict = judged(tmp_path, Sent(json.dumps(records).encode(), agreed))
    assert _told(verdict) == [("R31", 1, "Day")]


def test_a_check_of_a_job_without_its_first_day(tmp_path: Path) -> None:
    no_day = {"job_start": "", "weeks": "13", "result": "sustained"}
    told = _told(judged(tmp_path, Sent(file(OTHER | {"ref": "A0"}, no_day))))
    assert told == [("R31", 3, "Job start")]


def test_a_reference_that_is_an_error_is_not_missing_too(tmp_path: Path) -> None:
    told = _told(judged(tmp_path, Sent(file(OTHER, {"ref": "#REF!"}))))
    assert told == [("R33", 3, "ID")]


@pytest.mark.parametrize(("header", "rules"), [("Number", set()), ("Nomber", {"F05"})])
def test_a_table_that_may_be_absent_is_not_passed_over(tmp_path: Path, header: str, rules: set[str]) -> None:
    names = ["measure", "by", "group", "area", "from", "to"]
    columns = {name: {"headers": [name.title()]} for name in [*names, "number"]}
    tables = [
        {"name": "month", "sheet": "Data", "columns": columns, "feeds": [COUNTS]},
        {"name": "year", "sheet": "Year", "optional": True, "columns": columns, "feeds": [COUNTS]},
    ]
    agreed = make({}, [], tables=tables, grain="aggregate", scope="period", kind="workbook")
    row = ["starts", "all", "all", "E08000018", "01/01/2026", "31/01/2026", 40]
    heads = [name.title() for name in names]
    year = [[*heads, header], ["starts", "all", "all", "E08000018", "01/04/2025", "31/01/2026", 90]]
    content = books.xlsx([[*heads, "Number"], row], more_sheets={"Year": year})
    assert rules_of(judged(tmp_path, Sent(content, agreed))) == rules


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
    assert _told(verdict) == [told]
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
    assert {(rule_id, row) for rule_id, row, _ in _told(judged(tmp_path, sent))} == told


@pytest.mark.parametrize(
    ("headers", "name", "rule_id"), [({"source": "Whence"}, NAME, ""), ({}, "final.csv", "F03")]
)
def test_a_file_that_cannot_be_used_is_read_for_what_else_is_wrong(
    tmp_path: Path, headers: dict[str, str], name: str, rule_id: str
) -> None:
    content = file(OTHER, {"started": "31/06/2025", "area": "#REF!"}, headers=headers)
    columns = dict(contract().tables[0].columns)
    columns["source"] = columns["source"].model_copy(update={"required": True})
    agreed = contract(table={"columns": columns})
    verdict = judged(tmp_path, Sent(content, agreed, name))
    told = {(rule_id or "F05", None, None), ("R02", 3, "Started"), ("R33", 3, "LA")}
    assert (set(_told(verdict)), len(verdict.findings), verdict.frames) == (told, 3, {})


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
    assert _told(judged(tmp_path, Sent(file(slip)))) == [(rule_id, 2, column)]


def test_a_column_that_is_not_there_is_no_cell_of_another_feed(tmp_path: Path) -> None:
    job = WHO | {"outcome_code": "=EMP_START", "outcome_date": "job", "evidence_status_code": "=evidenced"}
    job |= {"evidence_type_code": "=payslip", "evidence_date": "seen"}
    feeds = [START, TRAINED, {"entity": "outcomes", "when": "job", "columns": job}]
    row = {"ref": "A1", "project": "P08", "start": "12/05/2025", "trained": "1", "day": "01/07/2025"}
    names = [*row, "job", "seen"]
    agreed = make({name: {"headers": [name]} for name in names}, feeds)
    content = text([names[:-1], [*row.values(), "02/06/2025"]])
    assert _told(judged(tmp_path, Sent(content, agreed))) == [("F07", None, None), ("R18", 2, None)]


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
    told = [one for one in _told(judged(tmp_path, sent)) if one[0] != "F09"]
    assert told == [(rule_id, 3, next(iter(slip)).title())]


@pytest.mark.parametrize("feed", [SESSIONS, COUNTS | {"when": "number"}])
def test_a_number_of_none_is_a_number(tmp_path: Path, feed: dict[str, Any]) -> None:
    row = SESSION | {"there": "0"} | _NUMBER | {"number": "0"}
    verdict = judged(tmp_path, _sent(row, [feed], grain="aggregate", scope="period"))
    assert not _told(verdict)
    assert [len(frame) for frame in verdict.frames.values()] == [1]


def test_a_programme_that_is_not_the_partners(tmp_path: Path) -> None:
    row = {"ref": "A1", "project": "P09", "start": "12/05/2025"}
    assert _told(judged(tmp_path, _sent(row, [START]))) == [("R17", 2, "Project")]


NUMBERS = {"sheet": "^Month$", "columns": {n: {"headers": [n]} for n in _NUMBER}, "feeds": [COUNTS]}
ON_A_SHEET = make({}, [], tables=[NUMBERS], grain="aggregate", scope="period", kind="workbook")


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        (["Month", "Month (2)"], "F09 The sheet 'Month (2)' has headers of the table, but was not read"),
        (["January"], "F05 We could not find the table in the file. We looked for: a sheet named 'Month'"),
    ],
)
def test_a_table_on_a_sheet_of_another_name_is_not_passed_over(
    tmp_path: Path, sheets: list[str], told: str
) -> None:
    rows: list[list[books.Cell]] = [list(_NUMBER), list(_NUMBER.values())]
    content = books.xlsx([["See the other sheets"]], more_sheets=dict.fromkeys(sheets, rows))
    [finding] = judged(tmp_path, Sent(content, ON_A_SHEET)).findings
    assert f"{finding.rule_id} {finding.message}".startswith(told)


@pytest.mark.parametrize(
    "content", [text([list(_NUMBER), list(_NUMBER.values())]), json.dumps([_NUMBER]).encode()]
)
def test_a_table_of_a_named_sheet_may_come_without_sheets(tmp_path: Path, content: bytes) -> None:
    verdict = judged(tmp_path, Sent(content, ON_A_SHEET))
    assert not _told(verdict)
    assert len(verdict.frames["counts"]) == 1


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
    assert _told(verdict) == [(rule_id, 3, HEADERS[day])]
    assert verdict.submission.rows_set_aside == 1


@pytest.mark.parametrize(("name", "header"), [("final.csv", "Source"), (NAME, "Whence")])
def test_a_name_in_a_file_that_cannot_be_used_is_not_told(tmp_path: Path, name: str, header: str) -> None:
    columns = {n: {"headers": [n.title()]} for n in ("ref", "name", "town", "source")}
    columns["source"] |= {"required": True}
    feeds = [
        {"entity": "participants", "columns": WHO | {"full_name": "name", "sex_code": "town"}},
        {"entity": "referrals", "columns": WHO | {"source_code": "source"}},
    ]
    content = text([["Ref", "Name", "Town", header], ["A1", "Proven Sampleaaab", "Sampleaaab", "gp"]])
    verdict = judged(tmp_path, Sent(content, make(columns, feeds), name))
    told = " ".join(finding.message for finding in verdict.findings)
    assert ("[name]" in told, "Sampleaaab" in told) == (True, False)


def test_a_header_that_lost_a_character_is_told_with_its_cause(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Sent(file({}, headers={"ethnic": "Ethnic gr\ufffdup"})))
    assert rules_of(verdict) == {"F07", "F10"}


JOB = {"outcome_code": "=EMP_START", "outcome_date": "job", "evidence_status_code": "=claimed"}
CHECK = {
    "job_start_date": "job",
    "check_weeks": "=13",
    "check_date": "on",
    "sustainment_status_code": "result",
}


@pytest.mark.parametrize(
    ("job", "hours", "result", "told"),
    [
        ("01/07/2025", "30", "unknown", []),
        ("01/07/2025", "30", "sustained", [("R31", 2, "On")]),
        ("", "0.00", "", []),
        ("", "30", "", [("R31", 2, "Job")]),
    ],
)
def test_what_is_filled_in_advance_begins_nothing(
    tmp_path: Path, job: str, hours: str, result: str, told: list[tuple[str, int, str]]
) -> None:
    feeds = [
        {"entity": "starts", "columns": WHO | {"start_date": "start"}},
        {"entity": "outcomes", "when": "job", "columns": WHO | JOB | {"hours_per_week": "hours"}},
        {"entity": "sustainments", "when": "on", "columns": WHO | CHECK},
    ]
    row = {"ref": "A1", "start": "12/05/2025", "job": job, "hours": hours, "on": "", "result": result}
    assert _told(judged(tmp_path, _sent(row, feeds))) == told


def test_a_count_so_far_may_bear_the_name_of_its_year(tmp_path: Path) -> None:
    row = _NUMBER | {"from": "2025/26", "to": "2025/26"}
    assert not _told(judged(tmp_path, _sent(row, [COUNTS], grain="aggregate", scope="period")))


def test_of_two_tables_that_a_file_without_sheets_may_be_it_is_none(tmp_path: Path) -> None:
    tables = [NUMBERS | {"name": name, "sheet": name} for name in ("Men", "Women")]
    agreed = make({}, [], tables=tables, grain="aggregate", scope="period", kind="workbook")
    verdict = judged(tmp_path, Sent(text([list(_NUMBER), list(_NUMBER.values())]), agreed))
    assert [f.rule_id for f in verdict.findings] == ["F05", "F05"]


def test_a_field_that_decides_and_that_no_record_has(tmp_path: Path) -> None:
    agreed = _sent(
        {"ref": "", "project": "", "start": "", "trained": "", "day": ""}, [START, TRAINED], kind="json"
    ).agreed
    records = [{"Ref": "A1", "Project": "P08", "Start": "12/05/2025", "Day": ""}]
    assert not _told(judged(tmp_path, Sent(json.dumps(records).encode(), agreed)))
