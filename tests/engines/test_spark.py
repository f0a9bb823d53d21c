"""The sample home built by Spark: the same figures, judged by the same gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from orchestration.publishing.candidate import table_hashes
from orchestration.settings import DBT_PROJECT
from tests.conftest import Home

pytestmark = pytest.mark.engines

OWN = {"metrics.barriers_at_start"}
"""What has person_no, for which any number will do; every figure made of it is compared."""
SMALL = {
    "spark.master": "local[2]",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than so few rows do
}


def small_profile() -> str:
    """The project's own, for few rows on a small machine: a home's profile goes before it."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text("utf-8"))
    profile["pathways"]["outputs"]["spark"]["server_side_parameters"] |= SMALL
    return yaml.safe_dump(profile)


@pytest.fixture(scope="module")
def by_spark(refreshed: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict]:
    """A copy of the refreshed home, refreshed anew by Spark, and what that said."""
    home = refreshed.copy(tmp_path_factory.mktemp("spark") / "home")
    (home.path / "profiles.yml").write_text(small_profile(), "utf-8")
    ran = home.run("refresh", "--target", "spark", "--json")
    assert ran.code == 0, ran.out + ran.err
    return home, ran.json


def _build(home: Home) -> Path:
    return (home.path / "builds" / "candidate").resolve()


def test_every_table_that_a_release_reads_is_the_same_value_for_value(
    refreshed: Home, by_spark: tuple[Home, dict]
) -> None:
    duckdb, spark = (table_hashes(_build(home) / "warehouse.duckdb") for home in (refreshed, by_spark[0]))
    assert spark.keys() == duckdb.keys()
    assert "metrics.metric_values" in spark
    assert {name for name in spark if spark[name] != duckdb[name]} <= OWN


def test_every_model_test_and_gate_says_the_same(refreshed: Home, by_spark: tuple[Home, dict]) -> None:
    first = json.loads((refreshed.path / "first_refresh.json").read_text("utf-8"))
    ours, theirs = ({s["name"]: s["line"] for s in report["gate"]} for report in (by_spark[1], first))
    for name in ("models built", "reference data loaded", "dbt tests", "dbt unit tests", "policies"):
        assert ours[name] == theirs[name]
    manifest = json.loads((_build(by_spark[0]) / "target" / "manifest.json").read_text("utf-8"))
    assert manifest["metadata"]["adapter_type"] == "spark"


def test_its_release_says_who_built_it_and_moves_no_figure(
    refreshed: Home, by_spark: tuple[Home, dict]
) -> None:
    home = by_spark[0]
    assert home.current != refreshed.current
    versions = json.loads((home.release / "manifest.json").read_text("utf-8"))["versions"]
    assert (versions["target"], "pyspark" in versions) == ("spark", True)
    differs = home.run("release", "diff", refreshed.current, home.current, "--json").json
    assert differs["figures"] == []


def test_a_second_refresh_by_spark_has_nothing_to_do(by_spark: tuple[Home, dict]) -> None:
    home = by_spark[0]
    before = home.current
    assert home.run("refresh", "--target", "spark", "--json").code == 0
    assert home.current == before
