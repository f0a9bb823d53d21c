"""A world: the rows of every source table, and what its returns owe."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]


AS_AT = date(2026, 3, 2)


YEAR = date(2025, 4, 1)


@dataclass(frozen=True)
class Return:
    """What one partner owes, and the months it covers."""

    return_id: str
    programmes: tuple[str, ...]
    areas: tuple[str | None, ...]
    first: date
    months: int
    people: int
    by_month: bool = False
    missing: frozenset[int] = frozenset()
    carried: int = 0  # how many last months stand on the file before them
    since: int = 0  # the first month that it owes
    is_over: bool = False  # it owes no more

    def period(self, month: int) -> tuple[date, date]:
        """First and last day of a month of this return."""
        index = self.first.year * 12 + self.first.month - 1 + month
        start, following = (date(n // 12, n % 12 + 1, 1) for n in (index, index + 1))
        return start, following - timedelta(days=1)

    @property
    def last_day(self) -> date:
        """Last day that a file of its own states."""
        return self.period(self.months - 1)[1]

    def submission(self, month: int) -> str:
        """The file that stands for a month."""
        return f"{self.return_id}-{month}" if self.by_month else self.return_id


@dataclass
class World:
    """Rows of every source table, as the hand-off gives them to dbt."""

    chance: random.Random
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    people: list[str] = field(default_factory=list)
    jobs: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))

    def maybe(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.chance.random() < share

    def day(self, first: date, lowest: int, highest: int) -> date:
        """A day so many days after another."""
        return first + timedelta(days=self.chance.randint(lowest, highest))
