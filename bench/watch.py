"""What a command and everything that it starts use while they run: memory, processors and disk."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

EVERY_SECONDS = 1.0
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Looks every second at this process's descendants and at a folder; use it as a context.

    `peak_mib`: most resident memory of all descendants together; `cpu_seconds`: of all of them;
    `peak_disk_mib`: most that lay in the folder beyond what did when the watch began.
    """

    def __init__(self, folder: Path) -> None:
        """Watch this folder besides the processes."""
        self.peak_mib = self.peak_disk_mib = 0.0
        self._folder, self._cpu = folder, dict[str, float]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._before = _disk(self._folder)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def cpu_seconds(self) -> float:
        """Seconds of processors, up to the last look."""
        return sum(self._cpu.values())

    def _look(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            memory = 0.0
            for process, seconds, resident in _descendants(str(os.getpid())):
                self._cpu[process] = seconds
                memory += resident
            self.peak_mib = max(self.peak_mib, memory)
            self.peak_disk_mib = max(self.peak_disk_mib, _disk(self._folder) - self._before)


def _descendants(process: str) -> Iterator[tuple[str, float, float]]:
    """Number, seconds of processors and resident MiB of each; one that has just ended is left out."""
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            for child in children.read_text().split():
                found = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                yield child, (int(found[11]) + int(found[12])) / TICKS, int(found[21]) * PAGE / 2**20
                yield from _descendants(child)


def _disk(folder: Path) -> float:
    """MiB on disk; what vanishes meanwhile, a file or a folder, counts for nothing."""
    size = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += Path(inside, name).lstat().st_blocks * 512
    return size / 2**20
