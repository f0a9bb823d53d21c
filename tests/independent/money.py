"""Targets, budgets, spend, unit costs and reach: M25 to M27, M33, M34, from what was agreed and paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.independent.records import Region, Row

Stated = tuple[tuple[str, str, str, str, str, str, date, date], Fraction | None]
Events = dict[tuple[str, str, str, date, date], Fraction | None]
COUNTED = {"engaged": "M04", "jobs": "M08"}


def months(first: date, last: date) -> int:
    """Months from the first of one to the last of another."""
    return 12 * (last.year - first.year) + last.month - first.month + 1


def budgets(region: Region) -> Iterator[Stated]:
    """M33: budget and spend, all and by theme and cost type; corrections below zero count."""
    sums: dict[tuple[str, str, str, str, str, str, date, date], Fraction] = defaultdict(Fraction)
    for line in region.tables["spend"]:
        for prefix, pounds in (("", line["budget_gbp"]), ("actual_", line["actual_gbp"])):
            cuts = {"all": "all", "theme": line["theme_code"], "cost_type": line["cost_type_code"]}
            for cut, part in cuts.items():
                place = (line["programme_id"], region.current[line["area_code"]])
                key = ("M33", *place, prefix + cut, part, "all", line["period_start"], line["period_end"])
                sums[key] += pounds
    yield from sums.items()


def targets(region: Region, events: Events) -> Iterator[Stated]:
    """M26, M34 of each target, from M01, M04 and M08 to date by programme, area and window."""
    for target in region.tables["targets"]:
        programme, area = target["programme_id"], region.current[target["area_code"]]
        start, end, value = target["period_start"], target["period_end"], target["target_value"]
        observed = region.observed_to[programme]
        so_far = {m: events.get((m, programme, area, start, observed)) for m in ("M01", "M04", "M08")}
        achieved = so_far[COUNTED[target["target_code"]]]
        if achieved is None:
            continue
        due = value * Fraction(months(start, observed), months(start, end))
        code = target["target_code"]
        yield ("M26", programme, area, "target", code, "all", start, observed), achieved / due
        yield ("M34", programme, area, "target", code, "all", start, end), achieved / value
        if code == "jobs" and achieved:
            for metric, name in (("M04", "starts_needed"), ("M01", "referrals_needed")):
                known = so_far[metric]
                needed = None if known is None else Fraction(round_half_up(value * known / achieved))
                yield ("M34", programme, area, "target", name, "all", start, end), needed


def unit_costs(region: Region, events: Events) -> Iterator[Stated]:
    """M25: what a start and an evidenced job cost, once a whole financial year is paid and reported."""
    spent: dict[tuple[str, str, date, date], Fraction] = defaultdict(Fraction)
    for line in region.tables["spend"]:
        place = (line["programme_id"], region.current[line["area_code"]])
        spent[(*place, line["period_start"], line["period_end"])] += line["actual_gbp"]
    for (programme, area, start, end), pounds in spent.items():
        is_year = (end - start).days > 360 and is_paid(region, programme, end)
        for metric, measure in (("M04", "per_start"), ("M08", "per_evidenced_job")):
            results = events.get((metric, programme, area, start, end))
            is_known = is_year and results and region.observed_to[programme] >= end
            pence = round_half_up(100 * pounds / results) if is_known and results else None
            value = None if pence is None else Fraction(pence, 100)
            yield ("M25", programme, area, "measure", measure, "all", start, end), value


def is_paid(region: Region, programme: str, end: date) -> bool:
    """Whether every return about the money of a programme has come, and they reach a day."""
    returns = region.tables["returns"]
    finance = {
        r["return_id"] for r in returns if r["programme_id"] == programme and not r["is_evidence_of_activity"]
    }
    mine = [row for row in region.tables["ledger"] if row["return_id"] in finance]
    is_all = not any(row["used"] == "none" and row["receipt"] != "not_due" for row in mine)
    return is_all and any(row["used"] == "current" and row["period_end"] >= end for row in mine)


def round_half_up(value: Fraction) -> int:
    """To whole ones."""
    return int(value + Fraction(1, 2))


def reach(starts: list[Row], population: list[Row], area: str) -> Iterator[tuple[str, Fraction]]:
    """M27: inactive starts for each inactive resident, all and by reason."""
    for group in (row for row in population if row["area_code"] == area):
        reason = group["inactivity_reason_code"]
        mine = [
            s
            for s in starts
            if (
                s["employment_status_code"] == "inactive"
                if reason == "all"
                else s["groups"]["inactivity_reason"] == reason
            )
        ]
        if mine or reason == "all":
            yield reason, Fraction(len(mine), group["people"])
