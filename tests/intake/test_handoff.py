"""What a build is handed besides returns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.intake.handoff import create_warehouse
from orchestration.settings import REFERENCE, Settings, SettingsError


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


def test_a_column_that_licensed_values_lack_is_named(tmp_path: Path) -> None:
    (tmp_path / "unit_values.csv").write_text("unit_value_id,value_gbp\n", "utf-8")
    with pytest.raises(SettingsError, match="has no column count_code, programme_id"):
        _unit_values(tmp_path)
