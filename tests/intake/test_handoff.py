"""What a build is handed besides returns."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.components.resources import Home as Resource
from orchestration.defs.warehouse.models import handoff
from orchestration.intake.handoff import create_warehouse
from orchestration.intake.unit_values import own_unit_values
from orchestration.settings import REFERENCE, Settings, SettingsError
from tests.conftest import Home


def _unit_values(home: Path) -> list[tuple[object, ...]]:
    links = home / "links.parquet"
    duckdb.execute(f"copy (select '' as record_key, '' as person_key, '' as link_rule) to '{links}'")
    warehouse = home / "build" / "warehouse.duckdb"
    create_warehouse(warehouse, [], links, [], {}, Settings(home, date(2026, 3, 2)))
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return con.execute("select unit_value_id, value_gbp, valid_from from control.unit_values").fetchall()


def test_licensed_values_of_the_home_reach_the_models_and_nothing_is_there_without_them(
    tmp_path: Path,
) -> None:
    assert _unit_values(tmp_path) == []
    header, row, *_ = (REFERENCE / "unit_values.csv").read_text("utf-8").splitlines()
    (tmp_path / "unit_values.csv").write_text(f"{header}\n{row}\n", "utf-8")
    (tmp_path / "build" / "warehouse.duckdb").unlink()
    assert _unit_values(tmp_path) == [("rrr_groups_1", Decimal("2000.00"), date(2023, 4, 1))]


@pytest.mark.parametrize(
    ("column", "said", "told"),
    [
        ("value_gbp", "£2k", r"row 2, column value_gbp: '£2k' is not a number of pounds"),
        ("value_gbp", "nan", "row 2, column value_gbp: 'nan' is not a number of pounds"),
        ("value_gbp", "", "row 2, column value_gbp: '' is not a number of pounds"),
        ("valid_to", "31/03/2024", "row 2, column valid_to: '31/03/2024' is not a day, such as 2023-04-01"),
        ("source_year", "last year", "row 2, column source_year: 'last year' is not a year"),
        ("unit", "events", "row 2, columns count_code and unit: no count 'unique_attendees' is in 'events'"),
        ("programme_id", "P6", "row 2, column programme_id: 'P6' is no programme"),
    ],
)
def test_a_licensed_value_that_cannot_be_used_is_told_with_its_place(
    tmp_path: Path, column: str, said: str, told: str
) -> None:
    with (REFERENCE / "unit_values.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    with (tmp_path / "unit_values.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, row)
        out.writeheader()
        out.writerow(row | {column: said})
    with pytest.raises(SettingsError, match=told):
        own_unit_values(tmp_path)


def test_a_column_that_licensed_values_lack_is_named(tmp_path: Path) -> None:
    (tmp_path / "unit_values.csv").write_text("unit_value_id,value_gbp\n", "utf-8")
    with pytest.raises(SettingsError, match="has no column count_code, programme_id"):
        own_unit_values(tmp_path)


def test_a_build_is_made_again_where_that_of_the_last_release_is_gone(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a home that was restored; and nothing is made while it is there."""
    monkeypatch.setenv("PATHWAYS_HOME", str(own_home.path))
    builds = own_home.path / "builds"
    before = {folder.name for folder in builds.iterdir()}
    assert dg.materialize([handoff], resources={"home": Resource()}).success
    assert {folder.name for folder in builds.iterdir()} == before
    shutil.rmtree(builds)
    made = dg.materialize([handoff], resources={"home": Resource()})
    assert {folder.name for folder in builds.iterdir()} == {made.run_id, "candidate"}
    assert (builds / made.run_id / "warehouse.duckdb").exists()
