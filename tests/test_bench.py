"""The ways that the bench compares give the same figures, so that its ratios compare like with like."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from bench import by_hand, notebook, watch
from bench.compare import keep_figures, must_agree
from bench.curve import write_curve
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


USES = """
import subprocess, sys, time
held = bytearray(60 << 20)
open(sys.argv[1], "wb").write(bytes(5 << 20))
if sys.argv[2:]:
    subprocess.run([sys.executable, *sys.argv[2:], sys.argv[1] + "2"])
time.sleep(0.6)
"""


def test_what_a_command_and_its_children_use_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "EVERY_SECONDS", 0.05)
    (tmp_path / "before").write_bytes(bytes(1 << 20))
    with watch.Watch(tmp_path) as seen:
        subprocess.run([sys.executable, "-c", USES, tmp_path / "a", "-c", USES], check=True)
    assert seen.peak_mib > 120
    assert 10 <= seen.peak_disk_mib < 11
    assert seen.cpu_seconds > 0


def test_growth_is_a_table_and_a_chart(tmp_path: Path) -> None:
    page, chart = tmp_path / "scale.md", tmp_path / "growth.svg"
    page.write_text("before\n<!-- growth -->\n<!-- /growth -->\nafter\n", "utf-8")
    one = {"engine": "duckdb", "participations": 1_000_000, "accepted_mib": 205.0, "seconds": 60.0}
    one |= {"cpu_seconds": 90.0, "peak_mib": 1024.0, "peak_disk_mib": 512.0}
    ten = one | {"participations": 10_000_000, "cpu_seconds": 600.0}
    write_curve({"growth_b": ten, "growth_a": one, "scale_1000": SCALE}, page, chart)
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| DuckDB")]
    assert rows[0] == "| DuckDB | 1,000,000 | 0.2 GiB | 1.0 min | 1.5 min, 90 s | 1.0 GiB | 0.5 GiB |"
    assert "| 10,000,000 |" in rows[1]
    assert "million participations" in chart.read_text("utf-8")


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
