"""The states of a submission and the steps between them."""

from __future__ import annotations

from typing import Literal

Status = Literal["received", "accepted", "accepted_with_findings", "held", "rejected", "superseded"]

# A held or rejected file may be judged again (a person confirmed it, or the contract was corrected).
# An accepted one is final: only a newer file takes its place.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    "received": frozenset({"accepted", "accepted_with_findings", "held", "rejected"}),
    "held": frozenset({"accepted", "accepted_with_findings", "held", "rejected"}),
    "rejected": frozenset({"accepted", "accepted_with_findings", "held", "rejected"}),
    "accepted": frozenset({"superseded"}),
    "accepted_with_findings": frozenset({"superseded"}),
    "superseded": frozenset(),
}
ACCEPTED: frozenset[Status] = frozenset({"accepted", "accepted_with_findings"})
# Its figures have stood at some time, and stand again for a clock set before its successor came.
ONCE_ACCEPTED: frozenset[Status] = ACCEPTED | {"superseded"}


class IllegalTransition(Exception):  # noqa: N818 (a step, not an error of the system)
    """A submission cannot go from the state it is in to the one asked for."""


def check_transition(before: Status, after: Status) -> None:
    """Pass when a submission may go from `before` to `after`, else raise `IllegalTransition`."""
    if after not in TRANSITIONS[before]:
        raise IllegalTransition(f"A submission that is {before} cannot become {after}.")
