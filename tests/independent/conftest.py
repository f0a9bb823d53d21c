"""Worlds run through the models, and the figures of both sides."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pandas as pd
from dbt.cli.main import dbtRunner

from orchestration.settings import DBT_PROJECT, QUIET
from tests.dbt.conftest import make_empty_warehouse
from tests.independent.world import AS_AT
from tests.independent.worlds import make_worlds

NAMED = {
    "programmes": ("programme_id", "parent_programme_id"),
    "unit_values": ("programme_id", "unit_value_id"),
    "value_assumptions": ("programme_id", "assumption_id"),
}


def dbt(command: str, folder: Path) -> None:
    """Run dbt over the warehouse of a folder."""
    before = dict(os.environ)
    os.environ.update(QUIET | {"PATHWAYS_WAREHOUSE": str(folder / "warehouse.duckdb")})
    arguments = ["--quiet", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    try:
        ran = dbtRunner().invoke(
            [command, *arguments, "--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
        )
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert ran.success, ran.exception or str(ran.result)


def run_models(folder: Path, seed: int, number: int, people: int = 130) -> Path:
    """A warehouse in which the models ran over so many worlds; its path."""
    path = folder / "warehouse.duckdb"
    make_empty_warehouse(path)
    dbt("seed", folder)
    with duckdb.connect(str(path)) as con:
        con.execute("insert into control.build values (?, true)", [AS_AT])
        for n in range(number):
            for table, named in NAMED.items():
                other = ", ".join(f"$n || {column} as {column}" for column in named)
                con.execute(
                    f"insert into reference.{table} by name select * replace ({other}) "
                    f"from reference.{table} where not contains(programme_id, ':')",
                    {"n": f"w{n}:"},
                )
        for table, rows in make_worlds(seed, number, people).items():
            con.register("made", pd.DataFrame(rows))
            schema = "control" if table in ("returns", "ledger", "person_links") else "accepted"
            con.execute(f"insert into {schema}.{table} by name select * from made")
    dbt("run", folder)
    return path
