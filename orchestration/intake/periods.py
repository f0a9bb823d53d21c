"""Reporting periods: what a file's name, a cover sheet or a cell says in words, as first and last day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.control.records import Span
from orchestration.intake.contract import Contract, Period

MONTHS = {
    name.casefold(): n
    for names in (calendar.month_name, calendar.month_abbr)
    for n, name in enumerate(names)
    if name
}
MONTHS["sept"] = 9
_MONTH_WORDS = "|".join(sorted(MONTHS, key=len, reverse=True))
_LENGTH = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_IN_CELLS = (
    Period(pattern=rf"^(?P<month>{_MONTH_WORDS})[ ./'-]+(?P<year>(?:20)?\d{{2}})$"),
    Period(pattern=r"^(?P<year>20\d{2})[-/ ]?(?P<month>0[1-9]|1[0-2])$"),
    Period(pattern=r"^(?P<month>0?[1-9]|1[0-2])[-/](?P<year>20\d{2})$"),
)
_QUARTERS = (
    r"^Q(?:uarter)?\s*(?P<quarter>[1-4])[ ,-]*(?P<year>20\d{2})(?:[/-]\d{2,4})?$",
    r"^(?P<year>20\d{2})(?:[/-]\d{2,4})?[ ,-]*Q(?:uarter)?\s*(?P<quarter>[1-4])$",
    r"^(?P<year>20\d{2})[/-](?:20)?\d{2}$",
)


def stated_period(
    contract: Contract, file_name: str, cells: Iterable[str]
) -> tuple[Span, date | None] | None:
    """The period that a file says it covers, and the day of the extract where it names one."""
    texts = [file_name] if contract.period.where == "file_name" else cells
    for text in texts:
        found = re.search(contract.period.pattern, text, re.IGNORECASE)
        if found:
            try:
                return _from_groups(found.groupdict(), contract.period.financial, contract.due.every)
            except (ValueError, KeyError):  # month 13, or a word that is no month
                continue
    return None


def read_period(text: str, financial: bool) -> Span | None:
    """The month, quarter or year that a cell names ("Apr-25", "Q1 2025/26"), as its first and last day."""
    for period in _IN_CELLS:
        if found := re.match(period.pattern, text.strip(), re.IGNORECASE):
            return _from_groups(found.groupdict(), False, "month")[0]
    for pattern in _QUARTERS:
        if found := re.match(pattern, text.strip(), re.IGNORECASE):
            groups = found.groupdict()
            return _from_groups(
                groups, financial or "quarter" not in groups, "quarter" if "quarter" in groups else "year"
            )[0]
    return None


def _from_groups(groups: dict[str, str | None], financial: bool, every: str) -> tuple[Span, date | None]:
    year = int(groups["year"] or 0)
    year += 2000 if year < 100 else 0
    if groups.get("day") and groups.get("month"):
        extract = date(year, _month(groups["month"] or ""), int(groups["day"] or 0))
        return _last_ended(extract, every, financial), extract
    if groups.get("month"):
        month = span(year, _month(groups["month"] or ""), 1)
        return (month if every == "month" else _last_ended(month[1], every, financial)), None
    part, length = 1, 12
    if groups.get("quarter"):
        part, length = int(groups["quarter"] or 0), 3
    elif groups.get("half"):
        part, length = int(groups["half"] or 0), 6
    return span(year, (part - 1) * length + (4 if financial else 1), length), None


def _month(text: str) -> int:
    month = int(text) if text.isdigit() else MONTHS[text.casefold()]
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    return month


def span(year: int, month: int, length: int) -> Span:
    """First and last day of `length` months from `month` of `year`; a month above 12 is in a later year."""
    start = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = month + length
    end = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return start, end


def _last_ended(extract: date, every: str, financial: bool) -> Span:
    """The last period that had ended on the day of an extract."""
    length = _LENGTH[every]
    offset = 3 if financial and every in ("half_year", "year") else 0
    months = extract.year * 12 + extract.month - 1 - offset
    start = months - months % length
    for begin in (start, start - length):
        found = span((begin + offset) // 12, (begin + offset) % 12 + 1, length)
        if found[1] <= extract:
            break
    return found


def financial_year_start(day: date) -> date:
    """1 April on or before a day."""
    return date(day.year - (day.month < 4), 4, 1)
