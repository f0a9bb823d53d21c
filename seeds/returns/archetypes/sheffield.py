"""R4: Sheffield's counts, a quarterly CSV that adds up since April, rounded to 5, `*` below 5."""

from __future__ import annotations

from datetime import date

from seeds.returns.model import Delivery, Sample, Truth
from seeds.returns.writing import delimited

RETURN_ID = "sheffield_eit"
NEW_CODE = "E08000039"
HEADER = ("LA code", "Measure", "From", "To", "Breakdown", "Group", "Number")
ENDS = (date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31))
RECEIVED = (date(2025, 7, 24), date(2025, 10, 22), date(2026, 1, 27))
SEX = {"Female": 0.53, "Male": 0.45, "Not stated": 0.02}
AGE = {"16-24": 0.21, "25-34": 0.27, "35-49": 0.30, "50-64": 0.21, "65+": 0.01}
TOTALS = {
    "Referrals": (168, 431, 744),
    "Starts on programme": (78, 232, 412),
    "Evidenced jobs": (9, 47, 106),
}
"""Invented; 106 in 412 is a little above Rotherham's 73 in 307."""


def make() -> Sample:
    """Three quarters, the first of them sent twice as the same bytes."""
    deliveries = []
    for quarter, (end, received) in enumerate(zip(ENDS, RECEIVED, strict=True)):
        name = f"Sheffield_EIT_2025-26_Q{quarter + 1}.csv"
        content = delimited(_rows(quarter, end), delimiter=";", encoding="utf-8", newline="\n")
        deliveries.append(Delivery(RETURN_ID, name, content, received))
        if quarter == 0:
            again = name.replace(".csv", " (1).csv")
            note = "the same bytes under another name: nothing to do"
            deliveries.append(Delivery(RETURN_ID, again, content, date(2025, 8, 4), note))
    return Sample(deliveries, _truths(), [])


def _rows(quarter: int, end: date) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [HEADER]
    for measure, totals in TOTALS.items():
        total = totals[quarter]
        key = (NEW_CODE, measure, "01/04/2025", end.strftime("%d/%m/%Y"))
        rows.append((*key, "All", "All", shown(total)))
        for breakdown, shares in (("Sex", SEX), ("Age", AGE)):
            for group, count in parts(total, shares).items():
                rows.append((*key, breakdown, group, shown(count)))
    return rows


def parts(total: int, shares: dict[str, float]) -> dict[str, int]:
    """Whole numbers near the shares that add to the total; the first part takes what is left."""
    first, *others = shares
    counted = {name: round(total * shares[name]) for name in others}
    return {first: total - sum(counted.values())} | counted


def shown(count: int) -> str:
    """As Sheffield writes it: `*` for 1 to 4, else the nearest 5."""
    if 0 < count < 5:
        return "*"
    return str(5 * ((count + 2) // 5))


def _truths() -> list[Truth]:
    return [
        Truth(RETURN_ID, "P07s", metric, "to 2025-12-31", shown(TOTALS[measure][2]))
        for metric, measure in (
            ("referrals_shown", "Referrals"), ("starts_shown", "Starts on programme"),
            ("evidenced_jobs_shown", "Evidenced jobs"),
        )
    ]  # fmt: skip
