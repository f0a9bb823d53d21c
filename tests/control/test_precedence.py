from datetime import date
from itertools import permutations

import pytest

from orchestration.control.store import Store, StoreError
from tests.control.makers import Q1, Q2, Q3, in_use, submission, take_in


def day(number: int, month: int = 1) -> date:
    return date(2026, month, number)


def statuses(store: Store) -> dict[str, str]:
    return {s.submission_id[0]: s.status for s in store.submissions()}


def test_the_newest_register_replaces_all_earlier_ones(store: Store) -> None:
    for number, name in enumerate("abc", 1):
        take_in(store, submission(name, day(number), scope="register"), Q1)
    assert statuses(store) == {"a": "superseded", "b": "superseded", "c": "accepted"}
    assert in_use(store) == [("c", None)]


def test_an_older_register_displaces_nothing_and_says_why(store: Store) -> None:
    take_in(store, submission("a", day(2), scope="register", extract_date=day(1)), Q2)
    late = take_in(store, submission("b", day(9), scope="register", extract_date=date(2025, 12, 1)), Q1)
    assert late.status == "superseded"
    assert late.reason
    assert "older" in late.reason
    assert in_use(store) == [("a", None)]


@pytest.mark.parametrize("status", ["held", "rejected"])
def test_a_submission_not_accepted_displaces_nothing(store: Store, status: str) -> None:
    take_in(store, submission("a", day(1), scope="register"), Q1)
    take_in(store, submission("b", day(2), status, scope="register"), Q2)  # type: ignore[arg-type]
    assert statuses(store) == {"a": "accepted", "b": status}
    assert in_use(store) == [("a", None)]


def test_the_extract_date_outweighs_the_day_received(store: Store) -> None:
    take_in(store, submission("a", day(9), extract_date=date(2025, 10, 1)), Q1)
    take_in(store, submission("b", day(8), extract_date=date(2025, 11, 1)), Q1)
    assert statuses(store) == {"a": "superseded", "b": "accepted"}


def test_of_equal_extract_dates_the_later_received_wins(store: Store) -> None:
    for name, received in (("a", 9), ("b", 8)):
        take_in(store, submission(name, day(received), extract_date=date(2025, 10, 1)), Q1)
    assert in_use(store) == [("a", Q1[0])]


def test_nothing_used_was_received_after_the_clock(store: Store) -> None:
    take_in(store, submission("a", day(1), scope="register"), Q1)
    take_in(store, submission("b", day(9), scope="register"), Q2)
    assert in_use(store, date(2025, 12, 31)) == []
    assert in_use(store, day(8)) == [("a", None)]
    assert in_use(store, day(9)) == [("b", None)]


def test_a_file_replaces_its_own_periods_only(store: Store) -> None:
    take_in(store, submission("a", day(1)), Q1, Q2)
    take_in(store, submission("b", day(2)), Q2, Q3)
    assert statuses(store) == {"a": "accepted", "b": "accepted"}
    assert in_use(store) == [("a", Q1[0]), ("b", Q2[0]), ("b", Q3[0])]
    take_in(store, submission("c", day(3)), Q1)
    assert statuses(store) == {"a": "superseded", "b": "accepted", "c": "accepted"}
    assert in_use(store) == [("b", Q2[0]), ("b", Q3[0]), ("c", Q1[0])]


def test_an_older_file_still_stands_for_periods_that_no_newer_one_covers(store: Store) -> None:
    take_in(store, submission("a", day(9)), Q2)
    older = take_in(store, submission("b", day(1)), Q1, Q2)
    assert older.status == "accepted"
    assert in_use(store) == [("a", Q2[0]), ("b", Q1[0])]


def test_a_nil_return_replaces_its_period_with_nothing(store: Store) -> None:
    take_in(store, submission("a", day(1)), Q1)
    take_in(store, submission("b", day(2), is_nil=True), Q1)
    assert statuses(store) == {"a": "superseded", "b": "accepted"}
    assert in_use(store) == []


def test_a_nil_return_does_not_empty_a_register(store: Store) -> None:
    take_in(store, submission("a", day(1), scope="register"), Q1)
    take_in(store, submission("b", day(2), scope="register", is_nil=True), Q2)
    assert statuses(store) == {"a": "accepted", "b": "accepted"}
    assert in_use(store) == [("a", None)]


def test_returns_do_not_displace_each_other(store: Store) -> None:
    take_in(store, submission("a", day(1), return_id="here"), Q1)
    take_in(store, submission("b", day(2), return_id="there"), Q1)
    assert in_use(store) == [("a", Q1[0]), ("b", Q1[0])]


@pytest.mark.parametrize("scope", ["register", "period"])
def test_of_two_equally_old_the_later_processed_is_held_for_a_person(store: Store, scope: str) -> None:
    take_in(store, submission("a", day(1), scope=scope), Q1)  # type: ignore[arg-type]
    second = take_in(store, submission("b", day(1), scope=scope), Q1)  # type: ignore[arg-type]
    assert second.status == "held"
    assert "a.csv" in (second.reason or "")
    assert [name for name, _ in in_use(store)] == ["a"]
    store.confirm("here", second.submission_id, "the partner says b")
    assert statuses(store) == {"a": "superseded", "b": "accepted"}
    assert [name for name, _ in in_use(store)] == ["b"]


def test_equally_old_files_of_different_periods_both_stand(store: Store) -> None:
    take_in(store, submission("a", day(1)), Q1)
    take_in(store, submission("b", day(1)), Q2)
    assert statuses(store) == {"a": "accepted", "b": "accepted"}


def test_a_confirmed_file_older_than_what_stands_is_superseded(store: Store) -> None:
    take_in(store, submission("a", day(1), "held"), Q1)
    take_in(store, submission("b", day(2)), Q1)
    assert store.confirm("here", "a" * 16, "the numbers are right").status == "superseded"
    assert in_use(store) == [("b", Q1[0])]


def test_only_a_held_submission_can_be_confirmed(store: Store) -> None:
    take_in(store, submission("a", day(1)), Q1)
    for name in ("a", "z"):
        with pytest.raises(StoreError, match="nothing to confirm"):
            store.confirm("here", name * 16, "because")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_stands_does_not_depend_on_the_order_of_intake(store: Store, order: tuple[int, ...]) -> None:
    came = [
        (submission("a", day(1)), (Q1, Q2)),
        (submission("b", day(2)), (Q2,)),
        (submission("c", day(3), is_nil=True), (Q1,)),
        (submission("d", day(4), "rejected"), (Q1, Q2)),
    ]
    for number in order:
        take_in(store, came[number][0], *came[number][1])
    assert in_use(store) == [("b", Q2[0])]
    assert statuses(store) == {"a": "superseded", "b": "accepted", "c": "accepted", "d": "rejected"}
