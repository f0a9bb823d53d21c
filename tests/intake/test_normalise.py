"""Text → dates, numbers, intervals, periods and the signs of personal details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.intake.dates import Order, read_date
from orchestration.intake.periods import read_period, stated_period
from orchestration.intake.personal import is_personal_column, looks_personal
from orchestration.intake.quantities import read_interval, read_number
from tests.intake.makers import contract

LATEST = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03/04/2025", "dmy", date(2025, 4, 3)),
        ("03/04/2025", "mdy", date(2025, 3, 4)),
        ("3.4.25", "dmy", date(2025, 4, 3)),
        ("03/04/67", "dmy", date(1967, 4, 3)),
        ("2025-04-03", "dmy", date(2025, 4, 3)),
        ("2025-04-03 00:00:00", "dmy", date(2025, 4, 3)),
        ("2025-06-30T23:00:00Z", "ymd", date(2025, 7, 1)),
        ("2025-12-31T23:00:00Z", "ymd", date(2025, 12, 31)),
        ("2025-06-30T23:30:00+01:00", "ymd", date(2025, 6, 30)),
        ("3 April 2025", "dmy", date(2025, 4, 3)),
        ("Thu 3rd Apr 2025", "dmy", date(2025, 4, 3)),
        ("03-Sept-2025", "dmy", date(2025, 9, 3)),
        ("April 3rd, 2025", "dmy", date(2025, 4, 3)),
        ("03/04/2025 12:00:00 AM", "dmy", date(2025, 4, 3)),
        ("03\u201104\u20132025", "dmy", date(2025, 4, 3)),
        ("03/04/0205", "dmy", None),
        ("1899-12-30", "dmy", None),
        ("45750", "dmy", date(2025, 4, 3)),
        ("20250403", "dmy", date(2025, 4, 3)),
        ("29/02/2025", "dmy", None),
        ("31/06/2025", "dmy", None),
        ("0", "dmy", None),
        ("soon", "dmy", None),
    ],
)
def test_dates(text: str, order: Order, expected: date | None) -> None:
    assert read_date(text, order, LATEST, epoch=1900).value == expected


def test_a_number_is_a_date_only_in_a_workbook() -> None:
    assert read_date("45750", "dmy", LATEST, epoch=None).value is None


@given(st.dates(date(1930, 1, 1), date(2026, 3, 2)))
def test_every_written_date_comes_back(day: date) -> None:
    for text, order in (
        (day.strftime("%d/%m/%Y"), "dmy"),
        (day.strftime("%m-%d-%Y"), "mdy"),
        (day.isoformat(), "dmy"),
    ):
        assert read_date(text, order, LATEST, None).value == day  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", 1234),
        ("£1,234.50", Decimal("1234.5")),
        ("-£5", -5),
        ("(5)", -5),
        ("\u22125", -5),
        ("5\u00b2", None),
        ("90%", 90),
        (".5", Decimal("0.5")),
        ("12 345", 12345),
        ("1,23", None),
        ("about 5", None),
        ("5-6", None),
        ("nan", None),
        ("1e3", None),
        ("9" * 400, None),
    ],
)
def test_numbers(text: str, expected: Decimal | None) -> None:
    assert read_number(text) == expected


@pytest.mark.parametrize(
    ("text", "rounded_to", "expected"),
    [
        ("48", 1, (48, 48, "exact")),
        ("115", 5, (113, 117, "rounded_5")),
        ("0", 5, (0, 2, "rounded_5")),
        ("*", 1, (0, 4, "hidden")),
        ("<5", 1, (0, 4, "hidden")),
        ("<= 5", 1, (0, 5, "hidden")),
        ("fewer than 10", 1, (0, 9, "hidden")),
        ("over 50", 1, (51, None, "over")),
        ("> 50", 1, (51, None, "over")),
        ("50+", 1, (50, None, "over")),
        ("at least 50", 1, (50, None, "over")),
        ("", 1, (None, None, "missing")),
        ("n/a", 1, (None, None, "missing")),
    ],
)
def test_intervals(text: str, rounded_to: int, expected: tuple[int | None, int | None, str]) -> None:
    read = read_interval(text, rounded_to)
    assert read is not None
    assert (read.lower, read.upper, read.status) == expected


def test_a_negative_count_is_no_count() -> None:
    assert read_interval("-1") is None


@pytest.mark.parametrize(
    ("text", "financial", "expected"),
    [
        ("Apr-25", False, (date(2025, 4, 1), date(2025, 4, 30))),
        ("December 2025", False, (date(2025, 12, 1), date(2025, 12, 31))),
        ("2025-02", False, (date(2025, 2, 1), date(2025, 2, 28))),
        ("Q1 2025/26", True, (date(2025, 4, 1), date(2025, 6, 30))),
        ("2025 Q4", True, (date(2026, 1, 1), date(2026, 3, 31))),
        ("2025/26", False, (date(2025, 4, 1), date(2026, 3, 31))),
        ("last month", False, None),
    ],
)
def test_periods_in_cells(text: str, financial: bool, expected: tuple[date, date] | None) -> None:
    assert read_period(text, financial) == expected


@pytest.mark.parametrize(
    ("every", "pattern", "financial", "text", "period", "extract"),
    [
        (
            "month",
            r"(?P<month>\w+) (?P<year>\d{4})",
            False,
            "January 2026",
            ("2026-01-01", "2026-01-31"),
            None,
        ),
        (
            "month",
            r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
            False,
            "x 2025-12-08",
            ("2025-11-01", "2025-11-30"),
            "2025-12-08",
        ),
        (
            "quarter",
            r"(?P<year>\d{4}).*Q(?P<quarter>\d)",
            True,
            "2023-24 Q4",
            ("2024-01-01", "2024-03-31"),
            None,
        ),
        (
            "half_year",
            r"(?P<year>\d{4}).*H(?P<half>\d)",
            True,
            "2025-26 H2",
            ("2025-10-01", "2026-03-31"),
            None,
        ),
        (
            "half_year",
            r"(?P<year>\d{4}).*H(?P<half>\d)",
            False,
            "2023 H2",
            ("2023-07-01", "2023-12-31"),
            None,
        ),
        (
            "half_year",
            r"(?P<month>\w+) (?P<year>\d{4})",
            True,
            "September 2025",
            ("2025-04-01", "2025-09-30"),
            None,
        ),
    ],
)
def test_the_period_of_a_file(
    every: str, pattern: str, financial: bool, text: str, period: tuple[str, str], extract: str | None
) -> None:
    agreed = contract(
        due={"every": every, "days_after": 9, "first_period": "2025-04-01"},
        period={"pattern": pattern, "financial": financial, "where": "cells"},
    )
    found = stated_period(agreed, "", ["Cover", text])
    assert found == (tuple(map(date.fromisoformat, period)), date.fromisoformat(extract) if extract else None)


@pytest.mark.parametrize("name", ["no period", "2026-13.csv", "2026-00.csv"])
def test_a_file_without_a_period_has_none(name: str) -> None:
    assert stated_period(contract(), name, []) is None


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("Case notes", "ok", True),
        ("EmailAddress", "x", True),
        ("Surname", "x", True),
        ("Case notes", "", False),
        ("RAG", "green", False),
        ("Ward", "Boston Castle", False),
        ("Extra", "jo@example.org", True),
        ("Extra", "07700 900123", True),
        ("Extra", "QQ 12 34 56 A", True),
        ("Extra", "Mrs Sample", True),
        ("Extra", "she told us that she would like to find part-time work near home", True),
    ],
)
def test_columns_that_look_personal(header: str, value: str, expected: bool) -> None:
    assert is_personal_column(header, pd.Series([value, ""])) is expected


def test_codes_and_numbers_do_not_look_personal() -> None:
    assert not any(map(looks_personal, ["gp", "E08000018", "2025-04-03", "12345", "MS Word course"]))


def test_a_cell_of_a_million_characters_is_looked_at_in_no_time() -> None:
    assert not looks_personal("x" * 1_000_000)
