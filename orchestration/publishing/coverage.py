"""`coverage.csv`: returns and share of the caseload behind the figures of each programme and period."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from orchestration.publishing.candidate import warehouse
from orchestration.publishing.columns import WHOLE
from orchestration.publishing.tables import csv_bytes

WINDOW: Final = ["programme_id", "period_start", "period_end"]
MONEY: Final = "M33"
"""Budget and spend come with other returns than people and events do."""
SHARE: Final = "caseload_share"
DESCRIPTIONS: Final[Mapping[str, str]] = {
    SHARE: "Share of the caseload (spells open on the last day, each programme's rounded to 5) with "
    "programmes whose returns of the period are all current; empty where that is not known",
}
SHARES: Final = """
select programme_id, strftime(period_start, '%Y-%m-%d') as period_start,
    strftime(period_end, '%Y-%m-%d') as period_end, cast(caseload_share as varchar) as caseload_share
from metrics.caseload_coverage
"""


def coverage_bytes(public: pd.DataFrame, build: Path) -> bytes:
    """One row a programme and period of released figures of people (as text), with the shares of a build."""
    with warehouse(build) as connection:
        shares = connection.execute(SHARES).df()
    is_of_people = (public["returns_expected"] != "") & (public["metric_id"] != MONEY)
    rows = public.loc[is_of_people, [*WINDOW, *WHOLE]].drop_duplicates().sort_values(WINDOW)
    return csv_bytes(rows.merge(shares, on=WINDOW, how="left").fillna(""))
