"""How long protection and the attack take as a release grows, against a cell of the smallest one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
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
    """Starts of as many districts as make about `size` cells, by group and quarter, that add up."""
    districts = max(1, size // (sum(GROUPS.values()) * len(PERIODS)))
    chance = np.random.default_rng(1)
    rows = []
    for number in range(districts):
        quarters = chance.poisson(6, size=(4, 6, 6, 3))
        counted = [*quarters, quarters.sum(axis=0)]
        for (start, end), cube in zip(PERIODS, counted, strict=True):
            sums = {"all": [cube.sum()], "sex": cube.sum(axis=(0, 1)), "age_band": cube.sum(axis=(1, 2)),
                    "ethnic5": cube.sum(axis=(0, 2))}  # fmt: skip
            for group, values in sums.items():
                for part, value in enumerate(values):
                    named = "all" if group == "all" else f"part {part}"
                    rows.append((f"D{number}", f"A{number}", group, named, start, end, float(value)))
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
    return Candidate(cells.astype(texts), numbers, pd.DataFrame(), {}, {}, pd.DataFrame(), *seeds)
