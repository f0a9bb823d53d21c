"""Rules over all returns together: plain SQL over the build, told to the steward and never to a partner.

A file `expectations/warehouse/<RULE>_<words>.sql` returns one row a fault: `target` (the return, programme or
metric that it is about) and whatever else the rule's message in the catalogue wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.control.records import CheckResult
from orchestration.control.rules import load_rules
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.inspection import Build, result
from orchestration.settings import EXPECTATIONS

FOLDER = EXPECTATIONS / "warehouse"


def returns_together(build: Build) -> Iterator[CheckResult]:
    """One result a fault, or one that says that a rule found none; none of them stops a release."""
    with warehouse(build.warehouse) as connection:
        for path in sorted(FOLDER.glob("*.sql")):
            yield from _results(connection, path, build)


def _results(connection: duckdb.DuckDBPyConnection, path: Path, build: Build) -> Iterator[CheckResult]:
    rule = load_rules()[path.name.split("_")[0]]
    severity = rule.severity_at(build.settings.as_at)
    found = connection.execute(path.read_text("utf-8"))
    names = [column[0] for column in found.description or []]
    rows = [dict(zip(names, map(str, row), strict=True)) for row in found.fetchall()]
    for row in rows:
        message = rule.told(row, build.settings.as_at)
        yield result(rule.rule_id, "finding", row["target"], False, message, severity)
    if not rows:
        yield result(rule.rule_id, "finding", "returns together", True, severity=severity)
