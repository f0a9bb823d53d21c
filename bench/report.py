"""Keeps results in `results.json` and shows them as the README's table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT

RESULTS = Path(__file__).with_name("results.json")
README = PROJECT / "README.md"
MARKED = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)
FLOORS = {
    "sample_refresh": ("A first refresh of the sample returns", "its parts, each as its own process"),
    "nothing_new": ("A refresh with nothing new", "the first refresh"),
    "door_check": ("Checking a return of 10,000 rows", "importing Great Expectations and reading the file"),
    "door_register": ("Taking in a register of a million rows of 20 columns", "`pandas.read_csv`"),
    "protection": (
        "A cell of a release of 100,000 protected and attacked",
        "a cell of a release of 1,000",
    ),
    "definitions_load": ("Loading the Dagster definitions", "importing dagster and dagster-dbt"),
}
Results = dict[str, dict[str, Any]]


def merge(new: Results, path: Path = RESULTS) -> Results:
    """Put new results in place of those of the same name, and keep the others."""
    known: Results = json.loads(path.read_text("utf-8")) if path.exists() else {}
    merged = dict(sorted((known | new).items()))
    path.write_text(json.dumps(merged, indent=2) + "\n", "utf-8")
    return merged


def table(results: Results) -> str:
    """All results as a Markdown table, and below it where the time of the models goes."""
    rows = ["| what | took | against | ratio | aim |", "|---|---|---|---|---|"]
    for name, (title, floor) in FLOORS.items():
        if name in results:
            rows.append(_row(title, floor, results[name]))
    if "linkage" in results:
        rows.append(_linkage_row(results["linkage"]))
    scales = sorted(
        (r for name, r in results.items() if name.startswith("scale_")), key=lambda r: r["people"]
    )
    rows += [row for result in scales for row in _scale_rows(result)]
    return "\n".join(rows + _notes(scales)) + "\n"


def write_readme(results: Results, path: Path = README) -> None:
    """Put the table between the markers `<!-- bench -->` and `<!-- /bench -->`."""
    text = path.read_text("utf-8")
    path.write_text(MARKED.sub(lambda m: m[1] + table(results) + m[2], text), "utf-8")


def _row(title: str, floor: str, r: dict[str, Any]) -> str:
    return (
        f"| {title} | {r['seconds']:.1f} s | {floor}, {r['floor_seconds']:.1f} s "
        f"| {r['ratio']:.2f} | at most {r['target']:g} |"
    )


def _linkage_row(r: dict[str, Any]) -> str:
    return (
        f"| {r['records']:,} records linked, model trained | {r['seconds']:.0f} s, {r['peak_mib']:,.0f} MiB "
        f"| who is who | precision {r['precision']:.4f}, recall {r['recall']:.3f} "
        "| precision at least 0.999 |"
    )


def _scale_rows(r: dict[str, Any]) -> list[str]:
    title, took = (
        f"Metrics of {r['people']:,} participants",
        f"{r['seconds']:.1f} s, {r['peak_mib']:,.0f} MiB",
    )
    rows = [
        f"| {title} | {took} | one hand-written DuckDB script, {r['by_hand_seconds']:.1f} s "
        f"| {r['ratio']:.2f} | at most {r['target']:g} |"
    ]
    if "notebook_seconds" in r:
        rows.append(
            f"| {title} | {took} | a pandas notebook, {r['notebook_seconds']:.1f} s "
            f"| {r['times_faster_than_notebook']:.2f} times as fast | at least 3 |"
        )
    return rows


def _notes(scales: list[dict[str, Any]]) -> list[str]:
    if not scales:
        return []
    r = scales[-1]
    slowest = ", ".join(
        f"`{name}` {seconds:.1f} s" for name, seconds in r["seconds_by_slowest_model"].items()
    )
    return [
        "",
        f"Script, notebook and models give the same {r['figures_compared']} figures. Whatever the size, "
        f"{r['seconds_whatever_the_size']:.1f} s of the models' time are dbt starting and making one table "
        f"after another; without them the ratio at {r['people']:,} participants is "
        f"{r['ratio_without_them']:.2f}. Slowest there: {slowest}.",
    ]
