"""Both sides: the independent figures of a warehouse, and those that the models computed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import duckdb

from tests.independent.figures import Figure, Figures, Key, figures
from tests.independent.records import Region, Row

__all__ = ["computed", "differences", "duckdb", "figures", "load"]

PLACES = Decimal("0.000001")
COLUMNS = (
    "metric_id, programme_id, area_code, breakdown_type, breakdown_value, cohort_quarter, "
    "period_start, period_end"
)


def load(con: duckdb.DuckDBPyConnection) -> Region:
    """What a warehouse holds of accepted records, the ledger and the reference data."""
    schemas: dict[str, dict[str, list[Row]]] = {"accepted": {}, "control": {}, "reference": {}}
    names = con.execute("select table_schema, table_name from information_schema.tables").fetchall()
    for schema, table in names:
        if schema in schemas:
            schemas[schema][table] = _rows(con, f"from {schema}.{table}")
    return Region(schemas["accepted"] | schemas["control"], schemas["reference"])


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = con.execute(query)
    columns = [name for name, *_ in cursor.description or ()]
    return [dict(zip(columns, (_exact(value) for value in row), strict=True)) for row in cursor.fetchall()]


def _exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, Decimal) else value


def computed(con: duckdb.DuckDBPyConnection) -> dict[Key, tuple[Any, ...]]:
    """Value and bounds of every figure that returns give."""
    rows = con.execute(
        f"select {COLUMNS}, value, bound_lower, bound_upper from metrics.metric_values "
        "where not is_published_figure"
    ).fetchall()
    return {row[:8]: row[8:] for row in rows}


def differences(ours: Figures, theirs: dict[Key, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Figures that the two sides state otherwise; one not available may also not be there."""
    nothing = (None, None, None)
    return [
        (key, _stated(figure), theirs.get(key))
        for key, figure in ours.items()
        if _stated(figure) != theirs.get(key, nothing) and not _is_inside(figure, theirs.get(key, nothing))
    ]


def _stated(figure: Figure) -> tuple[Any, ...]:
    """As it is published: six decimals, half up."""
    value = figure.value
    if value is not None:
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(PLACES, ROUND_HALF_UP), None, None
    return None, figure.lower, figure.upper


def _is_inside(figure: Figure, stated: tuple[Any, ...]) -> bool:
    """Whether bounds lie within wider ones: sums of differences are wider than the whole."""
    value, lower, upper = stated
    if value is not None or figure.lower is None or figure.upper is None or upper is None:
        return False
    return lower <= figure.lower and upper >= figure.upper
