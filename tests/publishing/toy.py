"""A toy build: the few tables that publishing reads, and what dbt would have left beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.control.records import AcceptedFile, Submission
from orchestration.control.store import Store
from orchestration.publishing.gate import read_figures
from orchestration.publishing.inspection import Build
from orchestration.publishing.parts import with_parts
from orchestration.settings import REFERENCE as SEEDS
from orchestration.settings import Settings
from tests.publishing.toy_tables import (
    AREAS,
    COLUMNS,
    DEFINITIONS,
    FIGURE_COLUMNS,
    FIGURES,
    OVERLAP,
    PROGRAMMES,
    REFERENCE,
    SEEDED,
    TOGETHER,
    YEAR,
)

FIRST, SECOND = "2026-03-02-01234567", "2026-03-02-fedcba98"
"""The release of an untouched toy, and of its second build."""


def _marks(rows: list[tuple[object, ...]]) -> str:
    return ", ".join("?" for _ in rows[0])


def cell(metric_id: str = "M04", value: float | None = 0, **given: object) -> dict[str, object]:
    """One row of `metrics.metric_values`; a plain count of people unless told otherwise."""
    row: dict[str, object] = dict.fromkeys(COLUMNS)
    row |= {
        "metric_id": metric_id, "unit": "participations", "programme_id": "P08", "area_code": "E08000018",
        "area_vintage": "2024", "breakdown_type": "all", "breakdown_value": "all", "cohort_quarter": "all",
        "period_start": YEAR[0], "period_end": YEAR[1], "numerator": value, "value": value,
        "is_numerator_personal": True, "is_denominator_personal": False, "is_published_figure": False,
        "returns_expected": 2, "returns_current": 2, "returns_carried": 0, "source_grain": "record",
        "figure_origin": "computed", "audience": "public", "caveat": "Snapshot. Gross.", "maturity": "final",
    }  # fmt: skip
    return row | given


def rate(metric_id: str, numerator: float, denominator: float, **given: object) -> dict[str, object]:
    """A rate of people as dbt computes it."""
    value = round(numerator / denominator + 1e-12, 6) if denominator else None
    parts = {
        "numerator": numerator,
        "denominator": denominator,
        "unit": "rate",
        "is_denominator_personal": True,
    }
    return cell(metric_id, value, **(parts | given))


def toy_cells() -> list[dict[str, object]]:
    """Rotherham's year to date as published, two districts of a region, a budget and a steward's figure."""
    barnsley = {"programme_id": "P07b", "area_code": "E08000038", "area_vintage": "2025"}
    region = {"programme_id": "P07", "area_code": "E47000002"}
    budget = {"unit": "gbp", "is_numerator_personal": False}
    return [
        cell("M01", 575, unit="referrals"),
        cell("M02", 560, unit="people"),
        cell("M04", 307),
        rate("M06", 307, 575),
        cell("M08", 7, unit="jobs"),
        rate("M12", 7, 307),
        cell("M09", 88, unit="jobs", audience="steward"),
        cell("M04", 123, **barnsley),
        cell("M04", 430, **region),
        cell("M34", 0.307, numerator=307, denominator=1000, unit="share", period_end="2026-03-31",
             breakdown_type="target", breakdown_value="engaged"),
        cell("M33", 300, **budget),
        cell("M33", 100.5, breakdown_type="theme", breakdown_value="system", **budget),
        cell("M33", 199.5, breakdown_type="theme", breakdown_value="employer", **budget),
    ]  # fmt: skip


def as_cells(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as `read_candidate` gives them, without a database."""
    parts = {m: (n or "", d or "", least) for m, _, _, _, n, d, least, _ in DEFINITIONS}
    cells = pd.DataFrame(rows)
    for column, kind in COLUMNS.items():
        if kind in ("varchar", "date"):
            cells[column] = cells[column].fillna("").astype("str")
        elif kind != "boolean":
            cells[column] = pd.to_numeric(cells[column]).astype("float64")
    for i, column in enumerate(("numerator_metric_id", "denominator_metric_id")):
        cells[column] = [parts.get(m, ("", "", None))[i] for m in cells["metric_id"]]
    cells["minimum_denominator"] = pd.Series(
        [parts.get(m, ("", "", None))[2] for m in cells["metric_id"]], dtype="float64"
    )
    named = cells.assign(metric_name="x", metric_version="1", area_name="x")
    return with_parts(named, seed("figure_relations"))


def seed(name: str) -> pd.DataFrame:
    """Reference data as `read_candidate` gives it."""
    return pd.read_csv(SEEDS / f"{name}.csv", dtype="str", keep_default_na=False)


def as_figures(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Listed figures as `read_candidate` gives them."""
    figures = pd.DataFrame(rows, columns=FIGURE_COLUMNS)
    return figures.astype(dict.fromkeys(set(FIGURE_COLUMNS) - {"value", "printed_decimals"}, "str")).astype(
        {"value": "float64", "printed_decimals": "float64"}
    )


@dataclass
class Toy:
    """A home with one build in it; change `cells`, `ledger` or `dbt`, then `write` it."""

    settings: Settings
    store: Store
    build_id: str = "run1"
    build_key: str = "0123456789abcdef"
    cells: list[dict[str, object]] = field(default_factory=toy_cells)
    ledger: list[tuple[str, ...]] = field(
        default_factory=lambda: [("one", "in", "current"), ("two", "late", "carried_forward")]
    )
    dbt: dict[str, str] = field(
        default_factory=lambda: {
            "model.p.starts": "success",
            "test.p.starts_unique": "pass",
            "unit_test.p.reentry": "pass",
        }
    )
    unit_values: list[tuple[str, bool | None]] = field(default_factory=lambda: [("rrr_groups_1", True)])

    def passed(self) -> Toy:
        """Written, and judged without running the checks."""
        build = Build(self.write().settings, self.store, self.build_id)
        self.store.set_verdict(self.build_id, "pass", read_figures(build)[0])
        return self

    @property
    def folder(self) -> Path:
        return self.settings.builds / self.build_id

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def again(self, build_id: str, build_key: str) -> Toy:
        """Another build of the same home."""
        return Toy(self.settings, self.store, build_id, build_key)

    def write(self) -> Toy:
        (self.folder / "target").mkdir(parents=True, exist_ok=True)
        self.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(self.warehouse)) as con:
            for schema in ("metrics", "reference", "control", "harmonised"):
                con.execute(f"create schema {schema}")
            self._metrics(con)
            self._reference(con)
        self._artefacts()
        if self.build_id not in {b.build_id for b in self.store.builds()}:
            self.store.open_build(self.build_id, self.build_key, self.settings.as_at)
        return self

    def _metrics(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute(
            "create table metrics.metric_values (" + ", ".join(f"{n} {t}" for n, t in COLUMNS.items()) + ")"
        )
        marks = ", ".join("?" for _ in COLUMNS)
        for row in self.cells:
            con.execute(f"insert into metrics.metric_values values ({marks})", [row[c] for c in COLUMNS])
        con.execute("create table metrics.reference_findings (finding_id varchar, message varchar)")
        con.execute(
            "insert into metrics.reference_findings values ('FX09', 'parts add to 700 less than the total')"
        )

    def _reference(self, con: duckdb.DuckDBPyConnection) -> None:
        for name, columns in (REFERENCE | TOGETHER).items():
            con.execute(f"create table {name} ({columns})")
        con.execute(
            "insert into metrics.flows (metric_id, programme_id, breakdown_type, shared_claims) "
            "values ('M09', 'P07b', 'all', 4)"
        )
        con.executemany(f"insert into metrics.people_overlap values ({_marks(OVERLAP)})", OVERLAP)
        con.executemany(
            f"insert into reference.metric_definitions values ({_marks(DEFINITIONS)})", DEFINITIONS
        )
        for column in ("formula", "numerator", "denominator", "unit", "grain", "caveat", "source"):
            con.execute(f"alter table reference.metric_definitions add column {column} varchar default 'x'")
        con.executemany(f"insert into reference.published_figures values ({_marks(FIGURES)})", FIGURES)
        con.executemany(f"insert into reference.areas values ({_marks(AREAS)})", AREAS)
        con.executemany(f"insert into reference.programmes values ({_marks(PROGRAMMES)})", PROGRAMMES)
        con.executemany(
            "insert into reference.unit_values values (?, ?, 'P06', 'unique_attendees', 'groups')",
            self.unit_values,
        )
        for name in SEEDED:
            con.execute(
                f"create table reference.{name} as from read_csv('{SEEDS}/{name}.csv', all_varchar = true)"
            )
        for return_id, receipt, used in self.ledger:
            row = [return_id, *YEAR, "2026-03-01", receipt, used, "abc"]
            con.execute("insert into control.ledger values (?, ?, ?, ?, ?, ?, ?)", row)

    def _artefacts(self) -> None:
        nodes = {
            u: {
                "unique_id": u,
                "name": u.rpartition(".")[2],
                "resource_type": u.partition(".")[0],
                "config": {},
            }
            for u in self.dbt
        }
        manifest = {
            "nodes": {u: n for u, n in nodes.items() if n["resource_type"] != "unit_test"},
            "unit_tests": {u: n for u, n in nodes.items() if n["resource_type"] == "unit_test"},
        }
        results = [{"unique_id": u, "status": s} for u, s in self.dbt.items() if s != "absent"]
        run = {"metadata": {"dbt_version": "1.11.16"}, "results": results}
        (self.folder / "target" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        (self.folder / "target" / "run_results.json").write_text(json.dumps(run), "utf-8")


def record(store: Store, return_id: str, submission_id: str, status: str) -> None:
    """A submission as the door would have recorded it."""
    received = Submission(return_id, submission_id, "starts.csv", date(2026, 3, 1), status, "register")  # type: ignore[arg-type]
    period = (date(2025, 4, 1), date(2026, 2, 28))
    file = AcceptedFile(
        return_id, submission_id, "starts", f"accepted/starts/{return_id}.parquet", 3, "f" * 64
    )
    store.record(received, [period], [], [file] if status == "accepted" else [])
