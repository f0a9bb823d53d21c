"""Reading a received file in a process of its own, so that no file can harm or stop the one that decides.

One child serves a whole refresh; one that dies, hangs or answers nonsense is replaced.
"""

from __future__ import annotations

import atexit
import marshal
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO

from orchestration.intake.readers import RawTable, UnreadableFileError, Wanted
from orchestration.intake.readers.child import LENGTH, made
from orchestration.settings import PROJECT

SECONDS, SECONDS_A_MEGABYTE = 60, 2
_DIED = "it makes the program that opens it fail: it is damaged, or far larger inside than it looks"
_SLOW = "it takes too long to open"
_CHUNK, MOST_PART = 1 << 20, 1 << 31


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
        request = marshal.dumps((plain, records_at, list_by, seconds))
        with self._lock:
            try:
                return self._ask(request, content, time.monotonic() + seconds)
            except TimeoutError as error:
                self.close()
                raise UnreadableFileError(_SLOW) from error
            except (OSError, EOFError, ValueError, TypeError, StopIteration) as error:
                is_slow = self.close() == -signal.SIGXCPU
                raise UnreadableFileError(_SLOW if is_slow else _DIED) from error

    def close(self) -> int | None:
        """End the child, if there is one, and say what ended it."""
        if self._child is None:
            return None
        self._child.kill()
        self._child.communicate()
        ended_by, self._child = self._child.returncode, None
        return ended_by

    def _ask(self, request: bytes, content: bytes, until: float) -> list[RawTable]:
        child = self.started()
        assert child.stdin is not None
        assert child.stdout is not None
        for part in (request, content):
            child.stdin.write(len(part).to_bytes(LENGTH))
            _write(child.stdin, part)
        is_read, told = marshal.loads(_part(child.stdout, until))  # noqa: S302 (plain values only)
        if not is_read:
            raise UnreadableFileError(told)
        parts = (_part(child.stdout, until) for _ in range(sum(table[1] for table in told)))
        return [made(table, parts) for table in told]

    def started(self) -> subprocess.Popen[bytes]:
        """The child, started if there is none: it may get ready while its first file is fetched."""
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


def _write(pipe: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[pipe.write(rest) :]


def _part(pipe: IO[bytes], until: float) -> bytes:
    length = int.from_bytes(_exactly(pipe, LENGTH, until))
    if length > MOST_PART:
        raise ValueError("the answer is too long")
    return bytes(_exactly(pipe, length, until))


def _exactly(pipe: IO[bytes], length: int, until: float) -> bytearray:
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
    return got


READER = Reader()
"""The child that every return of a refresh shares."""
atexit.register(READER.close)
