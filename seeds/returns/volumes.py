"""How much a council's register holds, and who refers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SOURCES = {
    "self": 16, "jobcentre": 22, "gp": 14, "voluntary": 14, "council": 10, "triage": 16, "outreach": 6,
    "justice": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Volumes:
    """What a council's register holds on its last day."""

    prefix: str
    first: date
    last: date
    referrals: int
    starts: int
    jobs: int
    re_entries: int
    again: int
    """Second referrals without a start."""
    duplicates: int
    """Rows that triage found to be duplicates of an open referral; not among `referrals`."""
    unproven: tuple[str, ...]
    """Jobs beyond `jobs`: pending, no, self_declared, undated, early."""
    subsidies: int
    placements: int

    @property
    def people(self) -> int:
        """People referred."""
        return self.referrals - self.re_entries - self.again
