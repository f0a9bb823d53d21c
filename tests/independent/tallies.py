"""What partners count themselves, budget, spend and agree."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from tests.independent.world import YEAR, Return, Row, World


def owed(world: World, returned: Return, periods: list[tuple[str, int, int]], grain: str) -> None:
    """That a return is due for periods (how it came, first and last month), each in a file of its own."""
    for programme in returned.programmes:
        world.tables["returns"].append(
            {
                "return_id": returned.return_id,
                "partner_id": returned.return_id,
                "partner_name": "Partner",
                "programme_id": programme,
                "area_code": "all",
                "grain": grain,
                "frequency": "quarter",
                "scope": "period",
                "is_evidence_of_activity": grain != "money",
            }
        )
    for receipt, first, last in periods:
        end, has_come = returned.period(last)[1], receipt not in ("not_due", "missing")
        submission = f"{returned.return_id}-{first}" if returned.by_month else returned.return_id
        world.tables["ledger"].append(
            {
                "return_id": returned.return_id,
                "period_start": returned.period(first)[0],
                "period_end": end,
                "due_on": end + timedelta(days=14),
                "receipt": receipt,
                "used": "current" if has_come else "none",
                "submission_id": submission if has_come else None,
            }
        )


def count(world: World, name: str) -> None:
    """A district that counts since April, hiding small numbers; and one that counts what records say."""
    returned = Return(
        f"{name}s", (f"{name}P07s", f"{name}P08"), ("E08000019", "E08000039"), YEAR, 9, 0, by_month=True
    )
    owed(world, returned, [("in", 0, 2), ("in", 3, 5), ("in", 6, 8), ("not_due", 9, 11)], "aggregate")
    area = world.chance.choice(returned.areas)
    so_far: dict[str, int] = defaultdict(int)
    for quarter in range(3):
        end = returned.period(quarter * 3 + 2)[1]
        submission = f"{returned.return_id}-{quarter * 3}"
        for code, most in (("referrals", 60), ("starts", 30), ("evidenced_jobs", 6), ("people_referred", 50)):
            so_far[code] += world.chance.randint(0, most)
            for programme in returned.programmes:
                state(
                    world,
                    submission,
                    programme,
                    area if programme.endswith("s") else "E08000018",
                    code,
                    end,
                    so_far[code],
                )


def state(
    world: World,
    submission: str,
    programme: str,
    area: str | None,
    code: str,
    end: date,
    value: int,
    flow: date | None = None,
    status: str = "",
    sex: str = "all",
) -> None:
    """One number since April, or of a flow since its first day, as it stands, rounded or hidden."""
    status = status or ("hidden" if value < 5 else world.chance.choice(("exact", "exact", "rounded_5")))
    lower, upper = {"hidden": (0, 4), "exact": (value, value)}.get(status, _rounded(value))
    rows = world.tables["counts"]
    rows.append(
        {
            "return_id": submission.rsplit("-", 1)[0],
            "submission_id": submission,
            "source_sheet": "sheet",
            "source_row": len(rows),
            "programme_id": programme,
            "count_code": code,
            "area_code": area,
            "breakdown_type": "all" if sex == "all" else "sex",
            "breakdown_value": sex,
            "period_start": flow or YEAR,
            "period_end": end,
            "period_type_code": "flow" if flow else "cumulative",
            "value_lower": lower,
            "value_upper": upper,
            "value_status_code": status,
        }
    )


def _rounded(value: int) -> tuple[int, int]:
    near = (value + 2) // 5 * 5
    return near - 2, near + 2


MONTHLY = {"volunteer_hours": 300, "sessions": 20, "attendances": 90, "people_not_reoffending": 40}
YEARLY = ("unique_attendees", "substance_instances", "ae_events", "people_into_work")


def charity(world: World, name: str) -> None:
    """A charity that counts for a year: streams of social value, some hidden; by month, some left out."""
    year = Return(f"{name}c", (f"{name}P06",), ("all",), date(2023, 4, 1), 12, 0, by_month=True)
    owed(world, year, [("in", month, month + 2) for month in (0, 3, 6, 9)], "aggregate")
    place = (f"{name}P06", "all")
    for code in YEARLY:
        number = world.chance.randint(3, 400)
        state(world, year.submission(9), *place, code, year.last_day, number, flow=year.first)
    for code, most in MONTHLY.items():
        is_whole = world.maybe(0.6)
        for month in range(12):
            first, last = year.period(month)
            if is_whole or world.maybe(0.8):
                number, status = world.chance.randint(1, most), "exact" if is_whole else ""
                submission = year.submission(month // 3 * 3)
                state(world, submission, *place, code, last, number, flow=first, status=status)


def hours_beside_names(world: World, name: str) -> None:
    """Hours that a programme counts by month, perhaps without one of them, beside people whom it names."""
    hours = Return(f"{name}h", (f"{name}P10",), ("E08000018",), YEAR, 10, 0, by_month=True)
    owed(world, hours, [("in", month, month) for month in range(10)], "aggregate")
    left_out = world.chance.choice((None, None, 1, 5))
    for month in range(10):
        if month != left_out:
            first, last = hours.period(month)
            place = (world, hours.submission(month), f"{name}P10", "E08000018")
            state(*place, "volunteer_hours", last, 7 * month, flow=first, status="exact")


def spend_and_target(world: World, name: str) -> None:
    """Spend of a year that runs and of one that has ended, perhaps not all of it paid; and targets."""
    this_year = (YEAR, date(2026, 3, 31))
    finance = Return(f"{name}money", (f"{name}P08",), (), YEAR, 6, 0)
    owed(world, finance, [("in", 0, 5)], "money")
    spend(world, finance, "E08000018", this_year)
    last_year = Return(f"{name}paid", (f"{name}P04",), (), date(2024, 4, 1), 12, 0)
    owed(world, last_year, [("in", 0, 8), *([("in", 9, 11)] if world.maybe(0.7) else [])], "money")
    spend(world, last_year, "all", (date(2024, 4, 1), date(2025, 3, 31)))
    for number, (target, definition) in enumerate((("engaged", "engaged_start"), ("jobs", "eit_employment"))):
        world.tables["targets"].append(
            of_money(finance, "E08000018", this_year, number)
            | {
                "target_code": target,
                "definition_code": definition,
                "target_value": world.chance.randint(20, 400),
            }
        )


def spend(world: World, finance: Return, area: str, year: tuple[date, date]) -> None:
    """A line for every theme and cost type, corrections below zero among them."""
    lines = ((t, c) for t in ("system", "employer") for c in ("staffing", "commissioned"))
    for number, (theme, cost) in enumerate(lines):
        pounds = world.chance.randint(-9, 90) * 1000
        world.tables["spend"].append(
            of_money(finance, area, year, number)
            | {
                "theme_code": theme,
                "cost_type_code": cost,
                "line_name": "line",
                "budget_gbp": abs(pounds) * 2,
                "actual_gbp": pounds,
            }
        )


def of_money(finance: Return, area: str, year: tuple[date, date], number: int) -> Row:
    """Where a line of a finance return stands, and what it is about."""
    return {
        "return_id": finance.return_id,
        "submission_id": finance.return_id,
        "source_sheet": "sheet",
        "source_row": number,
        "programme_id": finance.programmes[0],
        "area_code": area,
        "period_start": year[0],
        "period_end": year[1],
    }
