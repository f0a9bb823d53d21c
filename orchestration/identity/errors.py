"""What may be told of an error: our own words, else its type and place, never what it quotes."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

ROOM = "orchestration"


class IdentityError(Exception):
    """Something about who people are cannot be done; the message says what to do and names nobody."""


class VaultError(IdentityError):
    """The vault cannot do what was asked."""


class KeysError(IdentityError):
    """The keys cannot be used; the message holds no secret."""


DISK_IS_FULL = (
    "The disk is full. Nothing is lost, and the last release stands. "
    "Make room where the home is, then run 'pathways refresh' again."
)
NOT_ALLOWED = (
    "A folder of the home cannot be written to. Nothing is lost, and the last release stands. "
    "Give your user the right to write there, then run 'pathways refresh' again."
)
ENVIRONMENT = {
    errno.ENOSPC: DISK_IS_FULL, errno.EDQUOT: DISK_IS_FULL, errno.EFBIG: DISK_IS_FULL,
    errno.EACCES: NOT_ALLOWED, errno.EPERM: NOT_ALLOWED, errno.EROFS: NOT_ALLOWED,
}  # fmt: skip
"""What the operating system refuses, and a person can mend."""


def told(error: Exception) -> str:
    """What may be said outside the vault; an exception that is not ours may quote a person."""
    if type(error).__module__.split(".")[0] == ROOM:
        return str(error)
    if isinstance(error, OSError) and error.errno in ENVIRONMENT:
        return ENVIRONMENT[error.errno]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if ROOM in Path(frame.filename).parts] or list(frames)
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return (
        f"Something unforeseen went wrong ({type(error).__name__} in {place}). Its message is not shown, "
        "because it may quote a person. Please tell whoever maintains Pathways this type and place."
    )
