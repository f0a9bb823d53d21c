"""What the dbt project promises of itself: layers, descriptions, contracts, plain SQL."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
import sqlglot
import yaml

from orchestration.settings import DBT_PROJECT, REFERENCE

Models = dict[str, dict[str, Any]]
LAYERS = ["staging", "harmonised", "metrics"]
LONGEST_MODEL = 125


def layer_of(node: dict[str, Any]) -> str:
    return node["fqn"][1]


def test_an_empty_home_builds_without_errors_or_deprecations(manifest: dict[str, Any]) -> None:
    failed = [r for r in manifest["run_results"] if r["status"] in ("error", "fail", "skipped")]
    assert not failed
    assert manifest["run_results"]
    assert "Deprecat" not in manifest["log"]


def test_only_staging_reads_sources_and_layers_follow_the_data(
    manifest: dict[str, Any], models: Models
) -> None:
    for name, node in models.items():
        for parent in node["depends_on"]["nodes"]:
            kind = parent.split(".")[0]
            if kind == "source":
                assert layer_of(node) == "staging", f"{name} reads a source"
            if kind == "model":
                parent_node = models[parent.split(".")[-1]]
                assert LAYERS.index(layer_of(parent_node)) <= LAYERS.index(layer_of(node)), (
                    f"{name} reads {parent}"
                )


def test_metrics_read_records_only_through_the_harmonised_layer(models: Models) -> None:
    for name, node in models.items():
        if layer_of(node) == "metrics":
            read = {p.split(".")[-1] for p in node["depends_on"]["nodes"]}
            assert not {r for r in read if r.startswith("stg_returns__")}, name


def test_every_staging_view_is_one_source_table_column_for_column(models: Models) -> None:
    schema = yaml.safe_load((DBT_PROJECT / "models" / "staging" / "_returns__sources.yml").read_text("utf-8"))
    for source in schema["sources"]:
        leading = schema["anchors"]["provenance"] if source["name"] == "accepted" else []
        prefix = "stg_returns__" if source["name"] == "accepted" else "stg_control__"
        for table in source["tables"]:
            tree = sqlglot.parse_one(models[prefix + table["name"]]["compiled_code"], read="duckdb")
            renamed = next(cte for cte in tree.find_all(sqlglot.exp.CTE) if cte.alias == "renamed")
            columns = [c["name"] for c in leading + table["columns"]]
            assert [e.alias_or_name for e in renamed.this.expressions] == columns, table["name"]


def test_every_model_and_seed_is_described(manifest: dict[str, Any], models: Models) -> None:
    seeds = [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    assert not [n["name"] for n in [*models.values(), *seeds] if not n["description"]]


def test_harmonised_and_metrics_models_enforce_contracts_and_say_their_grain(models: Models) -> None:
    for name, node in models.items():
        if layer_of(node) != "staging":
            assert node["contract"]["enforced"], name
            assert all(c["description"] and c["data_type"] for c in node["columns"].values()), name
            assert re.search(r"; one row [^;]+\.$", node["description"]), (
                f"{name} does not end with its grain"
            )


def test_every_data_test_is_named_as_severity_and_statement(manifest: dict[str, Any]) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            severity, _, statement = node["name"].partition("__")
            stopping = "warn" if node["config"]["severity"].lower() == "warn" else "release"
            assert severity == stopping, node["name"]
            assert "__" in statement, node["name"]


def test_every_model_is_short_enough_to_read(models: Models) -> None:
    for name, node in models.items():
        assert len(node["raw_code"].splitlines()) <= LONGEST_MODEL, name


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_every_model_transpiles(models: Models, dialect: str) -> None:
    for name, node in models.items():
        translated = sqlglot.transpile(
            node["compiled_code"], read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE
        )
        assert len(translated) == 1, name
        sqlglot.parse_one(translated[0], read=dialect)


def test_text_is_called_string_which_every_engine_knows(models: Models) -> None:
    assert not [name for name, node in models.items() if re.search(r"\bas varchar\b", node["raw_code"])]


def test_metrics_that_are_rates_name_defined_parts() -> None:
    with (REFERENCE / "metric_definitions.csv").open(encoding="utf-8", newline="") as file:
        definitions = {row["metric_id"]: row for row in csv.DictReader(file)}
    for metric_id, row in definitions.items():
        for part in (row["numerator_metric_id"], row["denominator_metric_id"]):
            assert not part or part in definitions, f"{metric_id} names {part}"


def test_the_register_of_place_based_schemes_has_57_of_which_13_state_money() -> None:
    with (REFERENCE / "place_based_schemes.csv").open(encoding="utf-8", newline="") as file:
        schemes = list(csv.DictReader(file))
    assert len(schemes) == 57
    assert len([s for s in schemes if s["amount_gbp"]]) == 13
