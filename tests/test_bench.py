"""The ways that the bench compares give the same figures, so that its ratios compare like with like."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from bench import by_hand, notebook
from bench.compare import keep_figures, must_agree
from bench.register import make_register
from bench.report import merge, table, write_readme
from bench.scale import Models
from bench.timing import BenchError

PEOPLE = 10_000  # among fewer there is nobody with barriers recorded whom nobody assessed
SCALE = {
    "people": 1000,
    "figures_compared": 950,
    "seconds": 8.0,
    "peak_mib": 300.0,
    "by_hand_seconds": 2.0,
    "ratio": 4.0,
    "target": 3.0,
    "seconds_whatever_the_size": 7.0,
    "ratio_without_them": 0.5,
    "seconds_by_slowest_model": {"starts": 1.25},
}


def test_models_script_and_notebook_give_the_same_figures(tmp_path: Path) -> None:
    models, ours = Models(tmp_path), tmp_path / "models.parquet"
    make_register(PEOPLE, tmp_path)
    shutil.copy(tmp_path / "warehouse.duckdb", models.built)
    models.dbt("build", "--exclude-resource-type", "test", "unit_test")
    assert keep_figures(models.built, ours) > 900
    by_hand.compute(tmp_path, tmp_path / "by_hand.parquet")
    notebook.compute(tmp_path).to_parquet(tmp_path / "notebook.parquet")
    for name in ("by_hand", "notebook"):
        must_agree(ours, tmp_path / f"{name}.parquet", name)
    other = tmp_path / "off_by_one.parquet"
    duckdb.execute(f"copy (select * replace (numerator + 1 as numerator) from '{ours}') to '{other}'")
    with pytest.raises(BenchError, match="do not give the same figures"):
        must_agree(ours, other, "other")


def test_results_are_kept_by_name_and_shown_between_the_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n", "utf-8")
    merge(
        {"nothing_new": {"seconds": 3.0, "floor_seconds": 12.0, "ratio": 0.25, "target": 0.4}}, tmp_path / "r"
    )
    results = merge({"scale_1000": SCALE}, tmp_path / "r")
    write_readme(results, readme)
    written = readme.read_text("utf-8")
    assert written.startswith("before\n<!-- bench -->\nSeconds depend on the machine")
    assert written.endswith("\n<!-- /bench -->\nafter\n")
    assert (
        "| A refresh with nothing new | 3.0 s | the first refresh, 12.0 s | 0.25 | at most 0.4 |" in written
    )
    assert "| 1,000 people | 8.0 s, 300 MiB | 2.0 s: 4.00 times as long, **missed** | not run |" in written
    assert "old" not in written
    assert table(results) in written
