"""What changed since the last release: published values then and now, never what is behind them."""

from __future__ import annotations

import csv
import io
from typing import Final

import pandas as pd

from orchestration.publishing.columns import KEY
from orchestration.publishing.tables import csv_bytes

SAID: Final = ["value", "bound_lower", "bound_upper", "status"]
COLUMNS: Final = [
    *KEY,
    "unit",
    "change",
    *(f"{c}_{when}" for c in SAID for when in ("before", "now")),
    "figure_origin",
]


def changes_bytes(before: bytes | None, now: pd.DataFrame) -> bytes:
    """`changes.csv`: one row a cell that is new, gone or different; all cells are new in a first release.

    `before` is the last release's `metrics.csv`; `now` the public figures as written.
    """
    then = read_text(before) if before else pd.DataFrame(columns=now.columns, dtype="str")
    both = then.merge(now, on=KEY, how="outer", suffixes=("_before", "_now"), indicator=True)
    both["change"] = (
        both["_merge"].map({"left_only": "withdrawn", "right_only": "new", "both": "revised"}).astype(str)
    )
    both = both.fillna("")
    for shared in ("unit", "figure_origin"):
        both[shared] = both[f"{shared}_now"].where(both[f"{shared}_now"] != "", both[f"{shared}_before"])
    same = (both["change"] == "revised") & _equal(both)
    return csv_bytes(both.loc[~same, COLUMNS].sort_values(KEY, ignore_index=True))


def read_text(content: bytes) -> pd.DataFrame:
    """A released CSV file, every column as text."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    return pd.DataFrame(rows[1:], columns=rows[0], dtype="str")


def _equal(both: pd.DataFrame) -> pd.Series:
    alike = pd.Series(True, index=both.index)
    for column in SAID:
        alike &= both[f"{column}_before"] == both[f"{column}_now"]
    return alike
