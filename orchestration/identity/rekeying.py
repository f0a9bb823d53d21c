"""Other keys for the same records, wherever record keys lie outside the vault: accepted Parquet and links.

Done twice is done once: a key that is not in the mapping stays. So what was interrupted is finished by
doing it again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.identity.files import write_whole
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store


def rekey_accepted(settings: Settings, store: Store, keys: Mapping[str, str]) -> list[str]:
    """Exchange record keys in every accepted file; gives the submissions touched.

    Rows, order, types and notes stay. Earlier versions of the links go: they would tell old from new.
    """
    for path in (settings.accepted / "person_links").glob("*.parquet"):
        path.unlink()
    touched = set()
    for path in sorted(settings.accepted.rglob("*.parquet")):
        content = _rekeyed(path, keys)
        if content is not None:
            write_whole(path, content)
            name = path.relative_to(settings.home).as_posix()
            touched.update(store.rewritten(name, hashlib.sha256(content).hexdigest()))
    return sorted(touched)


def rows_of(settings: Settings, keys: set[str]) -> dict[str, list[dict[str, object]]]:
    """All accepted rows with one of the record keys, by path."""
    found = {}
    for path in sorted(settings.accepted.rglob("*.parquet")):
        if "record_key" in pq.read_schema(path).names and "person_links" not in path.parts:
            rows = pq.read_table(path, filters=[("record_key", "in", keys)]).to_pylist()
            if rows:
                found[path.relative_to(settings.accepted).as_posix()] = rows
    return found


def _rekeyed(path: Path, keys: Mapping[str, str]) -> bytes | None:
    """The file with other keys; None where it holds none of them."""
    table = pq.read_table(path)
    if "record_key" not in table.column_names:
        return None
    before = table["record_key"].to_pylist()
    after = [keys.get(key, key) for key in before]
    if after == before:
        return None
    place = table.column_names.index("record_key")
    table = table.set_column(place, table.schema.field(place), pa.array(after, pa.string()))
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def rekey_builds(settings: Settings, keys: Mapping[str, str]) -> None:
    """Exchange record and person keys in every build, each written anew so that no old page stays."""
    for path in sorted(settings.builds.glob("*/warehouse.duckdb")):
        if path.parent.is_symlink():
            continue
        fresh = path.with_name("rekeyed.duckdb")
        fresh.unlink(missing_ok=True)
        with duckdb.connect() as con:
            con.execute(f"attach '{_quoted(path)}' as build; attach '{_quoted(fresh)}' as fresh")
            _update_keys(con, keys)
            con.execute("copy from database build to fresh")
        fresh.replace(path)


def _update_keys(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> None:
    con.execute("create table keys (old varchar, new varchar)")
    con.executemany("insert into keys values (?, ?)", list(keys.items()))
    places = con.execute(
        """
        select schema_name, table_name, column_name
        from duckdb_columns() inner join duckdb_tables() using (database_name, schema_name, table_name)
        where database_name = 'build' and column_name in ('record_key', 'person_key')
        """
    ).fetchall()
    for schema, table, column in places:
        con.execute(
            f'update build."{schema}"."{table}" as t set {column} = keys.new from keys'  # noqa: S608
            f" where t.{column} = keys.old"
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
