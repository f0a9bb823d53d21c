"""Taking in: lifecycle, thresholds, and that a file is taken in whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from orchestration.identity.vault import VaultError
from orchestration.intake import door, suites
from orchestration.intake.entities import ENTITIES
from orchestration.intake.frames import arrow_type
from tests.intake.makers import OTHER, Inbox, contract, counts_contract, counts_file, file, rules_of


def test_an_accepted_file_leaves_the_inbox_and_becomes_parquet_of_the_entity_schema(inbox: Inbox) -> None:
    content = file({}, OTHER)
    path = inbox.put("r_2026-01.csv", content, "2026-02-05")
    verdict = inbox.take_in()[0]
    assert not path.exists()
    assert inbox.vault.original(hashlib.sha256(content).hexdigest()) == content
    for accepted in inbox.store.files_of("sample", verdict.submission.submission_id):
        written = pq.read_schema(inbox.home.home / accepted.path)
        expected = [(c.name, arrow_type(c.data_type)) for c in ENTITIES[accepted.entity].columns]
        assert [(f.name, f.type) for f in written] == expected
    assert b"QQ123456A" not in b"".join(p.read_bytes() for p in inbox.home.accepted.rglob("*.parquet"))


def test_the_same_bytes_again_are_a_no_op(inbox: Inbox) -> None:
    inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    inbox.take_in()
    again = inbox.put("copy_2026-01.csv", file({}), "2026-02-06")
    repeat = inbox.take_in()[0]
    assert repeat.is_repeat
    assert rules_of(repeat) == {"F02"}
    assert not again.exists()
    assert inbox.statuses() == {"r_2026-01.csv": "accepted"}


def test_a_resubmission_supersedes_and_an_older_file_does_not(inbox: Inbox) -> None:
    inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    inbox.put("r_2026-01-again.csv".replace("-again", "-31"), file({}, OTHER), "2026-02-09")
    inbox.put("r_2025-12.csv", file({"ended": "01/12/2025"}), "2026-02-20")
    inbox.take_in()
    assert inbox.statuses() == {
        "r_2026-01.csv": "superseded",
        "r_2026-01-31.csv": "accepted",
        "r_2025-12.csv": "superseded",
    }


def test_what_comes_after_the_clock_is_left_alone(inbox: Inbox) -> None:
    path = inbox.put("r_2026-01.csv", file({}), "2026-03-03")
    assert inbox.take_in() == []
    assert path.exists()


def test_a_nil_return_is_accepted_as_nil(inbox: Inbox) -> None:
    inbox.put("r_2026-01.csv", file() + b"Nil return\r\n", "2026-02-05")
    submission = inbox.take_in()[0].submission
    assert (submission.status, submission.is_nil, submission.rows_read) == ("accepted", True, 1)


@pytest.mark.parametrize(("bad", "status"), [(5, "accepted_with_findings"), (6, "held")])
def test_past_both_thresholds_a_person_decides(inbox: Inbox, bad: int, status: str) -> None:
    rows = [OTHER | {"ref": f"A{n}"} for n in range(60)]
    for row in rows[:bad]:
        row["started"] = "soon"
    inbox.put("r_2026-01.csv", file(*rows), "2026-02-05")
    submission = inbox.take_in()[0].submission
    assert submission.status == status
    assert submission.rows_set_aside == bad
    assert (
        submission.rows_read == submission.rows_accepted + submission.rows_set_aside + submission.rows_no_data
    )


def test_rows_read_are_accepted_set_aside_or_no_data(inbox: Inbox) -> None:
    content = (
        file({}, {"started": "soon", "ref": "A3"}) + b"\r\nTotal,,,,,,,,,,,,,,,,,,,,\r\nA9,short\r\n,,,,\r\n"
    )
    inbox.put("r_2026-01.csv", content, "2026-02-05")
    s = inbox.take_in()[0].submission
    assert (s.rows_read, s.rows_accepted, s.rows_set_aside, s.rows_no_data) == (5, 1, 2, 2)


def test_a_failure_while_pseudonymising_loads_nothing_and_keeps_the_file(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox.put("r_2026-01.csv", file({}), "2026-02-05")

    def fail(*_: Any) -> None:
        raise VaultError("disk full")

    monkeypatch.setattr(inbox.vault, "pseudonymise", fail)
    with pytest.raises(VaultError):
        inbox.take_in()
    assert path.exists()
    assert inbox.store.submissions("sample") == []
    assert not list(inbox.home.accepted.rglob("*")) if inbox.home.accepted.exists() else True


def test_a_check_that_crashes_holds_the_file(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "suites"
    broken.mkdir()
    for path in suites.SUITES.glob("*.json"):
        (broken / path.name).write_text(path.read_text().replace('"record_key"', '"no_such_column"'))
    monkeypatch.setattr(suites.check_columns, "__defaults__", (broken,))
    inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    verdict = inbox.take_in()[0]
    assert verdict.submission.status == "held"
    assert "F15" in rules_of(verdict)


def test_check_says_what_take_in_says_and_writes_nothing(inbox: Inbox) -> None:
    content = file({}, {"started": "soon", "ref": "A3"})
    path = inbox.put("r_2026-01.csv", content, "2026-03-02")
    before = sorted(inbox.home.home.rglob("*"))
    checked = door.check(path, "sample", contract(), inbox.home)
    assert sorted(inbox.home.home.rglob("*")) == before
    taken = inbox.take_in()[0]
    assert checked.findings == taken.findings
    assert checked.submission.status == taken.submission.status


def test_check_knows_what_came_before(inbox: Inbox) -> None:
    inbox.put("r_2026-01-31.csv", file(OTHER), "2026-02-05")
    inbox.take_in()
    older, same = inbox.home.home / "r_2025-12-31.csv", inbox.home.home / "again_2026-02-28.csv"
    older.write_bytes(file({}))
    same.write_bytes(file(OTHER))
    checked = [door.check(path, "sample", contract(), inbox.home) for path in (older, same)]
    assert checked[0].submission.status == "superseded"
    assert [f.rule_id for f in checked[1].findings] == ["F02"]


def test_rules_over_time_compare_with_the_last_accepted_register(inbox: Inbox) -> None:
    people = [OTHER | {"ref": f"A{n}"} for n in range(10)]
    inbox.put("r_2025-12.csv", file(*people), "2026-01-05")
    later = [row | {"started": "13/05/2025"} for row in people[:9]]
    inbox.put("r_2026-01.csv", file(*later, headers={"sex": "Gender"}), "2026-02-05")
    first, second = inbox.take_in()
    assert rules_of(first) == set()
    assert rules_of(second) == {"C05", "C06", "F13"}
    assert second.submission.status == "rejected"
    assert inbox.store.accepted_in_use(inbox.home.as_at)[0].submission_id == first.submission.submission_id


def test_dates_of_birth_do_not_change_and_check_knows_them_too(inbox: Inbox) -> None:
    people = [OTHER | {"ref": f"A{n}"} for n in range(10)]
    inbox.put("r_2025-12.csv", file(*people), "2026-01-05")
    slips = [row | {"born": "02/01/1990"} for row in people[:2]]
    inbox.put("r_2026-01.csv", file(*slips, *people[2:]), "2026-02-05")
    assert [rules_of(v) for v in inbox.take_in()] == [set(), set()]
    path = inbox.put("r_2026-02.csv", file(*(row | {"born": "05/05/1991"} for row in people)), "2026-03-02")
    checked = door.check(path, "sample", contract(), inbox.home)
    assert [f.message for f in checked.findings] == [
        "Dates of birth changed for 10 people compared with last time."
    ]
    assert inbox.take_in()[0].findings == checked.findings


def test_a_cumulative_count_must_not_fall_and_a_rejected_one_is_not_the_last(inbox: Inbox) -> None:
    for month, number in (("2025-10", "50"), ("2025-11", "40"), ("2025-12", "45"), ("2026-01", "55")):
        inbox.put(f"r_{month}.csv", counts_file(("starts", "all", "all", number)), "2026-02-05")
    verdicts = inbox.take_in(counts_contract())
    assert [("C01" in rules_of(v), v.submission.status == "rejected") for v in verdicts] == [
        (False, False),
        (True, True),
        (True, True),
        (False, False),
    ]


def test_a_count_that_doubles_is_asked_about(inbox: Inbox) -> None:
    from tests.intake.makers import COUNT_COLUMNS, COUNT_FEED, make

    feed = COUNT_FEED | {"columns": COUNT_FEED["columns"] | {"period_type_code": "=flow"}}  # type: ignore[operator]
    agreed = make(COUNT_COLUMNS, [feed], grain="aggregate", scope="period")
    for month, number in (("2025-12", "40"), ("2026-01", "90")):
        inbox.put(f"r_{month}.csv", counts_file(("starts", "all", "all", number)), "2026-02-05")
    assert "S02" in rules_of(inbox.take_in(agreed)[1])


def test_a_result_may_belong_to_a_start_of_an_earlier_period(inbox: Inbox) -> None:
    agreed = contract(scope="period")
    inbox.put("r_2025-12.csv", file(OTHER | {"ref": "A1"}), "2026-01-05")
    inbox.put(
        "r_2026-01.csv",
        file(
            {"started": "", "referred": "", "source": ""}, {"ref": "A7", "nino": "", "uln": "", "started": ""}
        ),
        "2026-02-05",
    )
    second = inbox.take_in(agreed)[1]
    assert [(f.rule_id, f.row) for f in second.findings] == [("X05", 3)]


@pytest.mark.parametrize(
    ("changes", "rules"), [({"sex": ""}, {"R26", "S03"}), ({"sex": "F"}, {"S08"}), ({}, set())]
)
def test_a_register_is_compared_with_the_last_one(
    inbox: Inbox, changes: dict[str, str], rules: set[str]
) -> None:
    people = [
        OTHER | {"ref": f"A{n}", "sex": "FM"[n % 2], "started": f"{1 + n % 28:02}/06/2025"} for n in range(60)
    ]
    inbox.put("r_2025-12.csv", file(*people), "2026-01-05")
    inbox.put(
        "r_2026-01.csv", file(*(row | {"ended": "20/01/2026"} | changes for row in people)), "2026-02-05"
    )
    first, second = inbox.take_in()
    assert rules_of(first) == set()
    assert rules_of(second) == rules


@pytest.mark.parametrize(("more", "is_told"), [(0, True), (1, False)])
def test_the_same_numbers_twice_are_asked_about(inbox: Inbox, more: int, is_told: bool) -> None:
    from tests.intake.makers import COUNT_COLUMNS, COUNT_FEED, make

    feed = COUNT_FEED | {"columns": COUNT_FEED["columns"] | {"period_type_code": "=flow"}}  # type: ignore[operator]
    agreed = make(COUNT_COLUMNS, [feed], grain="aggregate", scope="period")
    codes = ("referrals", "starts", "sessions", "attendances", "volunteers")
    for month, extra in (("2025-12", 0), ("2026-01", more)):
        rows = [(code, "all", "all", str(10 + n + extra)) for n, code in enumerate(codes)]
        rows = rows if month == "2025-12" else rows[::-1]  # not the same bytes
        inbox.put(f"r_{month}.csv", counts_file(*rows), "2026-02-05")
    assert ("S05" in rules_of(inbox.take_in(agreed)[1])) == is_told
