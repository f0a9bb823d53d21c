"""What a partner gets back: its own file with the faults marked, a summary first, corrections proposed.

The door keeps every fault with all its rows in the vault (`vault/feedback/`); the workbook is made of that
and of the original when somebody asks for it, so that a refresh does not wait for it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.control.records import Finding, Submission
from orchestration.control.rules import Rule, load_rules
from orchestration.identity.files import private_folder, write_private
from orchestration.intake.contract import Contract
from orchestration.intake.findings import Fault, message, severity, to_findings
from orchestration.intake.header import Header, find, wanted
from orchestration.intake.proposals import near_headers, proposal
from orchestration.intake.readers import RawTable, UnreadableFileError
from orchestration.intake.reading import READER
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault

DAYS_TO_CORRECT = 14
MOST_OWED = 6
_TO_DO = {
    "rejected": "This file was not used. Please correct it and send it again by {day}.",
    "held": "We are looking at this file before we use it. A corrected file by {day} would help.",
    "accepted_with_findings": "This file is in use. Please correct what is marked in your next return.",
}
FOLLOWS = {
    "return": "the whole file is left out",
    "record": "the record is left out",
    "release": "the publication waits",
    "warn": "please check",
    "info": "for your information",
}


@dataclass(frozen=True)
class Mark:
    """A cell to mark: sheet, row as a person counts, position of the column (none: the whole row)."""

    sheet: str
    row: int
    column: int | None
    severity: str
    text: str
    proposal: str | None


@dataclass(frozen=True)
class Feedback:
    """All that is told to a partner about one file."""

    submission: Submission
    summary: dict[str, str]
    findings: list[Finding]
    marks: list[Mark]
    tables: list[RawTable]
    content: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The same for a program to read."""
        return {
            "summary": self.summary,
            "findings": [asdict(f) for f in self.findings],
            "cells": [asdict(m) for m in self.marks],
        }


def keep_faults(submission: Submission, faults: Iterable[Fault], settings: Settings) -> None:
    """Keep the faults of a file in the vault: they are told in the partner's own words."""
    path = _kept(submission, settings)
    private_folder(path.parent)
    write_private(path, json.dumps([asdict(fault) for fault in faults]).encode())


def export(
    folder: Path, contracts: dict[str, Contract], settings: Settings, store: Store, vault: Vault
) -> list[Path]:
    """Write workbook and JSON for every file that stands or waits and has findings; gives the workbooks."""
    from orchestration.intake.handoff import ledger
    from orchestration.intake.workbooks import write_workbook

    written = []
    owed: dict[str, list[str]] = defaultdict(list)
    for row in ledger(contracts, store, settings):
        if row.receipt == "missing":
            owed[row.return_id].append(f"{row.period_start} to {row.period_end} (was due {row.due_on})")
    folder.mkdir(parents=True, exist_ok=True)
    for submission in store.submissions():
        if submission.status not in _TO_DO or submission.return_id not in contracts:
            continue
        contract = contracts[submission.return_id]
        told = feedback(submission, contract, settings, vault, owed[submission.return_id])
        # A partner's file name is only a name: nothing of it may lead out of the folder.
        name = f"{submission.return_id}-{Path(submission.file_name).stem}-{submission.submission_id[:6]}"
        write_private(folder / f"{name}.json", json.dumps(told.document, default=str, indent=1).encode())
        written.append(folder / f"{name}.xlsx")
        with vault.spill():
            write_private(written[-1], write_workbook(told))
    return written


def feedback(
    submission: Submission, contract: Contract, settings: Settings, vault: Vault, owed: list[str]
) -> Feedback:
    """What is to be told about one submission, and which periods the partner still owes."""
    kept = _kept(submission, settings)
    faults = [_fault(stated) for stated in json.loads(kept.read_text("utf-8"))] if kept.exists() else []
    content = vault.original(submission.submission_id)
    rules = load_rules()
    tables = _tables(content, contract)
    findings = to_findings(faults, rules, settings.as_at)
    return Feedback(
        submission=submission,
        summary=_summary(submission, contract, settings.as_at)
        | _found(findings)
        | _layout(faults, tables, contract)
        | {"Returns we have not had": _listed(owed)},
        findings=findings,
        marks=_marks(faults, tables, contract, rules, settings.as_at),
        tables=tables,
        content=content,
    )


def _kept(submission: Submission, settings: Settings) -> Path:
    return settings.vault / "feedback" / submission.return_id / f"{submission.submission_id}.json"


def _fault(stated: dict[str, Any]) -> Fault:
    return Fault(**(stated | {"rows": tuple(stated["rows"])}))


def _tables(content: bytes, contract: Contract) -> list[RawTable]:
    list_by = next((c.list_by for t in contract.tables for c in t.columns.values() if c.list_by), ";")
    try:
        return READER.read(content, [wanted(t) for t in contract.tables], contract.records_at, list_by)
    except UnreadableFileError:
        return []


def _summary(submission: Submission, contract: Contract, as_at: date) -> dict[str, str]:
    day = (as_at + timedelta(days=DAYS_TO_CORRECT)).isoformat()
    return {
        "Return": f"{contract.partner_name}: {submission.return_id}",
        "File": submission.file_name,
        "Received on": submission.received_on.isoformat(),
        "Status": submission.status.replace("_", " "),
        "What to do": _TO_DO[submission.status].format(day=day),
        "Why": submission.reason or "",
        "Rows read": str(submission.rows_read),
        "Rows used": str(submission.rows_accepted if submission.status != "held" else 0),
        "Rows with a record left out": str(submission.rows_set_aside),
        "Rows that are no data": str(submission.rows_no_data),
    }


def _found(findings: Iterable[Finding]) -> dict[str, str]:
    """How often there is a fault of each kind, gravest first."""
    times = Counter[str]()
    for finding in findings:
        times[finding.severity] += finding.count
    told = [f"{times[severity]} x {words}" for severity, words in FOLLOWS.items() if times[severity]]
    return {"What we found": "\n".join(told)}


def _listed(owed: list[str]) -> str:
    """The newest of the periods owed, and how many more there are."""
    more = f"; and {len(owed) - MOST_OWED} more" if len(owed) > MOST_OWED else ""
    return "; ".join(owed[::-1][:MOST_OWED]) + more or "none"


def _layout(faults: Iterable[Fault], tables: Iterable[RawTable], contract: Contract) -> dict[str, str]:
    changes = [fault.details.get("change", "") for fault in faults if fault.rule_id == "F13"]
    return {
        "Layout since last time": "; ".join(changes) or ("unchanged" if tables else "not read"),
        "Renamed columns": "; ".join(dict.fromkeys(_renamed(tables, contract))) or "none found",
    }


def _renamed(tables: Iterable[RawTable], contract: Contract) -> Iterator[str]:
    """Headers of the file that look like those that were not found."""
    for table in tables:
        headers = [header for header, _ in find(contract.tables, table)]
        found = max(headers, key=lambda header: len(header.positions), default=None)
        if found:
            lacking, others = (
                [found.table.columns[name] for name in found.lacking],
                list(found.extras.values()),
            )
        else:
            lacking = [column for one in contract.tables for column in one.columns.values()]
            others = [cell.strip() for row in table.rows[:20] for cell in row if cell.strip()]
        for column in lacking:
            if near := near_headers(column.headers, others):
                yield f"'{near}' may be what we know as '{column.headers[0]}'"


def _marks(
    faults: Iterable[Fault], tables: list[RawTable], contract: Contract, rules: dict[str, Rule], as_at: date
) -> list[Mark]:
    """One mark a cell and fault; a fault of a column marks its header, one of a whole file nothing."""
    sheets = {table.sheet or "(file)": table for table in tables}
    headers = {name: [h for h, _ in find(contract.tables, table)] for name, table in sheets.items()}
    marks = []
    for fault in faults:
        table = sheets.get(fault.sheet or "(file)")
        if table is None:
            continue
        header, column = _place(headers[fault.sheet or "(file)"], fault.column)
        rule = rules[fault.rule_id]
        for row in fault.rows or _header_row(table, header, column):
            text = _cell(table, row, column)
            words = {"rows": f"Row {row}", "column": fault.column or "", **fault.details}
            marks.append(
                Mark(
                    sheet=table.sheet,
                    row=row,
                    column=column,
                    severity=severity(fault, rule, as_at),
                    text=f"{fault.rule_id} {message(fault, rule, words, as_at)}",
                    proposal=proposal(fault.rule_id, text, header, column, contract),
                )
            )
    return marks


def _header_row(table: RawTable, header: Header | None, column: int | None) -> tuple[int, ...]:
    """Where the header of a column stands, as a person counts."""
    return (table.first_row + header.body - 1,) if header and column is not None else ()


def _place(headers: list[Header], column: str | None) -> tuple[Header | None, int | None]:
    for header in headers:
        if column in header.names:
            return header, header.names.index(column)
    return (headers[0] if headers else None), None


def _cell(table: RawTable, row: int, column: int | None) -> str:
    index = row - table.first_row
    if column is None or not 0 <= index < len(table.rows) or column >= len(table.rows[index]):
        return ""
    return table.rows[index][column]
