"""Disclosure control: from the candidate to what may be published, as pure functions of tables.

Counts come first, because everything else is computed from parts that are already protected. A figure
of people is then a function of published figures only (design 14): it can say no more than they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.basis import Disagreement, assign_basis
from orchestration.publishing.columns import (
    ALREADY_PUBLIC,
    ESTIMATED,
    HIDDEN,
    KEY,
    NOT_AVAILABLE,
    NOT_PERSONAL,
    PLACES,
    RELEASED,
    SHARES,
    SHOWN,
    TEN_FIVE,
)
from orchestration.publishing.derive import derive, is_counted
from orchestration.publishing.history import ever_hidden, waits_for_ten
from orchestration.publishing.rounding import is_small, nearest_five, outward, wilson

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Protected:
    """What may be published: `cells` has the released columns and `audience`, one row a cell, ordered."""

    cells: pd.DataFrame
    disagreements: list[Disagreement]

    def of(self, audience: str) -> pd.DataFrame:
        """The released columns of one audience, `public` or `steward`."""
        chosen = self.cells.loc[self.cells["audience"] == audience, RELEASED]
        return chosen.reset_index(drop=True)


def protect(cells: pd.DataFrame, figures: pd.DataFrame, history: pd.DataFrame) -> Protected:
    """Protect a candidate.

    `cells` and `figures` as in `Candidate`; `history` from `published_history`. Statuses: empty for a
    figure that is shown, `[c]` hidden, `[x]` not available, `[e]` known only between its bounds.
    """
    based, disagreements = assign_basis(_with_people_below(cells), figures)
    shown = _exact(based)
    shown = _protect_counts(shown)
    shown = _freeze(shown, history, figures)
    shown = derive(shown)
    shown = _hide(shown, _personal(shown) & ever_hidden(shown, history))
    shown = _with_intervals(_blank_where_not_shown(shown))
    return Protected(shown[[*RELEASED, "audience"]].sort_values(KEY, ignore_index=True), disagreements)


def _with_people_below(cells: pd.DataFrame) -> pd.DataFrame:
    """A volume that a rate needs is divided by people, whatever the metric's definition says of shares."""
    is_needed = cells["denominator"].notna() & ~cells["unit"].isin(PLACES.keys())
    below = cells["is_denominator_personal"] | (is_needed & cells["is_numerator_personal"])
    return cells.assign(is_denominator_personal=below)


def _exact(cells: pd.DataFrame) -> pd.DataFrame:
    """Start from exact figures: right for what is not personal, the raw material for the rest."""
    is_interval = cells["value"].isna() & (cells["bound_lower"].notna() | cells["bound_upper"].notna())
    missing = cells["value"].isna() & ~is_interval
    status = np.select([is_interval, missing], [ESTIMATED, NOT_AVAILABLE], SHOWN)
    return cells.assign(exact=cells["value"], status=status, ci_lower=np.nan, ci_upper=np.nan)


def _personal(cells: pd.DataFrame) -> Mask:
    return (cells["basis"] == TEN_FIVE).to_numpy()


def _protect_counts(cells: pd.DataFrame) -> pd.DataFrame:
    """Small counts hidden, others to the nearest 5, intervals outward; already public ones as listed."""
    cells = _round_intervals(cells)
    counted = is_counted(cells)
    rounding = counted & _personal(cells) & (cells["status"] == SHOWN).to_numpy()
    public = counted & (cells["basis"] == ALREADY_PUBLIC).to_numpy()
    exact = cells["value"].to_numpy()
    value = np.where(rounding, nearest_five(exact), np.where(public, cells["listed"], exact))
    between = counted & _personal(cells) & (cells["status"] == ESTIMATED).to_numpy()
    small = (rounding & is_small(exact)) | ((rounding | between) & _few_people(cells))
    numerator = np.where(rounding | public, value, cells["numerator"])
    return _hide(cells.assign(value=value, numerator=numerator), small)


def _few_people(cells: pd.DataFrame) -> Mask:
    """Few people can stand behind many events, hours or pounds."""
    return is_small(cells["contributors"].to_numpy())


def _round_intervals(cells: pd.DataFrame) -> pd.DataFrame:
    rows = _personal(cells) & (cells["status"] == ESTIMATED).to_numpy()
    lower, upper = outward(cells["bound_lower"].to_numpy(), cells["bound_upper"].to_numpy())
    meets = rows & (lower == upper)
    return cells.assign(
        bound_lower=np.where(rows, lower, cells["bound_lower"]),
        bound_upper=np.where(rows, upper, cells["bound_upper"]),
        value=np.where(meets, lower, cells["value"]),
        status=np.where(meets, SHOWN, cells["status"]),
    )


def _freeze(cells: pd.DataFrame, history: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    rounded = _personal(cells) & is_counted(cells)
    again = ever_hidden(cells, history)
    waiting = waits_for_ten(cells, cells["value"].to_numpy(), history, figures)
    return _hide(cells, rounded & (again | waiting))


def _hide(cells: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    """One symbol whatever the reason."""
    return cells.assign(status=np.where(rows, HIDDEN, cells["status"]))


def _blank_where_not_shown(cells: pd.DataFrame) -> pd.DataFrame:
    """No number at all where the value is hidden or not available; bounds only where they are the figure."""
    silent = cells["status"].isin([HIDDEN, NOT_AVAILABLE])
    bounded = cells["status"] == ESTIMATED
    for column in ("numerator", "denominator", "value"):
        cells[column] = cells[column].mask(silent | bounded)
    for column in ("bound_lower", "bound_upper"):
        cells[column] = cells[column].where(bounded)
    return cells


def _with_intervals(cells: pd.DataFrame) -> pd.DataFrame:
    """95% Wilson intervals of shares of people, from the published parts."""
    people = cells["is_numerator_personal"] & cells["is_denominator_personal"] & cells["unit"].isin(SHARES)
    rows = (people & (cells["status"] == SHOWN) & (cells["basis"] != NOT_PERSONAL)).to_numpy()
    numerator = np.where(rows, cells["numerator"], np.nan)
    lower, upper = wilson(numerator, np.where(rows, cells["denominator"], np.nan))
    return cells.assign(ci_lower=lower, ci_upper=upper)
