"""Where and when the notebook shows figures, and the rows it gathers."""

from __future__ import annotations

import pandas as pd

DISTRICTS = {"P08": "E08000018", "P07b": "E08000038", "P07d": "E08000017"}
REGION, REGION_AREA = "P07", "E47000002"
LAST_DAY = pd.Timestamp("2026-02-28")
PERIODS = [
    ("quarter", pd.Timestamp("2025-04-01"), pd.Timestamp("2025-06-30")),
    ("quarter", pd.Timestamp("2025-07-01"), pd.Timestamp("2025-09-30")),
    ("quarter", pd.Timestamp("2025-10-01"), pd.Timestamp("2025-12-31")),
    ("year", pd.Timestamp("2025-04-01"), LAST_DAY),
]


class Figures:
    """The rows of the result, gathered as they are computed."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def add(
        self,
        metric: str,
        programme: str,
        period: tuple[pd.Timestamp, pd.Timestamp],
        numerator: float,
        denominator: float | None = None,
        breakdown: tuple[str, str] = ("all", "all"),
        cohort: str = "all",
    ) -> None:
        """Keep one figure with its value: a count as it is, a rate to six decimals, halves up."""
        value: float | None = numerator
        if denominator is not None:
            n, d = int(numerator), int(denominator)
            value = (2_000_000 * n + d) // (2 * d) / 1e6 if d else None
        self.state(metric, programme, period, (numerator, denominator, value), breakdown, cohort)

    def state(
        self,
        metric: str,
        programme: str,
        period: tuple[pd.Timestamp, pd.Timestamp],
        numbers: tuple[float | None, float | None, float | None],
        breakdown: tuple[str, str] = ("all", "all"),
        cohort: str = "all",
    ) -> None:
        """Keep one figure whose value is no quotient: (numerator, denominator, value)."""
        area = "all" if programme == "all" else DISTRICTS.get(programme, REGION_AREA)
        self.rows.append((metric, programme, area, *breakdown, cohort, *period, *numbers))

    def frame(self) -> pd.DataFrame:
        """The figures as a frame with the columns of `metric_values`."""
        names = (
            "metric_id programme_id area_code breakdown_type breakdown_value cohort_quarter "
            "period_start period_end numerator denominator value"
        )
        return pd.DataFrame(self.rows, columns=names.split())


def places(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each district, and of the region."""
    return [(code, frame[frame["programme_id"] == code]) for code in DISTRICTS] + [(REGION, frame)]


def windows(
    frame: pd.DataFrame, day: str, years_only: bool = False
) -> list[tuple[str, str, tuple[pd.Timestamp, pd.Timestamp], pd.DataFrame]]:
    """(programme, period type, period, the rows of it) for every figure that is shown."""
    return [
        (programme, kind, (first, last), own[own[day].between(first, last)])
        for programme, own in places(frame)
        for kind, first, last in PERIODS
        if kind == "year" or not years_only
    ]
