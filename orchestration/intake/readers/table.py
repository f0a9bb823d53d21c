"""A table as it was received: text cells only, nothing interpreted."""

from __future__ import annotations

from dataclasses import dataclass, field


class UnreadableFileError(Exception):
    """The file cannot be opened or read with certainty; the message tells the partner why."""


MOST_COLUMNS = 16_384  # what a sheet of Excel can have


@dataclass
class RawTable:
    """One sheet, delimited file or JSON array.

    `rows[0]` is row `first_row` as a person counts. `has_fixed_width` where every record must have as
    many cells as the header; `may_lack_columns` where a field that no record has is not written at all.
    `notes` are remarks on hidden sheets and the like, `is_garbled` where some
    characters were read wrongly before they reached us.
    """

    sheet: str
    rows: list[list[str]]
    first_row: int = 1
    has_fixed_width: bool = False
    has_serial_dates: bool = False
    may_lack_columns: bool = False
    is_garbled: bool = False
    notes: list[str] = field(default_factory=list)


def narrow(tables: list[RawTable]) -> list[RawTable]:
    """The tables, unless one is wider than a sheet can be: then `UnreadableFileError`."""
    width = max((len(row) for table in tables for row in table.rows), default=0)
    if width > MOST_COLUMNS:
        raise UnreadableFileError(f"it has {width:,} columns, more than any return")
    return tables
