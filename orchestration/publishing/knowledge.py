"""What anybody may know of a release: its files and all earlier ones, listed figures, how figures add up.

Nothing here looks behind protection. Frames are read from the bytes of `metrics.csv`; the rest is public
reference data: parents of programmes and areas, which metrics are a metric's parts, unit values, targets.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from orchestration.publishing.candidate import Candidate
from orchestration.publishing.columns import KEY, NUMBERS

PARTITIONS = (
    "age_band", "sex", "disability", "ethnic5", "imd", "inactivity_reason", "stream", "theme", "cost_type",
)  # fmt: skip
"""Breakdowns whose parts make the whole, each person in one of them."""
PARTS_OF_KNOWN_RATES: Mapping[str, tuple[str, str]] = {"M27": ("M04", "M04")}
"""Shares of a breakdown: the group's own cell above, the whole of the same metric below."""
SAME_UNITS: Mapping[str, str] = {"stream": "stream_units"}
"""A breakdown of money and the breakdown of the same metric that holds the units it is counted in."""
TARGETS: Mapping[str, str] = {"engaged": "M04", "jobs": "M08"}


@dataclass(frozen=True)
class Knowledge:
    """Public reference data.

    `figures`: listed figures (key columns, `value`, `printed_decimals`); `programme_parents`,
    `area_parents`: child to parent; `parts`: metric to its numerator's and denominator's metric (empty
    where it has no metric of its own); `factors`: key columns and `factor`, the unit value or target.
    """

    figures: pd.DataFrame
    programme_parents: Mapping[str, str]
    area_parents: Mapping[str, str]
    parts: Mapping[str, tuple[str, str]]
    factors: pd.DataFrame


def knowledge_of(candidate: Candidate) -> Knowledge:
    """The public reference data that a build was made with."""
    cells = candidate.cells[candidate.cells["audience"] == "public"]
    named = cells[["metric_id", "numerator_metric_id", "denominator_metric_id"]].drop_duplicates()
    parts = {m: (n, d) for m, n, d in named.itertuples(index=False) if n or d}
    factors = cells.loc[cells["factor"].notna(), [*KEY, "factor"]]
    return Knowledge(candidate.figures, candidate.programme_parents, candidate.area_parents, parts, factors)


def read_release(content: bytes) -> pd.DataFrame:
    """A released `metrics.csv`: text columns as they stand, numbers as floats (NaN where empty)."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="str")
    for column in NUMBERS:
        frame[column] = pd.to_numeric(frame[column].where(frame[column] != "")).astype("float64")
    return frame
