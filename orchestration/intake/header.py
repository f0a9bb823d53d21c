"""Where a table begins: found by the contract's headers, below whatever cover or preamble."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.intake.contract import Table
from orchestration.intake.entities import ENTITIES, PARTNER_REF
from orchestration.intake.readers import RawTable, Wanted
from orchestration.intake.readers.headers import candidates

_SEARCHED_ROWS = 2000


@dataclass(frozen=True)
class Header:
    """The header of `table` in a sheet: `row` is the index of its first row, `body` of the first below it.

    `positions`: contract column → index of the cell; `names`: every header as the partner writes it.
    """

    table: Table
    row: int
    body: int
    positions: dict[str, int]
    names: list[str]
    doubled: tuple[str, ...] = ()
    may_lack_columns: bool = False

    @property
    def missing(self) -> list[str]:
        """Columns of the contract without which the table cannot be used, and that are not there."""
        names = needed(self.table)
        if self.may_lack_columns:
            names = [name for name in names if self.table.columns[name].required]
        return [name for name in names if name not in self.positions]

    @property
    def lacking(self) -> list[str]:
        """Columns of the contract that are not there; JSON need not write a field that no record has."""
        return [n for n in self.table.columns if n not in self.positions and not self.may_lack_columns]

    @property
    def extras(self) -> dict[int, str]:
        """Index → header of the columns that the contract does not name."""
        used = set(self.positions.values())
        return {i: name for i, name in enumerate(self.names) if i not in used}


def wanted(table: Table) -> Wanted:
    """The headers of a table of a contract."""
    return Wanted({name: column.headers for name, column in table.columns.items()}, table.header_rows)


def needed(table: Table) -> list[str]:
    """Columns a file must have: those the contract requires, and those that required fields come from."""
    names = {name for name, column in table.columns.items() if column.required}
    for feed in table.feeds:
        required = {c.name for c in ENTITIES[feed.entity].columns if c.required} | {PARTNER_REF}
        names |= {source for target, source in feed.columns.items() if feed.is_number or target in required}
        names |= set(feed.where) | ({feed.when} if feed.when else set())
    return [name for name in table.columns if name in names]


def find(tables: Iterable[Table], sheet: RawTable) -> list[tuple[Header, int]]:
    """Headers in a sheet, each with the index where its body ends, from the top."""
    found = [h for table in tables if _is_named(sheet, table) and (h := _header(table, sheet))]
    if not sheet.sheet and len(of_sheets := [h for h in found if h.table.sheet]) > 1:
        found = [h for h in found if h not in of_sheets]  # nothing says which of them it is
    found.sort(key=lambda header: header.row)
    starts = [header.row for header in found]
    return [(h, min((s for s in starts if s >= h.body), default=len(sheet.rows))) for h in found]


def is_misnamed(sheet: RawTable, table: Table) -> bool:
    """Whether a sheet shows all that a table needs, under another name than the contract's."""
    return not _is_named(sheet, table) and bool((h := _header(table, sheet)) and not h.missing)


def _is_named(sheet: RawTable, table: Table) -> bool:
    """Whether a table may stand on a sheet; what is no workbook has no sheets' names."""
    return not (table.sheet and sheet.sheet) or bool(
        re.search(table.sheet, sheet.sheet.strip(), re.IGNORECASE)
    )


def _header(table: Table, sheet: RawTable) -> Header | None:
    shown = candidates(wanted(table), sheet.rows[:_SEARCHED_ROWS])
    best = max(shown, key=lambda c: c.score, default=None)
    if not best or best.score < min(len(table.columns), max(2, len(needed(table)) // 2)):
        return None
    first = best.row - 1 if table.header_rows == 2 and best.row else best.row
    return Header(
        table, first, best.row + 1, best.positions, best.names, best.doubled, sheet.may_lack_columns
    )
