"""diff, explain, rollback and list: what they say, on the toy home."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.publishing.attribution import attributed
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.compare import compare
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.explain import Asked, explain
from orchestration.publishing.journal import current_release
from orchestration.publishing.redacted import note_redacted
from orchestration.publishing.release import publish
from orchestration.publishing.rollback import rollback
from orchestration.publishing.sources import SOURCES, can_be_followed, counts_behind, rows_behind
from orchestration.refresh import Outcome, summary
from orchestration.release_cli import releases
from orchestration.status_cli import app as status
from tests.publishing.toy import FIRST, SECOND, Toy, seed


def test_a_release_says_which_of_its_inputs_were_redacted_since(twice: Toy) -> None:
    assert note_redacted(twice.settings, twice.store, ["b" * 64]) == {SECOND: ["b" * 12]}
    asked = CliRunner().invoke(releases, ["list", "--json"])
    told = {r["release_id"]: r["redacted_inputs"] for r in json.loads(asked.stdout)}
    assert told == {FIRST: [], SECOND: ["b" * 12]}
    said = CliRunner().invoke(releases, ["list"]).stdout
    assert said.count("redacted since") == 1


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


RECORDS = """
create or replace table harmonised.{table} as
select 'one' as return_id, 'Sheet' as source_sheet, i + 2 as source_row, 'P07b' as programme_id,
    'E08000038' as area_code, i as person_no, date '2025-05-01' as {dated}, {counts},
    if(i % 2 = 0, 'female', 'male') as sex_code
from range({first}, {last}) t(i);
create or replace table accepted.{table} as
select *, repeat('a', 64) as submission_id from harmonised.{table};
"""
COUNTS = """
create or replace table harmonised.counts as
select 'two' as return_id, 'S' as source_sheet, 9 as source_row, 'P08' as programme_id,
    'E08000018' as area_code, 'M04' as metric_id, 'starts' as count_code, 'all' as breakdown_type,
    'all' as breakdown_value, date '2025-04-01' as period_start, date '2026-02-28' as period_end;
create or replace table accepted.counts as select *, repeat('b', 64) as submission_id from harmonised.counts;
"""
PARTICIPANTS = """
create or replace table harmonised.participants as
select 'one' as return_id, 'P07b' as programme_id, 'key ' || i as record_key, i as person_no,
    'E08000038' as area_code
from range(20) t(i)
"""


def with_records(folder: Path, starts: tuple[int, int], counted: int, evidenced: int) -> None:
    """The tables that records are looked up in; `evidenced` of three jobs are."""
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("create schema if not exists harmonised; create schema if not exists accepted")
        jobs = f"true as is_job, i < {evidenced} as is_evidenced, 'claimed' as evidence_grade"
        tables = [
            ("starts", "start_date", f"i < {counted} as is_counted_start", *starts),
            ("outcomes", "outcome_date", jobs, 0, 3),
            ("referrals", "referral_date", "true as is_counted_referral", 0, 0),
        ]
        for table, dated, counts, first, last in tables:
            con.execute(RECORDS.format(table=table, dated=dated, counts=counts, first=first, last=last))
        con.execute(COUNTS + PARTICIPANTS)
        con.execute("delete from control.returns")
        con.execute(
            "insert into control.returns (return_id, programme_id) values ('one', 'P08'), ('two', 'P08')"
        )


def test_diff_puts_a_movement_down_to_records_evidence_and_files(twice: Toy) -> None:
    with_records(twice.settings.builds / "run1", (0, 5), 5, 1)
    with_records(twice.settings.builds / "run2", (2, 9), 8, 3)
    found = attributed(twice.settings, twice.store, compare(twice.settings, FIRST, SECOND))
    causes = {(r["metric_id"], r["programme_id"]): r["causes"] for r in found["figures"]}
    assert (
        causes["M04", "P07b"]
        == causes["M04", "P07"]
        == [
            {"cause": "new records", "return_id": "one", "records": 3},
            {"cause": "records gone", "return_id": "one", "records": -2},
        ]
    )
    jobs = [{"metric_id": "M08", "programme_id": "P07b", "area_code": "E08000038"}]
    row = found["figures"][0] | jobs[0]
    late = attributed(twice.settings, twice.store, found | {"figures": [row]})
    assert late["figures"][0]["causes"] == [{"cause": "late evidence", "return_id": "one", "records": 2}]


@pytest.mark.parametrize("is_there", [False, True])
def test_without_both_builds_a_movement_is_put_down_to_what_the_manifests_tell(
    twice: Toy, is_there: bool
) -> None:
    earlier = twice.settings.builds / "run1" / "warehouse.duckdb"
    earlier.write_bytes(b"damaged") if is_there else earlier.unlink()
    found = compare(twice.settings, FIRST, SECOND) | {
        "metrics_redefined": ["M04"], "versions": {"rules": {}, "code": {}},
        "clock": {"before": "2026-03-02", "now": "2026-04-02"},
    }  # fmt: skip
    first = attributed(twice.settings, twice.store, found)["figures"][0]
    assert first["metric_id"] == "M02"
    assert [c["cause"] for c in first["causes"]] == ["rules changed", "the clock went on to 2026-04-02"]


def test_diff_from_the_command_line(twice: Toy) -> None:
    for build_id in ("run1", "run2"):
        with_records(twice.settings.builds / build_id, (0, 3 if build_id == "run1" else 5), 9, 0)
    said = CliRunner().invoke(releases, ["diff", FIRST, SECOND])
    assert said.exit_code == 0
    assert "M04 P07b E08000038 to 2026-02-28: 125 then, 225 now (100)" in said.output
    assert "new records: +2 (one)" in said.output
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
    assert json.loads(CliRunner().invoke(status, ["--json"]).output)["release"] == FIRST
    assert summary(twice.settings, Outcome("nothing new", True, (), frozenset()))["release_id"] == FIRST


def test_publishing_again_does_not_undo_a_rollback(twice: Toy) -> None:
    rollback(twice.settings, twice.store, FIRST)
    assert not publish(twice.settings, twice.store, "run2").is_new
    assert current_release(twice.settings) == FIRST


def test_explain_goes_from_a_figure_to_files_and_rows(twice: Toy) -> None:
    with_records(twice.folder, (0, 4), 3, 0)
    arguments = ["explain", "--metric", "M04", "--area", "E08000038", "--period", "2026-02-28"]
    [found] = json.loads(CliRunner().invoke(releases, [*arguments, "--json"]).output)
    assert found["figure"]["value"] == "225"
    one = {"return_id": "one", "file": "starts.csv", "sheet": "Sheet"}
    assert found["rows"] == {"starts": [one | {"row": n} for n in (2, 3, 4)]}
    said = CliRunner().invoke(releases, arguments).output
    assert "starts: one starts.csv Sheet row 2" in said
    arguments[4] = "E08000018"
    [found] = json.loads(CliRunner().invoke(releases, [*arguments, "--json"]).output)
    assert found["rows"] == {"counts": [{"return_id": "two", "file": "starts.csv", "sheet": "S", "row": 9}]}
    assert [(r["return_id"], r["used"]) for r in found["returns"]] == [
        ("one", "current"),
        ("two", "carried_forward"),
    ]


def test_explain_of_a_group_lists_its_rows_or_says_that_they_are_not_told_apart(twice: Toy) -> None:
    with_records(twice.folder, (0, 4), 4, 0)
    figure = explain(twice.settings, twice.store, Asked("M04", "E08000038", "2026-02-28"))[0]["figure"]
    with warehouse(twice.warehouse) as connection:
        [started] = SOURCES["M04"]
        women, came_by = (
            figure | {"breakdown_type": breakdown, "breakdown_value": group}
            for breakdown, group in (("sex", "female"), ("referral_source", "gp"))
        )
        assert [row[-1] for row in rows_behind(connection, started, women)] == [2, 4]
        assert can_be_followed(connection, started, women)
        assert not can_be_followed(connection, started, came_by)


def test_explain_names_only_returns_that_a_figure_is_made_of(twice: Toy) -> None:
    with_records(twice.folder, (0, 4), 3, 0)
    with duckdb.connect(str(twice.warehouse)) as con:
        con.execute(
            "create table harmonised.spend as select 'two' as return_id, 'S' as source_sheet, "
            "7 as source_row, 'P08' as programme_id, 'E08000018' as area_code, "
            "date '2026-02-28' as period_end; "
            "create table accepted.spend as select *, repeat('b', 64) as submission_id from harmonised.spend"
        )
        con.execute("update harmonised.counts set metric_id = 'M20'")
    spent, started = (
        explain(twice.settings, twice.store, Asked(metric, "E08000018", "2026-02-28", "P08"))[0]
        for metric in ("M33", "M04")
    )
    assert spent["rows"] == {"spend": [{"return_id": "two", "file": "starts.csv", "sheet": "S", "row": 7}]}
    assert [r["return_id"] for r in spent["returns"]] == ["two"]
    assert [r["return_id"] for r in started["returns"]] == ["one"]


def test_explain_finds_the_counts_behind_rates_and_money(twice: Toy) -> None:
    with_records(twice.folder, (0, 0), 0, 0)
    with duckdb.connect(str(twice.warehouse)) as con:
        con.execute("update harmonised.counts set metric_id = 'M01'")
    where = {
        "programme_id": "P08",
        "area_code": "all",
        "period_start": "2025-04-01",
        "period_end": "2026-02-28",
        "breakdown_type": "all",
        "breakdown_value": "all",
    }
    with warehouse(twice.warehouse) as connection:
        behind = {m: counts_behind(connection, where | {"metric_id": m}) for m in ("M06", "M02", "M31")}
    assert behind == {"M06": [("two", "b" * 64, "S", 9)], "M02": [], "M31": []}, (
        "people referred are not referrals"
    )


def test_every_metric_that_comes_from_returns_says_where_its_rows_stand() -> None:
    from_returns = [m for m in seed("metric_definitions")["metric_id"] if m.startswith("M")]
    assert set(from_returns) - set(SOURCES) == {"M29", "M30"}, "about returns, not about records"


def test_explain_says_what_it_cannot_find(twice: Toy) -> None:
    with pytest.raises(ReleaseError, match="no figure M04 for E99999999 at all"):
        explain(twice.settings, twice.store, Asked("M04", "E99999999", "2026-02-28"))
    with pytest.raises(ReleaseError, match="Its periods: 2025-04-01/2026-02-28"):
        explain(twice.settings, twice.store, Asked("M04", "E08000018", "2020-01-31"))
    twice.warehouse.write_bytes(b"damaged")
    with pytest.raises(ReleaseError, match="Build run2 cannot be read"):
        explain(twice.settings, twice.store, Asked("M04", "E08000018", "2026-02-28"))
    twice.warehouse.unlink()
    with pytest.raises(ReleaseError, match="not kept any more"):
        explain(twice.settings, twice.store, Asked("M04", "E08000018", "2026-02-28"))
