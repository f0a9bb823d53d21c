"""Column lineage of the models, read off their SQL as dbt compiled it."""

from __future__ import annotations

import csv
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from orchestration.intake.entities import ENTITIES

DIALECT = "duckdb"
Lineage = dict[str, dict[str, list[tuple[str, str]]]]
"""Table as "layer/name" → column → the columns it is made of, as (table, column)."""


def model_lineage(manifest: dict[str, Any], project: Path) -> Lineage:
    """Lineage of every column of every model; seeds and sources are where it begins.

    `manifest` is that of `dbt compile`. Raises sqlglot's `OptimizeError` where SQL does not tell a column.
    """
    from sqlglot.schema import MappingSchema

    tables = {
        key: node
        for key, node in (manifest["nodes"] | manifest["sources"]).items()
        if node["resource_type"] in ("model", "seed", "source")
    }
    needs = {key: node.get("depends_on", {}).get("nodes", []) for key, node in tables.items()}
    schema = MappingSchema(dialect=DIALECT)
    lineage: Lineage = {}
    for key in TopologicalSorter(needs).static_order():
        node = tables[key]
        is_model = node["resource_type"] == "model"
        made_of: dict[str, list[tuple[str, str]]] = (
            _made_of(node["compiled_code"], schema) if is_model else {c: [] for c in _columns(node, project)}
        )
        lineage[f"{node['schema']}/{node['name']}"] = made_of
        where = f'"{node["database"]}"."{node["schema"]}"."{node["name"]}"'
        schema.add_table(where, dict.fromkeys(made_of, "text"), dialect=DIALECT)
    return lineage


def _made_of(sql: str, schema: Any) -> dict[str, list[tuple[str, str]]]:
    import sqlglot
    from sqlglot import exp
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    query = qualify(sqlglot.parse_one(sql, read=DIALECT), schema=schema, dialect=DIALECT).assert_is(exp.Query)
    scope = build_scope(query)
    made_of = {}
    for column in query.named_selects:
        root = lineage(column, query, schema, scope=scope, dialect=DIALECT, copy=False, trim_selects=False)
        deps = set()
        for node in root.walk():
            if isinstance(table := node.expression, exp.Table):
                deps.add((f"{table.db}/{table.name}", node.name.split(".")[-1].strip('"')))
        made_of[column] = sorted(deps)
    return made_of


def _columns(node: dict[str, Any], project: Path) -> list[str]:
    """Columns of a seed, from its file; of a source, from the schema file."""
    if node["resource_type"] == "seed":
        with (project / node["original_file_path"]).open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file))
    is_accepted = node["source_name"] == "accepted"
    return list(ENTITIES[node["name"]].column_names if is_accepted else node["columns"])
