"""The dbt project compiled once over typed empty tables, for tests that read it rather than run it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt.cli.main import dbtRunner

from orchestration.settings import DBT_PROJECT, QUIET

SOURCES = DBT_PROJECT / "models" / "staging" / "_returns__sources.yml"


def make_empty_warehouse(path: Path) -> None:
    """Write a warehouse whose source tables have their columns and no rows."""
    schema = yaml.safe_load(SOURCES.read_text("utf-8"))
    with duckdb.connect(str(path)) as connection:
        for source in schema["sources"]:
            connection.execute(f"create schema {source['name']}")
            leading = schema["anchors"]["provenance"] if source["name"] == "accepted" else []
            for table in source["tables"]:
                columns = ", ".join(f"{c['name']} {c['data_type']}" for c in leading + table["columns"])
                connection.execute(f"create table {source['name']}.{table['name']} ({columns})")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest after `dbt build` over no rows: every model runs, and says that nothing came."""
    folder = tmp_path_factory.mktemp("dbt")
    warehouse = folder / "warehouse.duckdb"
    make_empty_warehouse(warehouse)
    before = dict(os.environ)
    os.environ.update(QUIET | {"PATHWAYS_WAREHOUSE": str(warehouse)})
    try:
        result = dbtRunner().invoke(
            [
                "build",
                "--quiet",
                "--show-all-deprecations",
                "--project-dir",
                str(DBT_PROJECT),
                "--profiles-dir",
                str(DBT_PROJECT),
                "--target-path",
                str(folder / "target"),
                "--log-path",
                str(folder / "logs"),
            ]
        )
    finally:
        os.environ.clear()
        os.environ.update(before)
    written = json.loads((folder / "target" / "manifest.json").read_text("utf-8"))
    written["run_results"] = (
        []
        if result.result is None
        else [{"id": r.node.unique_id, "status": str(r.status), "message": r.message} for r in result.result]
    )
    written["log"] = (folder / "logs" / "dbt.log").read_text("utf-8")
    return written


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every model of the project by its name."""
    return {n["name"]: n for n in manifest["nodes"].values() if n["resource_type"] == "model"}
