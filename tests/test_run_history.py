from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log

from orchestration.run_history import kept_open

FULL, NORMAL = 2, 1


def test_files_of_the_history_stay_open_until_the_run_ends_whatever_ends_it(tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path / 'index.db'}", tmp_path / "index.db-wal"

    def write() -> int:
        """Write a row as Dagster does, with an engine of its own; how far SQLite waited for the disk."""
        engine = sqlite_event_log.create_engine(url)
        with engine.begin() as con:
            con.exec_driver_sql("pragma journal_mode = wal")
            con.exec_driver_sql("create table if not exists seen (n int)")
            con.exec_driver_sql("insert into seen values (1)")
            waits = int(con.exec_driver_sql("pragma synchronous").scalar_one())
        engine.dispose()
        return waits

    def run() -> None:
        with kept_open():
            assert write() == write() == NORMAL
            assert log.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert not log.exists()
    assert write() == FULL
    with sqlite_event_log.create_engine(url).connect() as con:
        assert con.exec_driver_sql("select count(*) from seen").scalar_one() == 3


def test_what_was_kept_open_is_there_for_the_next_run_and_for_the_page(tmp_path: Path) -> None:
    @dg.asset
    def one() -> None: ...

    with kept_open(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run_id = dg.materialize([one], instance=instance).run_id
        assert instance.get_latest_materialization_event(one.key) is not None
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert [run.run_id for run in instance.get_runs()] == [run_id]
        assert instance.all_logs(run_id)[-1].dagster_event_type == dg.DagsterEventType.RUN_SUCCESS
