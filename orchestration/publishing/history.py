"""What earlier releases force on this one: hidden stays hidden, to-date figures wait for ten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.columns import ALREADY_PUBLIC, HIDDEN, KEY, SHOWN
from orchestration.publishing.rounding import BASE, LEAST

if TYPE_CHECKING:
    from orchestration.control.store import PublishedCell, Store

COLUMNS = [*KEY, "value", "status", "basis"]
SERIES = [k for k in KEY if k != "period_end"]


def published_history(store: Store) -> pd.DataFrame:
    """Every cell of every release so far: the cell's key, `value`, `status`, `basis`."""
    return as_history(
        cell for release in store.releases() for cell in store.published_cells(release.release_id)
    )


def as_history(cells: Iterable[PublishedCell]) -> pd.DataFrame:
    """Published cells as a frame with ISO dates and float values."""
    rows = [{k: v for k, v in asdict(cell).items() if k in COLUMNS} for cell in cells]
    history = pd.DataFrame(rows, columns=COLUMNS)
    history["value"] = pd.to_numeric(history["value"]).astype("float64")
    texts = [c for c in COLUMNS if c != "value"]
    history[texts] = history[texts].astype(str)
    return history


def ever_hidden(cells: pd.DataFrame, history: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether a cell was hidden in any earlier release."""
    hidden = history.loc[history["status"] == HIDDEN, KEY].drop_duplicates()
    found: npt.NDArray[np.bool_] = _matched(cells, hidden)
    return found


def waits_for_ten(
    cells: pd.DataFrame, values: npt.NDArray[np.float64], history: pd.DataFrame, figures: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Whether an exact figure of the same series is public for an earlier end and `values` is not 10 higher.

    Or for the same end, and `values` may be less than 10 apart from it: what has been revised since would
    be few people. `values` are protected, so that what appears says nothing of what is behind it. Listed
    figures count as public whether a release of this home carried them or not.
    """
    released = history[(history["basis"] == ALREADY_PUBLIC) & (history["status"] == SHOWN)]
    listed = figures.assign(cohort_quarter="all")
    exact = pd.concat([released[[*KEY, "value"]], listed[[*KEY, "value"]]]).drop_duplicates()
    earlier = cells[KEY].assign(row=np.arange(len(cells)), now=values).merge(exact, on=SERIES)
    higher = earlier["now"] - earlier["value"]
    is_earlier = earlier["period_end_y"] < earlier["period_end_x"]
    is_same = earlier["period_end_y"] == earlier["period_end_x"]
    earlier = earlier[is_earlier & (higher < LEAST) | is_same & (higher.abs() < LEAST + BASE // 2)]
    waiting = np.zeros(len(cells), dtype=bool)
    waiting[earlier["row"].to_numpy(dtype=int)] = True
    return waiting


def _matched(cells: pd.DataFrame, keys: pd.DataFrame) -> npt.NDArray[np.bool_]:
    found = cells[KEY].merge(keys.assign(is_there=True), on=KEY, how="left")["is_there"]
    return found.notna().to_numpy(dtype=bool)
