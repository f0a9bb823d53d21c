"""Rules over the records of one file: one that trips each, and one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.makers import (
    COUNT_COLUMNS,
    COUNT_FEED,
    OTHER,
    Sent,
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


def _counts(*rows: tuple[str, str, str, str]) -> Sent:
    return Sent(counts_file(*rows), counts_contract())


def _parts(total: str, by: str, parts: dict[str, str]) -> Sent:
    return _counts(("starts", "all", "all", total), *(("starts", by, name, n) for name, n in parts.items()))


def _spend(total: str) -> Sent:
    columns = {"line": {"headers": ["Line"]}, "budget": {"headers": ["Budget"]}}
    said = {"line_name": "line", "theme_code": "=system", "cost_type_code": "=staffing"}
    feed = {"entity": "spend", "columns": said | {"budget_gbp": "budget"}}
    rows = [["Line", "Budget"], ["Staff", "£40.10"], ["Rent", "£60.05"], ["Total", total]]
    return Sent(text(rows), make(columns, [feed], grain="aggregate"))


def _table(names: dict[str, str], rows: list[list[str]], feeds: list[dict[str, Any]]) -> Sent:
    columns = {name: {"headers": [header]} for name, header in names.items()}
    return Sent(text([list(names.values()), *rows]), make(columns, feeds))


def _session(heads: str) -> Sent:
    """A session of so many heads, and two people named as there."""
    names = {"ref": "ID", "day": "Day", "kind": "Kind", "heads": "Heads"}
    columns = {"partner_ref": "ref", "activity_date": "day", "activity_code": "kind", "headcount": "heads"}
    feeds = [{"entity": "activities", "columns": columns | {"quantity": "=1"}}]
    day = "01/12/2025"
    rows = [["", day, "session", heads], ["A1", day, "attendance", ""], ["A2", day, "attendance", ""]]
    return _table(names, rows, feeds)


def _share(share: str, *more: tuple[str, str]) -> Sent:
    return _counts(("into_work_share", "all", "all", share), *((code, "all", "all", n) for code, n in more))


def _ticked(unemployed: str) -> Sent:
    """A row with boxes for inactive and for unemployed."""
    names = {"ref": "ID", "start": "Start", "inactive": "Inactive", "unemployed": "Unemployed"}
    feeds = [
        {
            "entity": "starts",
            "when": status,
            "columns": {"partner_ref": "ref", "start_date": "start", "employment_status_code": f"={status}"},
        }
        for status in ("inactive", "unemployed")
    ]
    return _table(names, [["A1", "01/05/2025", "1", unemployed]], feeds)


SEXES = {"female": "20", "male": "21"}
STATUSES = {"employed": "10", "unemployed": "20", "inactive": "30"}
SHARED = {"nino": "QQ104456A"}
NO_JOB = OTHER | {"job_start": "01/07/2025", "job": "HOUSING", "weeks": "13", "result": "sustained"}
FIRST = OTHER | {"ended": "20/06/2025"}
AGAIN = OTHER | {"started": "01/07/2025", "referred": "25/06/2025"}
BASE = (("people_supported", "20"), ("people_into_work", "12"))
CASES = {
    "X01": (Sent(file({}, {})), Sent(file({}, OTHER))),
    "X02": (Sent(file(SHARED, SHARED | {"ref": "A7", "uln": ""})), Sent(file({}, OTHER))),
    "X03": (Sent(file(OTHER, AGAIN)), Sent(file(FIRST, AGAIN))),
    "X04": (Sent(file(FIRST, AGAIN)), Sent(file(FIRST, AGAIN), contract(programmes=["P05"], area="all"))),
    "X05": (Sent(file({"started": ""})), Sent(file({}))),
    "X06": (Sent(file({}, NO_JOB)), Sent(file({}))),
    "X07": (_parts("42", "sex", SEXES), _parts("41", "sex", SEXES)),
    "X08": (_parts("65", "employment_status", STATUSES), _parts("60", "employment_status", STATUSES)),
    "X09": (
        _counts(("unique_attendees", "all", "all", "220"), ("attendances", "all", "all", "40")),
        _counts(("unique_attendees", "all", "all", "40"), ("attendances", "all", "all", "40")),
    ),
    "X10": (_share("70%", *BASE), _share("60%", *BASE)),
    "X11": (_share("90%"), _share("60%", *BASE)),
    "X12": (_spend("£110.15"), _spend("£100.15")),
    "X13": (_session("1"), _session("2")),
    "X14": (Sent(file(FIRST, AGAIN | {"born": "01/02/1991"})), Sent(file(FIRST, AGAIN))),
}


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_file_trips_its_rule(tmp_path: Path, rule_id: str) -> None:
    bad, good = CASES[rule_id]
    verdict = judged(tmp_path, bad)
    assert [f.rule_id for f in verdict.findings].count(rule_id) == 1, verdict.findings
    assert rule_id not in rules_of(judged(tmp_path, good))


def test_a_count_stated_twice_is_told(tmp_path: Path) -> None:
    again = _counts(("starts", "all", "all", "40"), ("starts", "all", "all", "45"))
    [told] = [f for f in judged(tmp_path, again).findings if f.rule_id == "X01"]
    assert (told.row, told.message) == (3, "Row 3: the same count as row 2.")


@pytest.mark.parametrize(
    ("by", "group", "header"), [('All"', "all", "By"), ("Sxe", "male", "By"), ("sex", "mael", "Group")]
)
def test_a_number_of_who_knows_what_is_set_aside(tmp_path: Path, by: str, group: str, header: str) -> None:
    rows = [("starts", "all", "all", "42"), ("starts", "Sex", "Female", "20"), ("starts", by, group, "20")]
    verdict = judged(tmp_path, _counts(*rows, rows[2]))
    told = [(f.rule_id, f.row, f.column, f.count) for f in verdict.findings]
    assert told == [("R17", 4, header, 2)]
    assert verdict.frames["counts"]["breakdown_type"].tolist() == ["all", "sex"]
    assert verdict.frames["counts"]["breakdown_value"].tolist() == ["all", "female"]


@pytest.mark.parametrize("by", ["all", "", "age_band", "ethnic5"])
def test_a_group_of_no_breakdown_or_of_another_is_the_only_fault(tmp_path: Path, by: str) -> None:
    women, men = ("starts", "sex", "female", "22"), ("starts", by, "male", "20")
    verdict = judged(tmp_path, _counts(("starts", "all", "", "42"), women, men))
    assert [(f.rule_id, f.row, f.column) for f in verdict.findings] == [("R17", 4, "Group")]
    assert verdict.frames["counts"]["value_lower"].tolist() == [42, 22]


@pytest.mark.parametrize("group", ["unknown", "not asked", "prefer_not_to_say"])
def test_those_of_whom_it_is_not_known_are_a_group_of_any_breakdown(tmp_path: Path, group: str) -> None:
    assert judged(tmp_path, _counts(("starts", "ethnic5", group, "20"))).findings == ()


def test_the_groups_that_a_contract_names_are_known(tmp_path: Path) -> None:
    columns = COUNT_COLUMNS | {"part": {"headers": ["Group"], "codes": {"18 to 24": "18_24"}}}
    agreed = make(columns, [COUNT_FEED], grain="aggregate", scope="period")
    verdict = judged(tmp_path, Sent(counts_file(("starts", "age_band", "18 to 24", "20")), agreed))
    assert verdict.findings == ()
    assert verdict.frames["counts"]["breakdown_value"].tolist() == ["18_24"]


def test_a_target_of_an_unknown_definition_is_set_aside(tmp_path: Path) -> None:
    headers = {"target_code": "Target", "definition_code": "Definition", "target_value": "Number"}
    rows = [["jobs", "eit_paid_job", "5"], ["jobs", "eit_piad_job", "5"]]
    verdict = judged(tmp_path, fed_by(headers, "targets", *rows))
    assert [(f.rule_id, f.row, f.column) for f in verdict.findings] == [("R17", 3, "Definition")]
    assert verdict.frames["targets"]["definition_code"].tolist() == ["eit_paid_job"]


def test_a_row_with_two_statuses_is_told(tmp_path: Path) -> None:
    assert "X08" in rules_of(judged(tmp_path, _ticked("1")))
    assert "X08" not in rules_of(judged(tmp_path, _ticked("0")))


@pytest.mark.parametrize(("by", "parts"), [("sex", SEXES), ("employment_status", STATUSES)])
@pytest.mark.parametrize(("written", "rule_id"), [("abc", "R27"), ("2.5", "R27"), ('"20",9', "R30")])
def test_a_part_that_cannot_be_read_is_the_only_fault(
    tmp_path: Path, by: str, parts: dict[str, str], written: str, rule_id: str
) -> None:
    sent = _parts(str(sum(map(int, parts.values()))), by, parts)
    content = sent.content.replace(b",20\r", f",{written}\r".encode())
    assert rules_of(judged(tmp_path, Sent(content, sent.agreed))) == {rule_id}


def test_parts_of_a_status_are_told_once(tmp_path: Path) -> None:
    assert "X07" not in rules_of(judged(tmp_path, CASES["X08"][0]))


@pytest.mark.parametrize("shared", [{"nino": ""}, {"uln": ""}, {"uln": "", "nino": "qq 10 44 56 b"}])
def test_one_person_under_two_references_is_found_by_either(tmp_path: Path, shared: dict[str, str]) -> None:
    verdict = judged(tmp_path, Sent(file(SHARED | {"ref": "A9"}, SHARED | {"ref": "A7"} | shared)))
    [told] = [f for f in verdict.findings if f.rule_id == "X02"]
    assert (told.row, told.severity) == (3, "warn")
    assert "row 2" in told.message


@pytest.mark.parametrize(("born", "sex"), [("02/02/1990", "F"), ("01/02/1990", "M"), ("02/02/1990", "M")])
def test_two_people_under_one_reference_are_told_once(tmp_path: Path, born: str, sex: str) -> None:
    verdict = judged(tmp_path, Sent(file(FIRST, OTHER | {"ref": "A3"}, AGAIN | {"born": born, "sex": sex})))
    [told] = [f for f in verdict.findings if f.rule_id == "X14"]
    assert (told.row, told.column) == (4, "Sex" if born == OTHER["born"] else "Born")
    assert "row 2" in told.message


@pytest.mark.parametrize("change", [{"born": ""}, {"sex": "not_stated"}])
def test_what_is_not_known_again_is_no_other_person(tmp_path: Path, change: dict[str, str]) -> None:
    assert "X14" not in rules_of(judged(tmp_path, Sent(file(FIRST, AGAIN | change))))


def test_a_number_that_many_share_is_no_person(tmp_path: Path) -> None:
    unknown = {"nino": "QQ000000A", "uln": "9999999999"}
    rows = [unknown | {"ref": ref, "born": f"0{n}/02/1990"} for n, ref in enumerate(("A1", "A2"), start=1)]
    assert "X02" not in rules_of(judged(tmp_path, Sent(file(*rows))))
