"""A table is found wherever it stands; one that is not is told, with all else that is wrong in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake import books
from tests.intake.makers import (
    COUNTS,
    NAME,
    NUMBER,
    OTHER,
    Sent,
    contract,
    file,
    judged,
    make,
    rules_of,
    text,
    told_at,
)

WHO = {"partner_ref": "ref"}


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
    assert (set(told_at(verdict)), len(verdict.findings), verdict.frames) == (told, 3, {})


NUMBERS = {"sheet": "^Month$", "columns": {n: {"headers": [n]} for n in NUMBER}, "feeds": [COUNTS]}
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
    rows: list[list[books.Cell]] = [list(NUMBER), list(NUMBER.values())]
    content = books.xlsx([["See the other sheets"]], more_sheets=dict.fromkeys(sheets, rows))
    [finding] = judged(tmp_path, Sent(content, ON_A_SHEET)).findings
    assert f"{finding.rule_id} {finding.message}".startswith(told)


@pytest.mark.parametrize(
    "content", [text([list(NUMBER), list(NUMBER.values())]), json.dumps([NUMBER]).encode()]
)
def test_a_table_of_a_named_sheet_may_come_without_sheets(tmp_path: Path, content: bytes) -> None:
    verdict = judged(tmp_path, Sent(content, ON_A_SHEET))
    assert not told_at(verdict)
    assert len(verdict.frames["counts"]) == 1


@pytest.mark.parametrize(("name", "header"), [("final.csv", "Source"), (NAME, "Whence")])
def test_a_name_in_a_file_that_cannot_be_used_is_nottold_at(tmp_path: Path, name: str, header: str) -> None:
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


def test_of_two_tables_that_a_file_without_sheets_may_be_it_is_none(tmp_path: Path) -> None:
    tables = [NUMBERS | {"name": name, "sheet": name} for name in ("Men", "Women")]
    agreed = make({}, [], tables=tables, grain="aggregate", scope="period", kind="workbook")
    verdict = judged(tmp_path, Sent(text([list(NUMBER), list(NUMBER.values())]), agreed))
    assert [f.rule_id for f in verdict.findings] == ["F05", "F05"]
