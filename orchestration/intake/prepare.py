"""One received file → its records and the faults of the file itself: all that needs no other file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from orchestration.control.records import Span
from orchestration.intake import kinds
from orchestration.intake.body import Body, read_body, read_incomplete
from orchestration.intake.body_faults import body_faults, garbled_faults
from orchestration.intake.contract import Contract, Table
from orchestration.intake.controls import row_count_faults, stated_totals, total_faults
from orchestration.intake.deciding import decided
from orchestration.intake.feeds import Records, TableFeeds
from orchestration.intake.findings import Fault
from orchestration.intake.header import Header, find, is_misnamed, wanted
from orchestration.intake.normalise import Normaliser
from orchestration.intake.periods import stated_period
from orchestration.intake.readers import RawTable, UnreadableFileError
from orchestration.intake.reading import READER
from orchestration.intake.reference import Reference

_KINDS = {"delimited": "a .csv", "workbook": "an unprotected .xlsx", "json": "a .json"}


@dataclass
class Prepared:
    """A file read: `period` it covers, `faults` of the file, `records`, and rows counted.

    `layout`: headers by table, to tell a changed layout; `refused`: why it is not to be opened at all;
    `named`: participants of tables that cannot be used, whose names are not to be told either.
    """

    submission_id: str
    file_name: str
    received_on: date
    refused: str | None = None
    period: Span | None = None
    extract_date: date | None = None
    is_nil: bool = False
    faults: list[Fault] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    bodies: list[Body] = field(default_factory=list)
    totals: list[dict[str, object]] = field(default_factory=list)
    layout: dict[str, list[str]] = field(default_factory=dict)
    named: list[pd.DataFrame] = field(default_factory=list)


def prepare(
    content: bytes, file: Prepared, contract: Contract, reference: Reference, as_at: date
) -> Prepared:
    """Read `content` into `file`; whatever is wrong becomes a fault and never an exception."""
    tables = contract.tables
    if file.refused:
        file.faults.append(_unread(file, file.refused, contract))
        return file
    try:
        list_by = next((c.list_by for t in tables for c in t.columns.values() if c.list_by), ";")
        sheets = READER.read(content, [wanted(t) for t in tables], contract.records_at, list_by)
    except UnreadableFileError as error:
        file.faults.append(_unread(file, str(error), contract))
        return file
    found = stated_period(contract, file.file_name, _texts(sheets))
    if found is None:
        where = "to the file's name" if contract.period.where == "file_name" else "on the first sheet"
        file.faults.append(Fault("F03", {"file": file.file_name, "where": where}))
        aside = _aside(file, (file.received_on, file.received_on))
        _read_tables(aside, sheets, contract, reference)
        file.faults += _reading_faults(sheets)
        _hear(file, aside)
        return file
    file.period, file.extract_date = found
    file.faults += _period_faults(file, contract, reference, as_at)
    file.faults += _reading_faults(sheets)
    _read_tables(file, sheets, contract, reference)
    return file


def _unread(file: Prepared, why: str, contract: Contract) -> Fault:
    return Fault("F01", {"file": file.file_name, "why": why, "kind": _KINDS[contract.kind]})


def _texts(sheets: list[RawTable]) -> Iterator[str]:
    """Cells above and beside the tables: each cell, each cell with its neighbour, each sheet's name."""
    for sheet in sheets:
        for row in sheet.rows[:60]:
            filled = [cell.strip() for cell in row if cell.strip()]
            yield from filled
            yield " ".join(filled)
    yield from (sheet.sheet for sheet in sheets)


def _period_faults(file: Prepared, contract: Contract, reference: Reference, as_at: date) -> Iterator[Fault]:
    assert file.period is not None
    start, end = file.period
    if end > contract.agreement.expires:
        yield Fault(
            "F04", {"reference": contract.agreement.reference, "date": contract.agreement.expires.isoformat()}
        )
    programmes = [reference.programmes[p] for p in contract.programmes if p in reference.programmes]
    began = min((p.start for p in programmes), default=start)
    ended = max((p.end or date.max for p in programmes), default=date.max)
    if start > as_at or start > ended or end < began:
        yield Fault(
            "F11",
            {
                "period": f"{start} to {end}",
                "programme": ", ".join(p.name for p in programmes),
                "start": began.isoformat(),
                "end": "today" if start > as_at or ended == date.max else ended.isoformat(),
            },
        )
    due = end + timedelta(days=contract.due.days_after)
    if file.received_on > due:
        yield Fault("F12", {"n": str((file.received_on - due).days), "due": due.isoformat()})


def _reading_faults(sheets: list[RawTable]) -> Iterator[Fault]:
    for sheet in sheets:
        for note in sheet.notes:
            yield Fault("F09", {"what": f"The workbook has {note}. We read what is hidden, too."})


def _read_tables(file: Prepared, sheets: list[RawTable], contract: Contract, reference: Reference) -> None:
    assert file.period is not None
    tables = contract.tables_for(file.period[0])
    headers = [(sheet, header, end) for sheet in sheets for header, end in find(tables, sheet)]
    usable = [one for one in headers if not one[1].missing and not one[1].doubled]
    complete, used = {h.table.name for _, h, _ in usable}, {(s.sheet, h.row) for s, h, _ in usable}
    shown = {header.table.name for sheet, header, _ in usable if not sheet.is_hidden}
    is_said_nil = _says_nil(sheets, contract)
    named = {sheet.sheet for sheet, _, _ in headers}
    misnamed = {s.sheet: t for s in sheets if s.sheet not in named for t in tables if is_misnamed(s, t)}
    for table in tables:
        found = [(s, h, end) for s, h, end in headers if h.table.name == table.name]
        may_lack = table.optional and all((s.sheet, h.row) in used for s, h, _ in found)
        others = [name for name, meant in misnamed.items() if meant is table]
        if table.name in complete or may_lack or is_said_nil:
            file.faults += [_not_read(name, "its name is not the agreed one") for name in others]
            continue
        best = max(found, key=lambda one: len(one[1].positions), default=None)
        file.faults += _missing(table, best and best[1], bool(others))
        if best and not best[1].doubled:
            aside = _aside(file, file.period)
            _read_table(aside, best[0], read_incomplete(*best), contract, reference)
            _hear(file, aside)
    file.faults += _passed_over(headers, complete)
    if hidden := [s.sheet for s in sheets if s.is_hidden and s.sheet not in named | misnamed.keys()]:
        what = f"The workbook has hidden sheets: {', '.join(hidden)}. We read what is hidden, too."
        file.faults.append(Fault("F09", {"what": what}))
    for sheet, header, end in usable:
        is_spare = sheet.is_hidden and header.table.name in shown
        if sheet.is_hidden:
            what = "has the table too and was not read" if is_spare else "was read: the table is on no other"
            file.faults.append(Fault("F09", {"what": f"The hidden sheet '{sheet.sheet}' {what}."}))
        if not is_spare:
            _read_table(file, sheet, read_body(sheet, header, end), contract, reference)
    file.faults += row_count_faults(contract, _texts(sheets), file.bodies)
    file.is_nil = is_said_nil and not any(body.records for body in file.bodies)
    if file.is_nil:  # the row that says so is no fault
        file.faults = [f for f in file.faults if not (f.rule_id in ("F09", "R30") and f.rows)]
    elif not any(body.rows_read - body.rows_no_data for body in file.bodies) and complete:
        file.faults.append(Fault("F14"))


def _says_nil(sheets: list[RawTable], contract: Contract) -> bool:
    words = [word.casefold() for word in contract.nil_words]
    return any(
        word in cell.casefold()
        for sheet in sheets
        for row in sheet.rows[:60]
        for cell in row
        for word in words
    )


def _aside(file: Prepared, period: Span) -> Prepared:
    """For what is wrong with cells of a file that cannot be used: its partner hears that, too."""
    return Prepared(file.submission_id, file.file_name, file.received_on, period=period)


def _hear(file: Prepared, aside: Prepared) -> None:
    file.faults += [*aside.faults, *aside.records.faults]
    file.layout |= aside.layout
    found = aside.records.frames.get("participants")
    file.named += [*aside.named, *([] if found is None else [found])]


def _missing(table: Table, best: Header | None, is_misnamed: bool) -> Iterator[Fault]:
    """F05 of a table; a sheet whose name is not the contract's is not named: it may be a person's."""
    named = f"the table '{table.name}'" if table.name != "main" else ""
    if best is None:
        aliases = ", ".join(column.headers[0] for column in table.columns.values())
        if is_misnamed and table.sheet:
            aliases = f"a sheet named '{table.sheet.strip('^$')}'. Its headers are on a sheet of another name"
        yield Fault("F05", {"field": named or "the table", "where": "the file", "aliases": aliases})
        return
    where = named or "the file"
    for name in best.missing:
        aliases = ", ".join(table.columns[name].headers)
        yield Fault(
            "F05", {"field": f"the column for {name.replace('_', ' ')}", "where": where, "aliases": aliases}
        )
    if best.doubled:
        aliases = ", ".join(f"'{spelling}'" for spelling in best.doubled) + ", there more than once"
        yield Fault("F05", {"field": "which columns are meant", "where": where, "aliases": aliases})


def _passed_over(headers: list[tuple[RawTable, Header, int]], complete: set[str]) -> Iterator[Fault]:
    """Of a table that is complete elsewhere, an incomplete one may be a part of it, or something else."""
    for sheet, header, _ in headers:
        if header.table.name in complete and (header.missing or header.doubled):
            lacking = ", ".join(header.table.columns[name].headers[0] for name in header.missing)
            why = f"{lacking} is not there" if lacking else f"{', '.join(header.doubled)} is there twice"
            yield _not_read(sheet.sheet, why)


def _not_read(sheet: str, why: str) -> Fault:
    return Fault("F09", {"what": f"The sheet '{sheet}' has headers of the table, but was not read: {why}."})


def _read_table(
    file: Prepared, sheet: RawTable, body: Body, contract: Contract, reference: Reference
) -> None:
    assert file.period is not None
    file.layout[body.table.name] = body.header.names
    totals = list(total_faults(body))
    if not body.rows_set_aside:  # a row that was not read is in the total
        file.totals += stated_totals(file.submission_id, body)
    file.faults += garbled_faults(sheet, body)
    body, faults = decided(body.plain())
    normaliser = Normaliser(reference, contract, file.received_on, body.epoch, sheet.encoding)
    feeds = TableFeeds(body, contract, normaliser, file.period)
    feeds.feed(file.records)
    unread = {f.column for f in file.records.faults if f.rule_id == "R27" and f.sheet == body.sheet}
    file.faults += [fault for fault in totals if fault.column not in unread]
    if not body.header.missing:
        body = body.without(~feeds.is_fed, kinds.NOTHING)
    file.faults += [*faults, *body_faults(sheet, body)]
    file.bodies.append(body.counted())
