"""Programmes and their families, and the periods that are reported of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta


def first_to_stop(ends: list[tuple[bool, date]]) -> date:
    """The day that all returns which owe more have reached; where none does, the last day reported."""
    return min((day for owes, day in ends if owes), default=max(day for _, day in ends))


@dataclass(frozen=True)
class Window:
    """A quarter (of cohorts alone where a lifetime is reported), a financial year to date, or a lifetime."""

    kind: str
    start: date
    end: date


@dataclass(frozen=True)
class Level:
    """A programme, or the parent of several, in the area that its total covers."""

    programme: str
    area: str
    parts: tuple[str, ...]
    is_parent: bool
    reporting: str
    first: date
    observed_to: date
    local: tuple[str, ...] = field(default=())

    def areas(self) -> list[str]:
        """The total, and the areas inside it where it has no outline of its own."""
        return [self.area, *self.local]

    def windows(self) -> list[Window]:
        """What is reported, up to the last day that every return has reached."""
        found = [Window("lifetime", self.first, self.observed_to)] if self.reporting == "lifetime" else []
        for year in range(self.first.year - 1, self.observed_to.year + 1):
            april, march = date(year, 4, 1), date(year + 1, 3, 31)
            if march < self.first or april > self.observed_to:
                continue
            if self.reporting != "lifetime":
                found.append(Window("year", april, min(march, self.observed_to)))
            for month in (4, 7, 10, 13):
                start = date(year + month // 13, month % 12 or 1 if month == 13 else month, 1)
                end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
                is_year_to_date = Window("year", start, end) in found
                if self.first <= start and end <= self.observed_to and not is_year_to_date:
                    kind = "cohort" if self.reporting == "lifetime" else "quarter"
                    found.append(Window(kind, start, end))
        return found


def quarter_name(window: Window) -> str:
    """As 2025-Q2, of the calendar year."""
    return f"{window.start.year}-Q{(window.start.month + 2) // 3}"
