"""The landing area: a folder or a URL, read-only or not; and what becomes of each file in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from orchestration.intake import inbox as landing
from orchestration.intake.verdict import Verdict
from tests.intake.makers import OTHER, Inbox, contract, file, rules_of

AREA = "memory://returns"


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    files = fsspec.filesystem("memory")
    yield files
    files.rm(AREA, recursive=True)


def elsewhere(inbox: Inbox, area: str) -> Inbox:
    return replace(inbox, home=replace(inbox.home, landing_area=area))


def test_returns_are_taken_in_from_a_url(inbox: Inbox, memory: fsspec.AbstractFileSystem) -> None:
    memory.pipe(f"{AREA}/sample/r_2026-01.csv", file({}))
    memory.pipe(f"{AREA}/sample/half.csv.part", b"ID")
    memory.pipe(f"{AREA}/sample/r_2026-04.csv", file(OTHER))
    memory.pipe(f"{AREA}/deliveries.csv", b"file,received_on\nsample/r_2026-04.csv,2026-05-02\n")
    [verdict] = elsewhere(inbox, AREA).take_in()
    assert (verdict.submission.file_name, verdict.submission.status) == (
        "r_2026-01.csv",
        "accepted",
    )
    left = {path.rpartition("/")[2] for path in memory.find(AREA)}
    assert left == {"half.csv.part", "r_2026-04.csv", "deliveries.csv"}


def test_a_share_that_lets_nothing_be_taken_away_is_read_once(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    (share / "sample").mkdir(parents=True)
    (share / "sample" / "r_2026-01.csv").write_bytes(file({}))
    monkeypatch.setattr(landing.Place, "remove", lambda _: False)
    at_share = elsewhere(inbox, share.as_uri())
    [first] = at_share.take_in()
    assert at_share.take_in() == []
    assert inbox.vault.original(first.submission.submission_id) == file({})


def test_a_file_beyond_all_measure_is_kept_and_refused(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "MOST_BYTES", 10)
    path = inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    [verdict] = inbox.take_in()
    assert verdict.submission.status == "rejected"
    assert not path.exists()
    assert inbox.vault.original(hashlib.sha256(file({})).hexdigest()) == file({})


def periods(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return [(v.submission.file_name, v.submission.status) for v in verdicts]


def receipts(inbox: Inbox, scope: str = "register") -> dict[str, tuple[str, str]]:
    """Receipt and use by the month that a period ends in."""
    from orchestration.intake.handoff import ledger

    agreed = contract(scope=scope)
    rows = ledger({"sample": agreed}, inbox.store, inbox.home)
    return {str(r.period_end)[:7]: (r.receipt, r.used) for r in rows}


def test_a_resubmission_that_drops_people_stands_and_says_so(inbox: Inbox) -> None:
    people = [OTHER | {"ref": f"A{n}"} for n in range(6)]
    inbox.put("r_2026-01-10.csv", file(*people), "2026-01-12")
    inbox.put("r_2026-01-31.csv", file(*people[:2]), "2026-02-05")
    second = inbox.take_in()[1]
    assert "C05" in rules_of(second)
    assert inbox.statuses() == {
        "r_2026-01-10.csv": "superseded",
        "r_2026-01-31.csv": "accepted_with_findings",
    }


def test_a_partial_period_is_no_whole_one(inbox: Inbox) -> None:
    """An extract in mid-month is the register up to the last month that had ended."""
    inbox.put("r_2026-01-15.csv", file(OTHER), "2026-01-16")
    inbox.take_in()
    assert receipts(inbox)["2025-12"] == ("in", "current")
    assert receipts(inbox)["2026-01"] == ("not_due", "carried_forward")


def test_a_file_for_a_closed_period_replaces_that_period_alone(inbox: Inbox) -> None:
    agreed = contract(scope="period")
    inbox.put("r_2025-05.csv", file(OTHER), "2025-06-05")
    inbox.put("r_2026-01.csv", file({}), "2026-02-05")
    inbox.take_in(agreed)
    inbox.put("again_2025-05.csv", file(OTHER, OTHER | {"ref": "A3"}), "2026-02-20")
    [late] = inbox.take_in(agreed)
    assert "F12" in rules_of(late)
    assert inbox.statuses() == {
        "r_2025-05.csv": "superseded",
        "again_2025-05.csv": "accepted_with_findings",
        "r_2026-01.csv": "accepted",
    }
    assert receipts(inbox, "period")["2025-05"] == ("in", "current")


def test_two_files_for_one_period_that_came_together_wait_for_a_person(inbox: Inbox) -> None:
    agreed = contract(scope="period")
    inbox.put("a_2026-01.csv", file({}), "2026-02-05")
    inbox.put("b_2026-01.csv", file({}, OTHER), "2026-02-05")
    assert periods(inbox.take_in(agreed)) == [("a_2026-01.csv", "accepted"), ("b_2026-01.csv", "held")]
    assert receipts(inbox, "period")["2026-01"] == ("in", "current")


def test_a_nil_return_adds_nothing_and_is_no_silence(inbox: Inbox) -> None:
    inbox.put("r_2025-12.csv", file(OTHER), "2026-01-05")
    inbox.put("r_2026-01.csv", file() + b"Nil return\r\n", "2026-02-05")
    inbox.take_in()
    assert receipts(inbox)["2026-01"] == ("nil", "current")
    assert receipts(inbox)["2025-11"] == ("missing", "current")
