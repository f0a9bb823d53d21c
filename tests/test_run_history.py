from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from orchestration.run_history import kept_open

FULL, NORMAL = 2, 1


def _write(path: Path) -> int:
    """Write a row as Dagster does, in a connection of its own; how far SQLite waited for the disk."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.begin() as con:
        con.execute(text("pragma journal_mode = wal"))
        con.execute(text("create table if not exists seen (n int)"))
        con.execute(text("insert into seen values (1)"))
        return con.execute(text("pragma synchronous")).scalar_one()


def _rows(path: Path) -> int:
    with create_engine(f"sqlite:///{path}").connect() as con:
        return con.execute(text("select count(*) from seen")).scalar_one()


def test_files_of_the_folder_stay_open_until_the_run_ends_whatever_ends_it(tmp_path: Path) -> None:
    (tmp_path / "dagster").mkdir()
    history, control = tmp_path / "dagster" / "runs.db", tmp_path / "control.db"
    log = history.with_name("runs.db-wal")

    def run() -> None:
        with kept_open(tmp_path / "dagster"):
            assert _write(history) == _write(history) == NORMAL
            assert log.exists()
            assert _write(control) == FULL
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert not log.exists()
    assert _write(history) == FULL
    assert _rows(history) == 3
