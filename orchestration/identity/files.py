"""Files that only their owner may read, whatever the umask, and that survive a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make `path` a folder that only its owner may enter, also when it stood open before."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def private_file(path: Path) -> Path:
    """Make `path` a file that only its owner may read, empty when new."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    return path


def write_private(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a private file so that it is there whole or not at all."""
    write_whole(path, content, 0o600)


def write_whole(path: Path, content: bytes | Iterable[bytes], rights: int = 0o666) -> None:
    """Write a file so that it is there whole or not at all; `rights` are cut down by the umask.

    Content that comes in parts is never in memory as a whole.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, rights)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make new names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
