"""Where a table begins: found by the contract's headers, below whatever cover or preamble."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestration.intake.contract import Table
from orchestration.intake.entities import ENTITIES, PARTNER_REF
from orchestration.intake.readers import RawTable

JOIN = " | "
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
        wanted = needed(self.table)
        if self.may_lack_columns:
            wanted = [name for name in wanted if self.table.columns[name].required]
        return [name for name in wanted if name not in self.positions]

    @property
    def extras(self) -> dict[int, str]:
        """Index → header of the columns that the contract does not name."""
        used = set(self.positions.values())
        return {i: name for i, name in enumerate(self.names) if i not in used}


def fold(text: str) -> str:
    """A header without what does not distinguish it: case, line breaks, blanks, `*` and `:` at the end."""
    return " ".join(text.split()).casefold().rstrip(" :*")


def needed(table: Table) -> list[str]:
    """Columns a file must have: those the contract requires, and those that required fields come from."""
    wanted = {name for name, column in table.columns.items() if column.required}
    for feed in table.feeds:
        required = {c.name for c in ENTITIES[feed.entity].columns if c.required} | {PARTNER_REF}
        wanted |= {source for target, source in feed.columns.items() if target in required}
        wanted |= set(feed.where) | ({feed.when} if feed.when else set())
    return [name for name in table.columns if name in wanted]


def fits(tables: Iterable[Table], rows: Sequence[Sequence[str]]) -> int:
    """The most contract columns that any of `rows` shows as headers."""
    return max((h.score for table in tables for h in _candidates(table, rows)), default=0)


def find(tables: Iterable[Table], sheet: RawTable) -> list[tuple[Header, int]]:
    """Headers in a sheet, each with the index where its body ends, from the top."""
    found = []
    for table in tables:
        if table.sheet and not re.search(table.sheet, sheet.sheet, re.IGNORECASE):
            continue
        best = max(_candidates(table, sheet.rows[:_SEARCHED_ROWS]), key=lambda c: c.score, default=None)
        if best and best.score >= min(len(table.columns), max(2, len(needed(table)) // 2)):
            found.append(_header(table, sheet, best))
    found.sort(key=lambda header: header.row)
    starts = [header.row for header in found]
    return [(h, min((s for s in starts if s >= h.body), default=len(sheet.rows))) for h in found]


@dataclass(frozen=True)
class _Candidate:
    row: int
    positions: dict[str, int]
    names: list[str]
    doubled: tuple[str, ...]

    @property
    def score(self) -> int:
        return len(self.positions)


def _candidates(table: Table, rows: Sequence[Sequence[str]]) -> list[_Candidate]:
    spelled = {
        fold(h) for column in table.columns.values() for header in column.headers for h in header.split(JOIN)
    }
    found = []
    for index, row in enumerate(rows):
        folded = [fold(cell) for cell in row]
        if len(spelled.intersection(folded)) < min(2, len(table.columns)):
            continue
        upper = _filled(rows[index - 1]) if table.header_rows == 2 and index else []
        names = [_joined(upper[i] if i < len(upper) else "", cell) for i, cell in enumerate(row)]
        found.append(_Candidate(index, *_match(table, names, folded)))
        if found[-1].score == len(table.columns):
            break  # nothing further down can show more
    return found


def _match(
    table: Table, names: list[str], folded: list[str]
) -> tuple[dict[str, int], list[str], tuple[str, ...]]:
    joined = [fold(name) for name in names]
    seen = Counter(joined), Counter(folded)
    positions, doubled = {}, []
    for name, column in table.columns.items():
        for spelling in map(fold, column.headers):
            cells, counts = (joined, seen[0]) if spelling in seen[0] else (folded, seen[1])
            if not counts[spelling]:
                continue
            if counts[spelling] > 1:
                doubled.append(spelling)
            positions[name] = cells.index(spelling)
            break
    return positions, names, tuple(doubled)


def _filled(row: Sequence[str]) -> list[str]:
    """Upper header cells that were merged over several columns: the text stands in the first only."""
    filled, last = [], ""
    for cell in row:
        last = cell.strip() or last
        filled.append(last)
    return filled


def _joined(upper: str, lower: str) -> str:
    upper, lower = " ".join(upper.split()), " ".join(lower.split())
    return lower if not upper or upper == lower else upper if not lower else f"{upper}{JOIN}{lower}"


def _header(table: Table, sheet: RawTable, best: _Candidate) -> Header:
    first = best.row - 1 if table.header_rows == 2 and best.row else best.row
    return Header(
        table, first, best.row + 1, best.positions, best.names, best.doubled, sheet.may_lack_columns
    )
