"""Exact arithmetic on published parts: whole-number steps, half up, never a float division."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BASE = 5
LEAST = 10
"""Counts of people from 1 to 9 are hidden; from ten on they go to the nearest five."""
SMALLEST, LARGEST = 1.0, float(LEAST - 1)
"""What a hidden count can be."""
Z = 1.959963984540054
"""Quantile of the normal distribution for a 95% interval."""


def nearest_five(counts: Floats) -> Floats:
    """Counts to the nearest 5, half up (12.5 becomes 15)."""
    rounded: Floats = np.floor(counts / BASE + 0.5) * BASE
    return rounded


def is_small(counts: Floats) -> npt.NDArray[np.bool_]:
    """Whether a count is above 0 and below 10, so that it may not be shown."""
    return (counts > 0) & (counts < LEAST)


def outward(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Bounds rounded away from each other to multiples of 5; neither comes to rest between 1 and 9."""
    down: Floats = np.floor(lower / BASE) * BASE
    up: Floats = np.ceil(upper / BASE) * BASE
    return np.where(down < LEAST, 0.0, down), np.where((up > 0) & (up < LEAST), float(LEAST), up)


def quotient(numerator: Floats, factor: Floats, denominator: Floats, places: npt.NDArray[np.int64]) -> Floats:
    """Numerator times factor over denominator, half up to `places`; NaN where a part is or below is 0.

    Parts have at most two decimals and factors six, so that whole numbers carry them exactly.
    """
    usable = ~np.isnan(numerator) & ~np.isnan(factor) & ~np.isnan(denominator) & (denominator != 0)
    result = np.full(len(numerator), np.nan)
    for power in np.unique(places[usable]):
        rows = usable & (places == power)
        above = _scaled(numerator[rows], 2) * _scaled(factor[rows], 6) * 10 ** int(power)
        below = _scaled(denominator[rows], 2) * 10**6
        result[rows] = ((2 * above + below) // (2 * below) / 10 ** int(power)).astype("float64")
    return result


def wilson(numerator: Floats, denominator: Floats) -> tuple[Floats, Floats]:
    """95% Wilson interval of a proportion, six decimals; NaN where it is not a proportion."""
    sound = (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    n = np.where(sound, denominator, np.nan)
    share = numerator / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return _within_one(middle - half), _within_one(middle + half)


def _within_one(bound: Floats) -> Floats:
    clipped: Floats = np.clip(np.round(bound, 6), 0.0, 1.0) + 0.0  # no minus zero
    return clipped


def _scaled(values: Floats, places: int) -> npt.NDArray[np.object_]:
    """Python integers, which do not overflow."""
    return np.array([round(v * 10**places) for v in values.tolist()], dtype=object)
