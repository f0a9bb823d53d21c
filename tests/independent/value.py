"""Social value and the value of volunteering: M23, M31 from numbers by stream and the stated unit values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.independent.records import Region, Row
from tests.independent.tallied import Place, exact_counts

Stated = tuple[tuple[str, str, str, str, str, str, date, date], Fraction | None]


def social_value(region: Region, reference: dict[str, list[Row]]) -> Iterator[Stated]:
    """Value of each stream whose number is exact, by lens, and of all streams while all are exact."""
    units = exact_counts(region)
    parts: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for value in reference["unit_values"]:
        parts[value["programme_id"], value["stream"], value["count_code"]].append(value)
    whole: dict[Place, Fraction] = defaultdict(Fraction)
    missing: set[str] = set()
    for (programme, stream, code), values in parts.items():
        places = [place for place, counted in units.items() if place[0] == programme and code in counted]
        if not places:
            missing.add(programme)
        for place in places:
            lenses = {
                "stream": sum(v["value_gbp"] for v in values),
                "lens_fiscal": sum(v["value_gbp"] for v in values if v["perspective"] == "fiscal"),
                "lens_public_value": sum(v["value_gbp"] for v in values if not v["is_transfer"]),
                "stream_units": Fraction(1),
            }
            for breakdown, pounds in lenses.items():
                yield _key("M31", place, breakdown, stream), units[place][code] * pounds
            whole[place] += units[place][code] * lenses["stream"]
    for place, pounds in whole.items():
        yield _key("M31", place, "all", "all"), None if place[0] in missing else pounds


def volunteering(region: Region, reference: dict[str, list[Row]]) -> Iterator[Stated]:
    """The value of hours at the hourly rate of the year."""
    for place, counted in exact_counts(region).items():
        if "volunteer_hours" in counted:
            hours = counted["volunteer_hours"]
            for rate in reference["hourly_rates"]:
                if rate["valid_from"] <= place[2] and place[3] <= rate["valid_to"]:
                    yield _key("M23", place, "measure", "value_gbp"), hours * rate["hourly_rate_gbp"]


def timeliness(region: Region) -> Iterator[Stated]:
    """M30: of the returns due in a quarter, those that came on or before the day; each and all."""
    came: dict[tuple[str, str, date, date], list[bool]] = defaultdict(list)
    for row in region.tables["ledger"]:
        if row["receipt"] != "not_due":
            last = row["period_end"]
            month = (last.month - 1) // 3 * 3 + 1
            start, after = date(last.year, month, 1), date(last.year + month // 10, (month + 2) % 12 + 1, 1)
            end = date.fromordinal(after.toordinal() - 1)
            for breakdown, part in (("return", row["return_id"]), ("all", "all")):
                came[breakdown, part, start, end].append(row["receipt"] in ("in", "nil"))
    for (breakdown, part, start, end), on_time in came.items():
        yield ("M30", "all", "all", breakdown, part, "all", start, end), Fraction(sum(on_time), len(on_time))


def _key(
    metric: str, place: Place, breakdown: str, part: str
) -> tuple[str, str, str, str, str, str, date, date]:
    programme, area, start, end = place
    return metric, programme, area, breakdown, part, "all", start, end
