"""Numbers that partners counted themselves, as intervals: what can have happened in a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.independent.records import Region, Row, Window

Bounds = tuple[int, int | None]  # at least, at most; None where nobody knows


@dataclass(frozen=True)
class Series:
    """One count of one programme, stated again and again since 1 April."""

    stated: dict[date, Bounds]

    def until(self, day: date, april: date) -> Bounds:
        """What can have been counted since April up to a day, stated or between two statements."""
        if day < april:
            return 0, 0
        if day in self.stated:
            return self.stated[day]
        before = [bounds for end, bounds in self.stated.items() if april <= end < day]
        after = [self.stated[end] for end in sorted(self.stated) if end > day]
        return max((low for low, _ in before), default=0), after[0][1] if after else None

    def within(self, window: Window) -> Bounds:
        """What can have happened between the first and the last day of a window inside one year."""
        april = date(window.start.year - (window.start.month < 4), 4, 1)
        low, high = self.until(window.end, april)
        low_before, high_before = self.until(window.start - timedelta(days=1), april)
        most = None if high is None else max(high - low_before, 0)
        return max(low - high_before, 0) if high_before is not None else 0, most


def series(region: Region) -> dict[tuple[str, str], Series]:
    """The counts of each programme that sends no records, by programme and count code."""
    recorded = {row["programme_id"] for row in region.spells + region.referrals}
    newest: dict[tuple[str, str], dict[date, Row]] = {}
    for row in sorted(region.tables["counts"], key=lambda r: region.stated[r["submission_id"]]):
        if row["programme_id"] not in recorded and row["period_type_code"] == "cumulative":
            newest.setdefault((row["programme_id"], row["count_code"]), {})[row["period_end"]] = row
    return {
        key: Series({end: (int(r["value_lower"]), int(r["value_upper"])) for end, r in rows.items()})
        for key, rows in newest.items()
    }
