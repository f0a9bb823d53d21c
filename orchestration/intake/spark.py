"""What Spark reads of the hand-off, and how the build's database reads what Spark made.

All of it lies beside the database, in `warehouse.duckdb.spark`: a build is one folder on either engine, and
what comes after dbt asks the database and need not know who computed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.intake.entities import ENTITIES
from orchestration.intake.spark_area import fetch, send
from orchestration.settings import DBT_PROJECT, Settings, SettingsError

if TYPE_CHECKING:
    import duckdb

SOURCES = "sources.parquet"


def require_spark(settings: Settings) -> None:
    """Raise `SettingsError`, which says what to install, where this machine cannot drive Spark."""
    if not _is_installed("dbt.adapters.spark"):
        raise SettingsError("The target spark is not installed. Run: pip install -r requirements-spark.lock")
    is_within_dbt = settings.profiles == DBT_PROJECT
    if is_within_dbt and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise SettingsError("Spark needs Java 17. On Debian: apt-get install openjdk-17-jre-headless")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def spark_folder(warehouse: Path) -> Path:
    """Where Spark's tables of a build lie: `<layer>/<table>/*.parquet`."""
    return warehouse.with_name(warehouse.name + ".spark")


def build_area(settings: Settings, warehouse: Path) -> str:
    """URL of a build's own folder in the area that Spark sees; empty where it sees the home."""
    return settings.spark_area and f"{settings.spark_area.rstrip('/')}/{warehouse.parent.name}"


def hand_to_spark(
    con: duckdb.DuckDBPyConnection, warehouse: Path, accepted: Mapping[str, Sequence[str]], area: str = ""
) -> None:
    """Leave `sources.parquet` beside the warehouse (columns schema_name, table_name, query) for dbt.

    `accepted`: Parquet files in use of each entity, read where they are, or copied to the `area` that Spark
    sees; tables of `control` are copied.
    """
    folder, seen = spark_folder(warehouse), area or str(spark_folder(warehouse))
    (folder / "control").mkdir(parents=True)
    if area:
        accepted = {entity: _sent(paths, f"{area}/accepted/{entity}") for entity, paths in accepted.items()}
    views = [("accepted", entity, _accepted(entity, accepted[entity])) for entity in sorted(accepted)]
    for (table,) in con.execute(
        "select table_name from information_schema.tables where table_schema = 'control' order by all"
    ).fetchall():
        path = folder / "control" / f"{table}.parquet"
        con.execute(f"copy control.{table} to '{_quoted(path)}'")
        views.append(("control", table, f"select * from parquet.`{seen}/control/{path.name}`"))  # noqa: S608
    con.execute("create temp table sources (schema_name varchar, table_name varchar, query varchar)")
    con.executemany("insert into sources values (?, ?, ?)", views)
    con.execute(f"copy sources to '{_quoted(folder / SOURCES)}'")
    if area:
        for path in folder.rglob("*.parquet"):
            send(path, f"{area}/{path.relative_to(folder)}")


def _sent(paths: Sequence[str], to: str) -> list[str]:
    """A submission's file has the return's name before it."""
    return [send(Path(path), f"{to}/{Path(path).parent.name}/{Path(path).name}") for path in paths]


def _accepted(entity: str, paths: Sequence[str]) -> str:
    columns = ENTITIES[entity].columns
    if paths:
        folder = os.path.commonprefix(paths).rpartition("/")[0]  # noqa: RUF071 - paths or URLs alike
        files = ",".join(path.removeprefix(f"{folder}/") for path in paths)
        return f"select {', '.join(c.name for c in columns)} from parquet.`{folder}/{{{files}}}`"  # noqa: S608
    types = {c.name: "string" if c.data_type == "varchar" else c.data_type for c in columns}
    return f"select {', '.join(f'cast(null as {types[n]}) as {n}' for n in types)} where false"


def take_from_spark(warehouse: Path, area: str = "") -> None:
    """Make a view in the warehouse of every table that Spark has finished, here or in its `area`."""
    import duckdb

    if area:
        fetch(area, spark_folder(warehouse))
    with duckdb.connect(str(warehouse)) as con:
        for finished in sorted(spark_folder(warehouse).glob("*/*/_SUCCESS")):
            layer, table = finished.parent.parts[-2:]
            files = _quoted(finished.with_name("*.parquet"))
            con.execute(f"create schema if not exists {layer}")
            con.execute(f"create view {layer}.{table} as select * from read_parquet('{files}')")  # noqa: S608


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
