"""Rates, money and needed volumes of people, computed again from parts that are already protected."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.columns import (
    ALREADY_PUBLIC,
    HIDDEN,
    KEY,
    MONEY,
    NOT_AVAILABLE,
    PLACES,
    SHARES,
    SHOWN,
    TEN_FIVE,
)
from orchestration.publishing.parts import NAMED
from orchestration.publishing.rounding import is_small, nearest_five, quotient

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Statuses = npt.NDArray[np.object_]
SMALLEST_BASE = 30
SMALL_BASE = "Not shown: the base is fewer than {} people."


class Part(NamedTuple):
    """One part of each derived figure: its published value, whether it is small and hidden, hidden, exact."""

    value: Floats
    is_small: Mask
    is_hidden: Mask
    is_exact: Mask


def derive(cells: pd.DataFrame) -> pd.DataFrame:
    """`cells` with every personal figure that is not a plain count computed from protected parts.

    A part with a cell of its own (as `with_parts` names it, same programme and area, same exact count) takes
    what that cell publishes; another part is rounded directly. A figure that is already public and whose
    parts are not all public keeps the listed value and shows no part.
    """
    rows = _is_derived(cells)
    if not rows.any():
        return cells
    top, bottom = part_of(cells, "numerator"), part_of(cells, "denominator")
    value = _recomputed(cells, top, bottom)
    status = _statuses(cells, top, bottom, value)
    value, status = _with_sums(cells, value, status)
    public = rows & (cells["basis"] == ALREADY_PUBLIC).to_numpy()
    settled = public & top.is_exact & bottom.is_exact & ~np.isnan(value)
    listed = public & ~settled
    keep = ~rows
    added = _is_sum(cells) & ~public  # a total of money has no units of its own to show
    return cells.assign(
        value=np.where(keep, cells["value"], np.where(listed, cells["listed"], value)),
        numerator=np.where(
            keep, cells["numerator"], np.where((listed & ~top.is_exact) | added, np.nan, top.value)
        ),
        denominator=np.where(
            keep, cells["denominator"], np.where(listed & ~bottom.is_exact, np.nan, bottom.value)
        ),
        status=np.where(keep, cells["status"], np.where(public, SHOWN, status)),
        caveat=_caveats(cells, rows & ~public & (status == NOT_AVAILABLE)),
    )


def is_counted(cells: pd.DataFrame) -> Mask:
    """Cells that are one count: neither a share nor money, and not computed from parts."""
    has_parts = cells["unit"].isin(PLACES.keys()) | cells["denominator"].notna() | cells["factor"].notna()
    return (~has_parts).to_numpy()


def part_of(cells: pd.DataFrame, side: str) -> Part:
    """The numerator or the denominator of every cell, as published."""
    exact = cells[side].to_numpy()
    personal = cells[f"is_{side}_personal"].to_numpy()
    own = _own_cells(cells, side)
    is_own = personal & (own["exact"].to_numpy() == exact)
    value = np.where(personal, np.where(is_own, own["value"], nearest_five(exact)), exact)
    hidden = np.where(is_own, own["status"] != SHOWN, personal & is_small(exact))
    public = is_own & (own["basis"] == ALREADY_PUBLIC).to_numpy()
    return Part(value, hidden & is_small(exact), hidden, ~personal | public | np.isnan(exact))


def _own_cells(cells: pd.DataFrame, side: str) -> pd.DataFrame:
    """The cell of the metric that each part is, or nothing, row for row."""
    counts = cells.loc[~_is_derived(cells), [*KEY, "exact", "value", "status", "basis"]]
    wanted = cells[KEY].assign(**{name: cells[f"{side}_{name}"] for name in (*NAMED, "period_end")})
    return wanted.merge(counts, on=KEY, how="left")


def _is_derived(cells: pd.DataFrame) -> Mask:
    return ~is_counted(cells) & cells["basis"].isin([ALREADY_PUBLIC, TEN_FIVE]).to_numpy()


def _recomputed(cells: pd.DataFrame, top: Part, bottom: Part) -> Floats:
    places = np.array([PLACES.get(unit, 0) for unit in cells["unit"]], dtype=np.int64)
    factor = cells["factor"].fillna(1.0).to_numpy()
    has_base = cells["denominator"].notna().to_numpy()
    value = quotient(top.value, factor, np.where(has_base, bottom.value, 1.0), places)
    return np.where(_is_sum(cells), np.nan, value)


def _is_sum(cells: pd.DataFrame) -> Mask:
    """Pounds that are neither counted nor divided: a total over the parts of one breakdown."""
    plain = cells["denominator"].isna() & cells["factor"].isna()
    return _is_derived(cells) & (plain & (cells["unit"] == MONEY)).to_numpy()


def _with_sums(cells: pd.DataFrame, value: Floats, status: Statuses) -> tuple[Floats, Statuses]:
    """Totals of money: the sum of the published parts, hidden if one is; only where parts make the whole."""
    totals = _is_sum(cells) & (cells["breakdown_type"] == "all").to_numpy()
    is_part = (cells["unit"] == MONEY).to_numpy() & (cells["breakdown_type"] != "all").to_numpy()
    whole = [k for k in KEY if k not in ("breakdown_type", "breakdown_value")]
    parts = cells.assign(shown=value, is_shown=status == SHOWN)[is_part]
    sums = parts.groupby([*whole, "breakdown_type"], as_index=False).agg(
        exact_sum=("exact", "sum"), shown=("shown", "sum"), is_shown=("is_shown", "all")
    )
    found = cells.loc[totals, [*whole, "exact"]].reset_index().merge(sums, on=whole)
    found = found[found["exact"] == found["exact_sum"]].drop_duplicates("index")
    rows = found["index"].to_numpy(dtype=int)
    value, status = value.copy(), status.copy()
    value[rows] = found["shown"].to_numpy()
    status[rows] = np.where(found["is_shown"], SHOWN, HIDDEN)
    return value, status


def _statuses(cells: pd.DataFrame, top: Part, bottom: Part, value: Floats) -> Statuses:
    """Over too small a base nothing is shown whether a part is hidden or not: a later release agrees."""
    both = (cells["is_numerator_personal"] & cells["is_denominator_personal"]).to_numpy()
    is_rate = cells["unit"].isin(SHARES).to_numpy()
    few = is_small(cells["contributors"].to_numpy())
    everyone_or_nobody = is_rate & both & ((value <= 0) | (value >= 1))
    small = top.is_small | bottom.is_small | few | everyone_or_nobody
    unknown = cells["numerator"].isna().to_numpy() | np.isnan(value)
    too_few = cells["is_denominator_personal"].to_numpy() & (bottom.value < _smallest_base(cells))
    said = np.select(
        [small, unknown | too_few, top.is_hidden | bottom.is_hidden], [HIDDEN, NOT_AVAILABLE, HIDDEN], SHOWN
    )
    return said.astype(object)


def _smallest_base(cells: pd.DataFrame) -> Floats:
    usual = np.where(cells["unit"].isin([*SHARES, "ratio"]), SMALLEST_BASE, 0)
    smallest: Floats = cells["minimum_denominator"].fillna(pd.Series(usual, index=cells.index)).to_numpy()
    return smallest


def _caveats(cells: pd.DataFrame, rows: Mask) -> pd.Series:
    said = pd.Series([SMALL_BASE.format(int(base)) for base in _smallest_base(cells)], index=cells.index)
    small = rows & cells["denominator"].notna().to_numpy() & cells["numerator"].notna().to_numpy()
    return cells["caveat"].mask(small, (cells["caveat"] + " " + said).str.strip())
