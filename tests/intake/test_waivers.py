"""What is waived only warns: for a return, a file or a cell, by enough people, and not after its last day."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from orchestration.control.records import Waiver
from orchestration.control.rules import load_rules
from orchestration.intake.findings import Fault
from orchestration.intake.waivers import Waivers
from tests.intake.makers import AS_AT, OTHER, Inbox, contract, file

WHOLE = Waiver("R06", "agreed", "ann", AS_AT, AS_AT, "sample")
EARLY = {"job_start": "11/05/2025"}
EXPIRED = contract(agreement={"reference": "D1", "purpose": "t", "expires": "2026-01-30"})


def _applied(*given: Waiver, rule_id: str = "R06") -> list[tuple[tuple[int, ...], str | None]]:
    waivers = Waivers.of("sample", given, load_rules(), AS_AT)
    fault = Fault(rule_id, {}, "(file)", (3, 4), "Job start")
    return [(part.rows, part.waived_until) for part in waivers.applied("one", fault)]


def test_a_waiver_holds_where_it_says() -> None:
    day = AS_AT.isoformat()
    one_row = replace(WHOLE, submission_id="one", row=4)
    assert _applied(WHOLE) == [((3, 4), day)]
    assert _applied(one_row) == [((3,), None), ((4,), day)]
    for elsewhere in (
        replace(WHOLE, return_id="another"),
        replace(WHOLE, submission_id="two"),
        replace(one_row, column="Started"),
        replace(one_row, sheet="Register"),
        replace(WHOLE, rule_id="R05"),
    ):
        assert _applied(elsewhere) == [((3, 4), None)]


def test_a_rule_of_a_return_needs_two_different_people_and_ends_with_the_second() -> None:
    first, second = (replace(WHOLE, rule_id="F04", who=who) for who in ("ann", "bob"))
    longer = replace(first, until=AS_AT + timedelta(days=30))
    assert _applied(first, longer, rule_id="F04") == [((3, 4), None)]
    assert _applied(longer, second, rule_id="F04") == [((3, 4), AS_AT.isoformat())]


def test_a_rule_without_which_nothing_can_be_read_is_never_waived() -> None:
    assert _applied(replace(WHOLE, rule_id="F05"), rule_id="F05") == [((3, 4), None)]


@pytest.mark.parametrize(("row", "jobs"), [(None, 2), (3, 1)])
def test_a_waived_cell_lets_its_record_through(inbox: Inbox, row: int | None, jobs: int) -> None:
    path = inbox.put("r_2026-01.csv", file(OTHER, EARLY, EARLY | {"ref": "A3"}), "2026-02-05")
    submission_id = hashlib.sha256(path.read_bytes()).hexdigest()
    inbox.store.add_waiver(replace(WHOLE, submission_id=submission_id, row=row))
    verdict = inbox.take_in()[0]
    assert len(verdict.frames["outcomes"]) == jobs
    waived = [f for f in verdict.findings if "Waived until" in f.message]
    assert [(f.severity, f.count) for f in waived] == [("warn", jobs)]
    assert verdict.submission.rows_set_aside == 2 - jobs


@pytest.mark.parametrize(
    ("until", "status"), [(AS_AT, "accepted_with_findings"), (date(2026, 3, 1), "rejected")]
)
def test_a_waiver_that_has_run_out_does_not_count(inbox: Inbox, until: date, status: str) -> None:
    for who in ("ann", "bob"):
        waiver = Waiver("F04", "signed, in the post", who, until, date(2026, 2, 1), "sample")
        inbox.store.add_waiver(waiver)
    inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    assert inbox.take_in(EXPIRED)[0].submission.status == status
