"""Writes the pages that say what the figures and the tables mean, from the data that defines them.

`python -m docs.generate` writes `docs/metrics.md` from the metric definitions and
`docs/data-dictionary.md` from the descriptions of the dbt project and `docs/rules.md` from the rule
catalogue. A test fails while they are stale.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from docs.rules_page import rules_page

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "seeds" / "reference"
MODELS = ROOT / "dbt_project" / "models"
PAGES = ROOT / "docs"
SOURCE = "staging/_returns__sources.yml"
LAYERS = [
    ("Reference data", "staging/_reference__seeds.yml", "seeds"),
    ("Harmonised: the common outcome schema", "harmonised/_harmonised__models.yml", "models"),
    ("Metrics", "metrics/_metrics__models.yml", "models"),
]
GENERATED = "<!-- Written by `python -m docs.generate`: change {source} instead. -->\n"


def metrics_page() -> str:
    """The definition of every metric, as Markdown."""
    with (REFERENCE / "metric_definitions.csv").open(encoding="utf-8", newline="") as file:
        definitions = list(csv.DictReader(file))
    index = [
        [f"[{d['metric_id']}](#{_anchor(d)})", d["metric_name"], d["unit"], d["grain"]] for d in definitions
    ]
    parts = [
        GENERATED.format(source="`seeds/reference/metric_definitions.csv`"),
        "# What the metrics mean\n",
        "Every figure is a row of `metrics.csv`: a metric of a programme, an area, a breakdown, a cohort and "
        "a period, with its numerator, denominator and value. A figure is *provisional* until 90 days after "
        "the last event of its period can have happened, *near final* for a year, then *final*.\n",
        _table(["metric", "name", "unit", "grain"], index),
        *(_metric(definition) for definition in definitions),
    ]
    return "\n".join(parts)


def dictionary_page() -> str:
    """Every table with its columns and what they mean, as Markdown."""
    parts = [
        GENERATED.format(source="the descriptions in `dbt_project/models/`"),
        "# Data dictionary\n",
        "## Accepted returns and what the refresh exports\n",
        *_source_tables(yaml.safe_load((MODELS / SOURCE).read_text("utf-8"))),
    ]
    for title, path, kind in LAYERS:
        parts.append(f"## {title}\n")
        parts += _tables(yaml.safe_load((MODELS / path).read_text("utf-8"))[kind])
    return "\n".join(parts)


def pages() -> dict[Path, str]:
    """The generated pages by where they stand."""
    return {
        PAGES / "metrics.md": metrics_page(),
        PAGES / "data-dictionary.md": dictionary_page(),
        PAGES / "rules.md": rules_page(),
    }


def _metric(definition: dict[str, str]) -> str:
    over = f" ÷ {definition['denominator']}" if definition["denominator"] else ""
    minimum = definition["minimum_denominator"]
    facts = [
        ("Formula", definition["formula"]),
        ("Shown as", definition["numerator"] + over),
        ("Unit, grain", f"{definition['unit']}, {definition['grain']}"),
        ("Matures", definition["maturity_rule"]),
        ("Smallest base", f"{minimum} people" if minimum else ""),
        ("For", definition["audience"]),
        ("Mind", definition["caveat"]),
        ("Version, source", f"{definition['metric_version']}, {definition['source']}"),
    ]
    lines = [f"- **{name}**: {text}" for name, text in facts if text]
    return f"## {definition['metric_id']} {definition['metric_name']}\n\n" + "\n".join(lines) + "\n"


def _anchor(definition: dict[str, str]) -> str:
    title = f"{definition['metric_id']} {definition['metric_name']}".lower()
    return "".join(c for c in title if c.isalnum() or c in " -").replace(" ", "-")


def _source_tables(schema: dict[str, Any]) -> Iterable[str]:
    for source in schema["sources"]:
        leading = schema["anchors"]["provenance"] if source["name"] == "accepted" else []
        for table in source["tables"]:
            yield _section(
                f"{source['name']}.{table['name']}", table["description"], leading + table["columns"]
            )


def _tables(nodes: list[dict[str, Any]]) -> Iterable[str]:
    for node in sorted(nodes, key=lambda n: str(n["name"])):
        types = node.get("config", {}).get("column_types", {})
        columns = node.get("columns") or [{"name": n, "data_type": t} for n, t in types.items()]
        yield _section(node["name"], node["description"], columns)


def _section(name: str, description: str, columns: list[dict[str, Any]]) -> str:
    rows = [[f"`{c['name']}`", c["data_type"], c.get("description", "")] for c in columns]
    return f"### {name}\n\n{description}\n\n{_table(['column', 'type', 'meaning'], rows)}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main() -> None:
    """Write the generated pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"Wrote {path.relative_to(ROOT)}.\n")


if __name__ == "__main__":
    main()
