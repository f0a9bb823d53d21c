"""Rules about the file itself: one that trips each, and one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.makers import (
    AS_AT,
    CLEAN,
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

CLEAN_FILE = Sent(file({}))
EXPIRED = contract(agreement={"reference": "D1", "purpose": "t", "expires": "2026-01-30"})
COUNTED = contract(row_count=r"Rows: (?P<number>\d+)")
LAST_MONTH = {"sample_2025-12.csv": file(OTHER)}


def _counted(rows: str) -> Sent:
    return Sent(b"Rows: " + rows.encode() + b"\r\n" + file({}, OTHER), COUNTED)


def _heads(total: str) -> Sent:
    headers = {"activity_date": "Day", "headcount": "Heads"}
    rows = [["01/05/2025", "11"], ["08/05/2025", "9"], ["Total", total]]
    return fed_by(headers, "activities", *rows, activity_code="=session", quantity="=1")


CASES = {
    "F01": (Sent(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02\x00"), CLEAN_FILE),
    "F02": (Sent(file(OTHER), before=LAST_MONTH), Sent(file({}), before=LAST_MONTH)),
    "F03": (Sent(file({}), name="final version.csv"), CLEAN_FILE),
    "F04": (Sent(file({}), EXPIRED), CLEAN_FILE),
    "F05": (Sent(file({}, headers={"started": "Began"})), CLEAN_FILE),
    "F06": (Sent(file({"notes": "x"}, headers={"notes": "Case notes"})), CLEAN_FILE),
    "F07": (Sent(file({"rag": "green"}, headers={"rag": "RAG"})), CLEAN_FILE),
    "F08": (_counted("3"), _counted("2")),
    "F09": (Sent(file({}, {name: "" for name in CLEAN} | {"ref": "Total"})), CLEAN_FILE),
    "F10": (Sent(file({"source": "cafÃ©"})), CLEAN_FILE),
    "F11": (Sent(file({}), name="sample_2026-04.csv"), CLEAN_FILE),
    "F12": (Sent(file({}), name="sample_2025-11.csv"), CLEAN_FILE),
    "F13": (
        Sent(file(OTHER, headers={"sex": "Gender"}), before=LAST_MONTH),
        Sent(file(OTHER, {}), before=LAST_MONTH),
    ),
    "F14": (Sent(file()), Sent(file() + b"Nil return\r\n")),
}
STOPS = {"F01", "F03", "F04", "F05", "F06", "F11", "F14"}


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_file_trips_its_rule(tmp_path: Path, rule_id: str) -> None:
    bad, good = CASES[rule_id]
    (tmp_path / "bad").mkdir()
    verdict = judged(tmp_path / "bad", bad)
    assert [f.rule_id for f in verdict.findings].count(rule_id) == 1, verdict.findings
    assert (verdict.submission.status == "rejected") == (rule_id in STOPS)
    assert bool(verdict.frames) != (rule_id in STOPS | {"F02"})
    assert rule_id not in rules_of(judged(tmp_path, good))


def _rounded(total: int) -> Sent:
    """Numbers rounded to 5 and hidden below 5, one of 10 and one of less than 5, with their total."""
    columns: dict[str, Any] = {
        "code": {"headers": ["Measure"]},
        "number": {"headers": ["Number"], "rounded_to": 5},
    }
    feed = {"entity": "counts", "columns": {"count_code": "code", "value_lower": "number"}}
    rows = [["Measure", "Number"], ["starts", "10"], ["sessions", "*"], ["Total", str(total)]]
    return Sent(text(rows), make(columns, [feed], grain="aggregate", scope="period"))


@pytest.mark.parametrize(("total", "is_told"), [("20", False), ("21", True), ("about 20", False)])
def test_a_grand_total_of_numbers_is_added_up(tmp_path: Path, total: str, is_told: bool) -> None:
    verdict = judged(tmp_path, _heads(total))
    told = [f.message for f in verdict.findings if f.rule_id == "F08"]
    assert ["says 21 in column 'Heads' but the rows add to 20" in message for message in told] == [
        True
    ] * is_told


@pytest.mark.parametrize(("total", "is_told"), [(5, True), (10, False), (15, False), (20, True)])
def test_a_total_of_hidden_and_rounded_numbers_is_one_that_they_can_have(
    tmp_path: Path, total: int, is_told: bool
) -> None:
    assert ("F08" in rules_of(judged(tmp_path, _rounded(total)))) == is_told


@pytest.mark.parametrize(("total", "is_told"), [("10", True), ("11", False), ("99", False)])
def test_a_row_set_aside_may_be_any_part_of_the_total(tmp_path: Path, total: str, is_told: bool) -> None:
    sent = _heads(total)
    verdict = judged(tmp_path, Sent(sent.content.replace(b",9\r", b",9,\r"), sent.agreed))
    assert rules_of(verdict) == {"F09", "R30"} | ({"F08"} if is_told else set())


def test_a_number_is_nothing_without_what_it_counts(tmp_path: Path) -> None:
    counted = counts_file(("starts", "all", "all", "50"))
    for header in (b"Number", b"By", b"Group"):
        verdict = judged(tmp_path, Sent(counted.replace(header, b"Else"), counts_contract()))
        assert [f.rule_id for f in verdict.findings] == ["F05"]


@pytest.mark.parametrize("header", ["Post code", "E mail", "Case-notes"])
def test_a_column_with_a_personal_name_is_refused(tmp_path: Path, header: str) -> None:
    assert rules_of(judged(tmp_path, Sent(file({"more": "x"}, headers={"more": header})))) == {"F06"}


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Sent(file({}, headers={"sex": "Sexe"})))
    assert [f.message for f in verdict.findings if f.rule_id == "F07"] == [
        "We did not find these columns: Sex. What they say is taken as not known. "
        "We ignored these columns: Sexe."
    ]


def test_what_stands_in_place_of_a_column_is_told(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Sent(file(OTHER, headers={"started": "Began"}), before=LAST_MONTH))
    assert rules_of(verdict) == {"F05", "F13"}
    assert "new Began; gone Started" in verdict.findings[-1].message


def test_a_new_rule_warns_first_and_says_until_when(tmp_path: Path) -> None:
    before, after = _counted("3"), AS_AT.replace(month=5)
    [warning] = judged(tmp_path, before).findings
    assert (warning.severity, "only a warning until 2026-04-01" in warning.message) == ("warn", True)
    verdict = judged(tmp_path, Sent(before.content, before.agreed, "sample_2026-03.csv", as_at=after))
    assert [f.severity for f in verdict.findings] == ["return"]
    assert verdict.submission.status == "rejected"


@pytest.mark.parametrize("rule_id", ["F01", "F05"])
def test_what_cannot_be_read_is_refused_by_any_clock(tmp_path: Path, rule_id: str) -> None:
    early = Sent(CASES[rule_id][0].content, name="sample_2025-01.csv", as_at=AS_AT.replace(year=2025))
    verdict = judged(tmp_path, early)
    assert (rule_id, "return") in [(f.rule_id, f.severity) for f in verdict.findings]
    assert verdict.submission.status == "rejected"
