"""How long protection and the attack take as a release grows, against a cell of the smallest one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.candidate import Candidate
from orchestration.publishing.history import as_history
from orchestration.publishing.knowledge import knowledge_of
from orchestration.publishing.protect import protect
from orchestration.publishing.repair import repaired
from orchestration.publishing.secrets import secret_counts
from orchestration.settings import REFERENCE

SIZES = (1_000, 10_000, 100_000)
KEYS = ["programme_id", "area_code", "breakdown_type", "breakdown_value", "period_start", "period_end"]
EMPTY = ["denominator", "factor", "bound_lower", "bound_upper", "minimum_denominator"]
DISTRICTS = 5
"""Of a region."""
GROUPS = {"all": 1, "sex": 3, "age_band": 6, "ethnic5": 6}
PERIODS = [
    ("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31"),
    ("2026-01-01", "2026-03-31"), ("2025-04-01", "2026-03-31"),
]  # fmt: skip


def bench(folder: Path) -> dict[str, dict[str, Any]]:
    """Result `protection`: seconds by number of cells; the ratio is of a cell in the largest and smallest."""
    seconds: dict[int, float] = {}
    for size in SIZES:
        candidate = _candidate(size)
        begun = time.perf_counter()
        _protect(candidate)
        seconds[len(candidate.cells)] = time.perf_counter() - begun
    (few, shortest), *_, (many, longest) = seconds.items()
    ratio = (longest / many) / (shortest / few)
    return {
        "protection": {
            "seconds": longest,
            "floor_seconds": shortest,
            "by_cells": {str(cells): taken for cells, taken in seconds.items()},
            "ratio": ratio,
            "target": 1.5,
        }
    }


def _protect(candidate: Candidate) -> None:
    known = knowledge_of(candidate)
    protected = protect(candidate.cells, candidate.figures, as_history([]))
    repaired(protected, [], known, secret_counts(candidate.cells, protected.cells, known))


def _candidate(size: int) -> Candidate:
    """Starts by group and quarter, of as many regions of districts as make about `size` cells."""
    regions = max(1, size // (sum(GROUPS.values()) * len(PERIODS) * (DISTRICTS + 1)))
    chance = np.random.default_rng(1)
    rows: list[tuple[object, ...]] = []
    for region in range(regions):
        counted = chance.poisson(6, size=(DISTRICTS, len(PERIODS) - 1, 6, 6, 3))
        rows += _cells(f"R{region}", counted.sum(axis=0))
        for district, quarters in enumerate(counted):
            rows += _cells(f"R{region}D{district}", quarters)
    cells = pd.DataFrame(rows, columns=[*KEYS, "value"]).assign(
        metric_id="M04", metric_name="Starts", metric_version="1", unit="participations",
        cohort_quarter="all", area_vintage="2025", area_name="", maturity="final", source_grain="record",
        figure_origin="synthetic",
        caveat="", audience="public", numerator_metric_id="", denominator_metric_id="",
        is_numerator_personal=True, is_denominator_personal=False,
        numerator=lambda f: f["value"], contributors=lambda f: f["value"],
        **dict.fromkeys(EMPTY, np.nan),
        **dict.fromkeys(("returns_expected", "returns_current"), 1.0), returns_carried=0.0,
    )  # fmt: skip
    texts = {c: "str" for c in cells.columns if cells[c].dtype == object}
    listed = ["figure_id", "metric_id", "unit", "value", "printed_decimals", *KEYS]
    figures = pd.DataFrame(columns=listed, dtype="str")
    numbers = figures.astype({"value": "float64", "printed_decimals": "float64"})
    seeds = (pd.read_csv(REFERENCE / f"{n}.csv", dtype="str", keep_default_na=False)
             for n in ("breakdowns", "figure_relations"))  # fmt: skip
    parents = {one: one.partition("D")[0] for one in cells["programme_id"] if "D" in one}
    return Candidate(cells.astype(texts), numbers, pd.DataFrame(), parents, parents, pd.DataFrame(), *seeds)


def _cells(area: str, quarters: npt.NDArray[np.int64]) -> Iterator[tuple[object, ...]]:
    """Cells of one area from counts by quarter, age, ethnicity and sex, and of the year."""
    for (start, end), cube in zip(PERIODS, [*quarters, quarters.sum(axis=0)], strict=True):
        sums = {"all": [cube.sum()], "sex": cube.sum(axis=(0, 1)), "age_band": cube.sum(axis=(1, 2)),
                "ethnic5": cube.sum(axis=(0, 2))}  # fmt: skip
        for group, values in sums.items():
            for part, value in enumerate(values):
                named = "all" if group == "all" else f"part {part}"
                yield area, area, group, named, start, end, float(value)
