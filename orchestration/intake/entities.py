"""The standard entities and their columns, read from the one place that declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT

SCHEMA_FILE = DBT_PROJECT / "models" / "staging" / "_returns__sources.yml"
PARTNER_REF = "partner_ref"


@dataclass(frozen=True)
class Column:
    """A standard column: its type in accepted Parquet, what the door asks of it, what may feed it."""

    name: str
    data_type: str
    description: str
    required: bool = False
    codes: str | None = None
    open: bool = False
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entity:
    """A standard entity: `columns` as in accepted Parquet, `vault_columns` that never leave the vault."""

    name: str
    description: str
    columns: tuple[Column, ...]
    vault_columns: tuple[str, ...]

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns of accepted Parquet."""
        return tuple(c.name for c in self.columns)

    @cached_property
    def feedable(self) -> frozenset[str]:
        """Names that a contract may feed: standard columns, vault columns, the partner's own references."""
        return frozenset(self.column_names) | frozenset(self.vault_columns) | {PARTNER_REF, "employer_name"}


def _column(stated: dict[str, Any]) -> Column:
    meta = stated.get("meta", {})
    return Column(
        name=stated["name"],
        data_type=stated["data_type"],
        description=stated["description"],
        required=meta.get("required", False),
        codes=meta.get("codes"),
        open=meta.get("open", False),
        made_of=tuple(meta.get("made_of", (stated["name"],))),
    )


_SCHEMA = yaml.load(SCHEMA_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _load(source: str) -> dict[str, Entity]:
    """Every table of a source by name, in the order of the schema file."""
    leading = _SCHEMA["anchors"]["provenance"] if source == "accepted" else []
    (stated,) = (s for s in _SCHEMA["sources"] if s["name"] == source)
    return {
        table["name"]: Entity(
            name=table["name"],
            description=table["description"],
            columns=tuple(_column(c) for c in leading + table["columns"]),
            vault_columns=tuple(table.get("meta", {}).get("vault_columns", ())),
        )
        for table in stated["tables"]
    }


ENTITIES = _load("accepted")
CONTROL = _load("control")
"""What the hand-off tells the models beside records."""
