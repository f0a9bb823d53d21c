"""Released figures, found by their cell and said in plain numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from orchestration.publishing.columns import (
    ESTIMATED,
    HIDDEN,
    KEY,
    MONEY,
    NOT_AVAILABLE,
    SHARES,
    SHOWN,
)  # fmt: skip
from orchestration.publishing.page.blocks import NOTHING, Kind, Mark, Shown

Row = Mapping[str, str]
KINDS: Final[Mapping[str, Kind]] = {
    SHOWN: "shown", HIDDEN: "hidden", NOT_AVAILABLE: "missing", ESTIMATED: "range",
}  # fmt: skip
WHOLE: Final = ("all", "all")
CARRIED, PARTIAL = "carried forward", "returns missing"


class Book:
    """The figures of one audience, each row as `metrics.csv` has it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self._by_metric: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            self._by_metric.setdefault((row["metric_id"], row["programme_id"]), []).append(row)
        self._by_cell = {cell_of(row): row for row in self.rows}

    def compared(self, row: Row) -> Row:
        """The figure that a row of `comparison.csv` was made of."""
        return self._by_cell[cell_of(row)]

    def of(
        self,
        metric_id: str,
        programme_id: str,
        area_code: str | None = None,
        breakdown: tuple[str, str] = WHOLE,
        is_cohort: bool = False,
    ) -> list[Row]:
        """Rows of one series by period, the longest period of the same end first."""
        found = [
            row
            for row in self._by_metric.get((metric_id, programme_id), [])
            if (row["breakdown_type"], row["breakdown_value"]) == breakdown
            and area_code in (None, row["area_code"])
            and (row["cohort_quarter"] != "all") == is_cohort
        ]
        return sorted(found, key=lambda r: (r["period_end"], r["period_start"]))

    def latest(
        self,
        metric_id: str,
        programme_id: str,
        area_code: str | None = None,
        breakdown: tuple[str, str] = WHOLE,
    ) -> Row | None:
        """The newest figure of a series, over its longest period (a year to date before its last quarter)."""
        found = self.of(metric_id, programme_id, area_code, breakdown)
        newest = [row for row in found if row["period_end"] == found[-1]["period_end"]]
        return newest[0] if newest else None

    def groups(self, metric_id: str, programme_id: str, breakdown_type: str) -> list[Row]:
        """Rows of one breakdown, as ordered in the file."""
        rows = self._by_metric.get((metric_id, programme_id), [])
        return [row for row in rows if row["breakdown_type"] == breakdown_type]

    def programmes(self) -> list[str]:
        """Ids of programmes that have a figure."""
        return sorted({row["programme_id"] for row in self.rows} - {"all"})


def read_rows(content: bytes) -> list[Row]:
    """Rows of a released CSV file, as text."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def cell_of(row: Row) -> str:
    """The key of a figure in one string."""
    return "|".join(row[column] for column in KEY)


def shown(row: Row, column: str = "value") -> Shown:
    """A figure in words, or one of its parts (`numerator`, `denominator`), or the ends of its interval."""
    kind = KINDS[row["status"]]
    is_synthetic = row["figure_origin"] == "synthetic"
    return Shown(_said(row, column, kind), kind, cell_of(row), column, row[column], is_synthetic, _notes(row))


def _notes(row: Row) -> tuple[str, ...]:
    expected, current, carried = (int(row[f"returns_{c}"] or 0) for c in ("expected", "current", "carried"))
    is_short = current + carried < expected
    return (*((CARRIED,) if carried else ()), *((PARTIAL,) if is_short else ()))


def _said(row: Row, column: str, kind: Kind) -> str:
    if kind in ("hidden", "missing"):
        return row["status"]
    if kind == "range":
        return span(row["bound_lower"], row["bound_upper"])
    if not row[column]:
        return NOTHING
    return number(row[column], "count" if column in ("numerator", "denominator") else row["unit"])


def number(text: str, unit: str) -> str:
    """53.4%, £1,703,928, 1.02 or 4,600: thousands apart, halves up, no more places than the figure bears."""
    value = Decimal(text)
    if unit in SHARES:
        return f"{_rounded(value * 100, '0.1')}%"
    is_whole = value == value.to_integral_value()
    said = f"{value:,.0f}" if is_whole else f"{_rounded(value, '0.01'):,}"
    return f"£{said}" if unit == MONEY else said


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)


def span(lower: str, upper: str) -> str:
    """What is known of a figure between bounds."""
    if lower and upper:
        return f"{float(lower):,.0f} to {float(upper):,.0f}"
    if upper:
        return f"at most {float(upper):,.0f}"
    return f"{float(lower or 0):,.0f} or more"


def mark(row: Row, label: str, group: str = "") -> Mark:
    """A figure as a chart draws it; a rate with its interval."""
    said = shown(row)
    is_range = said.kind == "range"
    low, high = ("bound_lower", "bound_upper") if is_range else ("ci_lower", "ci_upper")
    return Mark(
        label,
        " ".join([said.text, *(f"({note})" for note in said.notes)]),
        _float(row["value"]),
        _float(row[low]) if is_range or row[low] else None,
        _float(row[high]) if row[high] else None,
        group,
        _float(row["denominator"]),
        said.is_synthetic,
    )


def _float(text: str) -> float | None:
    return float(text) if text else None
