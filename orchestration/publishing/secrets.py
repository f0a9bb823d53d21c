"""What must not be found out: the counts behind a candidate that are small, or that few people make."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.publishing.attack import Kind
from orchestration.publishing.columns import KEY, MONEY
from orchestration.publishing.knowledge import Knowledge
from orchestration.publishing.observed import APART, PART, is_mixed, with_parts
from orchestration.publishing.rounding import is_small

MANY_EACH = (MONEY, "hours", "events", "engagements")
"""Units of which a few people can stand for many."""


def secret_counts(exact: pd.DataFrame, protected: pd.DataFrame, known: Knowledge) -> dict[str, Kind]:
    """Name of a count to `small` (1 to 9 people), `few` (people who make many), `open` (not of people).

    `exact`: the candidate's cells; `protected`: the same cells as they are to be published. A part of a
    rate counts like a figure of its own.
    """
    public = protected.loc[protected["audience"] == "public", [*KEY, "unit", "denominator"]]
    both = public.drop(columns="denominator").merge(exact, on=KEY, suffixes=("", "_exact"))
    named = with_parts(both, known)
    plain = named[~named["is_derived"]]
    few = (
        plain["unit"].isin(MANY_EACH)
        & plain["is_numerator_personal"]
        & is_small(plain["contributors"].to_numpy())
    )
    secret: dict[str, Kind] = dict.fromkeys(plain.loc[few, "name"], "few")
    sides = [(plain, "name", "value", "numerator")]
    sides += [(named[named["is_derived"]], side, column, column) for side, column in PART.items()]
    for rows, name, value, side in sides:
        is_personal = rows[f"is_{side}_personal"].to_numpy(dtype=bool)
        small = is_small(np.nan_to_num(rows[value].to_numpy(dtype=np.float64)))
        secret |= dict.fromkeys(rows.loc[~is_personal, name], "open")
        secret |= dict.fromkeys(rows.loc[is_personal & small, name], "small")
    mixed = plain[is_mixed(plain)]
    apart = is_small((mixed["bound_upper"] - mixed["bound_lower"]).to_numpy())
    return secret | dict.fromkeys(mixed.loc[apart, "name"] + APART, "small")
