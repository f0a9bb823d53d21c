"""Numbers that partners counted themselves, as intervals: what can have happened in a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.independent.levels import Window
from tests.independent.records import Region, Row
from tests.independent.sources import COUNT, april, month, months

Flow = tuple[date, date, int, int]  # first and last day, at least, at most
Bounds = tuple[int, int | None]  # at least, at most; None where nobody knows
Named = tuple[str, str, str, str]  # programme, count code, breakdown, part of it
DAY = timedelta(days=1)
CODES = {"referrals", "starts", "evidenced_jobs", "people_referred", "qualifications"}


@dataclass
class Series:
    """One count of one programme: its flows, and what it stated since April while no month was another's."""

    flows: list[Flow] = field(default_factory=list)
    stated: dict[date, tuple[int, int]] = field(default_factory=dict)

    def until(self, day: date, since: date) -> tuple[int, int]:
        """What can have been counted since April up to a day, stated or between two statements."""
        if day in self.stated or day < since:
            return self.stated.get(day, (0, 0))
        before = [self.stated[end] for end in sorted(self.stated) if since <= end < day] or [(0, 0)]
        after = [
            self.stated[end] for end in sorted(self.stated) if day < end < since.replace(year=since.year + 1)
        ]
        return max(low for low, _ in before), (after[0] if after else before[-1])[1]

    def within(self, window: Window) -> tuple[int, int]:
        """What can have happened between the first and the last day of a window inside one year."""
        low, high = self.since_april(window) if self.stated else (0, 0)
        told_to = max(self.stated, default=date.min)
        met = [f for f in self.flows if max(window.start, told_to + DAY) <= f[1] and f[0] <= window.end]
        inside = [f for f in met if window.start <= f[0] and f[1] <= window.end]
        return low + sum(least for _, _, least, _ in inside), high + sum(most for *_, most in met)

    def since_april(self, window: Window) -> tuple[int, int]:
        """The difference of what was stated by the end of a window and before it."""
        if window.start > max(self.stated):
            return 0, 0
        since = april(window.start)
        low, high = self.until(window.end, since)
        low_before, high_before = self.until(window.start - DAY, since)
        return max(low - high_before, 0), max(high - low_before, 0)

    def besides(self, others: Iterable[Series], window: Window) -> int:
        """The most that can have happened in flows of a window that no other series tells of."""
        told = [(first, last) for other in others for first, last, *_ in other.flows]
        untold = [f for f in self.flows if not any(first <= f[0] and f[1] <= last for first, last in told)]
        return Series(untold).within(window)[1]


def series(region: Region) -> dict[Named, Series]:
    """The counts that stand, of those of each programme."""
    newest: dict[Named, dict[str, dict[tuple[str, date, date], Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(region.tables["counts"], key=lambda r: region.stated[r["submission_id"]]):
        if row["count_code"] in CODES:
            group = row["breakdown_type"] or "all", row["breakdown_value"] or "all"
            kind, last = row["period_type_code"], row["period_end"]
            first = row["period_start"] if kind == "flow" else april(last)
            named = (row["programme_id"], row["count_code"], *group)
            newest[named][row["area_code"]][kind, first, last] = row
    found: dict[Named, Series] = {}
    for named, rows in ((named, rows) for named, areas in newest.items() for rows in areas.values()):
        flows, ends = [], []
        for first, last, low, high in flows_of(rows):
            standing = share_of_months(region, named, first, last)
            if standing:
                flows.append((first, last, low if standing == 1 else 0, high))
            if standing == 1 and len(ends) == len(flows) - 1:
                ends.append(last)
        stated = {
            last: bounds(row) for (kind, _, last), row in rows.items() if kind != "flow" and last in ends
        }
        if flows and named in found:  # of another area
            found[named] = Series(found[named].flows + flows, {})
        elif flows:
            found[named] = Series(flows, stated)
    return found


def bounds(row: Row) -> tuple[int, int]:
    """The least and the most that a number can be."""
    return int(row["value_lower"]), int(row["value_upper"])


def flows_of(rows: dict[tuple[str, date, date], Row]) -> list[Flow]:
    """Numbers of their own time: as stated, or what was added since the statement before."""
    flows = []
    before: dict[date, tuple[date, int, int]] = {}
    for (kind, start, end), row in sorted(rows.items(), key=lambda item: item[0][2]):
        low, high = bounds(row)
        if kind == "cumulative":
            last, least, most = before.get(start, (start - DAY, 0, 0))
            before[start] = (end, low, high)
            low, high, start = max(low - most, 0), max(high - least, 0), last + DAY
        flows.append((start, end, low, high))
    return flows


def share_of_months(region: Region, named: Named, first: date, last: date) -> float:
    """Of the months of a flow those that the count stands for."""
    stand = [region.sources.stands(*named[:2], each) for each in months(month(first), last)]
    return sum(source is not None and source.turn == COUNT for source in stand) / len(stand)
