"""What the generator passes around: a delivery, a stated truth, and days of the reporting calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

CLOCK = date(2026, 3, 2)
"""The sample home's clock: nothing is delivered later."""


@dataclass(frozen=True)
class Delivery:
    """One file as it arrived: the folder is the return id."""

    return_id: str
    name: str
    content: bytes
    received_on: date
    note: str = ""


@dataclass(frozen=True)
class Truth:
    """A figure that the pipeline must be able to compute from the files; `value` as text."""

    return_id: str
    programme_id: str
    metric: str
    period: str
    value: str


@dataclass(frozen=True)
class PersonTruth:
    """Which person of the generator a partner's reference stands for."""

    return_id: str
    partner_ref: str
    person: str


@dataclass(frozen=True)
class Sample:
    """Everything one archetype gives."""

    deliveries: list[Delivery]
    truths: list[Truth]
    people: list[PersonTruth]


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months(first: date, last: date) -> list[date]:
    """Last days of the months from that of `first` to that of `last`."""
    ends = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        ends.append(month_end(year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return ends


def after(day: date, days: int) -> date:
    """The day so many days later."""
    return day + timedelta(days=days)
