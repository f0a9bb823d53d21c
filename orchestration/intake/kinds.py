"""Which rows below a header are records, and which are subtotals, remarks, another table and the like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.intake.contract import Table
from orchestration.intake.header import Header
from orchestration.intake.readers import RawTable
from orchestration.intake.readers.delimited import off_width
from orchestration.intake.readers.headers import fold
from orchestration.intake.readers.table import MALFORMED, RawColumn
from orchestration.intake.texts import is_filled

DATA, BLANK, SUBTOTAL, REMARK, OFF_WIDTH, HEADER, BESIDE, OTHER = range(8)
LOOKS = {
    SUBTOTAL: "like a subtotal",
    REMARK: "like a remark",
    HEADER: "like the header again",
    BESIDE: "empty here and filled beside the table",
    OTHER: "like another table",
}
NOTHING = "empty in every column that is counted"
_NEARLY_ALL, _HALF = 0.95, 0.5


@dataclass(frozen=True)
class Rows:
    """The rows below a header up to the last filled one, `at` their positions in the sheet.

    `filled`: how many cells have text; `first`: position of the first of them; `in_table`: whether one of
    them is in a column of the contract.
    """

    sheet: RawTable
    header: Header
    at: np.ndarray
    filled: np.ndarray
    first: np.ndarray
    in_table: np.ndarray

    @classmethod
    def below(cls, sheet: RawTable, header: Header, end: int) -> Rows:
        """Look at every row between a header and `end`."""
        at = np.arange(header.body, max(end, header.body))
        filled, first = np.zeros(len(at), dtype=np.int32), np.zeros(len(at), dtype=np.int32)
        in_table = np.zeros(len(at), dtype=bool)
        positions = set(header.positions.values())
        for number, column in enumerate(sheet.columns):
            has = _flags(column, at, is_filled)
            first[has & (filled == 0)] = number
            filled += has
            in_table |= has & (number in positions)
        length = int(np.max(np.flatnonzero(filled), initial=-1)) + 1
        return cls(sheet, header, at[:length], filled[:length], first[:length], in_table[:length])

    def flags(self, position: int, test: Callable[[str], object]) -> np.ndarray:
        """Which rows pass a test of their text in a column."""
        return _flags(self.sheet.columns[position], self.at, test)


def kinds_of(rows: Rows) -> np.ndarray:
    """The kind of each row."""
    kinds = np.where(rows.in_table, DATA, BESIDE)
    off = _off_width(rows)
    kinds[off | _has_other_marks(rows)] = OFF_WIDTH
    if len(rows.header.positions) > 2:
        kinds[_is_remark(rows, off)] = REMARK
    kinds[_is_subtotal(rows)] = SUBTOTAL
    kinds[_repeats_header(rows)] = HEADER
    kinds[rows.filled == 0] = BLANK
    kinds[_part(rows.sheet.widths, rows.at) == MALFORMED] = OFF_WIDTH
    _mark_other_tables(rows, kinds)
    return kinds


def _part(values: object, at: np.ndarray) -> np.ndarray:
    part: np.ndarray = np.frombuffer(values, dtype=np.int32)[at]  # type: ignore[call-overload]
    return part


def _flags(column: RawColumn, at: np.ndarray, test: Callable[[str], object]) -> np.ndarray:
    passed = np.fromiter(map(bool, map(test, column.distinct)), dtype=bool, count=len(column.distinct))
    flags: np.ndarray = passed[_part(column.codes, at)]
    return flags


def _off_width(rows: Rows) -> np.ndarray:
    off = np.zeros(len(rows.at), dtype=bool)
    if rows.sheet.has_fixed_width:
        start = rows.header.body
        found = off_width(rows.sheet, start - 1, start + len(off))
        off[np.array(found, dtype=np.intp) - start] = True
    return off


def _has_other_marks(rows: Rows) -> np.ndarray:
    """Records quoted with apostrophes where the others are not: each filled cell is, or one doubles them."""
    quoted, doubled = np.zeros(len(rows.at), dtype=np.int32), np.zeros(len(rows.at), dtype=bool)
    columns = rows.sheet.columns if rows.sheet.has_fixed_width else []
    for column in columns:
        if any(map(_is_quoted, column.distinct)):
            quoted += _flags(column, rows.at, _is_quoted)
            doubled |= _flags(column, rows.at, lambda text: _is_quoted(text) and "''" in text[1:-1])
    return ((quoted == rows.filled) & (quoted > 1)) | doubled


def _is_quoted(text: str) -> bool:
    return text[:1] == "'" == text[-1:] and len(text) > 1


def _is_remark(rows: Rows, off: np.ndarray) -> np.ndarray:
    """Rows with one cell; a record cut short has one too, so it must read like a remark or stand alone."""
    single = rows.filled == 1
    alone = np.r_[False, rows.filled[:-1] == 0][: len(off)]
    below_all = np.arange(len(off)) > np.max(np.flatnonzero(rows.filled > 1), initial=-1)
    alone |= np.maximum.accumulate(alone & below_all)
    for number in np.flatnonzero(single & off & ~alone):
        text = rows.sheet.rows[int(rows.at[number])][rows.first[number]]
        single[number] = len(text.split()) > 1
    return single


def _is_subtotal(rows: Rows) -> np.ndarray:
    """Rows whose first filled cell says that it is a total."""
    found = np.zeros(len(rows.at), dtype=bool)
    says = _subtotal_test(rows.header.table)
    words = [word.casefold() for word in rows.header.table.subtotal_words]
    for number in np.flatnonzero(np.bincount(rows.first)) if says else ():
        column = rows.sheet.columns[number]
        everything = "\n".join(column.distinct).casefold()
        if says and any(word in everything for word in words):
            found |= (rows.first == number) & rows.flags(int(number), says)
    return found


def _subtotal_test(table: Table) -> Callable[[str], object] | None:
    if not table.subtotal_words:
        return None
    words = "|".join(re.escape(word) for word in sorted(table.subtotal_words, key=len, reverse=True))
    mentions = re.compile(words, re.IGNORECASE).search
    says = re.compile(rf"^\s*(?:(?:{words})\b|.{{0,40}}\b(?:{words})\s*:?\s*$)", re.IGNORECASE).match
    return lambda text: mentions(text) and says(text)


def _repeats_header(rows: Rows) -> np.ndarray:
    """Rows that show every header of the contract's columns once more."""
    found = np.zeros(len(rows.at), dtype=bool)
    columns = [rows.sheet.columns[position] for position in rows.header.positions.values()]
    columns.sort(key=lambda column: len(column.distinct))  # the shortest lists leave few rows for the others
    for row in range(rows.header.row, rows.header.body):
        same = np.arange(len(rows.at))
        for column in columns:
            codes, header = _part(column.codes, rows.at[same]), fold(column.distinct[column.codes[row]])
            same = same[np.isin(codes, [n for n in np.unique(codes) if fold(column.distinct[n]) == header])]
        found[same] = True
    return found


def _mark_other_tables(rows: Rows, kinds: np.ndarray) -> None:
    """A block below an empty row that begins like a header and goes on unlike the records above."""
    blocks = _blocks(kinds != BLANK)
    if len(blocks) < 2:
        return
    main = blocks[0][kinds[blocks[0]] == DATA]
    has_digit = re.compile(r"\d").search
    flags = [rows.flags(position, has_digit) for position in rows.header.positions.values()]
    numeric = [f for f in flags if len(main) and f[main].mean() >= _NEARLY_ALL]
    is_other = False
    for block in blocks[1:]:
        block = block[np.isin(kinds[block], (DATA, OFF_WIDTH, BESIDE))]
        if not len(block) or not numeric:
            continue
        begins = len(block) > 1 and rows.filled[block[0]] > 1 and not any(f[block[0]] for f in numeric)
        rest = block[1:] if begins else block
        fits = np.logical_and.reduce([f[rest] for f in numeric]) & (kinds[rest] == DATA)
        is_other = (begins or is_other) and fits.mean() < _HALF
        if is_other:
            kinds[block] = OTHER


def _blocks(filled: np.ndarray) -> list[np.ndarray]:
    """Numbers of the rows of each run of filled ones."""
    numbers = np.flatnonzero(filled)
    return np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1) if len(numbers) else []
