"""Records and people side by side, how they were linked, and jobs that several programmes claim.

For the steward alone. Every count is protected as figures are; where one programme alone is hidden in a
column, so is the region, from which it could be taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from orchestration.publishing.candidate import warehouse
from orchestration.publishing.columns import HIDDEN, SHOWN
from orchestration.publishing.rounding import is_small, nearest_five
from orchestration.publishing.tables import csv_bytes

FILE: Final = "steward/people_overlap.csv"
MEASURES: Final = {
    "records": "Records",
    "people": "People",
    "people_elsewhere_too": "On another programme too",
    "linked_by_number": "Linked by a number, or a decision",
    "linked_by_name": "By name, birth and postcode",
    "linked_by_model": "By likeness, 99% sure or more",
    "evidenced_jobs": "Evidenced jobs",
    "shared_jobs": "Of these, claimed elsewhere too",
    "jobs_counted_in_region": "Counted for the region",
}
"""Columns of `metrics.people_overlap`, and what the steward's page calls them."""


def overlap_bytes(path: Path) -> bytes:
    """`people_overlap.csv` from a build: `programme_id`, `measure`, `value`, `status`; one row a count."""
    with warehouse(path) as connection:
        exact = connection.execute(
            f"select programme_id, {', '.join(MEASURES)} from metrics.people_overlap order by programme_id"  # noqa: S608
        ).df()
    counts = exact.set_index("programme_id").astype("float64")
    hidden = pd.DataFrame(is_small(counts.to_numpy()), index=counts.index, columns=counts.columns)
    alone = hidden.drop(index="all", errors="ignore").sum() == 1
    hidden.loc[hidden.index == "all"] |= alone.to_numpy()
    rows = [
        (programme, measure, "" if is_hidden else f"{value:.0f}", HIDDEN if is_hidden else SHOWN)
        for programme, values, hides in zip(
            counts.index, nearest_five(counts.to_numpy()), hidden.to_numpy(dtype=np.bool_), strict=True
        )
        for measure, value, is_hidden in zip(MEASURES, values, hides, strict=True)
    ]
    return csv_bytes(pd.DataFrame(rows, columns=["programme_id", "measure", "value", "status"]))
