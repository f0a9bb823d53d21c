"""The ledger of expected returns: what is owed, what came, and whose figures are used.

Pure functions over the contracts' due rules and the submissions; silence is never `current`.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from orchestration.control import precedence
from orchestration.control.precedence import Covering
from orchestration.control.records import Scope, Span
from orchestration.control.states import ONCE_ACCEPTED

Frequency = Literal["month", "quarter", "half_year", "year"]
Receipt = Literal["in", "nil", "late", "held", "rejected", "missing", "not_due"]
Used = Literal["current", "carried_forward", "none"]

MONTHS: dict[Frequency, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class DueRule:
    """What a return owes: a file each `every`, `days_after` the last day of the period.

    `first_period` and `last_period` are the first days of the first and last period; none: it goes on.
    """

    return_id: str
    every: Frequency
    days_after: int
    first_period: date
    last_period: date | None
    scope: Scope


@dataclass(frozen=True)
class LedgerRow:
    """One return and period; `submission_id` is the one whose figures stand for it."""

    return_id: str
    period_start: date
    period_end: date
    due_on: date
    receipt: Receipt
    used: Used
    submission_id: str | None


def expected_periods(rule: DueRule, as_at: date) -> list[Span]:
    """First and last day of every period owed that has begun by `as_at`, in order."""
    periods: list[Span] = []
    start = rule.first_period
    while start <= as_at and (rule.last_period is None or start <= rule.last_period):
        following = _months_later(rule.first_period, MONTHS[rule.every] * (len(periods) + 1))
        periods.append((start, following - timedelta(days=1)))
        start = following
    return periods


def build_ledger(rules: Iterable[DueRule], coverings: Iterable[Covering], as_at: date) -> list[LedgerRow]:
    """One row a return and expected period, ordered by both.

    A period that has not ended by `as_at` is listed only once a file for it has come. Submissions
    received after `as_at` do not exist yet.
    """
    known = [c for c in coverings if c.submission.received_on <= as_at]
    standing = precedence.standing(known, as_at)
    by_return: dict[str, list[Covering]] = defaultdict(list)
    for covering in sorted(known, key=lambda c: c.order, reverse=True):
        by_return[covering.submission.return_id].append(covering)
    rows = []
    for rule in sorted(rules, key=lambda r: r.return_id):
        mine = by_return[rule.return_id]
        stands = [Covering(c.submission, standing[c.key]) for c in mine if c.key in standing]
        for period in expected_periods(rule, as_at):
            arrived = [c for c in mine if _covers(c.periods, period)]
            if arrived or period[1] <= as_at:
                rows.append(_row(rule, period, arrived, stands, as_at))
    return rows


def _row(
    rule: DueRule, period: Span, arrived: Sequence[Covering], stands: Sequence[Covering], as_at: date
) -> LedgerRow:
    due_on = period[1] + timedelta(days=rule.days_after)
    used, submission_id = _used(rule.scope, period, stands)
    receipt = _receipt(arrived, due_on, as_at)
    return LedgerRow(rule.return_id, *period, due_on, receipt, used, submission_id)


def _receipt(arrived: Sequence[Covering], due_on: date, as_at: date) -> Receipt:
    """Say what came for a period; `arrived` newest first, in time when the first accepted file was."""
    accepted = [c.submission for c in arrived if c.submission.status in ONCE_ACCEPTED]
    if accepted and accepted[0].is_nil:
        return "nil"
    if accepted:
        return "late" if min(s.received_on for s in accepted) > due_on else "in"
    for covering in arrived:
        if covering.submission.status in ("held", "rejected"):
            return "held" if covering.submission.status == "held" else "rejected"
    return "missing" if as_at > due_on else "not_due"


def _used(scope: Scope, period: Span, stands: Sequence[Covering]) -> tuple[Used, str | None]:
    """Say whose figures stand for a period; `stands` newest first, with the periods for which they stand."""
    if scope == "period":
        own = next((c for c in stands if _covers(c.periods, period)), None)
        return ("current", own.submission.submission_id) if own else ("none", None)
    if not stands:
        return "none", None
    # A nil return adds nothing to the register before it, but brings it up to its own date.
    reach = max(end for covering in stands for _, end in covering.periods)
    figures = next((c for c in stands if not c.submission.is_nil), stands[0]).submission.submission_id
    return ("current" if reach >= period[1] else "carried_forward"), figures


def _covers(periods: Iterable[Span], period: Span) -> bool:
    return any(start <= period[0] and period[1] <= end for start, end in periods)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
