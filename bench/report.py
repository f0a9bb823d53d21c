"""Keeps results in `results.json` and shows them in the README."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT

RESULTS = Path(__file__).with_name("results.json")
README = PROJECT / "README.md"
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
INTRODUCTION = (
    "Seconds depend on the machine, so each is set against a floor that was measured in the same run; "
    "the ratio is what counts. `make bench` measures anew."
)
WAITS = "| what | took | floor | ratio | aim |\n|---|---|---|---|---|"
FASTER, PRECISION = 3, 0.999
SCALES = (
    f"| metrics of | the models | one hand-written DuckDB script; aim: at most 3 times as long "
    f"| a pandas notebook; aim: at least {FASTER} times as fast |\n|---|---|---|---|"
)
Results = dict[str, dict[str, Any]]


def merge(new: Results, path: Path = RESULTS) -> Results:
    """Put new results in place of those of the same name, and keep the others."""
    known: Results = json.loads(path.read_text("utf-8")) if path.exists() else {}
    merged = dict(sorted((known | new).items()))
    path.write_text(json.dumps(merged, indent=2) + "\n", "utf-8")
    return merged


def table(results: Results) -> str:
    """All results as Markdown: what people wait for, metrics at scale, where their time goes."""
    waits = [_row(title, floor, results[name]) for name, (title, floor) in FLOORS.items() if name in results]
    if "linkage" in results:
        waits.append(_linkage_row(results["linkage"]))
    scales = sorted(
        (r for name, r in results.items() if name.startswith("scale_")), key=lambda r: r["people"]
    )
    blocks = [[INTRODUCTION]]
    if waits:
        blocks.append([WAITS, *waits])
    if scales:
        blocks += [[SCALES, *map(_scale_row, scales)], [_note(scales[-1])]]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def write_readme(results: Results, path: Path = README) -> None:
    """Put the table between the markers `<!-- bench -->` and `<!-- /bench -->`."""
    fill(path, "bench", table(results))


def fill(path: Path, name: str, text: str) -> None:
    """Put the text between the markers of that name in a page."""
    marked = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda m: m[1] + text + m[2], path.read_text("utf-8")), "utf-8")


def _row(title: str, floor: str, r: dict[str, Any]) -> str:
    return (
        f"| {title} | {r['seconds']:.1f} s | {floor}, {r['floor_seconds']:.1f} s "
        f"| {r['ratio']:.2f} | at most {r['target']:g}{_missed(r['ratio'] > r['target'])} |"
    )


def _missed(is_missed: bool) -> str:
    return ", **missed**" if is_missed else ""


def _linkage_row(r: dict[str, Any]) -> str:
    return (
        f"| Linking {r['records']:,} records, model trained | {r['seconds']:.0f} s, {r['peak_mib']:,.0f} MiB "
        f"| who is who | precision {r['precision']:.4f}, recall {r['recall']:.3f} "
        f"| precision at least 0.999{_missed(r['precision'] < PRECISION)} |"
    )


def _scale_row(r: dict[str, Any]) -> str:
    script = (
        f"{r['by_hand_seconds']:.1f} s: {r['ratio']:.2f} times as long{_missed(r['ratio'] > r['target'])}"
    )
    notebook = "not run"
    if "notebook_seconds" in r:
        faster = r["times_faster_than_notebook"]
        notebook = f"{r['notebook_seconds']:.1f} s: {faster:.2f} times as fast{_missed(faster < FASTER)}"
    return (
        f"| {r['people']:,} people | {r['seconds']:.1f} s, {r['peak_mib']:,.0f} MiB | {script} | {notebook} |"
    )


def _note(r: dict[str, Any]) -> str:
    slowest = ", ".join(f"`{name}` {took:.1f} s" for name, took in r["seconds_by_slowest_model"].items())
    return (
        f"All three ways give the same {r['figures_compared']:,} figures. Of {r['people']:,} participants, "
        f"{r['seconds_whatever_the_size']:.1f} s are dbt starting and making one table after another; the "
        f"slowest models are {slowest}."
    )
