"""Rules over all returns together: a warehouse that trips each, and one that does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pytest

from orchestration.control.records import CheckResult
from orchestration.publishing.inspection import Build
from orchestration.publishing.together import returns_together
from tests.publishing.toy import Toy
from tests.publishing.toy_tables import TOGETHER

# Of the tables that a toy build has otherwise, the columns that these rules read.
TABLES = TOGETHER | {
    "control.ledger": "return_id varchar, period_start date, period_end date, receipt varchar, used varchar",
    "metrics.metric_values": "metric_id varchar, programme_id varchar, area_code varchar, "
    "breakdown_type varchar, cohort_quarter varchar, numerator decimal(18,2), denominator decimal(18,2), "
    "period_start date, period_end date",
    "reference.areas": "area_code varchar, area_name varchar, area_level varchar, parent_code varchar",
    "reference.codes": "code_list varchar, code varchar, label varchar",
    "reference.metric_definitions": "metric_id varchar, value_kind varchar, minimum_denominator int",
    "reference.programmes": "programme_id varchar, programme_name varchar",
}
Rows = dict[str, Sequence[tuple[object, ...]]]
REFERENCE: Rows = {
    "reference.areas": [("E1", "Rotherham", "district", "R"), ("E2", "Barnsley", "district", "R")],
    "reference.codes": [
        ("outcome_definition", "eit_paid_job", "Evidenced paid job"),
        ("outcome_definition", "eit_employment", "Employment"),
    ],
    "reference.count_codes": [("starts", "Starts on the programme")],
    "reference.metric_definitions": [("M12", "rate", 30)],
    "reference.programmes": [("P08", "Rotherham"), ("P07d", "Doncaster")],
}
QUARTER = ("2025-04-01", "2025-06-30")


def _reported(starts: int) -> Rows:
    """Twenty starts by the council's records, so many by the charity's own count."""
    return {
        "control.ledger": [("council", *QUARTER, "in", "current")],
        "harmonised.coverage": [
            ("P08", "E1", "starts", "2025-04-01", "council", "record", True, True),
            ("P08", "E1", "starts", "2025-04-01", "charity", "aggregate", True, False),
        ],
        "harmonised.counts": [("charity", "P08", "E1", "starts", "M04", "all", starts, starts, *QUARTER)],
        "metrics.flows": [("M04", "P08", "all", "record", 20, "2025-05-01", "2025-05-31", 0)],
    }


def _counted_first() -> Rows:
    """The same, but the first month of the quarter was only counted: there is nothing to compare."""
    rows = _reported(25)
    counted = ("P08", "E1", "starts", "2025-05-01", "charity", "aggregate", True, True)
    return rows | {"harmonised.coverage": [*rows["harmonised.coverage"], counted]}


def _sources(grain: str) -> Rows:
    return {
        "harmonised.coverage": [
            ("P08", "E1", "starts", "2025-04-01", "council", "record", True, True),
            ("P08", "E1", "starts", "2025-04-01", "charity", grain, True, False),
        ]
    }


def _jobs(other_day: str) -> Rows:
    return {"harmonised.jobs": [("P07d", 1, "2025-06-01"), ("P08", 1, other_day)]}


def _ledger(receipt: str) -> Rows:
    return {"control.ledger": [("council", *QUARTER, receipt, "none")]}


def _target(definition: str) -> Rows:
    return {"harmonised.targets": [("targets", definition, "eit_paid_job")]}


def _shares(people: int) -> Rows:
    half = ("all", "all", people / 2, people, *QUARTER)
    return {"metrics.metric_values": [("M12", "P08", "E1", *half), ("M12", "P07d", "E2", *half)]}


CASES: dict[str, tuple[Rows, Rows]] = {
    "C02": (_reported(25), _reported(21)),
    "C03": (_sources("record"), _sources("aggregate")),
    "C04": (_jobs("2025-06-15"), _jobs("2025-06-16")),
    "C08": (_ledger("missing"), _ledger("nil")),
    "C09": (_target("eit_employment"), _target("eit_paid_job")),
    "S07": (_shares(60), _shares(400)),
}
SAID = {
    "C02": "Your rows give 20 for 'Starts on the programme', your own count says 25.",
    "C03": "council and charity both report Starts on the programme for Rotherham.",
    "C04": "1 jobs also appear on Rotherham.",
    "C08": "We have not had your 2025-04-01 to 2025-06-30 return.",
    "C09": "Your target counts 'Employment', the metric counts 'Evidenced paid job'.",
    "S07": "M12: too few people to compare Barnsley, Rotherham.",
}


def _results(toy: Toy, rows: Rows, rule_id: str) -> list[CheckResult]:
    build = Build(toy.settings, toy.store, "build")
    build.folder.mkdir(parents=True, exist_ok=True)
    build.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(build.warehouse)) as con:
        con.execute(
            "create schema control; create schema harmonised; create schema metrics; create schema reference"
        )
        for name, columns in TABLES.items():
            con.execute(f"create table {name} ({columns})")
            for row in (REFERENCE | rows).get(name, ()):
                con.execute(f"insert into {name} values ({', '.join('?' * len(row))})", row)
    return [r for r in returns_together(build) if r.check_id == rule_id]


def test_records_are_held_against_counts_only_where_they_stand_all_the_time(toy: Toy) -> None:
    [none] = _results(toy, _counted_first(), "C02")
    assert none.status == "pass"


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_returns_trip_a_rule_and_stop_nothing(toy: Toy, rule_id: str) -> None:
    bad, good = CASES[rule_id]
    [found] = _results(toy, bad, rule_id)
    assert (found.kind, found.status, found.stopped) == ("finding", "warn", False)
    assert found.message.startswith(SAID[rule_id])
    [none] = _results(toy, good, rule_id)
    assert (none.status, none.message) == ("pass", "")


def test_a_figure_with_two_sources_is_no_longer_only_a_warning_once_the_rule_is_in_effect(toy: Toy) -> None:
    later = replace(toy, settings=replace(toy.settings, as_at=toy.settings.as_at.replace(month=5)))
    [found] = _results(later, CASES["C03"][0], "C03")
    assert (found.severity, found.status, found.stopped) == ("return", "fail", False)
