"""What others tell of a count by themselves, whatever is released now: nobody can take that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from orchestration.publishing.system import NEAR, Part, Ranges, System


def numbers(low: Any, high: Any) -> Any:
    """How many whole numbers there are from `low` to `high`."""
    return np.floor(high + NEAR) - np.ceil(low - NEAR) + 1


class Others:
    """What a system without the candidate tells; each count is worked out once."""

    def __init__(self, system: System, parts: Sequence[Part]) -> None:
        """`parts` of the system, by their number."""
        self._system, self._parts = system, parts
        self._known: dict[int, tuple[float, float]] = {}

    def ranges(self, part: int, places: Sequence[int]) -> list[tuple[float, float]]:
        """The least and the most of each count at `places` of a part."""
        asked = [place for place in places if place not in self._known]
        if asked:
            found = Ranges(self._system, [self._parts[part]], lambda counts, *_: ~np.isin(counts, asked))
            ranges = {place: (float(found.low[place]), float(found.high[place])) for place in asked}
            self._known |= {place: r if r[0] <= r[1] else (0.0, np.inf) for place, r in ranges.items()}
        return [self._known[place] for place in places]
