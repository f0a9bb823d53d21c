"""How long what a return sent is kept: by the schedule and the legal holds of its programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.intake.contract import Contract
from orchestration.intake.reference import Reference

if TYPE_CHECKING:
    from orchestration.control.store import Store


@dataclass(frozen=True)
class Schedule:
    """Years after the last period, the longest of the programmes; `holds` names those under legal hold."""

    years: int
    holds: tuple[str, ...]

    def until(self, period_end: date) -> date:
        """Last day on which what covers a period is kept."""
        try:
            return period_end.replace(year=period_end.year + self.years)
        except ValueError:  # 29 February
            return period_end.replace(year=period_end.year + self.years, day=28)


def schedule(contract: Contract, reference: Reference) -> Schedule:
    """The schedule of a return."""
    own = [reference.programmes[name] for name in contract.programmes]
    return Schedule(max(p.retention_years for p in own), tuple(p.name for p in own if p.has_legal_hold))


@dataclass(frozen=True)
class Past:
    """Submissions past their schedule: `gone` id → return; `kept`, under legal hold, id → programmes.

    `unknown`: returns with submissions of which no contract, and so no schedule, is left.
    """

    gone: dict[str, str]
    kept: dict[str, tuple[str, ...]]
    unknown: list[str]


def expired(store: Store, contracts: Mapping[str, Contract], reference: Reference, as_at: date) -> Past:
    """What is past its schedule; a file of which no period could be read is as old as its receipt."""
    gone, kept = {}, {}
    coverings = store.coverings()
    for covering in coverings:
        submission = covering.submission
        if submission.return_id not in contracts:
            continue
        plan = schedule(contracts[submission.return_id], reference)
        if plan.until(max((end for _, end in covering.periods), default=submission.received_on)) < as_at:
            if plan.holds:
                kept[submission.submission_id] = plan.holds
            else:
                gone[submission.submission_id] = submission.return_id
    return Past(gone, kept, sorted({c.submission.return_id for c in coverings} - set(contracts)))


def holds_on(
    records: list[dict[str, Any]], contracts: Mapping[str, Contract], reference: Reference
) -> tuple[str, ...]:
    """Programmes under legal hold that any of a person's records was sent for."""
    returns = {one["return_id"] for one in records} & set(contracts)
    return tuple(sorted({name for r in returns for name in schedule(contracts[r], reference).holds}))
