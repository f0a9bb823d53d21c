from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.control.ledger import DueRule, LedgerRow, build_ledger, expected_periods
from orchestration.control.precedence import Covering
from orchestration.control.records import Span
from tests.control.makers import Q1, Q2, Q3, submission

AS_AT = date(2026, 3, 2)
Q4 = (date(2026, 1, 1), date(2026, 3, 31))


def rule(scope: Any = "period", every: Any = "quarter", **changed: Any) -> DueRule:
    stated = {"days_after": 20, "first_period": Q1[0], "last_period": None} | changed
    return DueRule(return_id="here", every=every, scope=scope, **stated)


def came(name: str, received_on: date, *periods: Span, **stated: Any) -> Covering:
    return Covering(submission(name, received_on, **stated), periods)


def short(rows: list[LedgerRow]) -> list[tuple[str, str, str]]:
    return [(r.receipt, r.used, (r.submission_id or "-")[0]) for r in rows]


@pytest.mark.parametrize(
    ("every", "first", "expected_ends"),
    [
        (
            "month",
            date(2025, 12, 1),
            [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)],
        ),
        ("quarter", Q2[0], [Q2[1], Q3[1], Q4[1]]),
        ("half_year", date(2025, 4, 1), [date(2025, 9, 30), date(2026, 3, 31)]),
        ("year", date(2024, 4, 1), [date(2025, 3, 31), date(2026, 3, 31)]),
        ("month", date(2026, 3, 3), []),
    ],
)
def test_expected_periods_are_those_begun(every: str, first: date, expected_ends: list[date]) -> None:
    assert [end for _, end in expected_periods(rule(every=every, first_period=first), AS_AT)] == expected_ends


def test_expected_periods_end_with_the_last() -> None:
    assert expected_periods(rule(last_period=Q2[0]), AS_AT) == [Q1, Q2]


ON_TIME, LATE = date(2026, 1, 20), date(2026, 1, 21)
BY_PERIOD = [
    ("on the due day", [came("a", ON_TIME, Q3)], ("in", "current", "a")),
    ("a day after it", [came("a", LATE, Q3)], ("late", "current", "a")),
    ("in time, corrected later", [came("a", ON_TIME, Q3), came("b", LATE, Q3)], ("in", "current", "b")),
    ("nothing happened", [came("a", ON_TIME, Q3, is_nil=True)], ("nil", "current", "a")),
    ("nil, then figures", [came("a", ON_TIME, Q3, is_nil=True), came("b", LATE, Q3)], ("in", "current", "b")),
    ("held", [came("a", ON_TIME, Q3, status="held")], ("held", "none", "-")),
    ("rejected", [came("a", ON_TIME, Q3, status="rejected")], ("rejected", "none", "-")),
    ("rejected, then held",
     [came("a", ON_TIME, Q3, status="rejected"), came("b", LATE, Q3, status="held")], ("held", "none", "-")),
    ("accepted, then rejected",
     [came("a", ON_TIME, Q3), came("b", LATE, Q3, status="rejected")], ("in", "current", "a")),
    ("silence", [], ("missing", "none", "-")),
    ("another period", [came("a", ON_TIME, Q2)], ("missing", "none", "-")),
    ("part of the period", [came("a", ON_TIME, (Q3[0], date(2025, 10, 31)))], ("missing", "none", "-")),
    ("a longer period", [came("a", ON_TIME, (Q2[0], Q3[1]))], ("in", "current", "a")),
    ("received after the clock", [came("a", date(2026, 3, 3), Q3)], ("missing", "none", "-")),
    ("superseded by a file after the clock",
     [came("a", ON_TIME, Q3, status="superseded"), came("b", date(2026, 3, 3), Q3)], ("in", "current", "a")),
]  # fmt: skip


@pytest.mark.parametrize(("arrived", "expected"), [c[1:] for c in BY_PERIOD], ids=[c[0] for c in BY_PERIOD])
def test_a_return_by_period(arrived: list[Covering], expected: tuple[str, str, str]) -> None:
    assert short(build_ledger([rule(first_period=Q3[0])], arrived, AS_AT)) == [expected]


MISSING, CARRIED = ("missing", "none", "-"), "carried_forward"
REGISTERS = [
    ("silence", [], [MISSING, MISSING, MISSING]),
    ("the first only", [came("a", date(2025, 7, 1), Q1)],
     [("in", "current", "a"), ("missing", CARRIED, "a"), ("missing", CARRIED, "a")]),
    ("the last only", [came("a", date(2026, 1, 9), Q3)],
     [("missing", "current", "a"), ("missing", "current", "a"), ("in", "current", "a")]),
    ("a newer one rejected",
     [came("a", date(2025, 7, 1), Q1), came("b", date(2025, 10, 1), Q2, status="rejected")],
     [("in", "current", "a"), ("rejected", CARRIED, "a"), ("missing", CARRIED, "a")]),
    ("late and carried forward", [came("a", date(2025, 12, 1), Q1)],
     [("late", "current", "a"), ("missing", CARRIED, "a"), ("missing", CARRIED, "a")]),
    ("nil after figures", [came("a", date(2025, 7, 1), Q1), came("b", date(2025, 10, 1), Q2, is_nil=True)],
     [("in", "current", "a"), ("nil", "current", "a"), ("missing", CARRIED, "a")]),
    ("nil alone", [came("a", date(2025, 7, 1), Q1, is_nil=True)],
     [("nil", "current", "a"), ("missing", CARRIED, "a"), ("missing", CARRIED, "a")]),
]  # fmt: skip


@pytest.mark.parametrize(("arrived", "expected"), [c[1:] for c in REGISTERS], ids=[c[0] for c in REGISTERS])
def test_a_register(arrived: list[Covering], expected: list[tuple[str, str, str]]) -> None:
    restated = [came(c.submission.submission_id[0], c.submission.received_on, *c.periods, scope="register",
                     status=c.submission.status, is_nil=c.submission.is_nil) for c in arrived]  # fmt: skip
    assert short(build_ledger([rule("register")], restated, AS_AT)) == expected


def test_a_period_ended_but_not_due_is_no_fault() -> None:
    (row,) = build_ledger([rule(first_period=Q3[0])], [], date(2026, 1, 20))
    assert (row.receipt, row.used, row.due_on) == ("not_due", "none", date(2026, 1, 20))


def test_a_running_period_is_listed_once_a_file_for_it_came() -> None:
    running = rule(first_period=Q4[0])
    assert build_ledger([running], [], AS_AT) == []
    assert short(build_ledger([running], [came("a", AS_AT, Q4)], AS_AT)) == [("in", "current", "a")]
    assert short(build_ledger([running], [came("a", AS_AT, Q4, status="held")], AS_AT)) == [
        ("held", "none", "-")
    ]


quarters = st.sampled_from([(Q1,), (Q2,), (Q3,), (Q4,), (Q1, Q2), (Q2, Q3), (Q1, Q2, Q3)])
days = st.integers(0, 400).map(lambda n: Q1[0] + timedelta(days=n))
states = st.sampled_from(["accepted", "accepted_with_findings", "held", "rejected", "superseded"])


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Covering]]:
    scope = draw(st.sampled_from(["register", "period"]))
    arrivals = draw(st.lists(st.tuples(days, quarters, states, st.booleans()), max_size=6))
    return scope, [
        came("abcdef"[n], received, *periods, status=status, is_nil=is_nil, scope=scope)
        for n, (received, periods, status, is_nil) in enumerate(arrivals)
    ]


@settings(max_examples=300, deadline=None)
@given(histories(), days)
def test_the_ledger_holds_for_every_history(history: tuple[str, list[Covering]], as_at: date) -> None:
    scope, arrived = history
    due = rule(scope)
    rows = build_ledger([due], arrived, as_at)
    listed = [(r.period_start, r.period_end) for r in rows]
    assert len(set(listed)) == len(listed)
    assert (
        {p for p in expected_periods(due, as_at) if p[1] <= as_at}
        <= set(listed)
        <= set(expected_periods(due, as_at))
    )
    known = {c.submission.submission_id: c for c in arrived}
    for row in rows:
        assert (row.submission_id is None) == (row.used == "none")
        if row.submission_id is not None:
            standing = known[row.submission_id].submission
            assert standing.status in {"accepted", "accepted_with_findings", "superseded"}
            assert standing.received_on <= as_at
        if row.used == "current":
            accepted = [c for c in arrived if c.submission.status not in {"held", "rejected"}]
            assert any(
                end >= row.period_end and (scope == "register" or start <= row.period_start)
                for c in accepted if c.submission.received_on <= as_at for start, end in c.periods
            )  # fmt: skip
        assert not (scope == "period" and row.used == "carried_forward")
    assert build_ledger([due], list(reversed(arrived)), as_at) == rows or _has_ties(arrived)


def _has_ties(arrived: list[Covering]) -> bool:
    ages = [c.age for c in arrived]
    return len(set(ages)) < len(ages)
