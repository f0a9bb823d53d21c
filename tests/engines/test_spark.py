"""The sample home built by Spark: the same figures, judged by the same gate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.publishing.candidate import table_hashes
from orchestration.settings import DBT_PROJECT
from tests.conftest import Home
from tests.spark_server import KINDS, spark_server

pytestmark = pytest.mark.engines

OWN = {"metrics.barriers_at_start", "metrics.time_in_work"}
"""What has person_no, for which any number will do; every figure made of it is compared."""
SMALL = {
    "spark.master": "local[2]",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than so few rows do
}


def small_profile(server: Mapping[str, Any] | None = None) -> str:
    """The project's own, for few rows on a small machine, or what reaches a server; a home's goes before."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text("utf-8"))
    output = profile["pathways"]["outputs"]["spark"]
    if server:
        output.pop("server_side_parameters")
        output |= server
    else:
        output["server_side_parameters"] |= SMALL
    return yaml.safe_dump(profile)


def parameters() -> dict[str, str]:
    """What the project's own Spark is told, for a server; but for the folders of a build."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text("utf-8"))
    ours = profile["pathways"]["outputs"]["spark"]["server_side_parameters"]
    return {name: value for name, value in ours.items() if "env_var" not in value} | SMALL


@pytest.fixture(scope="module", params=["within dbt", *KINDS])
def by_spark(
    request: pytest.FixtureRequest, refreshed: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, dict]]:
    """A copy of the refreshed home, refreshed anew by Spark, and what that said."""
    folder = tmp_path_factory.mktemp("spark")
    home = refreshed.copy(folder / "home")
    kind = request.param
    with spark_server(kind, parameters(), folder) if kind in KINDS else nullcontext() as server:
        (home.path / "profiles.yml").write_text(small_profile(server), "utf-8")
        ran = home.run("refresh", "--target", "spark", "--json")
        assert ran.code == 0, ran.out + ran.err
        yield home, ran.json


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
