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
