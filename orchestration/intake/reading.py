"""Reading a received file in a process of its own, so that no file can harm or stop the one that decides.

One child serves a whole refresh; one that dies, hangs or answers nonsense is replaced.
"""

from __future__ import annotations

import atexit
import marshal
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, Any

from orchestration.intake.readers import RawTable, UnreadableFileError
from orchestration.intake.readers.child import FIELDS, LENGTH, MOST_REPLY
from orchestration.intake.readers.headers import Wanted
from orchestration.settings import PROJECT

SECONDS, SECONDS_A_MEGABYTE = 60, 2
_DIED = "it makes the program that opens it fail: it is damaged, or far larger inside than it looks"
_SLOW = "it takes too long to open"
_CHUNK = 1 << 20


class Reader:
    """A child process that reads files, started with the first and again after each that kills it."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(
        self, content: bytes, tables: Sequence[Wanted], records_at: str | None, list_by: str
    ) -> list[RawTable]:
        """Every table of a file, as `readers.read` gives it; raises `UnreadableFileError`."""
        seconds = self._seconds + SECONDS_A_MEGABYTE * (len(content) >> 20)
        plain = [({k: list(v) for k, v in t.columns.items()}, t.header_rows) for t in tables]
        request = marshal.dumps((content, plain, records_at, list_by, seconds))
        with self._lock:
            try:
                is_read, told = self._ask(request, time.monotonic() + seconds)
            except TimeoutError as error:
                self.close()
                raise UnreadableFileError(_SLOW) from error
            except (OSError, EOFError, ValueError, TypeError) as error:
                self.close()
                raise UnreadableFileError(_DIED) from error
        if not is_read:
            raise UnreadableFileError(told)
        return [RawTable(sheet, rows, **dict(zip(FIELDS, rest, strict=True))) for sheet, rows, *rest in told]

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _ask(self, request: bytes, until: float) -> tuple[bool, Any]:
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(len(request).to_bytes(LENGTH) + request)
        child.stdin.flush()
        length = int.from_bytes(_exactly(child.stdout, LENGTH, until))
        if length > MOST_REPLY:
            raise ValueError("the answer is too long")
        is_read, told = marshal.loads(_exactly(child.stdout, length, until))  # noqa: S302 (plain values only)
        return bool(is_read), told

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "orchestration.intake.readers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a reader's panic may quote the file
                env={"PYTHONPATH": str(PROJECT), "PATH": os.defpath},
                bufsize=0,
            )
        return self._child


def _exactly(pipe: IO[bytes], length: int, until: float) -> bytes:
    """Read `length` bytes; raises `TimeoutError` when they do not come, `EOFError` when they end."""
    got = bytearray()
    while len(got) < length:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(pipe.fileno(), min(_CHUNK, length - len(got)))
        if not part:
            raise EOFError
        got += part
    return bytes(got)


READER = Reader()
"""The child that every return of a refresh shares."""
atexit.register(READER.close)
