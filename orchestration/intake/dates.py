"""Text → a calendar date, by the order that the contract declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from orchestration.intake.periods import MONTHS

Order = Literal["dmy", "mdy", "ymd"]
LONDON = ZoneInfo("Europe/London")
_DAY_0 = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_FIRST, _LAST = date(1910, 1, 1), date(2099, 12, 31)  # as numbers they are no years
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?$")
_NUMBERS = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:[a-z]{3,9},? +)?(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?,?[-/. ]+(\d{4}|\d{2})$",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?:[a-z]{3,9},? +)?([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})$", re.IGNORECASE
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")


@dataclass(frozen=True)
class ReadDate:
    """A date, and the other date that the same text could be where day and month can change places."""

    value: date | None
    other: date | None = None


def read_date(text: str, order: Order, latest: date, epoch: int | None) -> ReadDate:
    """Read one cell; `value` is empty where it is not a date in the declared order.

    `epoch`: the year from which a workbook counts days; none where a number is no day.
    Years of two digits are the latest ones not after `latest`'s year plus one. A timestamp with a zone is
    the date in London.
    """
    text = " ".join(text.split()).translate(_DASHES)
    if found := _ISO.match(text):
        return ReadDate(_iso(found))
    if found := _NUMBERS.match(text):
        return _ordered(found, order, latest)
    if (found := _WORDS.match(text)) and found[2].casefold() in MONTHS:
        return ReadDate(_date(_year(found[3], latest), MONTHS[found[2].casefold()], int(found[1])))
    if (found := _MONTH_FIRST.match(text)) and found[1].casefold() in MONTHS:
        return ReadDate(_date(int(found[3]), MONTHS[found[1].casefold()], int(found[2])))
    if epoch and re.fullmatch(r"\d{4,5}(\.\d+)?", text):
        day = _DAY_0[epoch] + timedelta(days=int(float(text)))
        if _FIRST <= day <= _LAST:
            return ReadDate(day)
    if re.fullmatch(r"(19|20)\d{6}", text):
        return ReadDate(_date(int(text[:4]), int(text[4:6]), int(text[6:])))
    return ReadDate(None)


def _iso(found: re.Match[str]) -> date | None:
    day = _date(int(found[1]), int(found[2]), int(found[3]))
    rest = found[4]
    if day is None or not rest or _TIME.match(rest):
        return day
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{rest.replace(' ', '')}")
    except ValueError:
        return None
    return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()


def _ordered(found: re.Match[str], order: Order, latest: date) -> ReadDate:
    first, second, year = int(found[1]), int(found[2]), _year(found[3], latest)
    if order == "ymd" and len(found[3]) == 2:
        return ReadDate(_date(_year(found[1], latest), second, int(found[3])))
    day, month = (second, first) if order == "mdy" else (first, second)
    other = _date(year, day, month)
    return ReadDate(_date(year, month, day), other if day != month else None)


def _year(text: str, latest: date) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + 2000 if year + 2000 <= latest.year + 1 else year + 1900


def _date(year: int, month: int, day: int) -> date | None:
    """A day that can be meant; none as in 12/03/0205, or of 1900, which is a number shown as a day."""
    try:
        return date(year, month, day) if year >= _FIRST.year else None
    except ValueError:
        return None
