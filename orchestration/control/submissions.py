"""Submissions in the control store: what came in, what was found in it, whose figures stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, select, update

from orchestration.control import precedence, schema
from orchestration.control.database import StoreError
from orchestration.control.precedence import Covering
from orchestration.control.records import AcceptedFile, Finding, Span, Submission
from orchestration.control.rows import Part, add, columns, log, next_sequence
from orchestration.control.states import ACCEPTED, ONCE_ACCEPTED, Status, check_transition


class Submissions(Part):
    """The part of the store that knows received files."""

    def submission(self, return_id: str, submission_id: str) -> Submission | None:
        """Find a submission; None when these bytes never came in under this return."""
        with self._database.read() as connection:
            return _submission(connection, return_id, submission_id)

    def submissions(self, return_id: str | None = None) -> list[Submission]:
        """Submissions (of one return) ordered by return, day received and id."""
        return [c.submission for c in self.coverings(return_id)]

    def coverings(self, return_id: str | None = None) -> list[Covering]:
        """Submissions in the same order, each with the periods it covers."""
        with self._database.read() as connection:
            return _coverings(connection, return_id)

    def periods_of(self, return_id: str, submission_id: str) -> list[Span]:
        """First and last day of the periods that a submission covers, in order."""
        table = schema.submission_periods
        query = select(table.c.period_start, table.c.period_end).order_by(
            table.c.period_start, table.c.period_end
        )
        with self._database.read() as connection:
            return [(r[0], r[1]) for r in connection.execute(_of(query, table, return_id, submission_id))]

    def findings_of(self, return_id: str, submission_id: str) -> list[Finding]:
        """Return the findings of a submission in the order they were recorded."""
        query = columns(schema.findings, Finding).order_by(schema.findings.c.id)
        return self._rows(_of(query, schema.findings, return_id, submission_id), Finding)

    def files_of(self, return_id: str, submission_id: str) -> list[AcceptedFile]:
        """Parquet files of a submission, in use or not, in the order they were recorded."""
        query = columns(schema.accepted_files, AcceptedFile).order_by(schema.accepted_files.c.id)
        return self._rows(_of(query, schema.accepted_files, return_id, submission_id), AcceptedFile)

    def record(
        self,
        submission: Submission,
        periods: Sequence[Span],
        findings: Sequence[Finding],
        accepted_files: Sequence[AcceptedFile],
    ) -> Submission:
        """Record the door's verdict on a submission and give it back as it now stands.

        An accepted submission supersedes what it replaces; is itself superseded when it is older than
        what stands; is held when nothing tells which of two is newer. Give the files of a held one
        too: `confirm` puts them in use. Raises `IllegalTransition` when it was already accepted.
        """
        _complete(submission, periods, accepted_files)
        with self._database.write() as connection:
            known = _submission(connection, submission.return_id, submission.submission_id)
            check_transition(known.status if known else "received", submission.status)
            new = Covering(
                replace(submission, sequence=next_sequence(connection, schema.submissions)),
                tuple(sorted(set(periods))),
            )
            others = _coverings(connection, submission.return_id)
            submission = precedence.judge(new, others)
            _forget(connection, submission)
            add(connection, schema.submissions, [asdict(submission)])
            key = {"return_id": submission.return_id, "submission_id": submission.submission_id}
            spans = [{**key, "period_start": start, "period_end": end} for start, end in new.periods]
            add(connection, schema.submission_periods, spans)
            add(connection, schema.findings, [key | asdict(f) for f in findings])
            add(connection, schema.accepted_files, [asdict(f) for f in accepted_files])
            _supersede(connection, submission.return_id)
            log(connection, submission.status, _name(submission), submission.reason or "")
        return submission

    def confirm(self, return_id: str, submission_id: str, reason: str) -> Submission:
        """Accept a held submission because a person says so; it wins over an equally old one.

        Raises `StoreError` when it is not held.
        """
        with self._database.write() as connection:
            held = _submission(connection, return_id, submission_id)
            if held is None or held.status != "held":
                raise StoreError(
                    f"{return_id}: submission {submission_id[:12]} is not held; there is nothing to confirm."
                )
            query = _of(select(func.count(schema.findings.c.id)), schema.findings, return_id, submission_id)
            status: Status = (
                "accepted_with_findings" if connection.execute(query).scalar_one() else "accepted"
            )
            check_transition(held.status, status)
            sequence = next_sequence(connection, schema.submissions)
            accepted = replace(held, status=status, reason=reason, sequence=sequence)
            _change(connection, accepted)
            _supersede(connection, return_id)
            log(connection, "confirmed", _name(accepted), reason)
            return _submission(connection, return_id, submission_id) or accepted

    def rewritten(self, path: str, sha256: str) -> list[str]:
        """Note that an accepted file was written anew with other record keys; gives its submissions."""
        table = schema.accepted_files
        with self._database.write() as connection:
            connection.execute(update(table).where(table.c.path == path).values(sha256=sha256))
            query = select(table.c.submission_id).where(table.c.path == path).distinct()
            return list(connection.execute(query).scalars())

    def accepted_in_use(self, as_at: date) -> list[AcceptedFile]:
        """List the files whose figures stand at `as_at`, ordered by return, submission, entity and period.

        Of a register all files of the newest accepted submission; of a return by period, for each
        period the files of the newest accepted submission that covers it.
        """
        query = columns(schema.accepted_files, AcceptedFile)
        with self._database.read() as connection:
            standing = precedence.standing(_coverings(connection, None), as_at)
            files = [AcceptedFile(**r) for r in connection.execute(query).mappings()]
        used = [f for f in files if precedence.is_used(f, standing.get((f.return_id, f.submission_id)))]
        return sorted(
            used, key=lambda f: (f.return_id, f.submission_id, f.entity, f.period_start or date.min)
        )


def _of(query: Select[Any], table: Table, return_id: str, submission_id: str) -> Select[Any]:
    return query.where(table.c.return_id == return_id, table.c.submission_id == submission_id)


def _submission(connection: Connection, return_id: str, submission_id: str) -> Submission | None:
    query = _of(columns(schema.submissions, Submission), schema.submissions, return_id, submission_id)
    found = connection.execute(query).mappings().first()
    return Submission(**found) if found else None


def _coverings(connection: Connection, return_id: str | None) -> list[Covering]:
    table, spans = schema.submissions, schema.submission_periods
    periods: dict[tuple[str, str], list[Span]] = defaultdict(list)
    wanted = select(spans).order_by(spans.c.period_start, spans.c.period_end)
    query = columns(table, Submission).order_by(table.c.return_id, table.c.received_on, table.c.submission_id)
    if return_id is not None:
        wanted, query = (
            wanted.where(spans.c.return_id == return_id),
            query.where(table.c.return_id == return_id),
        )
    for row in connection.execute(wanted):
        periods[row.return_id, row.submission_id].append((row.period_start, row.period_end))
    found = [Submission(**row) for row in connection.execute(query).mappings()]
    return [Covering(s, tuple(periods[s.return_id, s.submission_id])) for s in found]


def _complete(submission: Submission, periods: Sequence[Span], files: Sequence[AcceptedFile]) -> None:
    who = f"{submission.return_id}: submission {submission.submission_id[:12]}"
    if submission.status in ONCE_ACCEPTED and not periods:
        raise StoreError(f"{who} cannot be accepted, because it covers no reporting period.")
    if submission.scope == "period" and any(
        (f.period_start, f.period_end) not in set(periods) for f in files
    ):
        raise StoreError(f"{who} has a file of a period that it does not cover.")


def _forget(connection: Connection, submission: Submission) -> None:
    """Make room for a new verdict on the same bytes (a held or rejected file judged again)."""
    for table in (schema.accepted_files, schema.findings, schema.submission_periods, schema.submissions):
        mine = (table.c.return_id == submission.return_id, table.c.submission_id == submission.submission_id)
        connection.execute(delete(table).where(*mine))


def _change(connection: Connection, submission: Submission) -> None:
    table = schema.submissions
    mine = (table.c.return_id == submission.return_id, table.c.submission_id == submission.submission_id)
    connection.execute(update(table).where(*mine).values(asdict(submission)))


def _supersede(connection: Connection, return_id: str) -> None:
    """Mark the accepted submissions that newer ones have replaced."""
    coverings = _coverings(connection, return_id)
    standing = precedence.standing(coverings, date.max)
    for submission in (c.submission for c in coverings):
        if submission.status in ACCEPTED and (return_id, submission.submission_id) not in standing:
            check_transition(submission.status, "superseded")
            reason = submission.reason or precedence.REPLACED
            _change(connection, replace(submission, status="superseded", reason=reason))
            log(connection, "superseded", _name(submission), reason)


def _name(submission: Submission) -> str:
    return f"{submission.return_id}/{submission.submission_id[:12]}"
