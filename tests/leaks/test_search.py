"""The searcher itself: it finds a person however the file is packed, and nobody where nobody is."""

import gzip
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leaks.search import in_text, leaks

SURNAME, NINO, POSTCODE, BORN = "Samplecanary", "QQ314159A", "ZZ1 0AA", date(1990, 5, 17)
MARKS = frozenset({SURNAME.lower().encode(), NINO.lower().encode(), BORN.isoformat().encode()})
TEXT = f"who: {SURNAME} of {POSTCODE}, {NINO}\n"


def _parquet(path: Path) -> None:
    pq.write_table(pa.table({"note": [SURNAME, None]}), path)


def _typed(path: Path) -> None:
    pq.write_table(pa.table({"start_date": [BORN]}), path)


def _duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema metrics")
        connection.execute("create table metrics.names as select ? as who from range(5000)", [SURNAME])


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table event_logs (event text)")
        connection.execute("insert into event_logs values (?)", (TEXT,))


def _workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", TEXT * 50)


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("landing/there/left.csv", lambda path: path.write_text(TEXT)),
        ("dagster/storage/step/stderr.log", lambda path: path.write_text(TEXT)),
        ("accepted/participants/there/file.parquet", _parquet),
        ("accepted/starts/there/file.parquet", _typed),
        ("builds/run/warehouse.duckdb", _duckdb),
        ("control.db", _sqlite),
        ("releases/one/tables.xlsx", _workbook),
        (
            "builds/run/target/run_results.json.gz",
            lambda path: path.write_bytes(gzip.compress(TEXT.encode())),
        ),
        ("dagster/history/run.log", lambda path: path.write_text("born 17/05/1990, came 01/02/2026")),
        ("tmp/left.partial", lambda path: path.write_bytes(POSTCODE.encode())),
    ],
)
def test_a_planted_person_is_found(tmp_path: Path, name: str, plant: Callable[[Path], object]) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    plant(path)
    assert [found.split(":")[0] for found in leaks(tmp_path, MARKS)] == [name]


def test_nobody_is_found_where_nobody_is(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "keys.json").write_text(TEXT)
    (tmp_path / "log.txt").write_text("Sampleother of ZZ99 9ZZ, row 7, column Surname")
    assert leaks(tmp_path, MARKS) == []


def test_a_terminal_is_searched_too() -> None:
    assert in_text(f"Traceback: {NINO}", MARKS) == {NINO}
    assert in_text("Something unforeseen went wrong (ValueError in door.py, line 7).", MARKS) == set()
