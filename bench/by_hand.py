"""Runs `by_hand.sql` on a register: `python -m bench.by_hand HOME RESULT.parquet`."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from orchestration.settings import REFERENCE

SCRIPT = Path(__file__).with_name("by_hand.sql")


def compute(home: Path, result: Path) -> None:
    """Compute the metrics of the register in `home` and write them to `result`."""
    with duckdb.connect() as con:
        con.execute(f"set file_search_path = '{REFERENCE}'")
        con.execute(f"attach '{home / 'warehouse.duckdb'}' as w (read_only)")
        con.execute(SCRIPT.read_text("utf-8"))
        con.execute(f"copy result to '{result}'")


if __name__ == "__main__":
    compute(Path(sys.argv[1]), Path(sys.argv[2]))
