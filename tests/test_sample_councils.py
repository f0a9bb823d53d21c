"""The South Yorkshire councils' sample files hold the volumes and the mess that they should."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from orchestration.intake.contract import load_contracts
from tests.sample_files import (
    CLOCK,
    LANDING,
    LONDON,
    british,
    doncaster_events,
    newest_rotherham,
    people_of,
    read_sheet,
    read_text,
    truth,
)

JOBS = {"Employed", "Self-employed", "Apprentice"}


@pytest.fixture(scope="module")
def rotherham() -> list[dict[str, str]]:
    return newest_rotherham()


def test_rotherham_holds_the_published_figures(rotherham: list[dict[str, str]]) -> None:
    person = people_of("rotherham_eit")
    referred = [r for r in rotherham if r["Triage outcome"] != "Duplicate" and british(r["Referral date"])]
    started = [
        r
        for r in referred
        if (day := british(r["Start date"])) and day >= (british(r["Referral date"]) or CLOCK)
    ]
    proven = [
        r
        for r in started
        if r["Job type"] in JOBS
        and r["Evidence"].startswith("Y")
        and british(r["Evidence date"])
        and r["Evidence type"] not in ("", "Self declaration")
        and (british(r["Job start"]) or CLOCK) >= (british(r["Start date"]) or CLOCK)
    ]
    assert len(referred) == 575
    assert len({person[r["Participant ref"]] for r in started}) == 307 < len(started)
    assert len({r["Participant ref"] for r in started}) > 307, "some come back under a new reference"
    assert len(proven) == 73 == len({person[r["Participant ref"]] for r in proven})


def test_people_who_come_back_to_rotherham_share_a_number(rotherham: list[dict[str, str]]) -> None:
    person = people_of("rotherham_eit")
    numbers = defaultdict(set)
    for row in rotherham:
        numbers[person[row["Participant ref"]]].add(row["NI number"])
    refs = Counter(person[ref] for ref in {r["Participant ref"] for r in rotherham})
    again = [p for p, count in refs.items() if count > 1]
    assert again
    assert all(len(numbers[p]) == 1 and "" not in numbers[p] for p in again)


def test_rows_to_set_aside_are_behind_no_published_figure(rotherham: list[dict[str, str]]) -> None:
    wrong = [
        r
        for r in rotherham
        if r["Start date"]
        and (
            british(r["Start date"]) is None
            or british(r["Start date"]) < (british(r["Referral date"]) or date.min)
        )
    ]
    unreadable = [r for r in rotherham if british(r["Referral date"]) is None]
    assert len(wrong) == 7
    assert len(unreadable) == 2
    assert {r["Triage outcome"] for r in wrong} == {"Duplicate"}
    good = {r["Participant ref"] for r in rotherham if r not in wrong and r["Start date"]}
    assert not good & {r["Participant ref"] for r in wrong + unreadable}


def test_barnsley_writes_old_codes_merged_headers_and_day_numbers() -> None:
    name = "Barnsley PtW return 2025 12.xlsx"
    book = load_workbook(LANDING / "barnsley_eit" / name)
    assert book.sheetnames[0] == "Cover"
    assert book["Lookups"].sheet_state == "hidden"
    assert book["Participants"].merged_cells.ranges
    rows = read_sheet("barnsley_eit", name, "Participants", 4)
    assert {row["LA code"] for row in rows} == {"E08000016"}
    assert {type(row["Started"]) for row in rows if row["Started"]} == {int}
    referred = [row for row in rows if row["Triage"] != "duplicate"]
    assert len(referred) == truth("barnsley_eit", "referrals")
    person = people_of("barnsley_eit")
    assert len({person[str(r["Ref"])] for r in rows if r["Started"]}) == truth("barnsley_eit", "starts")
    seen = [r for r in rows if str(r["Evidence"]).startswith("Seen")]
    assert len(seen) == truth("barnsley_eit", "evidenced_jobs")


def test_only_the_last_barnsley_file_has_case_notes() -> None:
    for path in sorted((LANDING / "barnsley_eit").glob("*.xlsx")):
        header = [cell.value for cell in load_workbook(path)["Participants"][5]]
        assert ("Case notes" in header) == path.name.endswith("2026 01.xlsx")


def test_doncaster_days_are_those_in_london() -> None:
    referrals, starts, jobs = 0, set(), 0
    person = people_of("doncaster_eit")
    for moment, event in doncaster_events():
        assert moment.astimezone(LONDON).hour == 0
        is_summer = date(2025, 3, 30) <= moment.date() < date(2025, 10, 26)
        assert moment.hour == (23 if is_summer else 0)
        referrals += event["type"] == "REFERRAL" and event["referral"]["triage"] != "TX"
        if event["type"] == "START":
            starts.add(person[event["participant"]["ref"]])
        jobs += event["type"] == "JOB" and event["outcome"]["evidence"] in ("EV2", "EV3")
    assert referrals == truth("doncaster_eit", "referrals")
    assert len(starts) == truth("doncaster_eit", "starts")
    assert jobs == truth("doncaster_eit", "evidenced_jobs")


def test_the_doncaster_file_to_hold_is_broken_past_its_threshold() -> None:
    path = LANDING / "doncaster_eit" / "doncaster-eit-events-2026-01.json"
    events = json.loads(path.read_text("utf-8"))["events"]
    bad = sum(e["at"].startswith("0000") or e.get("outcome", {}).get("code") == "J9" for e in events)
    limit = load_contracts()["doncaster_eit"].thresholds
    assert bad > limit.count
    assert 100 * bad / len(events) > limit.percent


def test_doncaster_measures_enough_people_twice() -> None:
    stages = defaultdict(set)
    for _, event in doncaster_events():
        if event["type"] == "MEASURE":
            stages[event["participant"]["ref"]].add(event["ons4"]["stage"])
    assert sum(len(found) == 2 for found in stages.values()) >= 30


def test_sheffield_is_cumulative_rounded_and_hides_small_numbers() -> None:
    before: dict[tuple[str, ...], int] = {}
    shown = []
    for quarter in (1, 2, 3):
        for row in read_text("sheffield_eit", f"Sheffield_EIT_2025-26_Q{quarter}.csv"):
            assert row["LA code"] == "E08000039"
            assert row["From"] == "01/04/2025"
            shown.append(row["Number"])
            key = (row["Measure"], row["Breakdown"], row["Group"])
            value = 0 if row["Number"] == "*" else int(row["Number"])
            assert value % 5 == 0
            assert value >= before.get(key, 0)
            before[key] = value
    assert "*" in shown
    starts, jobs = before["Starts on programme", "All", "All"], before["Evidenced jobs", "All", "All"]
    assert (
        jobs / starts > 73 / 307 > truth("doncaster_eit", "evidenced_jobs") / truth("doncaster_eit", "starts")
    )


def test_the_same_bytes_arrive_twice_under_two_names() -> None:
    folder = LANDING / "sheffield_eit"
    first = folder / "Sheffield_EIT_2025-26_Q1.csv"
    assert first.read_bytes() == (folder / "Sheffield_EIT_2025-26_Q1 (1).csv").read_bytes()


def test_people_in_two_returns_share_their_number(rotherham: list[dict[str, str]]) -> None:
    in_doncaster = {p: ref for ref, p in people_of("doncaster_eit").items()}
    in_barnsley = {p: ref for ref, p in people_of("barnsley_eit").items()}
    in_rotherham = set(people_of("rotherham_eit").values())
    assert len(in_rotherham & set(in_doncaster)) == 6
    assert len(in_rotherham & set(in_barnsley)) == 3
    assert (
        len(set(people_of("rossendale_works").values()) & {f"person-{n:05d}" for n in range(10000, 20000)})
        == 5
    )


def test_jobs_claimed_twice_fall_within_a_fortnight(rotherham: list[dict[str, str]]) -> None:
    person, also = people_of("rotherham_eit"), people_of("doncaster_eit")
    worked = {person[r["Participant ref"]]: british(r["Job start"]) for r in rotherham if r["Job start"]}
    gaps = []
    for moment, event in doncaster_events():
        if event["type"] == "JOB" and (day := worked.get(also[event["participant"]["ref"]])):
            gaps.append(moment.astimezone(LONDON).date() - day)
    assert len(gaps) == 2
    assert all(gap <= timedelta(days=14) for gap in gaps)
