"""`datapackage.json`: what each released file holds, column by column, as a Data Package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from orchestration.publishing import area_comparison, coverage
from orchestration.publishing.columns import NUMBERS, OWN_COLUMNS, RELEASED, data_type
from orchestration.publishing.inspection import Build

MODEL = "metric_values"
UNIT_OF_ROW = "in the row's unit"
OWN: Mapping[str, str] = {
    **OWN_COLUMNS,
    "release_id": "Release that said so",
    "measure": "What is counted: records, people, how they were linked, or jobs that programmes share",
    **area_comparison.DESCRIPTIONS,
    **coverage.DESCRIPTIONS,
}


def datapackage_bytes(
    build: Build, release_id: str, stamp: str, label: str, files: Mapping[str, bytes]
) -> bytes:
    """The descriptor of a release's tables; descriptions of columns come from dbt where it has them."""
    said = _described(build)
    content = {
        "name": f"pathways-{release_id}",
        "title": "Regional employment support: figures",
        "description": f"{stamp} This is {label}.",
        "version": release_id,
        "resources": [
            _resource(name, content, said) for name, content in files.items() if name.endswith(".csv")
        ],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(path: str, content: bytes, said: Mapping[str, str]) -> dict[str, Any]:
    header = content.split(b"\n", 1)[0].decode().split(",")
    return {
        "name": path.removesuffix(".csv").replace("/", "-").replace("_", "-"),
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": [_field(name, said) for name in header]},
    }


def _field(name: str, said: Mapping[str, str]) -> dict[str, str]:
    plain = name.removesuffix("_before").removesuffix("_now")
    field = {"name": name, "type": _type(plain), "description": said.get(plain, OWN.get(plain, ""))}
    if plain in NUMBERS:
        field["unit"] = UNIT_OF_ROW
    if plain == "change":
        field["description"] = "new, revised or withdrawn since the release before"
    return field


def _type(column: str) -> str:
    if column in area_comparison.PLACES:
        return "integer"
    return "number" if column in (*area_comparison.LIMITS, coverage.SHARE) else data_type(column)


def _described(build: Build) -> dict[str, str]:
    """Descriptions of the model's columns; those of publishing stand for what publishing changes."""
    manifest = json.loads((build.folder / "target" / "manifest.json").read_text("utf-8"))
    model: dict[str, Any] = next((n for n in manifest["nodes"].values() if n["name"] == MODEL), {})
    told = {name: str(c.get("description", "")) for name, c in model.get("columns", {}).items()}
    return {name: OWN.get(name) or told.get(name, "") for name in RELEASED}
