"""Rows of the control store, as everybody else sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from orchestration.control.states import Status

Scope = Literal["register", "period"]
Severity = Literal["record", "return", "release", "warn", "info"]
BuildStatus = Literal["building", "built", "failed"]
CheckStatus = Literal["pass", "fail", "error", "warn"]
Decision = Literal["pass", "fail", "error"]
Span = tuple[date, date]
"""First and last day of a reporting period."""


@dataclass(frozen=True)
class Submission:
    """One received file of a return.

    `scope` is that of the contract it was judged by; `rows_*` count source rows; `rows_no_data` are
    titles, notes and subtotals. `sequence` is the order of decisions, set by the store.
    """

    return_id: str
    submission_id: str
    file_name: str
    received_on: date
    status: Status
    scope: Scope
    extract_date: date | None = None
    reason: str | None = None
    is_nil: bool = False
    rows_read: int = 0
    rows_accepted: int = 0
    rows_set_aside: int = 0
    rows_no_data: int = 0
    contract_hash: str = ""
    taken_in_at_run: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Finding:
    """One fault of a submission, `row` and `column` as a person sees them; names no person."""

    rule_id: str
    severity: Severity
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    count: int = 1


@dataclass(frozen=True)
class AcceptedFile:
    """One accepted Parquet file; `path` relative to the home, period set where the scope is `period`."""

    return_id: str
    submission_id: str
    entity: str
    path: str
    rows: int
    sha256: str
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True)
class Waiver:
    """Someone's decision to let a rule pass, until a day; for one return, file or cell where named.

    `sheet`, `row` and `column` are as the person sees them in the file.
    """

    rule_id: str
    reason: str
    who: str
    until: date
    created_on: date
    return_id: str | None = None
    submission_id: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Build:
    """One warehouse; builds with an equal `build_key` hold the same figures."""

    build_id: str
    build_key: str
    as_at: date
    status: BuildStatus
    created_at: str


@dataclass(frozen=True)
class CheckResult:
    """What one check of a build said; `stopped` when it keeps the release back."""

    check_id: str
    kind: str
    severity: Severity
    target: str
    status: CheckStatus
    message: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class Verdict:
    """The gate's decision on a build, bound to the hash of every table it saw."""

    build_id: str
    verdict: Decision
    table_hashes: dict[str, Any]
    decided_at: str


@dataclass(frozen=True)
class Release:
    """One published release."""

    release_id: str
    build_id: str
    build_key: str
    as_at: date
    manifest_sha256: str
    released_at: str = ""


@dataclass(frozen=True)
class PublishedCell:
    """One cell as a release published it; `status` is empty or a shorthand such as `[c]`."""

    metric_id: str
    programme_id: str
    area_code: str
    breakdown_type: str
    breakdown_value: str
    cohort_quarter: str
    period_start: date
    period_end: date
    value: Decimal | None
    bound_lower: Decimal | None
    bound_upper: Decimal | None
    status: str
    basis: str


@dataclass(frozen=True)
class AuditEvent:
    """Something somebody did, never changed afterwards."""

    at: str
    who: str
    action: str
    subject: str
    detail: str
