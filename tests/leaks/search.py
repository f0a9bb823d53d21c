"""Looks for people in everything that lies outside a vault: bytes as they are, and what they decode to."""

from __future__ import annotations

import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.settings import REFERENCE

WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]{5,}")
POSTCODE = re.compile(rb"\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b", re.IGNORECASE)
BIRTH = re.compile(rb"\b(?:(\d\d)[/.-](\d\d)[/.-](\d{4})|(\d{4}-\d\d-\d\d))")
IDENTIFIERS = ("surname", "full_name", "nino", "uln", "partner_ref")
POSTCODES = frozenset(
    line.split(",")[0].encode()
    for line in (REFERENCE / "postcode_lookup.csv").read_text("utf-8").splitlines()[1:]
)
CROWD = 30  # a word that so many share singles out nobody
REPORTED = 3
FIRST_BORN, LAST_BORN = "1970-01-02", "2000-01-01"
"""Births between the first day of computers' clocks and the first that other dates could be."""


def marks_of(vault: Path) -> frozenset[bytes]:
    """Words that single people out: surnames, numbers, references and births of a vault, in small letters."""
    connection = sqlite3.connect(vault / "vault.db")
    rows = connection.execute(f"select {', '.join(IDENTIFIERS)} from records").fetchall()
    births = connection.execute("select distinct date_of_birth from records where date_of_birth <> ''")
    born = {day.encode() for (day,) in births if FIRST_BORN <= day < LAST_BORN}
    connection.close()
    held = Counter(
        word for row in rows for word in set(WORD.findall(" ".join(map(str, row)).lower().encode()))
    )
    singles = (word for word, records in held.items() if records < CROWD)
    named = (word for word in singles if word.startswith(b"sample") or re.search(rb"\d", word))
    return frozenset(named) | born


def leaks(folder: Path, marks: frozenset[bytes]) -> list[str]:
    """Path and first words of every file below `folder`, but for vaults, that holds a mark or a postcode."""
    found = []
    outside = (path for path in folder.rglob("*") if "vault" not in path.relative_to(folder).parts)
    for path in sorted(path for path in outside if path.is_file()):
        words = {word for content in contents(path) for word in _told(content, marks)}
        if words:
            found.append(f"{path.relative_to(folder)}: {sorted(words)[:REPORTED]}")
    return found


def in_text(text: str, marks: frozenset[bytes]) -> set[str]:
    """Marks and postcodes in what a terminal showed."""
    return _told(text.encode(), marks)


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and what they decode to where they are Parquet, DuckDB, a zip or compressed."""
    raw = path.read_bytes()
    yield raw
    if raw[:4] == b"PAR1":
        yield from _values(pq.read_table(path))
    elif raw[8:12] == b"DUCK":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield from _values(connection.table(f'"{schema}"."{table}"').to_arrow_table())
    elif raw[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif raw[:2] == b"\x1f\x8b":
        yield zlib.decompress(raw, wbits=31)


def _values(table: pa.Table) -> Iterator[bytes]:
    for column in table.columns:
        yield "\n".join(str(value) for value in column.unique().to_pylist() if value is not None).encode()


def _told(content: bytes, marks: frozenset[bytes]) -> set[str]:
    words = {word for word in set(WORD.findall(content)) if word.lower() in marks}
    postcodes = {code for code in set(POSTCODE.findall(content)) if code.upper() in POSTCODES}
    days = {iso or b"-".join((y, m, d)) for d, m, y, iso in set(BIRTH.findall(content))}
    return {word.decode() for word in words | postcodes | (days & marks)}
