"""Which row of a table shows the headers that a contract names; of the contract it needs only the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestration.intake.readers.characters import plain

JOIN = " | "


@dataclass(frozen=True)
class Wanted:
    """The headers of one table: every spelling of each contract column, and whether they take two rows."""

    columns: Mapping[str, Sequence[str]]
    header_rows: int = 1


@dataclass(frozen=True)
class Candidate:
    """A row that may be the header: contract column → index of the cell, and every header as written."""

    row: int
    positions: dict[str, int]
    names: list[str]
    doubled: tuple[str, ...]

    @property
    def score(self) -> int:
        """How many contract columns it shows."""
        return len(self.positions)


def fold(text: str) -> str:
    """A header without what does not distinguish it: case, blanks, line breaks, `_`, a mark at the end."""
    return plain(text.replace("_", " ")).strip().casefold().rstrip(" .:*")


def best(tables: Iterable[Wanted], rows: Sequence[Sequence[str]]) -> Candidate | None:
    """The row that shows the most contract columns of any table as headers."""
    shown = [candidate for wanted in tables for candidate in candidates(wanted, rows)]
    return max(shown, key=lambda candidate: candidate.score, default=None)


def candidates(wanted: Wanted, rows: Sequence[Sequence[str]]) -> list[Candidate]:
    """Rows that show some of the headers, from the top down to one that shows all."""
    spelled = {
        fold(part) for headers in wanted.columns.values() for header in headers for part in header.split(JOIN)
    }
    found = []
    for index, row in enumerate(rows):
        folded = [fold(cell) for cell in row]
        if len(spelled.intersection(folded)) < min(2, len(wanted.columns)):
            continue
        upper = _filled(rows[index - 1]) if wanted.header_rows == 2 and index else []
        names = [_joined(upper[i] if i < len(upper) else "", cell) for i, cell in enumerate(row)]
        found.append(Candidate(index, *_match(wanted, names, folded)))
        if found[-1].score == len(wanted.columns):
            break  # nothing further down can show more
    return found


def _match(
    wanted: Wanted, names: list[str], folded: list[str]
) -> tuple[dict[str, int], list[str], tuple[str, ...]]:
    joined = [fold(name) for name in names]
    seen = Counter(joined), Counter(folded)
    positions, doubled = {}, []
    for name, headers in wanted.columns.items():
        for spelling in map(fold, headers):
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
