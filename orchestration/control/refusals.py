"""What the machine refuses and a person can mend: a full disk, a folder without the right to write.

Libraries hand it on in words of their own, so it is known by its number or by what the system calls it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

DISK_IS_FULL = (
    "The disk is full. Nothing is lost, and the last release stands. "
    "Make room where the home is, then run 'pathways refresh' again."
)
NOT_ALLOWED = (
    "A folder of the home cannot be written to. Nothing is lost, and the last release stands. "
    "Give your user the right to write there, then run 'pathways refresh' again."
)
DISK_FAILS = (
    "The disk cannot be read or written. Nothing is lost, and the last release stands. "
    "See that it is neither full nor failing, then run 'pathways refresh' again."
)
NUMBERS = {
    errno.ENOSPC: DISK_IS_FULL, errno.EDQUOT: DISK_IS_FULL, errno.EFBIG: DISK_IS_FULL,
    errno.EACCES: NOT_ALLOWED, errno.EPERM: NOT_ALLOWED, errno.EROFS: NOT_ALLOWED,
}  # fmt: skip
WORDS = {
    **{os.strerror(number).lower(): said for number, said in NUMBERS.items()},
    "database or disk is full": DISK_IS_FULL,
    "attempt to write a readonly database": NOT_ALLOWED,
    "disk i/o error": DISK_FAILS,
}
"""The last three are SQLite's."""


def refusal(error: BaseException) -> str | None:
    """What to tell a person, if this or what it was raised from is a refusal."""
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in NUMBERS:
            return NUMBERS[one.errno]
        if (said := refusal_in(str(one))) is not None:
            return said
    return None


def refusal_in(text: str) -> str | None:
    """The same of what a library or another program printed."""
    lowered = text.lower()
    return next((said for words, said in WORDS.items() if words in lowered), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or one.__context__
