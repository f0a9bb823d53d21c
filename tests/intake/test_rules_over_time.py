"""Rules about what is plausible and what was said before: one that trips each, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.intake.contract import Contract
from tests.intake.makers import (
    COUNT_COLUMNS,
    COUNT_FEED,
    FEEDS,
    HEADERS,
    OTHER,
    Sent,
    contract,
    counts_contract,
    counts_file,
    file,
    judged,
    make,
    rules_of,
    text,
)

CODES = ("referrals", "starts", "sessions", "attendances", "volunteers")


def _flows() -> Contract:
    feed = COUNT_FEED | {"columns": COUNT_FEED["columns"] | {"period_type_code": "=flow"}}  # type: ignore[operator]
    return make(COUNT_COLUMNS, [feed], grain="aggregate", scope="period")


def _months(*numbers: str, agreed: Contract | None = None) -> Sent:
    """A count of every month up to January 2026, one file each."""
    files = [counts_file(("starts", "all", "all", number)) for number in numbers]
    months = [(2026 * 12 - n) for n in range(len(numbers))][::-1]
    names = [f"r_{m // 12}-{m % 12 + 1:02}.csv" for m in months]
    return Sent(files[-1], agreed or _flows(), names[-1], dict(zip(names[:-1], files[:-1], strict=True)))


def _tallies(*more: int) -> Sent:
    """Five counts of two months, the second in another order and each higher by so much."""
    rows = [(code, "all", "all", str(11 + n)) for n, code in enumerate(CODES)]
    later = [(code, "all", "all", str(11 + n + sum(more))) for n, code in enumerate(CODES)]
    return Sent(counts_file(*later[::-1]), _flows(), before={"r_2025-12.csv": counts_file(*rows)})


def _people(number: int, **changes: str) -> list[dict[str, str]]:
    """People of both sexes who started through a month."""
    one = [{"ref": f"A{n}", "sex": "FM"[n % 2], "started": f"{1 + n % 28:02}/06/2025"} for n in range(number)]
    return [OTHER | person | changes for person in one]


def _registers(now: list[dict[str, str]], before: list[dict[str, str]]) -> Sent:
    return Sent(file(*now), before={"r_2025-12.csv": file(*before)})


def _jobs(evidence_date: str) -> Sent:
    none = {"nino": "", "uln": ""}
    return Sent(file(*({"ref": f"A{n}", "evidence_date": evidence_date} | none for n in range(10))))


def _outcomes(jobs: int) -> Sent:
    """Forty people with a start, so many of them with a job."""
    people = _people(40)
    for row in people[:jobs]:
        row |= {"job": "EMP_START", "job_start": "01/12/2025"}
    return Sent(file(*people))


def _own_count(starts: str) -> Sent:
    """A register of four starts with a column that says how many there are."""
    headers = HEADERS | {"total": "Starts so far"}
    columns = {name: {"headers": [header]} for name, header in headers.items()}
    said = {"count_code": "=starts", "period_type_code": "=cumulative", "value_lower": "total"}
    people = _people(4)
    people[0]["total"] = starts
    rows = [[person.get(name, "") for name in headers] for person in people]
    feeds = [*FEEDS, {"entity": "counts", "when": "total", "columns": said}]
    return Sent(text([list(headers.values()), *rows]), make(columns, feeds))


CUMULATIVE = counts_contract()
FOUND_WORK = {"job": "EMP_START", "job_start": "01/07/2025", "evidence": "pending", "hours": "30"}
EVIDENCE = {"evidence": "evidenced", "evidence_type": "payslip", "evidence_date": "05/01/2026"}
NOW_EVIDENCED = FOUND_WORK | EVIDENCE
CASES = {
    "C01": (_months("50", "40", agreed=CUMULATIVE), _months("40", "50", agreed=CUMULATIVE)),
    "C02": (_own_count("9"), _own_count("4")),
    "C05": (_registers(_people(9), _people(10)), _registers(_people(11), _people(10))),
    "C06": (
        _registers(_people(10, started="13/05/2025"), _people(10, started="12/05/2025")),
        _registers(_people(11), _people(10)),
    ),
    "C07": (
        _registers([OTHER | NOW_EVIDENCED], [OTHER | FOUND_WORK]),
        _registers([OTHER | NOW_EVIDENCED, OTHER | {"ref": "A8"}], [OTHER | NOW_EVIDENCED]),
    ),
    "S01": (_outcomes(39), _outcomes(12)),
    "S02": (_months("40", "90"), _months("40", "50")),
    "S03": (_registers(_people(60, sex=""), _people(60)), _registers(_people(61), _people(60))),
    "S04": (Sent(file(*_people(20, started="12/06/2025"))), Sent(file(*_people(20)))),
    "S05": (_tallies(0), _tallies(1)),
    "S06": (_jobs("01/07/2025"), _jobs("02/07/2025")),
    "S08": (_registers(_people(60, sex="F"), _people(60)), _registers(_people(61), _people(60))),
}
SAID = {
    "C01": "Starts on the programme to date fell from 50 to 40. Is this a correction?",
    "C02": "Your rows give 4 for 'Starts on the programme', your own count says 9.",
    "C05": "1 people from your last return are missing.",
    "C06": "Start dates changed for 10 people compared with last time.",
    "C07": "1 earlier jobs are now evidenced; a quarter already reported is revised.",
    "S01": "98% of starts got a job. We usually see 13 to 42%.",
    "S02": "Starts on the programme changed from 40 to 90. Please confirm.",
    "S03": "Sex is now blank or not known for 100% of people; last time for 0%.",
    "S04": "Many start dates are 2025-06-12. Is that right?",
    "S05": "This period's numbers are the same as last period's.",
    "S06": "Every job was evidenced on the day it was entered.",
    "S08": "The mix of people changed a lot: sex.",
}


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_file_trips_its_rule_and_its_partner_is_told(tmp_path: Path, rule_id: str) -> None:
    bad, good = CASES[rule_id]
    (tmp_path / "bad").mkdir()
    verdict = judged(tmp_path / "bad", bad)
    assert [f.message for f in verdict.findings if f.rule_id == rule_id] == [SAID[rule_id]]
    assert rule_id not in rules_of(judged(tmp_path, good))


@pytest.mark.parametrize(("last", "is_told"), [("100", False), ("123", True), ("119", False)])
def test_six_earlier_periods_say_how_much_a_count_moves(tmp_path: Path, last: str, is_told: bool) -> None:
    sent = _months("105", "102", "98", "101", "99", "103", last)
    assert ("S02" in rules_of(judged(tmp_path, sent))) == is_told


def test_numbers_that_are_all_round_are_asked_about(tmp_path: Path) -> None:
    codes = (*CODES, "calls_and_texts", "volunteer_hours", "qualifications")
    for number, is_told in (("120", True), ("121", False)):
        rows = [(code, "all", "all", "120") for code in codes[1:]] + [(codes[0], "all", "all", number)]
        assert ("S04" in rules_of(judged(tmp_path, Sent(counts_file(*rows), _flows())))) == is_told


@pytest.mark.parametrize("changes", [{"born": "01/02/2003"}, {"area": "E08000038"}])
def test_a_change_of_age_or_area_is_a_change_of_the_mix(tmp_path: Path, changes: dict[str, str]) -> None:
    agreed = contract(programmes=["P07"])
    before = {"r_2025-12.csv": file(*_people(60))}
    others = [person | {"ref": f"B{person['ref']}"} for person in _people(60, **changes)]
    assert "S08" in rules_of(judged(tmp_path, Sent(file(*others), agreed, before=before)))


@pytest.mark.parametrize(("born", "rules"), [("01/02/2003", {"C06"}), ("01/02/1940", {"C06", "R08"})])
def test_other_dates_of_birth_are_no_change_of_the_mix(tmp_path: Path, born: str, rules: set[str]) -> None:
    before = _people(60)
    assert rules_of(judged(tmp_path, _registers(_people(60, born=born), before))) == rules


def test_a_claim_that_the_door_made_of_an_evidenced_job_is_no_late_evidence(tmp_path: Path) -> None:
    row = OTHER | NOW_EVIDENCED | {"evidence_type": "self_declaration"}
    verdict = judged(tmp_path, _registers([row, OTHER | {"ref": "A8"}], [row]))
    assert rules_of(verdict) == {"R20"}


def test_words_that_are_new_are_no_blanks(tmp_path: Path) -> None:
    told = judged(tmp_path, _registers(_people(60, sex="woman or girl"), _people(60)))
    assert "R16" in rules_of(told)
    assert "S03" not in rules_of(told)
