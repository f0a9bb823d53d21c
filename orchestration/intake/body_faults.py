"""What is wrong with a table as a whole: its rows, its columns, its characters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from orchestration.intake.body import Body
from orchestration.intake.findings import Fault, told
from orchestration.intake.personal import is_personal_column
from orchestration.intake.readers import RawTable
from orchestration.intake.readers.encoding import is_garbled

_MOST_NAMES, _LONGEST_NAME = 20, 60


def body_faults(sheet: RawTable, body: Body) -> Iterator[Fault]:
    """Rows that are no records (F09, R30) and columns that are not those agreed (F06, F07)."""
    yield from _merge_faults(sheet, body)
    yield from _row_faults(body)
    yield from _column_faults(body)


def garbled_faults(sheet: RawTable, body: Body) -> Iterator[Fault]:
    """Characters that were lost on the way (F10), by column."""
    header = body.header
    named = {header.names[at]: body.cells[name] for name, at in header.positions.items()}
    for column, texts in (named | body.extras).items():
        if is_garbled("\n".join([column, *texts.distinct]), sheet.encoding):
            rows = body.source_row[texts.where(partial(is_garbled, encoding=sheet.encoding))]
            yield Fault("F10", {}, sheet.sheet, tuple(rows.tolist()), column[:_LONGEST_NAME])


def _row_faults(body: Body) -> Iterator[Fault]:
    sheet = body.sheet
    if body.off_width:
        yield Fault("R30", {}, sheet, tuple(body.off_width))
    for like, rows in body.no_data.items():
        looks = "looks" if len(rows) == 1 else "look"
        what = f"{told(rows)} {looks} {like}. We did not count {'it' if len(rows) == 1 else 'them'}."
        yield Fault("F09", {"what": what}, sheet, tuple(rows))


def _column_faults(body: Body) -> Iterator[Fault]:
    sheet = body.sheet
    lacking = [
        body.table.columns[name].headers[0] for name in body.header.lacking if name in body.table.columns
    ]
    harmless = []
    for header, values in body.extras.items():
        shown = header[:_LONGEST_NAME]
        if is_personal_column(header, values.distinct):
            yield Fault("F06", {}, sheet, (), shown)
        elif values.is_filled().any() or not header.startswith("(column"):
            harmless.append(shown)
    said = []
    if lacking:
        said.append(
            f"We did not find these columns: {_listed(lacking)}. What they say is taken as not known."
        )
    if harmless and not body.header.missing:  # else it is one of them, perhaps, that was not found
        said.append(f"We ignored these columns: {_listed(harmless)}.")
    if said:
        yield Fault("F07", {"what": " ".join(said)}, sheet, count=max(len(lacking), len(harmless)))


def _listed(headers: list[str]) -> str:
    more = f" and {len(headers) - _MOST_NAMES} more" if len(headers) > _MOST_NAMES else ""
    return ", ".join(headers[:_MOST_NAMES]) + more


def _merge_faults(sheet: RawTable, body: Body) -> Iterator[Fault]:
    rows = sorted({top + sheet.first_row for top, _, _ in sheet.merged if top >= body.header.body})
    if rows:
        what = f"{told(rows)}: a cell merged with those below was read as if each row had its value."
        yield Fault("F09", {"what": what}, sheet.sheet, tuple(rows))
