"""Columns as an engineer sees them: what each is, and which columns it is made of, from the header on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import dagster as dg

from orchestration.intake.contract import Contract, Feed, Table
from orchestration.intake.entities import ENTITIES, Column

Made = Mapping[str, Sequence[tuple[str, str]]]
"""Of each column of a table: the columns it is made of, as (asset as "layer/name", column)."""

_SHOWN = 5  # of the columns that one is made of, in its description; its lineage holds all
_CLASSES = {
    "identifier": "Identifies a person: kept in the vault.",
    "quasi": "About a person.",
    "sensitive": "Sensitive.",
    "none": "Identifies nobody.",
}


def column_metadata(columns: Iterable[dg.TableColumn], made_of: Made) -> dict[str, object]:
    """Dagster's metadata of a table: columns with type, description and origin, and column lineage."""
    shown = [
        dg.TableColumn(c.name, c.type, _with_origin(c.description or "", made_of.get(c.name, ())))
        for c in columns
    ]
    lineage = {
        name: [dg.TableColumnDep(dg.AssetKey(asset.split("/")), column) for asset, column in deps]
        for name, deps in made_of.items()
        if deps
    }
    return {
        "dagster/column_schema": dg.TableSchema(shown),
        "dagster/column_lineage": dg.TableColumnLineage(lineage),
    }


def _with_origin(description: str, deps: Sequence[tuple[str, str]]) -> str:
    """The description with a link to each asset: the page that engineers see draws no lineage of columns."""
    if not deps:
        return description
    named = [f"[{asset}](/assets/{asset}) {column}" for asset, column in deps[:_SHOWN]]
    more = [f"{len(deps) - _SHOWN} more"] if len(deps) > _SHOWN else []
    return f"{description.rstrip('.')}. From {', '.join(named + more)}.".removeprefix(". ")


def landing_metadata(contract: Contract) -> dict[str, object]:
    """Every header that the contract knows, in each spelling, and what becomes of it."""
    columns = {
        header: dg.TableColumn(header, "text", _CLASSES[column.classification])
        for table in contract.tables
        for column in table.columns.values()
        for header in column.headers
    }
    return column_metadata(columns.values(), {})


def return_metadata(return_id: str, contract: Contract) -> dict[str, object]:
    """Standard columns that the return feeds, as "entity.column", made of the partner's headers."""
    made_of: dict[str, dict[tuple[str, str], None]] = {}
    columns: dict[str, dg.TableColumn] = {}
    for table, feed, column in _fed(contract):
        name = f"{feed.entity}.{column.name}"
        columns[name] = dg.TableColumn(name, column.data_type, column.description)
        sources = [feed.columns[s] for s in column.made_of if s in feed.columns]
        headers = [h for s in sources if s in table.columns for h in table.columns[s].headers]
        made_of.setdefault(name, {}).update(dict.fromkeys((f"landing/{return_id}", h) for h in headers))
    return column_metadata(columns.values(), {name: list(deps) for name, deps in made_of.items()})


def accepted_metadata(entity_name: str, contracts: Mapping[str, Contract]) -> dict[str, object]:
    """Columns of an entity's accepted records, made of those of every return that feeds it."""
    made_of: dict[str, dict[tuple[str, str], None]] = {}
    for return_id, contract in contracts.items():
        for _, feed, column in _fed(contract):
            if feed.entity == entity_name:
                dep = (f"returns/{return_id}", f"{entity_name}.{column.name}")
                made_of.setdefault(column.name, {})[dep] = None
    columns = [dg.TableColumn(c.name, c.data_type, c.description) for c in ENTITIES[entity_name].columns]
    return column_metadata(columns, {name: list(deps) for name, deps in made_of.items()})


def _fed(contract: Contract) -> Iterator[tuple[Table, Feed, Column]]:
    """Every standard column that the contract feeds, with the feed and the table that it comes from."""
    for table in contract.tables:
        for feed in table.feeds:
            for column in ENTITIES[feed.entity].columns:
                if set(column.made_of) & set(feed.columns):
                    yield table, feed, column
