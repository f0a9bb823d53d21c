"""`revisions.csv`: what each release said of a figure that another release said something else of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from orchestration.publishing.changes import SAID, read_text
from orchestration.publishing.columns import KEY
from orchestration.publishing.tables import csv_bytes

COLUMNS: Final = [*KEY, "unit", "release_id", *SAID, "figure_origin"]


def revisions_bytes(earlier: Iterable[tuple[str, bytes]], release_id: str, now: pd.DataFrame) -> bytes:
    """One row a figure and release, from the oldest on: as it was published then, and as it is now known.

    `earlier`: id and `metrics.csv` of every release before; `now` the public figures as written.
    """
    frames = [read_text(content).assign(release_id=name) for name, content in earlier]
    every = pd.concat([*frames, now.assign(release_id=release_id)], ignore_index=True)
    said = every.drop_duplicates([*KEY, *SAID])
    revised = said[said.duplicated(KEY, keep=False)][KEY].drop_duplicates()
    order = every["release_id"].drop_duplicates().reset_index(drop=True)
    rows = every.merge(revised, on=KEY).assign(
        order=lambda f: f["release_id"].map({r: i for i, r in order.items()})
    )
    return csv_bytes(rows.sort_values([*KEY, "order"], ignore_index=True)[COLUMNS])
