"""The columns of a released figure: their order, their types and the words they use."""

from __future__ import annotations

from typing import Final

KEY: Final = [
    "metric_id",
    "programme_id",
    "area_code",
    "breakdown_type",
    "breakdown_value",
    "cohort_quarter",
    "period_start",
    "period_end",
]
"""What makes a cell: no two figures of a release agree in all of these."""

RELEASED: Final = [
    "metric_id",
    "metric_name",
    "metric_version",
    "unit",
    "programme_id",
    "area_code",
    "area_vintage",
    "area_name",
    "breakdown_type",
    "breakdown_value",
    "cohort_quarter",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "value",
    "bound_lower",
    "bound_upper",
    "ci_lower",
    "ci_upper",
    "status",
    "basis",
    "maturity",
    "returns_expected",
    "returns_current",
    "returns_carried",
    "source_grain",
    "figure_origin",
    "caveat",
]
"""Columns of `metrics.csv`, in order (design, "Interfaces that stay")."""

DATES: Final = ["period_start", "period_end"]
WHOLE: Final = ["returns_expected", "returns_current", "returns_carried"]
PARTS: Final = ["numerator", "denominator", "bound_lower", "bound_upper"]
FRACTIONS: Final = ["value", "ci_lower", "ci_upper"]
NUMBERS: Final = [*PARTS, *FRACTIONS]
OWN_COLUMNS: Final = {
    "metric_name": "Name of the metric",
    "metric_version": "Version of the metric's definition",
    "area_name": "Name of the area; empty where the area is all or has none",
    "numerator": "Published numerator: rounded as its basis says, empty where it is not shown",
    "denominator": "Published denominator: rounded as its basis says, empty where it is not shown",
    "value": "The figure, or empty; status then says why",
    "bound_lower": "Least that the figure can be, where it is known only between bounds",
    "bound_upper": "Most that the figure can be, where it is known only between bounds",
    "ci_lower": "Lower end of the 95% Wilson interval of a share of people",
    "ci_upper": "Upper end of the 95% Wilson interval of a share of people",
    "status": "Empty: shown; [c] confidential; [x] not available; [e] known only between bounds",
    "basis": "Why it may be published: not_personal and already_public are exact; ten_five hides 1 to 9, "
    "rounds to the nearest 5",
}
"""What publishing adds or changes, described; other columns are as their model describes them."""

SHOWN: Final = ""
HIDDEN: Final = "[c]"
NOT_AVAILABLE: Final = "[x]"
ESTIMATED: Final = "[e]"

NOT_PERSONAL: Final = "not_personal"
ALREADY_PUBLIC: Final = "already_public"
TEN_FIVE: Final = "ten_five"

SHARES: Final = ("rate", "share")
MONEY: Final = "gbp"
PLACES: Final = {"rate": 6, "share": 6, "ratio": 6, MONEY: 2}
"""Decimals of a value by its unit; a value in any other unit is whole, and a count or a needed volume."""


def data_type(column: str) -> str:
    """The type of a released column, as Frictionless names it."""
    if column in DATES:
        return "date"
    if column in WHOLE:
        return "integer"
    return "number" if column in NUMBERS else "string"
