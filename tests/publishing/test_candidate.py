"""Reading a build, and hashes that notice any change in it."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.publishing.candidate import CandidateError, read_candidate, table_hashes
from tests.publishing.toy import Toy, cell, toy_cells


def test_cells_come_typed_and_ordered_with_their_definition_and_area(toy: Toy) -> None:
    cells = read_candidate(toy.write().warehouse, is_synthetic=False).cells
    starts = cells[(cells["metric_id"] == "M04") & (cells["programme_id"] == "P08")].iloc[0]
    assert starts["metric_name"] == "Starts"
    assert starts["area_name"] == "Rotherham"
    assert starts["period_end"] == "2026-02-28"
    assert (starts["value"], starts["figure_origin"]) == (307.0, "computed")
    assert cells["metric_id"].is_monotonic_increasing


def test_a_synthetic_home_stamps_every_computed_figure(toy: Toy) -> None:
    toy.cells.append(
        cell("M02", 5, area_code="E08000038", area_vintage="2025", figure_origin="published", caveat=None)
    )
    cells = read_candidate(toy.write().warehouse, is_synthetic=True).cells
    computed = cells["figure_origin"] == "synthetic"
    assert computed.sum() == len(cells) - 1
    assert cells.loc[computed, "caveat"].str.startswith("Synthetic").all()
    assert cells.loc[~computed, "caveat"].tolist() == [""]


def test_a_figure_that_appears_twice_cannot_be_published(toy: Toy) -> None:
    toy.cells.append(toy_cells()[0])
    with pytest.raises(CandidateError, match="M01: a figure appears twice"):
        read_candidate(toy.write().warehouse, is_synthetic=True)


def test_a_metric_without_definition_cannot_be_published(toy: Toy) -> None:
    toy.cells.append(cell("M99", 50))
    with pytest.raises(CandidateError, match="No definition for M99"):
        read_candidate(toy.write().warehouse, is_synthetic=True)


def test_a_hash_is_of_content_not_of_order(toy: Toy) -> None:
    one = table_hashes(toy.write().warehouse)
    toy.cells.reverse()
    assert table_hashes(toy.write().warehouse) == one
    assert {"metrics.metric_values", "control.ledger", "reference.areas"} <= set(one)


@pytest.mark.parametrize(
    "change",
    ["update metrics.metric_values set value = value + 0.000001 where metric_id = 'M04'",
     "update metrics.metric_values set caveat = null where metric_id = 'M33' and breakdown_type = 'all'",
     "delete from metrics.metric_values where metric_id = 'M09'",
     "alter table metrics.metric_values alter column numerator type decimal(20, 2)",
     "create table metrics.extra (x int)"],
)  # fmt: skip
def test_a_hash_notices_any_change(toy: Toy, change: str) -> None:
    before = table_hashes(toy.write().warehouse)
    with duckdb.connect(str(toy.warehouse)) as con:
        con.execute(change)
    assert table_hashes(toy.warehouse) != before
