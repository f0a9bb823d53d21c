"""Short ways to make rows of the control store."""

from datetime import date

from orchestration.control.records import AcceptedFile, Scope, Span, Submission
from orchestration.control.states import Status
from orchestration.control.store import Store

Q1: Span = (date(2025, 4, 1), date(2025, 6, 30))
Q2: Span = (date(2025, 7, 1), date(2025, 9, 30))
Q3: Span = (date(2025, 10, 1), date(2025, 12, 31))


def submission(
    name: str,
    received_on: date,
    status: Status = "accepted",
    scope: Scope = "period",
    extract_date: date | None = None,
    is_nil: bool = False,
    return_id: str = "here",
) -> Submission:
    return Submission(
        return_id=return_id, submission_id=name * 16, file_name=f"{name}.csv", received_on=received_on,
        status=status, scope=scope, extract_date=extract_date, is_nil=is_nil, rows_read=3,
    )  # fmt: skip


def files(made: Submission, periods: list[Span]) -> list[AcceptedFile]:
    if made.is_nil or made.status == "rejected":
        return []
    spans: list[tuple[date | None, date | None]] = [(None, None)] if made.scope == "register" else [*periods]
    return [
        AcceptedFile(
            return_id=made.return_id, submission_id=made.submission_id, entity="starts", rows=3,
            sha256="0" * 64,
            path=f"accepted/starts/{made.return_id}/{made.submission_id}-{start}.parquet",
            period_start=start, period_end=end,
        )
        for start, end in spans
    ]  # fmt: skip


def take_in(store: Store, made: Submission, *periods: Span) -> Submission:
    return store.record(made, list(periods), [], files(made, list(periods)))


def in_use(store: Store, as_at: date = date(2026, 3, 2)) -> list[tuple[str, date | None]]:
    return [(f.submission_id[0], f.period_start) for f in store.accepted_in_use(as_at)]
