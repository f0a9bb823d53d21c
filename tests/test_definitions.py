"""The graph is a tested artefact: it loads as in production, and nothing is published past a gate."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph
from dagster_dg_cli.cli import create_dg_cli

from orchestration.definitions import defs
from orchestration.intake.contract import load_contracts
from orchestration.settings import PROJECT, RETURNS_FOLDER

DG = str(Path(sys.executable).with_name("dg"))
RELEASE = dg.AssetKey(["publishing", "release"])
GRAPH = Path(__file__).with_name("graph.txt")
VERDICT = dg.AssetKey(["gates", "verdict"])


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


@pytest.fixture(scope="module")
def upstream(loaded: dg.Definitions) -> set[dg.AssetKey]:
    graph = loaded.resolve_asset_graph()
    return dg.AssetSelection.assets(RELEASE).upstream().resolve(graph)


def test_release_is_downstream_of_every_return_and_every_gate(upstream: set[dg.AssetKey]) -> None:
    returns = {dg.AssetKey(["returns", return_id]) for return_id in load_contracts()}
    assert len(returns) >= 12
    assert returns <= upstream
    assert VERDICT in upstream


def test_release_is_downstream_of_every_model(loaded: dg.Definitions, upstream: set[dg.AssetKey]) -> None:
    layers = {"staging", "harmonised", "metrics", "accepted", "control"}
    models = {key for key in loaded.resolve_asset_graph().get_all_asset_keys() if key.path[0] in layers}
    assert {key.path[0] for key in models} == layers
    assert models <= upstream


def test_nothing_is_downstream_of_the_release(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    assert dg.AssetSelection.assets(RELEASE).downstream(include_self=False).resolve(graph) == set()


def test_verdicts_at_the_door_do_not_block_and_those_of_the_gate_do(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    blocking = {key: graph.get_check_spec(key).blocking for key in graph.asset_check_keys}
    at_the_door = [is_blocking for key, is_blocking in blocking.items() if key.asset_key.path[0] == "returns"]
    at_the_gate = [is_blocking for key, is_blocking in blocking.items() if key.asset_key == VERDICT]
    assert at_the_door
    assert not any(at_the_door)
    assert len(at_the_gate) == 7
    assert all(at_the_gate)


def test_every_asset_says_what_it_is_and_whose(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.owners, spec.key
        assert spec.group_name not in (None, "default"), spec.key


def made_of(graph: BaseAssetGraph, key: str, column: str) -> set[tuple[str, str]]:
    """Columns at the very start of a column's lineage, as (asset, column)."""
    found, waiting = set(), [(key, column)]
    seen = set(waiting)
    while waiting:
        table, name = waiting.pop()
        metadata = graph.get(dg.AssetKey(table.split("/"))).metadata
        lineage = metadata.get("dagster/column_lineage")
        deps = lineage.deps_by_column.get(name, ()) if lineage else ()
        if not deps:
            found.add((table, name))
        for dep in deps:
            following = ("/".join(dep.asset_key.path), dep.column_name)
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return found


def test_lineage_goes_from_a_published_column_to_the_partners_headers(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    headers = made_of(graph, "publishing/release", "numerator")
    assert ("landing/rotherham_eit", "Start date") in headers
    assert ("landing/sheffield_eit", "Number") in headers


def test_what_is_derived_in_the_vault_says_from_which_headers(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    assert ("landing/rotherham_eit", "DOB") in made_of(graph, "harmonised/participants", "age_band_code")
    assert ("landing/rotherham_eit", "Postcode") in made_of(graph, "harmonised/participants", "imd_decile")
    for spec in loaded.resolve_all_asset_specs():
        lineage = spec.metadata.get("dagster/column_lineage")
        used = {d.column_name for deps in (lineage.deps_by_column if lineage else {}).values() for d in deps}
        assert not used & {"Forename", "Surname"}, spec.key


def test_every_table_shows_its_columns_and_its_code(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        if spec.key.path[0] in ("gates", "control"):
            continue  # a verdict, and the tables that the warehouse is told of itself by
        assert spec.metadata["dagster/column_schema"].columns, spec.key
        assert spec.metadata["dagster/code_references"].code_references, spec.key
    metrics = loaded.resolve_asset_graph().get(dg.AssetKey(["metrics", "metric_values"]))
    assert all(column.description for column in metrics.metadata["dagster/column_schema"].columns)


def test_graph_is_the_one_on_record(loaded: dg.Definitions) -> None:
    """What assets there are, whose, in which group and after what: a change of the graph is meant."""
    graph = loaded.resolve_asset_graph()
    lines = []
    for spec in sorted(loaded.resolve_all_asset_specs(), key=lambda spec: spec.key):
        checks = sorted(key.name for key in graph.asset_check_keys if key.asset_key == spec.key)
        if spec.key.path[0] in ("staging", "harmonised", "metrics", "reference"):
            checks = []  # dbt's tests stand beside the models
        deps = sorted(dep.asset_key.to_user_string() for dep in spec.deps)
        kinds = " ".join(sorted(spec.kinds))
        lines.append(f"{spec.key.to_user_string()} [{spec.group_name}; {kinds}; {' '.join(spec.owners)}]")
        lines += [f"  check {name}" for name in checks] + [f"  after {dep}" for dep in deps]
    text = "\n".join(lines) + "\n"
    if os.environ.get("RECORD_GRAPH"):
        GRAPH.write_text(text, "utf-8")
    assert text == GRAPH.read_text("utf-8"), "Run with RECORD_GRAPH=1 if the change of the graph is meant."


def test_running_dbt_asks_nobody_for_its_version(
    loaded: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: list[str]) -> bytes:
        raise AssertionError(f"ran {command}, which looks a package index up")

    monkeypatch.setattr("dagster_dbt.core.resource.check_output", refuse)
    resource = (loaded.resources or {})["dbt"]
    assert resource._cli_version.major == 1


def test_schedule_and_sensors_start_stopped(loaded: dg.Definitions) -> None:
    repository = loaded.get_repository_def()
    assert {s.name for s in repository.sensor_defs} == {"landing", "notice_of_success", "notice_of_failure"}
    assert {s.default_status for s in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}
    assert [s.name for s in repository.schedule_defs] == ["monthly_refresh"]
    assert {s.default_status for s in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}


@pytest.mark.parametrize("return_id", sorted(p.parent.name for p in RETURNS_FOLDER.glob("*/defs.yaml")))
def test_contract_is_clean_by_dg_check_yaml(return_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One folder at a time: dg keys documents by component type, so of many instances one is looked at."""
    monkeypatch.chdir(PROJECT)
    done = CliRunner().invoke(create_dg_cli(), ["check", "yaml", str(RETURNS_FOLDER / return_id)])
    assert done.exit_code == 0, done.output


def test_misspelt_attribute_is_shown_with_file_and_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns(".venv", ".git", "state", "target", "landing")
    shutil.copytree(PROJECT, copy, ignore=ignored)
    contract = copy / "orchestration" / "defs" / "returns" / "rotherham_eit" / "defs.yaml"
    lines = contract.read_text("utf-8").replace("  scope: register", "  scoop: register")
    contract.write_text(lines, "utf-8")
    monkeypatch.chdir(copy)
    done = CliRunner().invoke(create_dg_cli(), ["check", "yaml", str(contract.parent)])
    assert done.exit_code != 0
    assert f"defs.yaml:{lines[: lines.index('scoop')].count(chr(10)) + 1}" in done.output


def test_definitions_are_clean_by_dg_check_defs() -> None:
    done = subprocess.run([DG, "check", "defs"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
