"""Text → a number, or the interval that a hidden, rounded or open-ended number stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_EMPTY = {"", "-", "--", "\u2013", "\u2014", ".", "..", ":", "n/a", "na", "none", "null", "nan"}
_EMPTY |= {"not given", "[x]", "[z]"}
_HIDDEN = {"*", "c", "[c]", "suppressed", "s"}
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:\.\d+)?$|[-+]?\.\d+$")
_TOO_LARGE = Decimal(10**15)  # for any count, and for what is computed with it
_UNDER = re.compile(r"(?:<|under|fewer than|less than|below) *(\d[\d, ]{0,14})$", re.IGNORECASE)
_UP_TO = re.compile(r"(?:≤|<=|up to|at most) *(\d[\d, ]{0,14})$", re.IGNORECASE)
_OVER = re.compile(r"(?:>|over|more than|above) *(\d[\d, ]{0,14})$", re.IGNORECASE)
_AT_LEAST = re.compile(r"(?:at least|≥|>=) *(\d[\d, ]{0,14})$|(\d[\d, ]{0,14})\+$", re.IGNORECASE)


@dataclass(frozen=True)
class Interval:
    """What a cell says of a number: `lower` ≤ number ≤ `upper` (none: no limit), and how it was said."""

    lower: Decimal | None
    upper: Decimal | None
    status: str


def read_number(text: str) -> Decimal | None:
    """A plain number; pound and percent signs, thousands separators and brackets for minus are understood.

    None where the text is no number, or one that no return can mean.
    """
    text = text.strip().replace("\u00a0", " ").replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    text = (
        text.removeprefix("£").removeprefix("-£").removesuffix("%").strip()
        if not text.startswith("-£")
        else "-" + text[2:]
    )
    if not _NUMBER.match(text):
        return None
    number = Decimal(re.sub(r"[ ,]", "", text))
    return number if abs(number) < _TOO_LARGE else None


def is_empty(text: str) -> bool:
    """Whether a cell of a number column says that there is none."""
    return text.strip().casefold() in _EMPTY


def read_interval(text: str, rounded_to: int = 1, hidden_below: int = 5) -> Interval | None:
    """A count with its bounds; none where the text is not a number at all.

    `rounded_to`: the number is the nearest multiple of this; `hidden_below`: `*` stands for less than this.
    """
    text = text.strip()
    if is_empty(text):
        return Interval(None, None, "missing")
    if text.casefold() in _HIDDEN:
        return Interval(Decimal(0), Decimal(hidden_below - 1), "hidden")
    if found := _UNDER.match(text):
        return Interval(Decimal(0), _whole(found[1]) - 1, "hidden")
    if found := _UP_TO.match(text):
        return Interval(Decimal(0), _whole(found[1]), "hidden")
    if found := _OVER.match(text):
        return Interval(_whole(found[1]) + 1, None, "over")
    if found := _AT_LEAST.match(text):
        return Interval(_whole(found[1] or found[2]), None, "over")
    number = read_number(text)
    if number is None or number < 0:
        return None
    if rounded_to > 1:
        half = Decimal((rounded_to - 1) // 2)
        return Interval(max(Decimal(0), number - half), number + half, "rounded_5")
    return Interval(number, number, "exact")


def _whole(text: str) -> Decimal:
    return Decimal(re.sub(r"[ ,]", "", text))
