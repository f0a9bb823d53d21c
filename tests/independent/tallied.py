"""What partners count by month or year and add up: M20, the hours of M23, the streams of M31."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from tests.independent.people import Figure, Key, number
from tests.independent.records import Region, Row
from tests.independent.sources import COUNT, OWN, april, months

Place = tuple[str, str, date, date]  # programme, area, first and last day
Days = tuple[date, date]
TALLIED = {
    "sessions": "M20",
    "attendances": "M20",
    "unique_attendees": "M20",
    "volunteer_hours": "M23",
}


def tallies(region: Region) -> Iterator[tuple[Key, Figure]]:
    """M20 and M23 of a programme that counts without naming, by quarter and year."""
    for (programme, area, code), rows in flows(region).items():
        last = region.observed_to[programme]
        windows = {days for row in rows for days in around(row, last)} if code in TALLIED else ()
        for days in windows:
            if TALLIED[code] == "M20" or is_year(days):
                name = "hours" if code == "volunteer_hours" else code
                counted = within(region, programme, code, rows, days)
                yield (TALLIED[code], programme, area, "measure", name, "all", *days), counted


def exact_counts(region: Region) -> dict[Place, dict[str, Fraction]]:
    """Numbers of a financial year that are exact, by place and count code."""
    exact: dict[Place, dict[str, Fraction]] = defaultdict(dict)
    for (programme, area, code), rows in flows(region).items():
        last = region.observed_to[programme]
        for days in {days for row in rows for days in around(row, last) if is_year(days)}:
            counted = within(region, programme, code, rows, days)
            if counted.value is not None:
                exact[programme, area, *days][code] = counted.value
    return exact


def flows(region: Region) -> dict[tuple[str, str, str], list[Row]]:
    """What a programme counts of its own time, by programme, area and count code."""
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in region.tables["counts"]:
        if row["period_type_code"] == "flow" and row["breakdown_type"] == "all":
            found[row["programme_id"], row["area_code"], row["count_code"]].append(row)
    return found


def around(row: Row, last: date) -> list[Days]:
    """The quarter and the financial year to date that a number lies in; `last`: the last day reported."""
    start = april(row["period_start"])
    year = months(start, date(start.year + 1, 4, 1))
    ends = [day - timedelta(days=1) for day in year]
    quarters = [(year[n], ends[n + 3]) for n in (0, 3, 6, 9) if ends[n + 3] <= last]
    windows = [*quarters, (start, min(ends[12], last))]
    return [days for days in windows if days[0] <= row["period_start"] and row["period_end"] <= days[1]]


def is_year(days: Days) -> bool:
    """Whether a window is a year, not a quarter."""
    return (days[1] - days[0]).days > 100


def within(region: Region, programme: str, code: str, rows: list[Row], days: Days) -> Figure:
    """The sum of a window: bounds where some of it is hidden, at least that where a month was left out."""
    inside = [row for row in rows if days[0] <= row["period_start"] and row["period_end"] <= days[1]]
    low = int(sum(row["value_lower"] or 0 for row in inside))
    uppers = [row["value_upper"] for row in inside]
    if None in uppers or region.sources.is_silent(programme, {code: {OWN, COUNT}}, *days):
        return Figure(None, low, None)
    return number(low) if low == sum(uppers) else Figure(None, low, int(sum(uppers)))
