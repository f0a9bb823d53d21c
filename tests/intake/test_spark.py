"""What is left for Spark, and what is taken back from it; Spark itself is in tests/engines."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from orchestration.intake.entities import ENTITIES
from orchestration.intake.handoff import create_warehouse, engine
from orchestration.intake.spark import require_spark, spark_folder, take_from_spark
from orchestration.intake.spark_area import sweep
from orchestration.settings import Settings, SettingsError, load_settings


def _handed_off(home: Path, target: str) -> Path:
    links = home / "links.parquet"
    duckdb.execute(f"copy (select '' as record_key, '' as person_key, '' as link_rule) to '{links}'")
    warehouse = home / "build" / "warehouse.duckdb"
    create_warehouse(warehouse, [], links, [], {}, Settings(home, date(2026, 3, 2), target=target))
    return warehouse


def test_every_source_of_the_models_is_a_view_for_spark_too(tmp_path: Path) -> None:
    folder = spark_folder(_handed_off(tmp_path, "spark"))
    rows = duckdb.execute(f"select schema_name, table_name, query from '{folder}/sources.parquet'").fetchall()
    queries = {f"{schema}.{table}": query for schema, table, query in rows}
    assert {name for name in queries if name.startswith("accepted.")} == {f"accepted.{e}" for e in ENTITIES}
    assert "cast(null as string) as record_key" in queries["accepted.starts"]
    links = queries["control.person_links"].removeprefix("select * from parquet.").strip("`")
    assert duckdb.execute(f"select count(*) from '{links}'").fetchall() == [(1,)]


def test_duckdb_gets_nothing_beside_its_warehouse(tmp_path: Path) -> None:
    assert not spark_folder(_handed_off(tmp_path, "duckdb")).exists()


def test_the_warehouse_shows_what_spark_has_finished(tmp_path: Path) -> None:
    warehouse = _handed_off(tmp_path, "spark")
    for table in ("finished", "killed"):
        made = spark_folder(warehouse) / "metrics" / table
        made.mkdir(parents=True)
        duckdb.execute(f"copy (select 1.5::decimal(18, 2) as value) to '{made}/part-0.parquet'")
    (made.with_name("finished") / "_SUCCESS").touch()
    take_from_spark(warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        tables = con.execute("select view_name from duckdb_views() where schema_name = 'metrics'").fetchall()
        assert tables == [("finished",)]
        assert con.execute("describe metrics.finished").fetchall()[0][:2] == ("value", "DECIMAL(18,2)")


def test_what_killed_builds_left_elsewhere_is_swept_and_nothing_else(tmp_path: Path) -> None:
    for name in ("killed/control", "somebody_else"):
        (tmp_path / "area" / name).mkdir(parents=True)
    sweep(f"file://{tmp_path}/area", {"killed", "another"})
    assert [path.name for path in (tmp_path / "area").iterdir()] == ["somebody_else"]
    sweep(f"file://{tmp_path}/not_there", {"killed"})


def test_the_engine_is_a_setting_like_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    assert load_settings().target == "duckdb"
    (tmp_path / "home.toml").write_text('target = "spark"\n', "utf-8")
    assert load_settings().target == "spark"
    assert engine(load_settings(target="duckdb")) == {"target": "duckdb"}
    with pytest.raises(SettingsError, match="There is no target 'oracle'"):
        load_settings(target="oracle")


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="Spark is installed")
def test_without_spark_installed_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"requirements-spark\.lock"):
        require_spark(Settings(tmp_path, date(2026, 3, 2), target="spark"))


def test_a_profile_in_the_home_goes_before_that_of_the_project(tmp_path: Path) -> None:
    settings = Settings(tmp_path, date(2026, 3, 2))
    assert settings.profiles != tmp_path
    (tmp_path / "profiles.yml").touch()
    assert settings.profiles == tmp_path
