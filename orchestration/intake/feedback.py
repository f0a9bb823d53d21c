"""What a partner gets back: its own file with the faults marked, a summary first, corrections proposed.

The door keeps every fault with all its rows in the vault (`vault/feedback/`); the workbook is made of that
and of the original when somebody asks for it, so that a refresh does not wait for it.
"""

from __future__ import annotations

import json
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
_TO_DO = {
    "rejected": "This file was not used. Please correct it and send it again by {day}.",
    "held": "We are looking at this file before we use it. A corrected file by {day} would help.",
    "accepted_with_findings": "This file is in use. Please correct what is marked in your next return.",
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
    from orchestration.intake.workbooks import write_workbook

    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for submission in store.submissions():
        if submission.status not in _TO_DO or submission.return_id not in contracts:
            continue
        told = feedback(submission, contracts[submission.return_id], settings, vault)
        # A partner's file name is only a name: nothing of it may lead out of the folder.
        name = f"{submission.return_id}-{Path(submission.file_name).stem}-{submission.submission_id[:6]}"
        write_private(folder / f"{name}.json", json.dumps(told.document, default=str, indent=1).encode())
        written.append(folder / f"{name}.xlsx")
        write_private(written[-1], write_workbook(told))
    return written


def feedback(submission: Submission, contract: Contract, settings: Settings, vault: Vault) -> Feedback:
    """What is to be told about one submission."""
    kept = _kept(submission, settings)
    faults = [_fault(stated) for stated in json.loads(kept.read_text("utf-8"))] if kept.exists() else []
    content = vault.original(submission.submission_id)
    rules = load_rules()
    tables = _tables(content, contract)
    return Feedback(
        submission=submission,
        summary=_summary(submission, contract, settings.as_at, faults, tables),
        findings=to_findings(faults, rules, settings.as_at),
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


def _summary(
    submission: Submission,
    contract: Contract,
    as_at: date,
    faults: Iterable[Fault],
    tables: Iterable[RawTable],
) -> dict[str, str]:
    day = (as_at + timedelta(days=DAYS_TO_CORRECT)).isoformat()
    layout = [fault.details.get("change", "") for fault in faults if fault.rule_id == "F13"]
    return {
        "Return": f"{contract.partner_name}: {submission.return_id}",
        "File": submission.file_name,
        "Received on": submission.received_on.isoformat(),
        "Status": submission.status.replace("_", " "),
        "What to do": _TO_DO[submission.status].format(day=day),
        "Why": submission.reason or "",
        "Rows read": str(submission.rows_read),
        "Rows used": str(submission.rows_accepted if submission.status != "held" else 0),
        "Rows set aside": str(submission.rows_set_aside),
        "Rows that are no data": str(submission.rows_no_data),
        "Layout since last time": "; ".join(layout) or "unchanged",
        "Renamed columns": "; ".join(_renamed(faults, tables)),
    }


def _renamed(faults: Iterable[Fault], tables: Iterable[RawTable]) -> Iterator[str]:
    """Headers of the file that look like those that were not found."""
    present = [cell.strip() for table in tables for row in table.rows[:20] for cell in row if cell.strip()]
    for fault in faults:
        if fault.rule_id == "F05":
            wanted_headers = fault.details["aliases"].split(", ")
            if near := near_headers(wanted_headers, present):
                yield f"'{near}' may be what we know as '{wanted_headers[0]}'"


def _marks(
    faults: Iterable[Fault], tables: list[RawTable], contract: Contract, rules: dict[str, Rule], as_at: date
) -> list[Mark]:
    """One mark a cell and fault; a fault of a whole file marks nothing."""
    sheets = {table.sheet or "(file)": table for table in tables}
    headers = {name: [h for h, _ in find(contract.tables, table)] for name, table in sheets.items()}
    marks = []
    for fault in faults:
        table = sheets.get(fault.sheet or "(file)")
        if table is None:
            continue
        header, column = _place(headers[fault.sheet or "(file)"], fault.column)
        rule = rules[fault.rule_id]
        for row in fault.rows:
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
