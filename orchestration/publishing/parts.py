"""Which figure stands above or below the line of another, so that both publish one number."""

from __future__ import annotations

import pandas as pd

ANY, SAME = "*", "="
SIDES = ("numerator", "denominator")
NAMED = ("metric_id", "breakdown_type", "breakdown_value")
IS_FIGURE = ("is", "to_date")
"""Relations that name the figure which a side is: of the same period, or the newest to date within it."""


def with_parts(cells: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """`cells` with the figure that each side is: `numerator_metric_id`, `numerator_breakdown_type` and so on.

    The metric is that of the definition, of the same breakdown, or what `reference.figure_relations` says,
    the more particular last; empty where the count has no figure of its own. `numerator_period_end` is the
    row's own but for a figure to date.
    """
    same = (*NAMED[1:], "period_end")
    cells = cells.assign(**{f"{side}_{name}": cells[name] for side in SIDES for name in same})
    own = relations[relations["relation"].isin(IS_FIGURE) & (relations["of_side"] == "figure")]
    for row in own.sort_values("breakdown_value", key=lambda c: c != ANY, kind="stable").to_dict("records"):
        rows = cells["metric_id"] == row["metric_id"]
        for name in NAMED[1:]:
            rows &= (cells[name] == row[name]) | (row[name] == ANY)
        for name in NAMED:
            of = row[f"of_{name}"]
            cells.loc[rows, f"{row['side']}_{name}"] = cells.loc[rows, name] if of == SAME else of
        if row["relation"] == "to_date":
            ends = newest_ends(cells[rows], cells[cells["metric_id"] == row["of_metric_id"]])
            cells.loc[rows, f"{row['side']}_period_end"] = ends
    return cells


def newest_ends(rows: pd.DataFrame, figures: pd.DataFrame) -> pd.Series:
    """The last day of the newest of `figures` that began with each row's period and ends within it."""
    where = ["programme_id", "area_code", "period_start"]
    figures = figures[figures["breakdown_type"] == "all"]
    both = rows[[*where, "period_end"]].reset_index().merge(figures[[*where, "period_end"]], on=where)
    both = both[both["period_end_y"] <= both["period_end_x"]]
    newest = both.groupby("index")["period_end_y"].max()
    return newest.reindex(rows.index).fillna(rows["period_end"])
