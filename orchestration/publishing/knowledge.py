"""What anybody may know of a release: its files and all earlier ones, listed figures, how figures add up.

Nothing here looks behind protection. Frames are read from the bytes of `metrics.csv`; the rest is public
reference data: parents of programmes and areas, unit values, targets, which breakdowns make a whole
(`reference.breakdowns`) and which figures are parts of others (`reference.figure_relations`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from orchestration.publishing.candidate import Candidate
from orchestration.publishing.columns import KEY, NUMBERS
from orchestration.publishing.parts import ANY, SAME

Side = Literal["figure", "numerator", "denominator", "least", "most"]
EACH_ONCE = "each_once"


@dataclass(frozen=True)
class Count:
    """A figure, what stands above or below its line, or one of its bounds: where and whenever it is there."""

    metric_id: str
    breakdown_type: str
    breakdown_value: str
    side: Side


@dataclass(frozen=True)
class Stated:
    """`count` is `relation` to `of`: `is` it, `at_most` it, disjoint `part_of` it, together `makes` it.

    `alike` is the same in the end: supposed where `count` is shown and no release shows them apart.

    With `to_date` it is the newest of it within the period. With `own` the count has no figure of its own,
    and `unit` says what it counts.
    """

    count: Count
    relation: Literal["own", "is", "to_date", "at_most", "alike", "part_of", "makes"]
    of: Count
    unit: str


@dataclass(frozen=True)
class Knowledge:
    """Public reference data.

    `figures`: listed figures (key columns, `value`, `printed_decimals`); `programme_parents`,
    `area_parents`: child to parent; `factors`: key columns and `factor`, the unit value or target;
    `breakdowns`: every breakdown known and whether its parts make the whole; `stated`: how figures are
    made of others, the more particular last.
    """

    figures: pd.DataFrame
    programme_parents: Mapping[str, str]
    area_parents: Mapping[str, str]
    factors: pd.DataFrame
    breakdowns: Mapping[str, bool]
    stated: tuple[Stated, ...]


def knowledge_of(candidate: Candidate) -> Knowledge:
    """The public reference data that a build was made with."""
    public = candidate.cells[candidate.cells["audience"] == "public"]
    parts = candidate.breakdowns["parts"] == EACH_ONCE
    return Knowledge(
        candidate.figures,
        candidate.programme_parents,
        candidate.area_parents,
        public.loc[public["factor"].notna(), [*KEY, "factor"]],
        dict(zip(candidate.breakdowns["breakdown_type"], parts, strict=True)),
        (*_by_definition(public), *_by_relation(candidate.relations)),
    )


def _by_definition(public: pd.DataFrame) -> Iterator[Stated]:
    """Rates whose numerator or denominator is another metric, group by group."""
    for side in ("numerator", "denominator"):
        named = public[["metric_id", f"{side}_metric_id"]].drop_duplicates()
        for metric, of in named.itertuples(index=False):
            if of:
                yield Stated(Count(metric, ANY, ANY, side), "is", Count(of, SAME, SAME, "figure"), "")


def _by_relation(rows: pd.DataFrame) -> Iterator[Stated]:
    ordered = rows.sort_values(["breakdown_type", "breakdown_value"], key=lambda c: c != ANY, kind="stable")
    own = ["metric_id", "breakdown_type", "breakdown_value", "side"]
    for row in ordered.to_dict("records"):
        count, of = Count(*(row[c] for c in own)), Count(*(row[f"of_{c}"] for c in own))
        yield Stated(count, row["relation"], of, row["unit"])


def read_release(content: bytes) -> pd.DataFrame:
    """A released `metrics.csv`: text columns as they stand, numbers as floats (NaN where empty)."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="str")
    for column in NUMBERS:
        frame[column] = pd.to_numeric(frame[column].where(frame[column] != "")).astype("float64")
    return frame
