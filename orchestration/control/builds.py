"""Builds, verdicts and releases in the control store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import delete, update

from orchestration.control import schema
from orchestration.control.database import StoreError
from orchestration.control.records import (
    Build,
    BuildStatus,
    CheckResult,
    Decision,
    PublishedCell,
    Release,
    Verdict,
)
from orchestration.control.rows import Part, add, columns, log, next_sequence, now


class Builds(Part):
    """The part of the store that knows what was built, checked and released."""

    def open_build(self, build_id: str, build_key: str, as_at: date) -> None:
        """Record that a build has begun."""
        row = {"build_id": build_id, "build_key": build_key, "as_at": as_at, "status": "building"}
        with self._database.write() as connection:
            numbered = {"created_at": now(), "sequence": next_sequence(connection, schema.builds)}
            add(connection, schema.builds, [row | numbered])

    def close_build(self, build_id: str, status: BuildStatus) -> None:
        """Record how a build ended."""
        change = update(schema.builds).where(schema.builds.c.build_id == build_id).values(status=status)
        with self._database.write() as connection:
            if connection.execute(change).rowcount != 1:
                raise StoreError(f"Build {build_id} is not in the control store: it was never begun.")

    def builds(self) -> list[Build]:
        """Every build, oldest first."""
        return self._rows(columns(schema.builds, Build).order_by(schema.builds.c.sequence), Build)

    def build_behind(self, release: Release) -> str:
        """The newest build of a release's figures; a restored home makes one again."""
        alike = [b for b in self.builds() if b.build_key == release.build_key and b.status == "built"]
        return alike[-1].build_id if alike else release.build_id

    def set_check_results(self, build_id: str, results: Iterable[CheckResult]) -> None:
        """Record what the checks of a build said, in place of what they said before."""
        with self._database.write() as connection:
            of_build = schema.check_results.c.build_id == build_id
            connection.execute(delete(schema.check_results).where(of_build))
            add(connection, schema.check_results, [{"build_id": build_id} | asdict(r) for r in results])

    def check_results(self, build_id: str) -> list[CheckResult]:
        """Return what the checks of a build said, in the order they were added."""
        table = schema.check_results
        query = columns(table, CheckResult).where(table.c.build_id == build_id).order_by(table.c.id)
        return self._rows(query, CheckResult)

    def set_verdict(self, build_id: str, verdict: Decision, table_hashes: dict[str, str]) -> None:
        """Record the gate's decision, in place of an earlier one on the same build."""
        row = {"build_id": build_id, "verdict": verdict, "table_hashes": table_hashes, "decided_at": now()}
        with self._database.write() as connection:
            connection.execute(delete(schema.verdicts).where(schema.verdicts.c.build_id == build_id))
            add(connection, schema.verdicts, [row])
            log(connection, f"verdict {verdict}", build_id, "")

    def verdict(self, build_id: str) -> Verdict | None:
        """Return the gate's decision on a build, None before there is one."""
        table = schema.verdicts
        found = self._rows(columns(table, Verdict).where(table.c.build_id == build_id), Verdict)
        return found[0] if found else None

    def add_release(self, release: Release, cells: Iterable[PublishedCell]) -> None:
        """Record a release and every cell it published; `released_at` is set here."""
        row = asdict(release) | {"released_at": now()}
        with self._database.write() as connection:
            add(connection, schema.releases, [row | {"sequence": next_sequence(connection, schema.releases)}])
            add(
                connection,
                schema.published_cells,
                [{"release_id": release.release_id} | vars(c) for c in cells],
            )
            log(connection, "released", release.release_id, release.build_id)

    def releases(self) -> list[Release]:
        """Every release, oldest first."""
        return self._rows(columns(schema.releases, Release).order_by(schema.releases.c.sequence), Release)

    def published_cells(self, release_id: str) -> list[PublishedCell]:
        """Every cell of a release, in the order of its key."""
        table = schema.published_cells
        query = columns(table, PublishedCell).where(table.c.release_id == release_id)
        return self._rows(query.order_by(*table.primary_key.columns), PublishedCell)
