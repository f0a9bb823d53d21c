import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from orchestration.control import schema
from orchestration.control.records import CheckResult, Finding, PublishedCell, Release, Waiver
from orchestration.control.rows import who
from orchestration.control.states import IllegalTransition
from orchestration.control.store import Store, StoreError
from orchestration.settings import Settings
from tests.control.makers import Q1, Q2, files, submission, take_in

DAY = date(2025, 10, 9)
FINDING = Finding("R01", "record", "Row 7: the date is missing.", "main", 7, "Start date")


def cell(number: int) -> PublishedCell:
    return PublishedCell(
        "M01", "P08", f"E{number:08d}", "all", "all", "all", *Q1,
        Decimal("12.500000"), None, None, "", "ten_five",
    )  # fmt: skip


def test_what_was_recorded_is_read_back(store: Store) -> None:
    made = submission("a", DAY, "accepted_with_findings", extract_date=date(2025, 10, 1))
    stored = store.record(made, [Q2, Q1], [FINDING], files(made, [Q1, Q2]))
    assert stored == replace(made, sequence=1)
    assert store.submission("here", made.submission_id) == stored
    assert store.submission("there", made.submission_id) is None
    assert store.periods_of("here", made.submission_id) == [Q1, Q2]
    assert store.findings_of("here", made.submission_id) == [FINDING]
    assert store.files_of("here", made.submission_id) == files(made, [Q1, Q2])


def test_submissions_are_ordered_by_return_day_and_id(store: Store) -> None:
    for name, day, return_id in (("c", 9, "b"), ("b", 9, "b"), ("d", 8, "b"), ("e", 9, "a")):
        take_in(store, submission(name, date(2025, 10, day), "rejected", return_id=return_id), Q1)
    assert [s.submission_id[0] for s in store.submissions()] == ["e", "d", "b", "c"]
    assert [s.submission_id[0] for s in store.submissions("a")] == ["e"]


def test_a_record_is_one_transaction(store: Store) -> None:
    made = submission("a", DAY)
    with pytest.raises(StoreError):
        store.record(made, [Q1], [replace(FINDING, message=None)], [])  # type: ignore[arg-type]
    assert store.submissions() == []
    assert store.audit_events() == []


def test_an_accepted_submission_is_not_judged_again(store: Store) -> None:
    take_in(store, submission("a", DAY), Q1)
    with pytest.raises(IllegalTransition):
        take_in(store, submission("a", DAY, "rejected"), Q1)


def test_a_rejected_submission_judged_again_keeps_only_the_new_verdict(store: Store) -> None:
    made = submission("a", DAY, "rejected")
    store.record(made, [Q1], [FINDING], [])
    take_in(store, submission("a", DAY), Q1)
    assert store.findings_of("here", made.submission_id) == []
    assert [s.status for s in store.submissions()] == ["accepted"]


def test_an_accepted_submission_must_cover_a_period_and_its_files_only_those(store: Store) -> None:
    made = submission("a", DAY)
    with pytest.raises(StoreError, match="covers no reporting period"):
        store.record(made, [], [], [])
    with pytest.raises(StoreError, match="a period that it does not cover"):
        store.record(made, [Q1], [], files(made, [Q2]))


def test_status_is_readable_while_a_refresh_writes(settings: Settings, store: Store) -> None:
    with Store(settings.control_db) as reading, store._database.write():
        assert reading.submissions() == []


def test_a_reader_sees_one_moment(settings: Settings, store: Store) -> None:
    with Store(settings.control_db) as reading, reading._database.read() as connection:
        counted = select(func.count()).select_from(schema.audit_events)
        assert connection.scalar(counted) == 0
        store.audit("exported", "feedback")
        assert connection.scalar(counted) == 0


def test_a_writer_reads_what_the_one_before_it_wrote(settings: Settings) -> None:
    """Two that write at the same time go one after another: no number is given twice, none is lost."""

    def build(name: str) -> None:
        with Store(settings.control_db) as own:
            own.open_build(name, "key", DAY)

    names = [f"b{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(build, names))
    with Store(settings.control_db) as store, store._database.read() as connection:
        numbers = connection.scalars(select(schema.builds.c.sequence)).all()
    assert sorted(numbers) == list(range(1, 9))


def test_text_is_sorted_by_code_points_and_may_hold_a_nul(store: Store) -> None:
    names = ["b", "A", "a_b", "é", "B", "a-b", "ab"]
    for name in names:
        take_in(store, submission("a", DAY, return_id=name), Q1)
    assert [s.return_id for s in store.submissions()] == sorted(names)
    store.audit("exported", "a\0b")
    assert store.audit_events()[-1].subject == "a\ufffdb"


@pytest.mark.parametrize("content", [b"this is no database" * 500, b"\0" * 8192])
def test_an_unreadable_store_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "control.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="Restore it from a backup"), Store(path) as store:
        store.submissions()


def test_a_damaged_page_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "control.db"
    with Store(path) as store:
        take_in(store, submission("a", DAY), Q1)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="Restore it from a backup"), Store(path) as store:
        store.submissions()


def test_a_store_of_a_newer_version_is_left_alone(settings: Settings, store: Store) -> None:
    with store._database.write() as connection:
        connection.exec_driver_sql("update store_version set version = 99")
    with pytest.raises(StoreError, match="newer version"):
        Store(settings.control_db)


def test_a_store_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "control.db"
    with Store(path) as store:
        for name in ("b2", "b1"):
            store.open_build(name, "key", DAY)
    connection = sqlite3.connect(path)
    later = [("waivers", "sheet"), ("waivers", "row"), ("waivers", "column")]
    for table, column in [*later, ("builds", "sequence"), ("releases", "sequence")]:
        connection.execute(f'alter table {table} drop column "{column}"')
    connection.execute("drop table store_version")
    connection.execute("pragma user_version = 1")
    connection.close()
    waiver = Waiver("R08", "agreed", "officer", date(2025, 12, 31), date(2025, 10, 1), "here", "a", row=4)
    for _ in range(2):  # and not a second time
        with Store(path) as store:
            store.add_waiver(waiver)
    with Store(path) as store:
        assert store.waivers_in_force(date(2025, 12, 1)) == [waiver, waiver]
        assert [b.build_id for b in store.builds()] == ["b2", "b1"]


def test_audit_events_cannot_be_changed(store: Store) -> None:
    store.audit("exported", "feedback", "here")
    for statement in ("delete from audit_events", "update audit_events set who = 'nobody'"):
        with pytest.raises(StoreError, match="append-only"), store._database.write() as connection:
            connection.exec_driver_sql(statement)
    (event,) = store.audit_events()
    assert (event.action, event.subject, event.detail) == ("exported", "feedback", "here")
    assert event.who


def test_a_waiver_holds_from_its_day_to_its_last(store: Store) -> None:
    waiver = Waiver("R08", "ages agreed", "officer", date(2025, 12, 31), date(2025, 10, 1), return_id="here")
    store.add_waiver(waiver)
    for day, expected in (
        ((2025, 9, 30), []),
        ((2025, 10, 1), [waiver]),
        ((2025, 12, 31), [waiver]),
        ((2026, 1, 1), []),
    ):
        assert store.waivers_in_force(date(*day)) == expected


def test_a_build_with_its_checks_and_verdict(store: Store) -> None:
    store.open_build("b1", "key", DAY)
    store.open_build("b0", "key", DAY)
    store.close_build("b1", "built")
    assert [(b.build_id, b.status) for b in store.builds()] == [("b1", "built"), ("b0", "building")]
    result = CheckResult(
        "R-1", "dbt_test", "release", "metrics.metric_values", "fail", "two rows a key", True
    )
    store.set_check_results("b1", [result, result])
    store.set_check_results("b1", [result])
    assert store.check_results("b1") == [result]
    assert store.verdict("b1") is None
    store.set_verdict("b1", "error", {"t": "1"})
    store.set_verdict("b1", "pass", {"t": "2"})
    verdict = store.verdict("b1")
    assert verdict is not None
    assert (verdict.verdict, verdict.table_hashes) == ("pass", {"t": "2"})


def test_a_release_is_looked_up_in_the_newest_whole_build_of_its_figures(store: Store) -> None:
    release = Release("r1", "b1", "key", DAY, "f" * 64)
    assert store.build_behind(release) == "b1"
    for build_id, key in (("b1", "key"), ("b2", "key"), ("b3", "other"), ("b4", "key")):
        store.open_build(build_id, key, DAY)
        if build_id != "b4":
            store.close_build(build_id, "built")
    assert store.build_behind(release) == "b2"


def test_what_was_never_begun_cannot_be_checked_closed_or_released(store: Store) -> None:
    with pytest.raises(StoreError):
        store.close_build("nowhere", "built")
    with pytest.raises(StoreError):
        store.set_check_results("nowhere", [CheckResult("c", "suite", "warn", "t", "pass")])
    with pytest.raises(StoreError):
        store.add_release(Release("r", "nowhere", "key", DAY, "0" * 64), [])


def test_a_release_and_its_cells_are_kept_digit_for_digit_and_quickly(store: Store) -> None:
    store.open_build("b1", "key", DAY)
    cells = [cell(number) for number in range(20_000)]
    began = time.process_time()
    store.add_release(Release("r1", "b1", "key", DAY, "0" * 64), cells)
    assert time.process_time() - began < 5
    assert store.published_cells("r1") == cells
    assert str(store.published_cells("r1")[0].value) == "12.500000"
    assert [r.release_id for r in store.releases()] == ["r1"]


def test_a_release_with_the_same_cell_twice_is_refused_whole(store: Store) -> None:
    store.open_build("b1", "key", DAY)
    with pytest.raises(StoreError, match="already holds this"):
        store.add_release(Release("r1", "b1", "key", DAY, "0" * 64), [cell(1), cell(1)])
    assert store.releases() == []


@pytest.mark.parametrize(("logged_in", "name"), [("0", "root"), ("987654", "user 987654"), (None, None)])
def test_the_audit_names_who_logged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged_in: str | None, name: str | None
) -> None:
    place = tmp_path / "loginuid"
    place.write_text(logged_in or str(2**32 - 1))
    monkeypatch.setattr("orchestration.control.rows.LOGGED_IN", place)
    monkeypatch.setattr("os.getuid", lambda: 987653)
    monkeypatch.setenv("LOGNAME", "somebody")
    assert who() == (name or "user 987653")
