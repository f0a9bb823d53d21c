"""Whatever is wrong with a build, the last release stands untouched and the report says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.control.records import Finding, Waiver
from orchestration.publishing import gate, policy
from orchestration.publishing.gate import judge
from orchestration.publishing.release import NotPublishableError, publish
from orchestration.publishing.report import sections
from tests.publishing.toy import Toy, cell, record


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _dbt_test_fails(toy: Toy) -> None:
    toy.dbt["test.p.starts_unique"] = "fail"


def _dbt_unit_test_fails(toy: Toy) -> None:
    toy.dbt["unit_test.p.reentry"] = "fail"


def _dbt_model_breaks(toy: Toy) -> None:
    toy.dbt["model.p.starts"] = "error"


def _dbt_model_is_skipped(toy: Toy) -> None:
    toy.dbt["model.p.starts"] = "skipped"


def _dbt_model_is_missing(toy: Toy) -> None:
    toy.dbt["model.p.starts"] = "absent"


def _region_is_not_its_districts(toy: Toy) -> None:
    toy.cells = [c if c["programme_id"] != "P07" else c | {"value": 431, "numerator": 431} for c in toy.cells]


def _parts_are_not_the_whole(toy: Toy) -> None:
    toy.cells = [c if c["breakdown_value"] != "system" else c | {"value": 101} for c in toy.cells]


def _more_people_than_referrals(toy: Toy) -> None:
    toy.cells = [c if c["metric_id"] != "M02" else c | {"value": 600, "numerator": 600} for c in toy.cells]


def _too_few_returns(toy: Toy) -> None:
    toy.ledger = [("one", "in", "current"), ("two", "missing", "none"), ("three", "held", "none")]


def _no_return_at_all(toy: Toy) -> None:
    toy.ledger = []


def _no_snapshot_label(toy: Toy) -> None:
    toy.cells = [c if c["metric_id"] != "M06" else c | {"caveat": "A success rate."} for c in toy.cells]


def _social_value_is_not_called_gross(toy: Toy) -> None:
    toy.cells.append(cell("M31", 48000, numerator=12, factor=4000, unit="gbp", caveat="Net."))


def _licensed_value(toy: Toy) -> None:
    toy.unit_values.append(("licensed_1", False))


def _value_of_unknown_licence(toy: Toy) -> None:
    toy.unit_values.append(("found_somewhere", None))


def _licensed_value_among_public_figures(toy: Toy) -> None:
    toy.cells.append(
        cell(
            "M31",
            48000,
            breakdown_type="licensed_stream",
            breakdown_value="wellbeing",
            unit="gbp",
            numerator=12,
            factor=4000,
        )
    )


def _a_figure_twice(toy: Toy) -> None:
    toy.cells.append(toy.cells[0])


def _unknown_origin(toy: Toy) -> None:
    toy.cells.append(cell("M09", 40, area_code="E08000038", area_vintage="2025", figure_origin="guessed"))


BREAKS = [
    (_dbt_test_fails, "fail", "starts_unique does not hold"),
    (_dbt_unit_test_fails, "fail", "reentry does not hold"),
    (_dbt_model_breaks, "error", "starts could not be carried out"),
    (_dbt_model_is_skipped, "error", "dbt model starts did not run"),
    (_dbt_model_is_missing, "error", "dbt model starts did not run"),
    (_region_is_not_its_districts, "fail", "does not hold for M04"),
    (_parts_are_not_the_whole, "fail", "does not hold for M33"),
    (_more_people_than_referrals, "fail", "does not hold for M02"),
    (_too_few_returns, "fail", "Only 1 of 3 expected returns"),
    (_no_return_at_all, "fail", "Only 0 of 0 expected returns"),
    (_no_snapshot_label, "fail", "does not say that it is one"),
    (_social_value_is_not_called_gross, "fail", "does not say that it is gross"),
    (_licensed_value, "fail", "licensed_1 may not be redistributed"),
    (_value_of_unknown_licence, "fail", "found_somewhere may not be redistributed"),
    (_licensed_value_among_public_figures, "fail", "wellbeing may not be redistributed"),
    (_a_figure_twice, "error", "could not be carried out (CandidateError)"),
    (_unknown_origin, "fail", "Column figure_origin holds a word"),
]


@pytest.fixture
def released(first: Toy) -> Toy:
    """A home with one release; gives its next build, not yet written."""
    return first.again("run2", "fedcba9876543210")


def refused(toy: Toy, verdict: str, said: str) -> None:
    """Judge and try to publish: nothing in `releases/` may move, and the report names the reason."""
    before = snapshot(toy.settings.releases)
    report = judge(toy.settings, toy.store, toy.build_id)
    assert report.verdict == verdict
    assert any(said in reason for reason in report.reasons), report.reasons
    with pytest.raises(NotPublishableError):
        publish(toy.settings, toy.store, toy.build_id)
    assert snapshot(toy.settings.releases) == before
    assert len(toy.store.releases()) == 1


@pytest.mark.parametrize(("break_it", "verdict", "said"), BREAKS, ids=[b[0].__name__ for b in BREAKS])
def test_a_gate_that_does_not_pass_leaves_the_last_release(
    released: Toy, break_it: Callable[[Toy], None], verdict: str, said: str
) -> None:
    break_it(released)
    refused(released.write(), verdict, said)


def test_a_check_that_crashes_did_not_pass_and_its_text_is_not_told(
    released: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[object]:
        raise ValueError("Jane Doe, QQ123456C")

    monkeypatch.setattr(gate, "FIGURE_CHECKS", (broken, *gate.FIGURE_CHECKS))
    refused(released.write(), "error", "could not be carried out (ValueError)")
    told = " ".join(r.message for r in released.store.check_results("run2"))
    assert "Jane" not in told


def test_an_expectation_that_crashes_is_an_error(
    released: Toy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from orchestration.publishing import suites

    folder = tmp_path / "suites"
    folder.mkdir()
    broken = {
        "type": "expect_column_values_to_not_be_null",
        "severity": "critical",
        "kwargs": {"column": "no_such_column"},
        "meta": {"check_id": "broken", "says": "It is there."},
    }
    (folder / "broken.json").write_text(json.dumps({"name": "broken", "expectations": [broken]}), "utf-8")
    monkeypatch.setattr(suites, "FOLDER", folder)
    refused(released.write(), "error", "could not be carried out, so nothing is released: It is there.")


def test_a_small_number_that_protection_lets_through_is_caught(
    released: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.publishing import rounding

    monkeypatch.setattr(rounding, "LEAST", 0)
    released.cells.append(cell("M09", 7, area_code="E08000038", area_vintage="2025"))
    refused(released.write(), "fail", "A number of people from 1 to 9 stands in value")


def test_a_build_without_artefacts_of_dbt_or_tables_is_an_error(released: Toy) -> None:
    released.write()
    released.warehouse.unlink()
    (released.folder / "target" / "run_results.json").unlink()
    refused(released, "error", "dbt ended before it ran a model")


def test_publishing_without_a_verdict_is_refused(released: Toy) -> None:
    before = snapshot(released.settings.releases)
    with pytest.raises(NotPublishableError, match="has not been judged"):
        publish(released.write().settings, released.store, "run2")
    with pytest.raises(NotPublishableError, match="has not been judged"):
        publish(released.settings, released.store, "no such build")
    assert snapshot(released.settings.releases) == before


@pytest.mark.parametrize(
    ("change", "named"),
    [("update metrics.metric_values set value = 90 where metric_id = 'M09'", "metrics.metric_values"),
     ("insert into metrics.reference_findings values ('FX99', 'x')", "metrics.reference_findings"),
     ("delete from reference.published_figures", "reference.published_figures")],
)  # fmt: skip
def test_a_table_changed_after_its_audit_is_not_published(released: Toy, change: str, named: str) -> None:
    before = snapshot(released.settings.releases)
    released.passed()
    with duckdb.connect(str(released.warehouse)) as con:
        con.execute(change)
    with pytest.raises(NotPublishableError, match=named):
        publish(released.settings, released.store, "run2")
    assert snapshot(released.settings.releases) == before


def test_a_warning_of_dbt_does_not_stop_and_is_shown(toy: Toy) -> None:
    toy.dbt["test.p.starts_unique"] = "warn"
    report = judge(toy.write().settings, toy.store, toy.build_id)
    assert report.verdict == "pass"
    assert [r.check_id for r in report.results if r.kind == "dbt test" and r.status == "warn"] == [
        "starts_unique"
    ]


def test_what_the_door_set_aside_is_shown_and_stops_nothing(toy: Toy) -> None:
    record(toy.store, "two", "b" * 64, "rejected")
    one = replace(
        toy.store.submissions("one")[0], submission_id="c" * 64, status="held", reason="Two files, one day"
    )
    toy.store.record(one, [], [Finding("R02", "record", "Row 3: not a date.", count=2)], [])
    report = judge(toy.write().settings, toy.store, toy.build_id)
    door = [r for r in report.results if r.kind == "door"]
    assert {(r.check_id, r.target, r.severity, r.stopped) for r in door if r.status != "pass"} == {
        ("submission_accepted", "one", "return", False),
        ("submission_accepted", "two", "return", False),
        ("R02", "one", "record", False),
    }
    silent = {r.check_id for r in door if r.status == "pass"}
    assert {"F01", "X01", "S04"} <= silent
    assert silent.isdisjoint({"R02", "P01", "C03"}), "found something, or is not of the door"
    assert report.verdict == "pass"


def _waive(toy: Toy, rule_id: str, who: str) -> None:
    toy.store.add_waiver(
        Waiver(rule_id, "Sheffield sends late this year", who, date(2026, 4, 1), date(2026, 3, 1))
    )


def test_a_release_rule_is_waived_by_two_different_people_only(released: Toy) -> None:
    _too_few_returns(released)
    _waive(released, "P02", "asha")
    _waive(released, "P02", "asha")
    refused(released.write(), "fail", "a second one is needed")
    _waive(released, "P02", "ben")
    report = judge(released.settings, released.store, "run2")
    assert report.verdict == "pass"
    assert publish(released.settings, released.store, "run2").is_new
    manifest = (released.settings.releases / "2026-03-02-fedcba98" / "manifest.json").read_text("utf-8")
    assert "asha" not in manifest
    assert '"people": 2' in manifest
    [told] = [s for s in sections(report.results) if s.name == "waivers in force"]
    assert (told.line, told.stopped) == ("1 waived", ("P02 (release): waived",))


def test_protection_and_crashes_cannot_be_waived(released: Toy) -> None:
    _unknown_origin(released)
    for who in ("asha", "ben"):
        _waive(released, "release__published__figure_origin_is_known", who)
    refused(released.write(), "fail", "Column figure_origin holds a word")


def test_a_region_is_not_compared_with_some_of_its_districts(toy: Toy) -> None:
    """Rotherham has reported two months more than Barnsley, so the region's quarter has one part."""
    quarter = {"period_end": "2025-12-31"}
    toy.cells.append(
        cell("M04", 90, programme_id="P07b", area_code="E08000038", area_vintage="2025", **quarter)
    )
    toy.cells.append(cell("M04", 210, programme_id="P07", area_code="E47000002", **quarter))
    assert judge(toy.write().settings, toy.store, toy.build_id).verdict == "pass"
    toy.cells[-1] |= {"numerator": 80, "value": 80}
    assert judge(toy.write().settings, toy.store, toy.build_id).verdict == "fail"


def test_waivers_of_one_return_are_not_waivers_of_a_release_rule() -> None:
    failed = policy.result("P02", "policy", "ledger", False, "Too few.")
    one = [
        Waiver("P02", "x", who, date(2026, 4, 1), date(2026, 3, 1), return_id="one")
        for who in ("asha", "ben")
    ]
    assert policy.waive([failed], one) == [failed]
