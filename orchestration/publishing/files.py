"""Writing that a crash cannot tear: to disk under another name first, then one rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (relative name to bytes) into a new `folder`, down to the disk."""
    if folder.exists():
        shutil.rmtree(folder)
    folders = {folder} | {(folder / name).parent for name in files}
    for one in sorted(folders):
        one.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_file(folder / name, content)
    for one in sorted(folders, reverse=True):
        sync(one)
    sync(folder.parent)


def write_file(path: Path, content: bytes) -> None:
    """Write bytes and wait until the disk has them."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step: a reader sees the old bytes or the new ones, never a mixture."""
    temporary = path.with_name(f".{path.name}.new")
    write_file(temporary, content)
    os.replace(temporary, path)  # noqa: PTH105 (one name for the step that tests interrupt)
    sync(path.parent)


def rename_folder(folder: Path, to: Path) -> None:
    """Give a whole folder its name in one step."""
    os.rename(folder, to)  # noqa: PTH104
    sync(to.parent)


def sync(folder: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
