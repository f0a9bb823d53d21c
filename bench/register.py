"""Accepted Parquet of a made-up register of any size: `python -m bench.register PEOPLE FOLDER [TARGET]`.

The folder becomes like a home after its returns were taken in: `accepted/`, and `warehouse.duckdb` with what
the hand-off gives dbt. The three districts that send records are in it; Sheffield sends counts.

`register_sql/_tables.sql` invents people and what happens to them; each other query there says one entity:
the entity's own columns by name (those not named are empty), `i` (whose), `source_row`, and `said_on` (the
day that decides which of Doncaster's monthly files says it).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.control.ledger import LedgerRow
from orchestration.control.store import AcceptedFile
from orchestration.intake.contract import load_contracts
from orchestration.intake.entities import ENTITIES
from orchestration.intake.handoff import create_warehouse
from orchestration.settings import Settings

AS_AT = date(2026, 3, 2)
FIRST_DAYS = [date(2025, month, 1) for month in range(4, 13)] + [date(2026, month, 1) for month in (1, 2)]
REGISTERS = ("rotherham_eit", "barnsley_eit")
MONTHLY = "doncaster_eit"
QUERIES = Path(__file__).with_name("register_sql")


@dataclass(frozen=True)
class File:
    """One received file: a whole register, or one month of Doncaster's events."""

    return_id: str
    month: date | None = None

    @property
    def submission_id(self) -> str:
        """As the door gives it: a SHA-256."""
        return hashlib.sha256(f"{self.return_id} {self.month}".encode()).hexdigest()

    @property
    def name(self) -> str:
        """Name of its accepted Parquet in the folder of an entity."""
        suffix = f"-{self.month}" if self.month else ""
        return f"{self.return_id}/{self.submission_id[:12]}{suffix}.parquet"


FILES = [File(return_id) for return_id in REGISTERS] + [File(MONTHLY, month) for month in FIRST_DAYS]


def make_register(people: int, home: Path, target: str = "duckdb") -> None:
    """Write the accepted Parquet, the person links and the warehouse of a register of so many people."""
    home.mkdir(parents=True, exist_ok=True)
    scratch = home / "scratch.duckdb"
    with duckdb.connect(str(scratch)) as con:
        con.execute("set preserve_insertion_order = false; set memory_limit = '4GB'")
        con.execute(_query("_tables", people))
        entities = sorted(path.stem for path in QUERIES.glob("[a-z]*.sql"))
        files = [file for entity in entities for file in _write_entity(con, entity, people, home)]
        links = home / "accepted" / "person_links.parquet"
        con.execute(
            "copy (select md5(cast(i as varchar)) as record_key, md5('person' || twin) as person_key, "
            f"case when i = twin then 'own' else 'nino' end as link_rule from participant) to '{links}'"
        )
    scratch.unlink()
    contracts = {k: v for k, v in load_contracts().items() if k in (*REGISTERS, MONTHLY)}
    settings = Settings(home=home, as_at=AS_AT, is_synthetic=True, target=target)
    create_warehouse(home / "warehouse.duckdb", files, links, _ledger(), contracts, settings)


def _query(name: str, people: int) -> str:
    return (QUERIES / f"{name}.sql").read_text("utf-8").replace("$people", str(people))


def _write_entity(
    con: duckdb.DuckDBPyConnection, entity: str, people: int, home: Path
) -> Iterator[AcceptedFile]:
    con.execute(f"create or replace temp table said as {_query(entity, people)}")
    said = {row[0] for row in con.execute("describe said").fetchall()}
    for file in FILES:
        path = home / "accepted" / entity / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = ", ".join(_column(c.name, c.data_type, file, said) for c in ENTITIES[entity].columns)
        where = f"return_id = '{file.return_id}'"
        if file.month:
            where += f" and said_on between '{file.month}' and '{_last_day(file.month)}'"
        written = con.execute(f"copy (select {columns} from said where {where}) to '{path}'").fetchone()
        rows = int(written[0]) if written else 0
        if rows:
            yield AcceptedFile(
                file.return_id, file.submission_id, entity, str(path.relative_to(home)), rows, ""
            )
        else:
            path.unlink()


def _column(name: str, data_type: str, file: File, said: set[str]) -> str:
    made = {
        "submission_id": f"'{file.submission_id}'",
        "source_sheet": "'register'",
        "record_key": "md5(cast(i as varchar))",
    }
    value = made.get(name) or (name if name in said else "null")
    return f"cast({value} as {data_type}) as {name}"


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _ledger() -> list[LedgerRow]:
    """Everything came in time, so that no figure is an interval."""
    return [
        LedgerRow(file.return_id, month, _last_day(month), AS_AT, "in", "current", file.submission_id)
        for file in FILES
        for month in ([file.month] if file.month else FIRST_DAYS)
    ]


if __name__ == "__main__":
    make_register(int(sys.argv[1]), Path(sys.argv[2]).resolve(), *sys.argv[3:])
