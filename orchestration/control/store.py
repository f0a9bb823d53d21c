"""The control store: what was received, built, checked and released.

Rows come and go as the dataclasses of `control/records.py`. Every change is one transaction, and
`status` can read while a refresh writes. Any method raises `StoreError` when the store cannot be used.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from orchestration.control import schema
from orchestration.control.builds import Builds
from orchestration.control.database import Database, StoreError
from orchestration.control.records import (
    AcceptedFile,
    AuditEvent,
    Build,
    CheckResult,
    Finding,
    PublishedCell,
    Release,
    Submission,
    Verdict,
    Waiver,
)
from orchestration.control.rows import add, columns, log
from orchestration.control.submissions import Submissions

__all__ = [
    "AcceptedFile",
    "AuditEvent",
    "Build",
    "CheckResult",
    "Finding",
    "PublishedCell",
    "Release",
    "Store",
    "StoreError",
    "Submission",
    "Verdict",
    "Waiver",
]


class Store(Submissions, Builds):
    """The control store of one home; use as a context manager or `close` it."""

    def __init__(self, where: Path | str) -> None:
        """Open the store in the file or at the URL that `settings.control_db` gives, made when new."""
        super().__init__(Database(where))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def add_waiver(self, waiver: Waiver) -> None:
        """Record a waiver, and in the audit that somebody gave it."""
        with self._database.write() as connection:
            add(connection, schema.waivers, [asdict(waiver)])
            log(connection, "waived", waiver.rule_id, waiver.reason)

    def waivers_in_force(self, as_at: date) -> list[Waiver]:
        """Waivers given by `as_at` and not yet run out, oldest first."""
        given = schema.waivers.c
        query = columns(schema.waivers, Waiver).where(given.created_on <= as_at, given.until >= as_at)
        return self._rows(query.order_by(given.id), Waiver)

    def audit(self, action: str, subject: str, detail: str = "") -> None:
        """Append what the operating-system user did."""
        with self._database.write() as connection:
            log(connection, action, subject, detail)

    def audit_events(self) -> list[AuditEvent]:
        """Everything done so far, oldest first."""
        query = columns(schema.audit_events, AuditEvent).order_by(schema.audit_events.c.id)
        return self._rows(query, AuditEvent)
