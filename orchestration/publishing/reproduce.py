"""Making a release once more from what the home has kept, and comparing the bytes.

The home as it was is made anew beside the real one: accepted records and originals are linked, the
control store is copied into a file and taken back to what it knew before that release. Nothing of the home
changes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.control.lock import held
from orchestration.control.store import Store
from orchestration.control.transfer import transfer
from orchestration.publishing.compare import manifest
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.journal import point_at
from orchestration.settings import Settings, change_home_file

BEGUN = "(select created_at from builds where build_id = :build_id)"
LATER_BUILDS = """
(select build_id from builds where sequence >= (select sequence from builds where build_id = :build_id))
"""
LATER_FILES = f"""
(select return_id, submission_id from submissions as s where not exists (
    select 1 from audit_events as a
    where a.at <= {BEGUN} and a.subject = s.return_id || '/' || substr(s.submission_id, 1, 12)
))
"""  # noqa: S608
FORGET = (
    *(
        f"delete from {table} where (return_id, submission_id) in {LATER_FILES}"  # noqa: S608
        for table in ("submission_periods", "findings", "accepted_files", "submissions")
    ),
    "delete from waivers where id not in (select id from waivers order by id limit "  # noqa: S608
    f"(select count(*) from audit_events where action = 'waived' and at <= {BEGUN}))",
    "delete from published_cells where release_id in "  # noqa: S608
    f"(select release_id from releases where build_id in {LATER_BUILDS})",
    *(
        f"delete from {table} where build_id in {LATER_BUILDS}"  # noqa: S608
        for table in ("check_results", "verdicts", "releases", "builds")
    ),
)
"""What the store learnt since a build was begun; builds last, because they say what is later."""


@dataclass(frozen=True)
class Reproduced:
    """What came of it: `differing` names files that are not the same, empty if all are."""

    release_id: str
    files: int
    differing: list[str]


def reproduce(
    settings: Settings, store: Store, release_id: str, code: str, refresh: Callable[[Path, str, str], None]
) -> Reproduced:
    """Make a release again and compare.

    `code` is the version of the code at hand; `refresh(home, as_at, target)` runs one refresh. Raises
    `ReleaseError` where another version of the code is needed, or the release is not known.
    """
    said = manifest(settings, release_id)
    needed = said["versions"].get("code", "")
    if needed != code:
        raise ReleaseError(
            f"{release_id} was made by code version {needed[:12] or 'unknown'}; this is {code[:12]}. "
            "Check out that version of the project and run the command again."
        )
    with _as_it_was(settings, store, release_id) as home:
        refresh(home, said["as_at"], said["versions"].get("target", settings.target))
        return _compared(settings.releases / release_id, home / "releases" / release_id)


@contextmanager
def _as_it_was(settings: Settings, store: Store, release_id: str) -> Iterator[Path]:
    build_id = next(r.build_id for r in store.releases() if r.release_id == release_id)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".reproduce-") as folder:
        home = Path(folder)
        with held(settings, "pathways release reproduce"):
            for name in ("accepted", "vault"):
                shutil.copytree(settings.home / name, home / name, copy_function=_link)
            earlier = rewind(settings.control_db, home / "control.db", build_id)
        for stated in ("home.toml", "profiles.yml", "unit_values.csv"):
            if (settings.home / stated).exists():
                shutil.copy(settings.home / stated, home)
        change_home_file(home, landing_area="")  # what waits there is not for this one
        (home / "landing").mkdir()
        for one in earlier:
            shutil.copytree(settings.releases / one, home / "releases" / one)
        previous = manifest(settings, release_id)["previous_release_id"]
        if previous:
            point_at(settings.aside(home), previous)
        yield home


def _link(source: str, to: str) -> None:
    """Files that are never changed in place need no second copy; a database does."""
    if source.endswith((".parquet", ".enc")):
        os.link(source, to)
    else:
        shutil.copy(source, to)


def rewind(control_db: Path | str, to: Path, build_id: str) -> list[str]:
    """A copy of the control store that knows nothing of a build and what came after it.

    Gives the releases that it still knows, oldest first.
    """
    transfer(control_db, to)
    with closing(sqlite3.connect(to)) as copy:
        for statement in FORGET:
            copy.execute(statement, {"build_id": build_id})
        copy.commit()
        return [r for (r,) in copy.execute("select release_id from releases order by sequence")]


def _compared(real: Path, again: Path) -> Reproduced:
    files = sorted(str(p.relative_to(real)) for p in real.rglob("*") if p.is_file())
    differing = [
        name for name in files
        if not (again / name).is_file() or (again / name).read_bytes() != (real / name).read_bytes()
    ]  # fmt: skip
    return Reproduced(real.name, len(files), differing)
