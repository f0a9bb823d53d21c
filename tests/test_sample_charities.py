"""The other sample files hold what their sources state, and nothing that the sources lost."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests.sample_files import LANDING, people_of, read_sheet, read_text, truth


@pytest.fixture(scope="module")
def mpt() -> list[dict[str, str]]:
    return read_text("more_positive_together", "MPT_and_Steps_participants_2023_H2_final.csv")


def test_more_positive_together_brings_1743_people_into_work(mpt: list[dict[str, str]]) -> None:
    def key(row: dict[str, str]) -> str:
        return row["NINO"] or row["Participant ref"]

    working = [
        r for r in mpt if r["Job on leaving"] == "1" and r["Evidence held"] == "1" and r["Evidence date"]
    ]
    assert len({key(r) for r in working}) == 1743 < len(working)
    assert (
        len({(key(r), r["Project"]) for r in mpt}) == truth("more_positive_together", "participations") > 9500
    )
    assert len(mpt) > truth("more_positive_together", "participations"), "re-entries are rows of their own"
    assert {r["Delivery group"] for r in mpt} == {"Pendle", "Central", "West", "Coastal"}
    assert all(int(r["Unemployed"]) + int(r["Inactive"]) + int(r["Employed"]) <= 1 for r in mpt)


def test_rossendale_registers_68_people_by_age() -> None:
    rows = read_sheet("rossendale_works", "RW register 2024-25 Q4.xlsx", "Register", 0)
    assert len(rows) == 68 == len(set(people_of("rossendale_works").values()))
    assert all(isinstance(row["Started"], datetime) for row in rows)
    assert all(16 <= row["Age"] <= 64 for row in rows)
    assert any("Allotment" in str(row["What gets in the way"]) for row in rows)


def test_red_rose_tallies_add_to_the_annual_review() -> None:
    sums: Counter[str] = Counter()
    seen = []
    for quarter in range(1, 5):
        for row in read_sheet("red_rose_recovery", f"RRR activity 2023-24 Q{quarter}.xlsx", "Tallies", 2):
            seen.append(row["Contract"])
            if row["Contract"] == "Recovery Infrastructure Organisation":
                sums["sessions"] += row["Group sessions"]
                sums["attendances"] += row["Attendances"]
            if row["Contract"] == "Volunteers, all contracts":
                sums["hours"] += row["Volunteer hours"]
    assert sums == {"sessions": 3145, "attendances": 23770, "hours": 3717}
    assert "Sub-total" in seen
    annual = read_sheet("red_rose_recovery", "RRR activity 2023-24 Q4.xlsx", "Year 2023-24", 0)
    numbers = {row["Result"]: row["Number"] for row in annual}
    assert [numbers[name] for name in list(numbers)[:5]] == [2155, 2065, 397, 127, 55]


def test_counters_that_the_source_lost_appear_nowhere() -> None:
    for path in sorted((LANDING / "red_rose_recovery").glob("*.xlsx")):
        book = load_workbook(path)
        cells = {str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row}
        assert not cells & {"35470", "1875", "16394", "84876", "19076", "7191", "4600", "4799"}


@pytest.mark.parametrize("return_id", ["move_forward", "pendle_yes_hub"])
def test_indicators_change_their_names_in_october_2024(return_id: str) -> None:
    headers = set()
    for path in sorted((LANDING / return_id).glob("*.xlsx")):
        sheet = load_workbook(path)["Indicators"]
        is_new = "2024-25 H2" in path.name or "2025-26" in path.name
        headers.add((is_new, sheet["A2"].value))
    assert headers == {(False, "Output / outcome"), (True, "Indicator title")}


def test_the_hub_declares_a_nil_return() -> None:
    sheet = load_workbook(LANDING / "pendle_yes_hub" / "YES Hub 2024-25 H2 indicators.xlsx")["Indicators"]
    assert sheet.max_row == 3
    assert str(sheet["A3"].value).startswith("Nil return")


def test_the_budget_adds_up_by_theme_and_by_cost() -> None:
    rows = read_text("rotherham_finance", "PtW budget monitoring 2025-26 H1.csv")
    themes: Counter[str] = Counter()
    costs: Counter[str] = Counter()
    for row in rows:
        pounds = int(row["Budget 2025/26 (£)"].strip("£").replace(",", ""))
        themes[row["Function"]] += pounds
        costs[row["Cost"] if row["Cost"] in ("Staffing", "Commissioned Services", "") else "other"] += pounds
    assert sorted(themes.values()) == [284688, 472000, 947240, 1703928]
    assert sorted(costs.values()) == [256000, 610000, 837928, 1703928]


def test_targets_are_those_that_a_source_states() -> None:
    rows = read_text("south_yorkshire_targets", "SY trailblazer targets 2025-26 H1.txt")
    assert {(r["District"], r["Target"], r["Number"]) for r in rows} == {
        ("E08000018", "People engaged", "1,000"),
        ("E08000018", "People into work", "400"),
    }
