"""Holds two tables of the same metrics against each other, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from bench.timing import BenchError

KEY = (
    "metric_id, programme_id, area_code, breakdown_type, breakdown_value, "
    "cohort_quarter, period_start, period_end"
)
NUMBERS = ("numerator", "denominator", "value")
COMPARED = ", ".join([KEY, *(f"cast({name} as double) as {name}" for name in NUMBERS)])


def keep_figures(warehouse: Path, to: Path) -> int:
    """Write every figure that the models computed from returns to Parquet; how many there are."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute(
            f"copy (select {COMPARED} from metrics.metric_values where not is_published_figure) to '{to}'"
        )
        found = con.execute("select count(*) from read_parquet(?)", [str(to)]).fetchone()
    return int(found[0]) if found else 0


def must_agree(system: Path, other: Path, name: str) -> None:
    """Raise `BenchError` with some of the rows that differ, unless both have the same rows."""
    if found := differing(system, other, name):
        shown = "\n".join(str(row) for row in found[:6])
        raise BenchError(f"The models and the {name} do not give the same figures:\n{shown}")


def differing(system: Path, other: Path, name: str) -> list[tuple[Any, ...]]:
    """Rows that one of the two tables has alone: which one (`models` or `name`), key and numbers, by key."""
    with duckdb.connect() as con:
        for table, path in (("ours", system), ("theirs", other)):
            con.execute(f"create view {table} as select {COMPARED} from '{path}'")
        only = "select '{0}' as way, * from (from {1} except all from {2})"
        return con.execute(
            f"{only.format('models', 'ours', 'theirs')} union all {only.format(name, 'theirs', 'ours')} "
            f"order by {KEY}, way"
        ).fetchall()
