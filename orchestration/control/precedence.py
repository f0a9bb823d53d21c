"""Which of several files of a return stands: design decision 1 as pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orchestration.control.records import AcceptedFile, Span, Submission
from orchestration.control.states import ONCE_ACCEPTED

Key = tuple[str, str]
"""Return and submission."""

REPLACED = "A newer file has taken its place."
OLDER = "It is older than the file that stands, so it changes nothing."
TIE = (
    "Nothing tells whether it or '{other}' is newer: same dates, same period, different content. Confirm one."
)


@dataclass(frozen=True)
class Covering:
    """A submission and the reporting periods it covers."""

    submission: Submission
    periods: tuple[Span, ...]

    @property
    def key(self) -> Key:
        """Return and submission."""
        return (self.submission.return_id, self.submission.submission_id)

    @property
    def age(self) -> tuple[date, date]:
        """Later is newer: the extract date (the day received where none is stated), then the day received."""
        received = self.submission.received_on
        return (self.submission.extract_date or received, received)

    @property
    def order(self) -> tuple[date, date, int]:
        """Age, and of two equally old the one a person decided for last."""
        return (*self.age, self.submission.sequence)

    def overlaps(self, period: Span) -> bool:
        """Whether it says something of `period`; a register restates every period."""
        return self.submission.scope == "register" or any(overlap(period, mine) for mine in self.periods)


def overlap(one: Span, other: Span) -> bool:
    """Whether two periods share a day."""
    return one[0] <= other[1] and other[0] <= one[1]


def candidates(coverings: Iterable[Covering], as_at: date) -> dict[str, list[Covering]]:
    """Submissions whose figures may stand at `as_at`, by return, newest first."""
    by_return: dict[str, list[Covering]] = defaultdict(list)
    for covering in coverings:
        submission = covering.submission
        if submission.status in ONCE_ACCEPTED and submission.received_on <= as_at:
            by_return[submission.return_id].append(covering)
    return {
        return_id: sorted(found, key=lambda c: c.order, reverse=True)
        for return_id, found in by_return.items()
    }


def standing(coverings: Iterable[Covering], as_at: date) -> dict[Key, tuple[Span, ...]]:
    """For each submission that stands at `as_at`, the periods for which it does."""
    found = {}
    for newest_first in candidates(coverings, as_at).values():
        for number, covering in enumerate(newest_first):
            if periods := _not_replaced(covering, newest_first[:number]):
                found[covering.key] = periods
    return found


def is_used(file: AcceptedFile, periods: tuple[Span, ...] | None) -> bool:
    """Whether a file's figures stand, given the periods for which its submission stands."""
    if not periods:
        return False
    return file.period_start is None or (file.period_start, file.period_end) in periods


def judge(new: Covering, others: Iterable[Covering]) -> Submission:
    """Give the new submission its state among the others: held on a tie, superseded when older."""
    submission = new.submission
    if submission.status not in ONCE_ACCEPTED:
        return submission
    known = [c for c in others if c.submission.status in ONCE_ACCEPTED and c.key != new.key]
    if rival := next((c for c in known if is_tie(new, c)), None):
        reason = TIE.format(other=rival.submission.file_name)
        return replace(submission, status="held", reason=reason)
    if not _not_replaced(new, [c for c in known if c.order > new.order]):
        return replace(submission, status="superseded", reason=OLDER)
    return submission


def is_tie(one: Covering, other: Covering) -> bool:
    """Whether nothing tells which of two files is the newer, and they speak of the same period."""
    if one.age != other.age:
        return False
    return one.submission.scope == "register" or any(other.overlaps(p) for p in one.periods)


def _not_replaced(covering: Covering, newer: Sequence[Covering]) -> tuple[Span, ...]:
    """Periods of `covering` that none of the `newer` submissions of the same return replaces.

    A nil return of a register says that nothing was added, so it does not empty the register.
    """
    replacing = [c for c in newer if not (c.submission.scope == "register" and c.submission.is_nil)]
    if covering.submission.scope == "register":
        return () if replacing else covering.periods
    return tuple(p for p in covering.periods if not any(c.overlaps(p) for c in replacing))
