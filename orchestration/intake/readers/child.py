"""The process that opens untrusted files: readers only, within limits, and it holds no key or setting.

It reads requests from standard input and answers on standard output, each a marshalled tuple behind its
length. Whatever kills it is a finding of the file that it was reading; the next file gets a new one.
"""

from __future__ import annotations

import marshal
import os
import resource
import sys
from typing import Any, BinaryIO

from orchestration.intake.readers import RawTable, UnreadableFileError, read
from orchestration.intake.readers.headers import Wanted, best_score

LENGTH = 8
MOST_MEMORY = 4 * 2**30
MOST_REPLY = 2**31 - 1
TOO_BIG = "it needs more memory to open than a return can need"
FIELDS = ("first_row", "has_fixed_width", "has_serial_dates", "may_lack_columns", "is_garbled", "notes")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold personal data
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while len(head := requests.read(LENGTH)) == LENGTH:
        content, tables, records_at, list_by, seconds = marshal.loads(  # noqa: S302 (from our own parent)
            requests.read(int.from_bytes(head))
        )
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        reply = _answer(content, [Wanted(*table) for table in tables], records_at, list_by)
        answers.write(len(reply).to_bytes(LENGTH) + reply)
        answers.flush()


def _answer(content: bytes, tables: list[Wanted], records_at: str | None, list_by: str) -> bytes:
    try:
        found = read(content, lambda rows: best_score(tables, rows), records_at, list_by)
        reply = marshal.dumps((True, [_told(table) for table in found]))
        return reply if len(reply) <= MOST_REPLY else marshal.dumps((False, TOO_BIG))
    except UnreadableFileError as error:
        return marshal.dumps((False, str(error)))
    except MemoryError:
        return marshal.dumps((False, TOO_BIG))


def _told(table: RawTable) -> tuple[Any, ...]:
    # Equal cells as one object: marshal then writes each text once.
    seen: dict[str, str] = {}
    rows = [[seen.setdefault(cell, cell) for cell in row] for row in table.rows]
    return (table.sheet, rows, *(getattr(table, name) for name in FIELDS))


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)  # what a reader prints is no answer
        serve(sys.stdin.buffer, pipe)
