"""A revision that is too large waits for a steward; what changed stands in the release."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from orchestration.control.records import CheckResult
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.gate import judge
from orchestration.publishing.release import Published, publish
from orchestration.publishing.report import sections
from orchestration.publishing.tolerance import sign_off
from orchestration.release_cli import releases
from tests.publishing.toy import Toy


@pytest.fixture
def revised(first: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A home with one release, and a build in which Barnsley's 123 starts have become 223."""
    later = first.again("run2", "fedcba9876543210")
    for row in later.cells:
        if row["metric_id"] == "M04" and row["programme_id"] in ("P07", "P07b"):
            row |= {"value": row["value"] + 100, "numerator": row["numerator"] + 100}  # type: ignore[operator]
    monkeypatch.setenv("PATHWAYS_HOME", str(first.settings.home))
    return later.write()


def signed_and_published(toy: Toy) -> Published:
    again = toy.again("run3", toy.build_key)
    again.cells = toy.cells
    again.write()
    assert judge(again.settings, again.store, again.build_id).verdict == "pass"
    return publish(again.settings, again.store, again.build_id)


def test_a_large_revision_waits_for_a_sign_off(revised: Toy) -> None:
    report = judge(revised.settings, revised.store, revised.build_id)
    assert report.verdict == "fail"
    [reason] = report.reasons
    assert reason.startswith("P06")
    assert "1 in all" in reason
    assert "M04 P07b E08000038" in reason, "430 to 530 is less than a quarter"
    [section] = [s for s in sections(report.results) if s.name == "revisions"]
    assert section.stopped == ("P06 (protected candidate): stopped the release",)
    said = CliRunner().invoke(releases, ["sign-off", "--reason", "Barnsley sent its backlog", "--json"])
    assert json.loads(said.output)["build_id"] == "run2"
    published = signed_and_published(revised)
    manifest = json.loads((published.folder / "manifest.json").read_text("utf-8"))
    assert manifest["revisions_signed_off"] == ["Barnsley sent its backlog"]
    assert [e.detail for e in revised.store.audit_events() if e.action == "revision signed off"] == [
        "Barnsley sent its backlog"
    ]
    with (published.folder / "revisions.csv").open(encoding="utf-8", newline="") as file:
        told = [(r["programme_id"], r["release_id"], r["value"]) for r in csv.DictReader(file)]
    first, second = "2026-03-02-01234567", published.release_id
    assert told == [
        ("P07", first, "430"),
        ("P07", second, "530"),
        ("P07b", first, "125"),
        ("P07b", second, "225"),
    ]


def test_a_sign_off_is_for_these_inputs_only(revised: Toy) -> None:
    judge(revised.settings, revised.store, revised.build_id)
    with pytest.raises(ReleaseError, match="Say why"):
        sign_off(revised.store, " ")
    sign_off(revised.store, "right")
    other = revised.again("run3", "0" * 16)
    other.cells = revised.cells
    assert judge(other.write().settings, other.store, other.build_id).verdict == "fail"


def test_the_report_names_every_kind_of_check_and_what_it_stopped() -> None:
    results = [
        CheckResult("F06", "door", "return", "one", "fail"),
        CheckResult("submission_accepted", "door", "return", "one", "fail"),
        CheckResult("R02", "door", "record", "two", "fail"),
        CheckResult("C04", "finding", "warn", "returns together", "pass"),
        CheckResult("P02", "policy", "release", "ledger", "warn", "Too few. Waived by 2 people."),
        CheckResult("P03", "protection", "release", "candidate", "error", "", True),
        CheckResult("P01", "policy", "release", "release", "fail", "", True),
    ]
    told = [(s.name, s.line, s.stopped) for s in sections(results)]
    assert told == [
        ("files at the door", "2 failed", ("F06 (one): held back", "file not accepted (one): held back")),
        ("records at the door", "1 failed", ("R02 (two): set aside",)),
        ("returns against each other and over time", "1 passed", ()),
        ("policies", "1 failed, 1 waived", ()),
        ("protection and attack", "1 failed", ("P03 (candidate): stopped the release",)),
    ]


def test_without_a_revision_there_is_nothing_to_sign_off(toy: Toy) -> None:
    assert judge(toy.write().settings, toy.store, toy.build_id).verdict == "pass"
    with pytest.raises(ReleaseError, match="No revision waits"):
        sign_off(toy.store, "why not")
