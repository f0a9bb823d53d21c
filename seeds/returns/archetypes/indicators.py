"""R8: six-monthly indicator workbooks of Move Forward and Pendle YES Hub, planned beside actual.

The funder renamed the indicators and the headers with the half-year from October 2024.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook

from seeds.returns.model import Delivery, Sample, Truth
from seeds.returns.writing import moment, workbook_bytes

OLD = (
    "Economically inactive people engaging with keyworker support services",
    "People supported to engage in job-searching",
    "In employment, including self-employment, following support",
    "Gaining a qualification or completing a course",
)
NEW = (
    "Number of economically inactive individuals engaging with keyworker support",
    "Number of people receiving support to gain employment",
    "Number of people in employment following support",
    "Number of people gaining qualifications, licences and skills",
)
MEASURES = ("people_engaged", "people_supported", "people_into_work", "qualifications")
HALVES = (
    ("2023-24 H1", date(2023, 4, 1), date(2023, 9, 30), date(2023, 11, 2)),
    ("2023-24 H2", date(2023, 10, 1), date(2024, 3, 31), date(2024, 5, 3)),
    ("2024-25 H1", date(2024, 4, 1), date(2024, 9, 30), date(2024, 11, 5)),
    ("2024-25 H2", date(2024, 10, 1), date(2025, 3, 31), date(2025, 5, 6)),
    ("2025-26 H1", date(2025, 4, 1), date(2025, 9, 30), date(2025, 11, 4)),
)
CHANGED = date(2024, 10, 1)


def make_move_forward() -> Sample:
    """Two districts, five half-years."""
    return _make("move_forward", "P04", ("Preston", "Pendle"), "Move Forward indicators {}.xlsx", "")


def make_pendle_yes_hub() -> Sample:
    """One district, five half-years; nothing happened in the second half of 2024-25."""
    return _make("pendle_yes_hub", "P05", ("Pendle",), "YES Hub {} indicators.xlsx", "2024-25 H2")


def _make(return_id: str, programme: str, areas: Sequence[str], name: str, nil_half: str) -> Sample:
    rng = random.Random(return_id)
    deliveries, totals = [], dict.fromkeys(MEASURES, 0)
    for half, first, last, received in HALVES:
        is_nil = half == nil_half
        actual = {area: _actual(rng) for area in areas}
        if not is_nil:
            for numbers in actual.values():
                totals = {m: totals[m] + n for m, n in zip(MEASURES, numbers, strict=True)}
        content = _nil(first, last) if is_nil else _workbook(actual, first, last)
        note = "nil return" if is_nil else ""
        note = "layout and indicator names changed" if first == CHANGED and not is_nil else note
        deliveries.append(Delivery(return_id, name.format(half), content, received, note))
    truths = [Truth(return_id, programme, m, "2023-24 H1 to 2025-26 H1", str(n)) for m, n in totals.items()]
    return Sample(deliveries, truths, [])


def _actual(rng: random.Random) -> tuple[int, ...]:
    engaged = rng.randint(40, 75)
    return (
        engaged,
        engaged + rng.randint(5, 20),
        engaged // 4 + rng.randint(0, 6),
        engaged // 5 + rng.randint(0, 5),
    )


def _workbook(actual: dict[str, tuple[int, ...]], first: date, last: date) -> bytes:
    is_new = first >= CHANGED
    header = ("Indicator title", "District", "Period start", "Period end", "Target", "Achieved")
    if not is_new:
        header = ("Output / outcome", "Area", "From", "To", "Planned", "Actual")
    book = Workbook()
    sheet = book.active
    sheet.title = "Indicators"
    sheet.append(["Six-monthly indicators (synthetic sample data)"])
    sheet.append(header)
    for i, name in enumerate(NEW if is_new else OLD):
        for area, numbers in actual.items():
            planned = 5 * (numbers[i] // 5 + 1)
            sheet.append([name, area, moment(first), moment(last), planned, numbers[i]])
    return workbook_bytes(book)


def _nil(first: date, last: date) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Indicators"
    sheet.append(["Six-monthly indicators (synthetic sample data)"])
    sheet.append(["Indicator title", "District", "Period start", "Period end", "Target", "Achieved"])
    sheet.append([f"Nil return: the hub was closed from {first:%d/%m/%Y} to {last:%d/%m/%Y}"])
    return workbook_bytes(book)
