"""diff, explain, rollback and list: what they say, on the toy home."""

from __future__ import annotations

import json

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.publishing.compare import ReleaseError, compare
from orchestration.publishing.explain import Asked, explain
from orchestration.publishing.release import current_release, publish
from orchestration.publishing.rollback import rollback
from orchestration.release_cli import releases
from tests.publishing.test_release import release
from tests.publishing.toy import Toy, cell, record

FIRST, SECOND = "2026-03-02-01234567", "2026-03-02-fedcba98"


@pytest.fixture
def twice(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A home with two releases; between them one return came in and one figure grew by 100."""
    release(toy)
    record(toy.store, "two", "b" * 64, "accepted")
    later = toy.again("run2", "fedcba9876543210")
    barnsley = next(c for c in later.cells if c["metric_id"] == "M04" and c["programme_id"] == "P07b")
    barnsley |= {"value": 223, "numerator": 223}
    region = next(c for c in later.cells if c["programme_id"] == "P07")
    region |= {"value": 530, "numerator": 530}
    later.cells.append(cell("M02", 50, area_code="E08000038", area_vintage="2025"))
    publish(later.passed().settings, later.store, later.build_id)
    monkeypatch.setenv("PATHWAYS_HOME", str(toy.settings.home))
    return later


def test_diff_says_which_figures_moved_by_how_much_and_what_came_in(twice: Toy) -> None:
    found = compare(twice.settings, FIRST, SECOND)
    moved = {(r["metric_id"], r["programme_id"], r["area_code"]): r["moved_by"] for r in found["figures"]}
    assert moved == {
        ("M04", "P07", "E47000002"): "100",
        ("M04", "P07b", "E08000038"): "100",
        ("M02", "P08", "E08000038"): "",
    }
    assert found["submissions_new"] == [{"return_id": "two", "sha256": "b" * 64}]
    assert (found["submissions_gone"], found["metrics_redefined"], found["versions"]) == ([], [], {})


def test_diff_from_the_command_line(twice: Toy) -> None:
    said = CliRunner().invoke(releases, ["diff", FIRST, SECOND])
    assert said.exit_code == 0
    assert "M04 P07b E08000038 to 2026-02-28: 125 then, 225 now (100)" in said.output
    assert "In use now and not then: two" in said.output
    document = json.loads(CliRunner().invoke(releases, ["diff", FIRST, SECOND, "--json"]).output)
    assert len(document["figures"]) == 3


@pytest.mark.parametrize("wrong", ["2020-01-01-00000000", "../builds/run1"])
def test_a_release_that_is_not_there_is_named(twice: Toy, wrong: str) -> None:
    with pytest.raises(ReleaseError, match="There is no release"):
        compare(twice.settings, wrong, SECOND)
    with pytest.raises(ReleaseError, match="There is no release"):
        rollback(twice.settings, twice.store, wrong)


def test_rollback_moves_the_pointer_on_the_record_and_deletes_nothing(twice: Toy) -> None:
    said = CliRunner().invoke(releases, ["rollback", FIRST, "--json"])
    assert json.loads(said.output) == {"release_id": FIRST, "replaced": SECOND}
    assert current_release(twice.settings) == FIRST
    assert (twice.settings.releases / SECOND / "metrics.csv").is_file()
    [event] = [e for e in twice.store.audit_events() if e.action == "release rolled back"]
    assert (event.subject, event.detail) == (FIRST, f"instead of {SECOND}")
    rollback(twice.settings, twice.store, FIRST)
    assert len([e for e in twice.store.audit_events() if e.action == "release rolled back"]) == 1
    listed = json.loads(CliRunner().invoke(releases, ["list", "--json"]).output)
    assert [(r["release_id"], r["is_current"]) for r in listed] == [(FIRST, True), (SECOND, False)]


def test_publishing_again_does_not_undo_a_rollback(twice: Toy) -> None:
    rollback(twice.settings, twice.store, FIRST)
    assert not publish(twice.settings, twice.store, "run2").is_new
    assert current_release(twice.settings) == FIRST


def test_explain_goes_from_a_figure_to_files_and_rows(twice: Toy) -> None:
    with duckdb.connect(str(twice.warehouse)) as con:
        con.execute("create schema harmonised")
        con.execute(
            "create table harmonised.starts as select 'one' as return_id, 'Starts' as source_sheet, "
            "i + 2 as source_row, 'P08' as programme_id, 'E08000018' as area_code, date '2025-05-01' as "
            "start_date, i < 3 as is_counted_start from range(4) t(i)"
        )
        con.execute("create table control.returns as select 'one' as return_id, 'P08' as programme_id")
    arguments = ["explain", "--metric", "M04", "--area", "E08000018", "--period", "2026-02-28"]
    [found] = json.loads(CliRunner().invoke(releases, [*arguments, "--json"]).output)
    assert found["figure"]["value"] == "307"
    assert found["rows"] == {
        "M04": [{"return_id": "one", "sheet": "Starts", "row": n} for n in (2, 3, 4)],
    }
    assert [(r["return_id"], r["used"]) for r in found["returns"]] == [("one", "current")]
    said = CliRunner().invoke(releases, arguments).output
    assert "records of M04: one Starts row 2" in said


def test_explain_says_what_it_cannot_find(twice: Toy) -> None:
    with pytest.raises(ReleaseError, match="no figure M04"):
        explain(twice.settings, twice.store, Asked("M04", "E99999999", "2026-02-28"))
    twice.warehouse.unlink()
    with pytest.raises(ReleaseError, match="not kept any more"):
        explain(twice.settings, twice.store, Asked("M04", "E08000018", "2026-02-28"))
