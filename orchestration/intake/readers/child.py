"""The process that opens untrusted files: readers only, within limits, and it holds no key or setting.

It reads requests from standard input and answers on standard output, each in parts behind their lengths.
Whatever kills it is a finding of the file that it was reading; the next file gets a new one.
"""

from __future__ import annotations

import marshal
import os
import resource
import sys
from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO

from orchestration.intake.readers import RawTable, UnreadableFileError, Wanted, read
from orchestration.intake.readers.table import RawColumn

LENGTH = 8
MOST_MEMORY = 4 * 2**30
TOO_BIG = "it needs more memory to open than a return can need"
FIELDS = (
    "first_row",
    "has_fixed_width",
    "epoch",
    "may_lack_columns",
    "encoding",
    "is_hidden",
    "merged",
    "notes",
)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request until there are no more: what is asked, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold personal data
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while head := _part(requests):
        tables, records_at, list_by, seconds = marshal.loads(head)  # noqa: S302 (from our own parent)
        content = _part(requests)
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        for part in _answer(content, [Wanted(*table) for table in tables], records_at, list_by):
            answers.write(len(part).to_bytes(LENGTH) + part)
        answers.flush()


def _part(requests: BinaryIO) -> bytes:
    return requests.read(int.from_bytes(requests.read(LENGTH)))


def _answer(content: bytes, tables: list[Wanted], records_at: str | None, list_by: str) -> Iterator[bytes]:
    """How many columns are to follow and what is said of the tables, then each column by itself."""
    try:
        found = read(content, tables, records_at, list_by)
    except UnreadableFileError as error:
        yield marshal.dumps((False, str(error)))
        return
    except MemoryError:
        yield marshal.dumps((False, TOO_BIG))
        return
    yield marshal.dumps((True, [_told(table) for table in found]))
    for table in found:
        for column in table.columns:
            yield marshal.dumps((column.codes.tobytes(), column.distinct))


def _told(table: RawTable) -> tuple[Any, ...]:
    told = (getattr(table, name) for name in FIELDS)
    return (table.sheet, len(table.columns), table.widths.tobytes(), *told)


def made(told: tuple[Any, ...], columns: Iterator[bytes]) -> RawTable:
    """A table again of what was told of it and of the next of the `columns`."""
    sheet, width, widths, *rest = told
    table = RawTable(sheet, [_column(next(columns)) for _ in range(width)], array("i", widths))
    for name, value in zip(FIELDS, rest, strict=True):
        setattr(table, name, value)
    return table


def _column(part: bytes) -> RawColumn:
    codes, distinct = marshal.loads(part)  # noqa: S302 (plain values only)
    return RawColumn(array("i", codes), distinct)


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)  # what a reader prints is no answer
        serve(sys.stdin.buffer, pipe)
