"""`datapackage.json`: what each released file holds, column by column, as a Data Package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from orchestration.publishing import area_comparison
from orchestration.publishing.columns import DATES, NUMBERS, RELEASED, WHOLE
from orchestration.publishing.inspection import Build

MODEL = "metric_values"
UNIT_OF_ROW = "in the row's unit"
OWN: Mapping[str, str] = {
    "metric_name": "Name of the metric",
    "metric_version": "Version of the metric's definition",
    "area_name": "Name of the area; empty where the area is all or has none",
    "numerator": "Published numerator: rounded as its basis says, empty where it is not shown",
    "denominator": "Published denominator: rounded as its basis says, empty where it is not shown",
    "value": "The figure, or empty; status then says why",
    "bound_lower": "Least that the figure can be, where it is known only between bounds",
    "bound_upper": "Most that the figure can be, where it is known only between bounds",
    "ci_lower": "Lower end of the 95% Wilson interval of a share of people",
    "ci_upper": "Upper end of the 95% Wilson interval of a share of people",
    "status": "Empty: shown; [c] confidential; [x] not available; [e] known only between bounds",
    "basis": "Why it may be published: not_personal and already_public are exact; ten_five hides 1 to 9, "
    "rounds to the nearest 5",
    "release_id": "Release that said so",
    "measure": "What is counted: records, people, how they were linked, or jobs that programmes share",
    **area_comparison.DESCRIPTIONS,
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
    if column in DATES:
        return "date"
    if column in (*WHOLE, *area_comparison.PLACES):
        return "integer"
    return "number" if column in (*NUMBERS, *area_comparison.LIMITS) else "string"


def _described(build: Build) -> dict[str, str]:
    """Descriptions of the model's columns; those of publishing stand for what publishing changes."""
    manifest = json.loads((build.folder / "target" / "manifest.json").read_text("utf-8"))
    model: dict[str, Any] = next((n for n in manifest["nodes"].values() if n["name"] == MODEL), {})
    told = {name: str(c.get("description", "")) for name, c in model.get("columns", {}).items()}
    return {name: OWN.get(name) or told.get(name, "") for name in RELEASED}
