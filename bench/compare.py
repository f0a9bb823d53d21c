"""Holds two tables of the same metrics against each other, row by row."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.timing import BenchError

KEY = (
    "metric_id, programme_id, area_code, breakdown_type, breakdown_value, "
    "cohort_quarter, period_start, period_end"
)
NUMBERS = ("numerator", "denominator", "value")
COMPARED = ", ".join([KEY, *(f"cast({name} as double) as {name}" for name in NUMBERS)])


# What the script and the notebook compute: metrics by their breakdowns. They are every figure that records
# of these returns fed when the scripts were written; what the models compute more is named beside the ratio.
BY_SCRIPT = {
    ("all",): ("M02", "M03", "M05", "M06", "M07", "M09", "M10", "M11", "M12", "M18", "M22", "M28", "M32"),
    ("all", "sex", "age_band"): ("M01", "M08"),
    ("all", "sex", "age_band", "ethnic5", "disability", "inactivity_reason", "imd"): ("M04",),
    ("all", "sustainment_status"): ("M15", "M16"),
    ("all", "employment_status"): ("M17",),
    ("all", "measure"): ("M24",),
    ("measure",): ("M20",),
    ("measure_item",): ("M21",),
    ("sex", "age_band", "ethnic5", "disability", "inactivity_reason"): ("M27",),
}
PAIRS = ", ".join(
    f"('{metric}', '{cut}')" for cuts, metrics in BY_SCRIPT.items() for metric in metrics for cut in cuts
)
OF_REGISTER = "not is_published_figure and programme_id <> 'all'"


def keep_figures(warehouse: Path, to: Path) -> int:
    """Write what the models computed from the register to Parquet; how many figures there are."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute(
            f"copy (select {COMPARED} from metrics.metric_values "
            f"where {OF_REGISTER} and (metric_id, breakdown_type) in ({PAIRS})) to '{to}'"
        )
        found = con.execute("select count(*) from read_parquet(?)", [str(to)]).fetchone()
    return int(found[0]) if found else 0


def computed_beside(warehouse: Path) -> list[str]:
    """Metrics by breakdown that the models compute from the register in the same time, and scripts do not."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.execute(
            "select distinct metric_id || ' by ' || breakdown_type from metrics.metric_values "
            f"where {OF_REGISTER} and (metric_id, breakdown_type) not in ({PAIRS}) order by all"
        ).fetchall()
    return [row[0] for row in found]


def must_agree(system: Path, other: Path, name: str) -> None:
    """Raise `BenchError` with the first rows that differ, unless every row of one stands in the other."""
    with duckdb.connect() as con:
        for table, path in (("ours", system), ("theirs", other)):
            con.execute(f"create view {table} as select {COMPARED} from '{path}'")
        differing = con.execute(
            f"select {KEY}, {_numbers('ours')}, {_numbers('theirs')} "
            f"from ours full join theirs using ({KEY}) where (ours.numerator, ours.denominator, ours.value) "
            "is distinct from (theirs.numerator, theirs.denominator, theirs.value) order by all limit 5"
        ).fetchall()
    if differing:
        shown = "\n".join(str(row) for row in differing)
        raise BenchError(f"The models and the {name} do not give the same figures:\n{shown}")


def _numbers(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in NUMBERS)
