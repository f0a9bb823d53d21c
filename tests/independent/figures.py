"""The catalogue M01 to M34 from accepted records, in plain Python, written from the definitions alone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.independent.cohorts import is_quarter
from tests.independent.completeness import completeness
from tests.independent.counted import Bounds, Series, series
from tests.independent.money import budgets, targets, unit_costs
from tests.independent.people import Figure, Figures, Key, People, Said, number, share
from tests.independent.records import Region, Window, quarter_name
from tests.independent.topics import GROUPS, of_window
from tests.independent.value import social_value, timeliness, volunteering

__all__ = ["Figure", "Figures", "Key", "figures"]


def bounded(lower: int, upper: int | None) -> Figure:
    """A number where both bounds are the same, else the bounds."""
    return number(lower) if lower == upper else Figure(None, lower, upper)


def figures(region: Region) -> Figures:
    """Every figure of a region that its records and counts give."""
    found: Figures = {}
    counted = series(region)
    for level in region.levels():
        for area in level.areas():
            here = People(region, level, area)
            for window in level.windows():
                said = dict(of_window(here, window)) if here.has_records else {}
                if here.is_total and window.kind != "cohort":
                    said |= dict(with_counts(here, window, counted, said))
                said |= dict(without_silence(here, window, counted, said))
                for (metric, breakdown, part), figure in said.items():
                    cohort = quarter_name(window) if metric in COHORTS and is_quarter(window) else "all"
                    key = (metric, level.programme, area, breakdown, part, cohort, window.start, window.end)
                    found[key] = figure
    events = {(*k[:3], *k[6:]): f.value for k, f in found.items() if k[3] == "all"}
    others = (
        social_value(region, region.reference),
        volunteering(region, region.reference),
        timeliness(region),
        completeness(region),
    )
    for key, value in (
        *budgets(region),
        *targets(region, events),
        *unit_costs(region, events),
        *(said for other in others for said in other),
    ):
        found[key] = Figure(value)
    return found


EVENTS = {"M01": "referrals", "M04": "starts", "M08": "evidenced_jobs"}
PEOPLE = {"M02": ("people_referred", "referrals"), "M05": ("starts",), "M11": ("evidenced_jobs",)}
RATES = {"M03": ("M01", "M02"), "M06": ("M04", "M01"), "M12": ("M08", "M04"), "M32": ("M08", "M01")}


def with_counts(
    here: People,
    window: Window,
    counted: dict[tuple[str, str], Series],
    said: dict[tuple[str, str, str], Figure],
) -> Iterator[Said]:
    """Numbers of records and counts together: exact, or bounds, or at least what is known."""
    level = here.level
    silent = not here.region.has_all(level, window)
    mine = [p for p in level.parts if any(p == programme for programme, _ in counted)]
    if not mine and not here.has_records:
        return
    for metric, code in EVENTS.items():
        known = said.get((metric, "all", "all"), number(0)).value
        parts = [counted[p, code].within(window) for p in mine if (p, code) in counted]
        low, high = total([(int(known or 0), int(known or 0)), *parts])
        yield (metric, "all", "all"), bounded(low, None if silent else high)
    for metric, codes in PEOPLE.items():
        if window.kind == "quarter" and metric != "M02":
            continue
        found = [next(((c, counted[p, c]) for c in codes if (p, c) in counted), None) for p in mine]
        least, most = [int(said.get((metric, "all", "all"), number(0)).value or 0)], []
        most += least
        for code, numbers in (f for f in found if f):
            low, high = numbers.within(window)
            if code.startswith("people"):  # who was counted before April to then can have come again
                high = numbers.until(window.end, window.start.replace(month=4))[1]
            # starts are people where re-entry counts once; of referrals and jobs one person can have all
            is_people = code.startswith("people") or code == "starts"
            if level.is_parent or is_people:
                least.append(low if is_people else min(low, 1))
                most.append(high)  # type: ignore[arg-type]
        if here.has_records or len(most) > 1:
            low, high = max(least), None if silent or None in most else sum(most)
            yield (metric, "all", "all"), bounded(low, high)


def without_silence(
    here: People,
    window: Window,
    counted: dict[tuple[str, str], Series],
    said: dict[tuple[str, str, str], Figure],
) -> Iterator[Said]:
    """Figures that some part of the level has not reported: at least what is known, or not available."""
    level = here.level
    is_short = not here.region.has_all(level, window)
    has_gap = level.is_parent and any(p in level.parts for p, _ in counted)
    for (metric, breakdown, part), figure in said.items():
        key = (metric, breakdown, part)
        is_added = (
            metric in ADDED or (metric, breakdown) in ADDED or (metric == "M24" and part != "permanent_share")
        )
        if (is_short or has_gap) and is_added and figure.value is not None:
            yield key, Figure(None, int(figure.value), None)
        elif ((is_short or has_gap) and (metric in SHARED or metric == "M24") and not is_added) or (
            is_short and metric == "M19"
        ):
            yield key, Figure()
        elif is_short and not here.is_total and key in {(m, "all", "all") for m in (*EVENTS, *PEOPLE)}:
            yield key, Figure(None, int(figure.value or 0), None)
    for metric, (above, below) in RATES.items():
        for breakdown in ("all", *BY_GROUP.get(metric, ())):
            for part in {p for m, b, p in said if (m, b) == (above, breakdown)}:
                parts = [said.get((m, breakdown, part), Figure()).value for m in (above, below)]
                known = None not in parts and not (is_short or (has_gap and breakdown != "all"))
                if not is_quarter(window):
                    yield (
                        (metric, breakdown, part),
                        share(int(parts[0] or 0), int(parts[1] or 0)) if known else Figure(),
                    )


def total(parts: list[Bounds]) -> Bounds:
    """Bounds of a sum."""
    uppers = [high for _, high in parts]
    return sum(low for low, _ in parts), None if None in uppers else sum(h for h in uppers if h is not None)


BY_GROUP = {
    "M06": ("sex", "age_band", "referral_source"),
    "M12": ("sex", "age_band", "ethnic5", "disability", "cohort"),
    "M32": ("sex", "age_band"),
}
ADDED = {"M09", "M20", "M22"} | {(m, b) for m, breakdowns in GROUPS.items() for b in breakdowns}
SHARED = {"M17", "M27", "M28"}
COHORTS = {"M07", "M10", "M13", "M14", "M15", "M16"}
