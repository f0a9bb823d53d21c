"""On what ground a cell is published: `not_personal`, `already_public`, else `ten_five` (design 14)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.publishing.columns import ALREADY_PUBLIC, KEY, NOT_PERSONAL, TEN_FIVE


@dataclass(frozen=True)
class Disagreement:
    """A listed figure that the build does not reproduce; `is_absent` when no cell is there for it."""

    figure_id: str
    cell: str
    is_absent: bool

    @property
    def message(self) -> str:
        """What a steward should know; the computed value is not told."""
        if self.is_absent:
            return f"{self.figure_id}: the build holds no figure for {self.cell}."
        return (
            f"{self.figure_id}: {self.cell} no longer comes to the published figure, "
            "so it is protected like any other. Correct the data or the list of published figures."
        )


def assign_basis(cells: pd.DataFrame, figures: pd.DataFrame) -> tuple[pd.DataFrame, list[Disagreement]]:
    """`cells` with `basis` and `listed` (the value already public), and what disagrees with the list."""
    listed = _listed(figures)
    matched = cells[KEY].merge(listed, on=KEY, how="left")
    public = matched["value"].to_numpy()
    agrees = _agree(cells["value"].to_numpy(), public, matched["printed_decimals"].to_numpy())
    personal = (cells["is_numerator_personal"] | cells["is_denominator_personal"]).to_numpy()
    basis = np.where(personal, np.where(agrees, ALREADY_PUBLIC, TEN_FIVE), NOT_PERSONAL)
    differs = ~np.isnan(public) & ~agrees
    found = [_disagreement(row, is_absent=False) for row in matched[differs].to_dict("records")]
    absent = listed.merge(cells[KEY], on=KEY, how="left", indicator=True)
    found += [
        _disagreement(row, is_absent=True)
        for row in absent[absent["_merge"] == "left_only"].to_dict("records")
    ]
    return cells.assign(basis=basis, listed=np.where(agrees, public, np.nan)), found


def _listed(figures: pd.DataFrame) -> pd.DataFrame:
    """Listed figures as cells of every cohort together."""
    listed = figures[figures["metric_id"] != ""].assign(cohort_quarter="all")
    return listed[[*KEY, "figure_id", "value", "printed_decimals"]].drop_duplicates(KEY)


def _agree(
    computed: np.ndarray[tuple[int], np.dtype[np.float64]],
    public: np.ndarray[tuple[int], np.dtype[np.float64]],
    decimals: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Equal at the printed precision: half a unit of the last printed decimal apart at most."""
    step = 10.0 ** -np.nan_to_num(decimals)
    with np.errstate(invalid="ignore"):
        near: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.abs(computed - public) <= step / 2 + 1e-9
    return near


def _disagreement(row: Mapping[Hashable, object], is_absent: bool) -> Disagreement:
    parts = [str(row[k]) for k in KEY if row[k] not in ("all", "")]
    return Disagreement(str(row["figure_id"]), " ".join(parts), is_absent)
