"""The door's verdict on a submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from orchestration.control.records import Finding, Span, Submission
from orchestration.control.states import ACCEPTED, Status
from orchestration.intake.contract import Thresholds
from orchestration.intake.findings import Fault


@dataclass(frozen=True)
class Verdict:
    """What the door decided and why.

    `frames`: records that go on, by entity (none where the file is rejected). `faults`: every fault with all
    its rows, for the partner's feedback; `findings` are the same grouped. `is_repeat`: these very bytes were
    taken in before, so nothing was done.
    """

    submission: Submission
    periods: tuple[Span, ...]
    findings: tuple[Finding, ...]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    faults: tuple[Fault, ...] = field(default=(), repr=False)
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the submission's figures may be used."""
        return self.submission.status in ACCEPTED


def decide(
    findings: Sequence[Finding], rows: int, set_aside: int, thresholds: Thresholds
) -> tuple[Status, str | None]:
    """Status of a submission of whose data `rows` some have a record `set_aside`, and the reason."""
    stopping = [f for f in findings if f.severity == "return"]
    if stopping:
        told = "; ".join(f"{f.rule_id} {f.message}" for f in stopping[:3])
        return "rejected", told + (f" and {len(stopping) - 3} more" if len(stopping) > 3 else "")
    if any(f.rule_id == "F15" for f in findings):
        return "held", "A check could not be run; an engineer has to look at it."
    percent = 100 * set_aside / rows if rows else 0.0
    if percent > thresholds.percent and set_aside > thresholds.count:
        return "held", (
            f"{set_aside} of {rows} rows ({percent:.1f}%) have faults, more than the {thresholds.percent:g}% "
            f"and {thresholds.count} rows that may be set aside without asking. "
            "Please confirm or ask for a correction."
        )
    has_faults = any(f.severity != "info" for f in findings)
    return ("accepted_with_findings" if has_faults else "accepted"), None
