"""R7: Red Rose Recovery's tallies by contract and month, and the year's counts on the last workbook.

Published for 2023-24: 3,145 sessions and 23,770 attendances of one contract (P06a); the streams of the
annual review; 3,717 volunteer hours. What the review lost in print appears nowhere: other contracts
have only the attendances that the review states in words.
"""

from __future__ import annotations

import random
from datetime import date, datetime

from openpyxl import Workbook

from seeds.returns.model import Delivery, Sample, Truth, month_end, months
from seeds.returns.writing import moment, workbook_bytes

RETURN_ID = "red_rose_recovery"
FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
SESSIONS, ATTENDANCES, HOURS = 3145, 23770, 3717
RECEIVED = (date(2023, 7, 20), date(2023, 10, 19), date(2024, 1, 22), date(2024, 4, 24))
TALLIES = ("Contract", "Area", "From", "To", "Group sessions", "Attendances", "Volunteer hours")
ANNUAL = ("Result", "From", "To", "Number", "Unit")
STATED = {
    date(2023, 6, 30): ("Lancashire User Forum", "Lancashire", "over 200"),
    date(2023, 11, 30): ("Roots Community", "Blackburn with Darwen", 54),
    date(2024, 2, 29): ("Roots Community", "Blackburn with Darwen", 105),
    date(2024, 3, 31): ("Lancashire User Forum", "Lancashire", 165),
}
"""Attendances that the review gives in words; the month is invented where it names none."""
STREAMS = (
    ("People who came to a group", 2155, "people"),
    ("Substance use reduced or stopped", 2065, "instances"),
    ("A&E contacts avoided", 397, "events"),
    ("Into employment or own business", 127, "people"),
    ("Did not re-offend", 55, "people"),
    ("People referred", 3375, "people"),
    ("People worked with", "over 4,600", "people"),
    ("Into accredited training", 417, "people"),
)


def make() -> Sample:
    """Four quarters; the last carries the year's counts on a sheet of its own."""
    rng = random.Random("red rose")
    ends = months(FIRST, LAST)
    split = {
        name: _split(rng, total, 12) for name, total in (("s", SESSIONS), ("a", ATTENDANCES), ("h", HOURS))
    }
    rows = {end: (split["s"][i], split["a"][i], split["h"][i]) for i, end in enumerate(ends)}
    deliveries = []
    for quarter, received in enumerate(RECEIVED, 1):
        content = _workbook(ends[3 * quarter - 3 : 3 * quarter], rows, is_last=quarter == 4)
        name = f"RRR activity 2023-24 Q{quarter}.xlsx"
        note = "with the year's counts on their own sheet" if quarter == 4 else ""
        deliveries.append(Delivery(RETURN_ID, name, content, received, note))
    return Sample(deliveries, _truths(), [])


def _split(rng: random.Random, total: int, parts: int) -> list[int]:
    """Whole numbers that add to the total, each within a tenth of its share."""
    share = total // parts
    numbers = [share + rng.randint(-share // 10, share // 10) for _ in range(parts - 1)]
    return [*numbers, total - sum(numbers)]


def _workbook(ends: list[date], rows: dict[date, tuple[int, int, int]], is_last: bool) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Tallies"
    sheet.append(["Red Rose Recovery: activity by contract and month (synthetic sample data)"])
    sheet.append([])
    sheet.append(TALLIES)
    for end in ends:
        sheet.append(
            ["Recovery Infrastructure Organisation", "Lancashire", *_month(end), *rows[end][:2], None]
        )
    total = [sum(rows[end][i] for end in ends) for i in range(3)]
    sheet.append(["Sub-total", None, None, None, total[0], total[1], None])
    for end in (e for e in ends if e in STATED):
        contract, area, number = STATED[end]
        sheet.append([contract, area, *_month(end), None, number, None])
    for end in ends:
        sheet.append(["Volunteers, all contracts", "All areas", *_month(end), None, None, rows[end][2]])
    sheet.append(["Sub-total", None, None, None, None, None, total[2]])
    if is_last:
        annual = book.create_sheet("Year 2023-24")
        annual.append(ANNUAL)
        for result, number, unit in STREAMS:
            annual.append([result, moment(FIRST), moment(LAST), number, unit])
    return workbook_bytes(book)


def _month(end: date) -> tuple[datetime | None, datetime | None]:
    return moment(end.replace(day=1)), moment(month_end(end.year, end.month))


def _truths() -> list[Truth]:
    figures = (
        ("P06a", "sessions", SESSIONS), ("P06a", "attendances", ATTENDANCES),
        ("P06", "volunteer_hours", HOURS), ("P06", "unique_attendees", 2155),
        ("P06", "substance_instances", 2065), ("P06", "ae_events", 397), ("P06", "people_into_work", 127),
        ("P06", "people_not_reoffending", 55), ("P06", "people_referred", 3375),
        ("P06", "accredited_training", 417),
    )  # fmt: skip
    return [
        Truth(RETURN_ID, programme, metric, "2023-24", str(value)) for programme, metric, value in figures
    ]
