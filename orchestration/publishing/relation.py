"""One relation among counts: a line of numbers, `low` ≤ sum of factor times count ≤ `high`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Units = Mapping[str, str]


@dataclass(frozen=True)
class Relation:
    """`counts` names with `factors`, between `low` and `high` together."""

    counts: tuple[str, ...]
    factors: tuple[float, ...]
    low: float
    high: float


def sum_of(total: str, parts: Iterable[str], high: float = 0.0) -> Relation:
    """Total less parts, from 0 to `high`."""
    own = tuple(sorted(parts))
    return Relation((total, *own), (1.0, *(-1.0 for _ in own)), 0.0, high)
