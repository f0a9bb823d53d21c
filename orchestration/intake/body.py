"""What stands below a header: data rows as columns of text, and the rows that are no data, each named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from orchestration.intake import kinds
from orchestration.intake.contract import Table
from orchestration.intake.header import Header, needed
from orchestration.intake.readers import RawTable
from orchestration.intake.texts import Texts

_GRAND_TOTAL = re.compile(r"\s*(grand )?total\s*:?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """Data rows of one table of a file.

    `cells`: the text of each contract column that the file has; `source_row`: the row as a person sees it.
    `no_data`: what rows without data look like → which they are. Set aside: `off_width` because they are not
    written like the header, `undecided` because nobody can say what they are. `totals`: contract column →
    text in the grand total.
    """

    table: Table
    sheet: str
    header: Header
    epoch: int | None
    cells: dict[str, Texts]
    source_row: np.ndarray
    extras: dict[str, Texts]
    no_data: dict[str, list[int]]
    blank: int
    off_width: list[int]
    totals: dict[str, str]
    undecided: list[int] = field(default_factory=list)

    def plain(self) -> Body:
        """The cells as they are meant: without characters that nobody sees."""
        return replace(self, cells={name: texts.plain() for name, texts in self.cells.items()})

    def without(self, rows: np.ndarray, kind: str) -> Body:
        """Without some of the data rows, which are `undecided` or look like no data of that kind."""
        if not rows.any():
            return self
        gone = self.source_row[rows].tolist()
        more = {"undecided": gone} if kind == "undecided" else {"no_data": self.no_data | {kind: gone}}
        cells = {name: Texts(t.codes[~rows], t.distinct) for name, t in self.cells.items()}
        return replace(self, cells=cells, source_row=self.source_row[~rows], **more)

    def counted(self) -> Body:
        """What is still wanted once the records are made: everything but the cells."""
        return replace(self, cells={}, extras={})

    @property
    def records(self) -> int:
        """Data rows."""
        return len(self.source_row)

    @property
    def rows_no_data(self) -> int:
        """Rows that are neither records nor faults."""
        return sum(map(len, self.no_data.values())) + self.blank

    @property
    def rows_set_aside(self) -> int:
        """Rows of which no record was made because something is wrong with them as a whole."""
        return len(self.off_width) + len(self.undecided)

    @property
    def rows_read(self) -> int:
        """All rows below the header."""
        return self.records + self.rows_set_aside + self.rows_no_data


def read_body(sheet: RawTable, header: Header, end: int) -> Body:
    """Sort the rows between a header and `end` into data and no data."""
    rows = kinds.Rows.below(sheet, header, end)
    kind = kinds.kinds_of(rows)
    data = rows.at[kind == kinds.DATA]
    nothing = Texts.of([""] * len(data))

    def numbers(wanted: int) -> list[int]:
        return (rows.at[kind == wanted] + sheet.first_row).tolist()

    def column(position: int) -> Texts:
        return Texts.within(sheet.columns[position], data)

    return Body(
        table=header.table,
        sheet=sheet.sheet,
        header=header,
        epoch=sheet.epoch,
        # A field that no JSON record has is empty in each.
        cells=dict.fromkeys(needed(header.table), nothing)
        | {name: column(i) for name, i in header.positions.items()},
        source_row=sheet.first_row + data,
        extras={name or f"(column {i + 1})": column(i) for i, name in header.extras.items()},
        no_data={looks: found for k, looks in kinds.LOOKS.items() if (found := numbers(k))},
        blank=len(numbers(kinds.BLANK)),
        off_width=numbers(kinds.OFF_WIDTH),
        totals=_totals(sheet, rows.at[kind == kinds.SUBTOTAL], header),
    )


def read_incomplete(sheet: RawTable, header: Header, end: int) -> Body:
    """The same of a table that lacks columns, without the feeds that make nothing of what is left."""
    lost, table = set(header.missing), header.table
    feeds = [
        feed.model_copy(
            update={
                "columns": {t: s for t, s in feed.columns.items() if s not in lost},
                "where": {s: words for s, words in feed.where.items() if s not in lost},
            }
        )
        for feed in table.feeds
        if feed.entity == "participants"  # or their names would be told
        or lost.isdisjoint({feed.when, *feed.where, *(feed.columns.values() if feed.is_number else ())})
    ]
    columns = {name: column for name, column in table.columns.items() if name not in lost}
    body = read_body(sheet, header, end)
    cells = {name: texts for name, texts in body.cells.items() if name in columns}
    return replace(body, table=table.model_copy(update={"columns": columns, "feeds": feeds}), cells=cells)


def _totals(sheet: RawTable, subtotals: np.ndarray, header: Header) -> dict[str, str]:
    """The row of a grand total: the last subtotal, when nothing but "total" or "grand total" is its name.

    One that is not written with as many cells as the header says nothing certain.
    """
    width = sheet.widths[header.body - 1] if sheet.has_fixed_width else None
    rows = [sheet.rows[n] for n in subtotals.tolist() if width in (None, sheet.widths[n])]
    named = [row for row in rows if _GRAND_TOTAL.match(next(cell for cell in row if cell.strip()))]
    if not named:
        return {}
    row = named[-1]
    return {name: row[i] if i < len(row) else "" for name, i in header.positions.items()}
