"""Where Spark reads and writes when it does not see the home: object storage, or what else fsspec reaches.

A build has a folder of its own there, `<area>/<build>`, with copies of what it is made of. What Spark made
of them is fetched into the home, and the folder is removed: nothing of a person outlives a build there.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orchestration.intake.inbox import Place


def send(path: Path, url: str) -> str:
    """Copy a file to the area; gives where, as Spark knows it."""
    folder = Place.of(url.rpartition("/")[0])
    folder.files.makedirs(folder.path, exist_ok=True)
    folder.files.put_file(str(path), (folder / path.name).path)
    return url


def fetch(area: str, folder: Path) -> None:
    """Copy every table that Spark finished, `<layer>/<table>`, into the folder; then remove the area."""
    place = Place.of(area)
    place.files.invalidate_cache()
    for finished in place.files.glob(f"{place.path}/*/*/_SUCCESS"):
        table = finished.rpartition("/")[0]
        to = folder / Path(table).relative_to(Path(table).parents[1])
        to.mkdir(parents=True, exist_ok=True)
        for path in place.files.ls(table, detail=False):
            place.files.get_file(path, str(to / Path(path).name))
    place.files.rm(place.path, recursive=True)


def sweep(area: str, builds: Collection[str]) -> None:
    """Remove what builds that were killed have left in the area."""
    place = Place.of(area)
    if place.info:
        for path in place.files.ls(place.path, detail=False):
            if Path(path).name in builds:
                place.files.rm(path, recursive=True)
