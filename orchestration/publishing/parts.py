"""Which figure stands above or below the line of another, so that both publish one number."""

from __future__ import annotations

import pandas as pd

ANY, SAME = "*", "="
SIDES = ("numerator", "denominator")
NAMED = ("metric_id", "breakdown_type", "breakdown_value")


def with_parts(cells: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """`cells` with the figure that each side is: `numerator_metric_id`, `numerator_breakdown_type` and so on.

    The metric is that of the definition, of the same breakdown, or what `reference.figure_relations` says,
    the more particular last; empty where the count has no figure of its own.
    """
    cells = cells.assign(**{f"{side}_{name}": cells[name] for side in SIDES for name in NAMED[1:]})
    own = relations[(relations["relation"] == "is") & (relations["of_side"] == "figure")]
    for row in own.sort_values("breakdown_value", key=lambda c: c != ANY, kind="stable").to_dict("records"):
        rows = cells["metric_id"] == row["metric_id"]
        for name in NAMED[1:]:
            rows &= (cells[name] == row[name]) | (row[name] == ANY)
        for name in NAMED:
            of = row[f"of_{name}"]
            cells.loc[rows, f"{row['side']}_{name}"] = cells.loc[rows, name] if of == SAME else of
    return cells
