"""Rules over rows, entities and time: plain SQL files, run by DuckDB over the standardised records.

A file `<RULE>_<words>.sql` returns one row a fault: `submission_id, source_sheet, source_row, record_no,
entity`, optionally `column_name`, and whatever else the rule's message wants. It may read, beside the
entities: `submissions`, `fed` (entity and column that a submission's contract feeds), `stated_totals`, the
reference data, `last_<entity>` (the partner's last accepted file) and `known_<entity>` (all of the return
that is in use).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.intake.entities import ENTITIES
from orchestration.intake.frames import to_arrow
from orchestration.intake.suites import CheckCrashedError
from orchestration.settings import EXPECTATIONS, REFERENCE

FOLDER = EXPECTATIONS / "across"
_PLACE = {"submission_id", "source_sheet", "source_row", "record_no", "entity", "column_name"}
_OVER_TIME = re.compile(r"\b(?:last|known)_(\w+)")
_STOPS = {"stops": pa.bool_()}
_GROUPS = ("sex_code", "ethnic_group_code", "disability_code", "cohort_code")
_EXTRA = {
    "participants": {"age_at_reference": pa.int32()} | {f"unread {name}": pa.bool_() for name in _GROUPS},
    "counts": _STOPS,
    "outcomes": _STOPS,
    "spend": _STOPS,
}


@dataclass(frozen=True)
class Hit:
    """One row that a rule returned; `record_no` is empty where the rule speaks of the whole submission."""

    rule_id: str
    submission_id: str
    entity: str
    sheet: str | None
    row: int | None
    record_no: int | None
    column: str | None
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AcrossRule:
    """A rule's SQL and the entities it reads."""

    rule_id: str
    name: str
    sql: str

    @cached_property
    def is_over_time(self) -> bool:
        """Whether it reads what was accepted before, so that files must be judged in their order."""
        return _OVER_TIME.search(self.sql) is not None

    @cached_property
    def is_comparison(self) -> bool:
        """Whether it compares with the partner's last accepted file."""
        return any(re.search(rf"\blast_{name}\b", self.sql) for name in ENTITIES)

    @cached_property
    def reads(self) -> set[str]:
        """Entities of the file in hand that it reads."""
        return {name for name in ENTITIES if re.search(rf"(?:from|join)\s+{name}\b", self.sql)}


@cache
def across_rules(folder: Path = FOLDER) -> tuple[AcrossRule, ...]:
    """Every rule of the folder, by name."""
    paths = sorted(folder.glob("*.sql"))
    return tuple(AcrossRule(p.name.split("_")[0], p.stem, p.read_text("utf-8")) for p in paths)


@cache
def _reference_tables() -> dict[str, pa.Table]:
    """Reference data as the rules read it, by name."""
    with duckdb.connect(":memory:") as con:
        return {
            name: con.execute(f"from read_csv('{REFERENCE / f'{name}.csv'}', header = true)").to_arrow_table()
            for name in ("count_codes", "programmes", "areas", "benchmark_figures")
        }


@cache
def _remembered(prefix: str) -> tuple[str, ...]:
    """Entities of which some rule reads `<prefix>_<entity>`."""
    found = {name for rule in across_rules() for name in re.findall(rf"\b{prefix}_(\w+)", rule.sql)}
    return tuple(sorted(found & set(ENTITIES)))


class Across:
    """The tables that the rules read, in one DuckDB connection; use as a context manager."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], others: Mapping[str, pd.DataFrame]) -> None:
        self._con = duckdb.connect(":memory:", config={"threads": 1})
        self._filled = {name for name, frame in frames.items() if len(frame)}
        self._ids = {name: set(frame["submission_id"].unique()) for name, frame in frames.items()}
        for name in ENTITIES:
            self.tell(name, frames.get(name))
        for name, frame in others.items():
            self._con.register(f"all_{name}", pa.Table.from_pandas(frame, preserve_index=False))
        self._has_earlier = False
        self._views: dict[tuple[str, str], str] = {}
        for name, table in _reference_tables().items():
            self._con.register(name, table)
        for name in (*ENTITIES, *others):
            self._con.execute(
                f"create view {name} as select * from all_{name} "  # noqa: S608
                "where coalesce(submission_id = getvariable('looked_at'), true)"
            )
        self.look_at(None)

    def __enter__(self) -> Across:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def tell(self, name: str, frame: pd.DataFrame | None) -> None:
        """Give the rules the records of an entity, in place of what they were given before."""
        extra = {"record_no": pa.int64()} | _EXTRA.get(name, {})
        self._con.register(f"all_{name}", to_arrow(frame, name, extra))

    def look_at(self, submission_id: str | None) -> None:
        """Let the rules see one submission, or all of them."""
        self._looked_at = submission_id
        self._con.execute("set variable looked_at = ?::varchar", [submission_id])

    def remember(self, prefix: str, files: Mapping[str, list[Path]]) -> None:
        """Make `<prefix>_<entity>` of accepted Parquet files, empty where there are none."""
        if prefix == "last":
            self._has_earlier = any(files.values())
        for name in _remembered(prefix):
            view = _accepted(name, files.get(name, []))
            if self._views.get((prefix, name)) != view:
                self._con.execute(f"create or replace view {prefix}_{name} as {view}")
                self._views[prefix, name] = view

    def run(self, over_time: bool) -> list[Hit]:
        """Run the rules that look at one moment, or those that look back; raises `CheckCrashedError`."""
        hits: list[Hit] = []
        for rule in across_rules():
            if rule.is_over_time == over_time and self._has(rule.reads) and self._has_last(rule):
                hits += self._run(rule)
        return hits

    def _has(self, entities: Iterable[str]) -> bool:
        looked_at = self._looked_at
        return any(e in self._filled and (not looked_at or looked_at in self._ids[e]) for e in entities)

    def _has_last(self, rule: AcrossRule) -> bool:
        """A rule that compares with the last file says nothing of a first one."""
        return not rule.is_comparison or self._has_earlier

    def _run(self, rule: AcrossRule) -> list[Hit]:
        try:
            found = self._con.execute(rule.sql)
            names = [column[0] for column in found.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.Error as error:
            raise CheckCrashedError(rule.name) from error
        return [_hit(rule.rule_id, row) for row in rows]


def _hit(rule_id: str, row: dict[str, object]) -> Hit:
    number, record = row["source_row"], row["record_no"]
    return Hit(
        rule_id=rule_id,
        submission_id=str(row["submission_id"]),
        entity=str(row["entity"]),
        sheet=None if row["source_sheet"] is None else str(row["source_sheet"]),
        row=None if number is None else int(str(number)),
        record_no=None if record is None else int(str(record)),
        column=None if row.get("column_name") is None else str(row["column_name"]),
        details=tuple((name, str(value)) for name, value in row.items() if name not in _PLACE),
    )


def _accepted(entity: str, paths: list[Path]) -> str:
    if paths:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        return f"select * from read_parquet([{listed}])"  # noqa: S608
    columns = ", ".join(f"cast(null as {c.data_type}) as {c.name}" for c in ENTITIES[entity].columns)
    return f"select {columns} where false"
