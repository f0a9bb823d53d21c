"""The catalogue M01 to M34 from accepted records, in plain Python, written from the definitions alone."""

from __future__ import annotations

from tests.independent.cohorts import is_quarter
from tests.independent.completeness import completeness
from tests.independent.counted import series
from tests.independent.levels import quarter_name
from tests.independent.money import budgets, targets, unit_costs
from tests.independent.people import Figure, Figures, Key, People
from tests.independent.records import Region
from tests.independent.tallied import tallies
from tests.independent.together import together
from tests.independent.topics import of_window
from tests.independent.value import social_value, timeliness, volunteering

__all__ = ["Figure", "Figures", "Key", "figures"]


def figures(region: Region) -> Figures:
    """Every figure of a region that its records and counts give."""
    found: Figures = {}
    counted = series(region)
    for level in region.levels():
        for area in level.areas():
            here = People(region, level, area)
            for window in level.windows():
                said = dict(of_window(here, window)) if here.has_records else {}
                for (metric, breakdown, part), figure in together(here, window, counted, said).items():
                    cohort = quarter_name(window) if metric in COHORTS and is_quarter(window) else "all"
                    key = (metric, level.programme, area, breakdown, part, cohort, window.start, window.end)
                    found[key] = figure
    found |= dict(tallies(region))
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


COHORTS = {"M07", "M10", "M13", "M14", "M15", "M16"}
