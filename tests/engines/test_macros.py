"""What engines say in their own way says the same: a small project of nothing but that, on both."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.control.store import AcceptedFile
from orchestration.intake.entities import ENTITIES
from orchestration.intake.handoff import create_warehouse
from orchestration.intake.spark import build_area, take_from_spark
from orchestration.settings import DBT_PROJECT, QUIET, Settings
from tests.engines.test_spark import small_profile

pytestmark = pytest.mark.engines

DBT = Path(sys.executable).with_name("dbt")
TYPES = {
    "word": "varchar",
    "place": "varchar",
    "amount": "decimal(18,2)",
    "day": "date",
    "is_sure": "boolean",
}
AWKWARD = [
    ("b", "King's Lynn", Decimal("12.50"), date(2026, 3, 1), True),
    ("a", 'a "quoted", \\ one', None, None, False),
    ("b", "Ynys Môn\nsecond line", Decimal("-0.01"), date(2024, 2, 29), None),
]
SEED = """word,place,amount,day,is_sure
b,King's Lynn,12.50,2026-03-01,true
a,"a ""quoted"", \\ one",,,false
b,"Ynys Môn
second line",-0.01,2024-02-29,
"""
MODELS = {
    "listed": "select {{ listed('word') }} as words from {{ ref('awkward') }}",
    "numbered": "select word, {{ any_number('word') }} as number from {{ ref('awkward') }} group by word",
    "labelled": "select {{ quarter_label('day') }} as label from {{ ref('awkward') }}",
    "sources": "select (select count(*) from {{ source('control', 'person_links') }}) as links, "
    "(select count(*) from {{ source('accepted', 'starts') }}) as starts",
}
DESCRIBED = {
    "seeds": [{"name": name, "config": {"column_types": TYPES}} for name in ("awkward", "nothing")],
    "sources": [
        {
            "name": name,
            "schema": "{{ (target.schema ~ '_' if target.type == 'spark' else '') ~ '" + name + "' }}",
            "tables": [{"name": table}],
        }
        for name, table in {"control": "person_links", "accepted": "starts"}.items()
    ],
    "models": [
        {
            "name": "labelled",
            "config": {"contract": {"enforced": True}},
            "columns": [{"name": "label", "data_type": "varchar"}],
        }
    ],
}


def _project(folder: Path) -> Path:
    """A dbt project with the macros of ours and models of its own."""
    whole = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text("utf-8"))
    kept = {name: whole[name] for name in ("name", "version", "config-version", "profile", "on-run-start")}
    layer = {"+schema": "metrics"}
    layers = {"models": {"pathways": layer | {"+materialized": "table"}}, "seeds": {"pathways": layer}}
    for room in ("models", "seeds"):
        (folder / room).mkdir()
    shutil.copytree(DBT_PROJECT / "macros", folder / "macros")
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(kept | layers), "utf-8")
    (folder / "seeds" / "awkward.csv").write_text(SEED, "utf-8")
    (folder / "seeds" / "nothing.csv").write_text(SEED.partition("\n")[0], "utf-8")
    (folder / "models" / "described.yml").write_text(yaml.safe_dump(DESCRIBED), "utf-8")
    for name, query in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(query, "utf-8")
    (folder / "profiles.yml").write_text(small_profile(), "utf-8")
    return folder


def _handed_off(settings: Settings) -> Path:
    """The warehouse of a build of a person link and two accepted starts, each of another return."""
    links, warehouse = settings.home / "links.parquet", settings.builds / "run" / "warehouse.duckdb"
    duckdb.execute(f"copy (select '' as record_key, '' as person_key, '' as link_rule) to '{links}'")
    empty = ", ".join(f"cast(null as {c.data_type}) as {c.name}" for c in ENTITIES["starts"].columns)
    files = [AcceptedFile(name, name, "starts", f"accepted/starts/{name}/a.parquet", 1, "") for name in "xy"]
    for path in [settings.home / file.path for file in files]:
        path.parent.mkdir(parents=True)
        duckdb.execute(f"copy (select {empty}) to '{path}'")
    create_warehouse(warehouse, files, links, [], {}, settings)
    return warehouse


@pytest.fixture(scope="module", params=["duckdb", "spark", "spark elsewhere"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse that an engine built of the small project; elsewhere, Spark does not see the home."""
    folder, (engine, *elsewhere) = tmp_path_factory.mktemp("home"), request.param.split()
    area = f"file://{folder}/area" if elsewhere else ""
    settings = Settings(folder, date(2026, 3, 2), target=engine, spark_area=area)
    warehouse = _handed_off(settings)
    (folder / "project").mkdir()
    project = str(_project(folder / "project"))
    area = build_area(settings, warehouse)
    places = {"PATHWAYS_WAREHOUSE": str(warehouse)} | ({"PATHWAYS_SPARK": area} if area else {})
    command = [DBT, "build", "--quiet", "--project-dir", project, "--profiles-dir", project]
    environment = os.environ | QUIET | places
    done = subprocess.run([*command, "--target", engine], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    if engine == "spark":
        take_from_spark(warehouse, area)
    assert not list(folder.glob("area/*")), "nothing is left there"
    return warehouse


def _rows(warehouse: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def test_reference_data_is_what_its_file_says(built: Path) -> None:
    assert sorted(_rows(built, "select * from metrics.awkward"), key=str) == sorted(AWKWARD, key=str)
    types = [row[:2] for row in _rows(built, "describe metrics.awkward")]
    assert types == [(name, kind.upper()) for name, kind in TYPES.items()]


def test_reference_data_may_be_empty(built: Path) -> None:
    assert _rows(built, "select count(*) from metrics.nothing") == [(0,)]


def test_what_is_listed_is_different_and_in_order(built: Path) -> None:
    assert _rows(built, "select words from metrics.listed") == [("a, b",)]


def test_any_number_is_another_for_each_row(built: Path) -> None:
    assert sorted(_rows(built, "select number from metrics.numbered")) == [(1,), (2,)]


def test_text_needs_no_length_in_a_contract(built: Path) -> None:
    labels = _rows(built, "select label from metrics.labelled order by label nulls first")
    assert labels[-2:] == [("2024-Q1",), ("2026-Q1",)]
    assert [row[:2] for row in _rows(built, "describe metrics.labelled")] == [("label", "VARCHAR")]


def test_what_the_handoff_leaves_is_a_source(built: Path) -> None:
    assert _rows(built, "select links, starts from metrics.sources") == [(1, 2)]
