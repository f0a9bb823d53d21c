"""Whether figures that belong together agree, before protection and after it."""

from __future__ import annotations

import pandas as pd

from orchestration.control.records import CheckResult
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.columns import KEY, NOT_PERSONAL, SHOWN, TEN_FIVE
from orchestration.publishing.derive import is_counted
from orchestration.publishing.inspection import Build, Figures, result
from orchestration.publishing.repair import KEPT
from orchestration.publishing.rounding import BASE

KIND = "reconciliation"
UNITS_THAT_ADD = ("referrals", "participations", "gbp", "events", "hours", "placements")
COUNTED_ONCE = "jobs"
"""Two claims of one job are one job for a region. People do not add at all, nor do shares."""
PEOPLE_AND_THEIR_EVENTS = (("M02", "M01"), ("M05", "M04"), ("M11", "M08"))
ROUNDING = 2.5
"""How far a count can move when it is rounded to the nearest 5."""
PENNY = 0.005

DISTRICT_PROGRAMMES = """
select distinct
    p.programme_id,
    p.parent_programme_id as region_programme_id,
    a.area_code,
    a.parent_code as region_code
from reference.programmes as p
cross join reference.areas as a
where p.parent_programme_id is not null
    and a.area_level = 'district'
    and a.parent_code in (select area_code from reference.areas where area_level = 'combined_authority')
"""


def reconciliations(build: Build, figures: Figures) -> list[CheckResult]:
    """Regions are their districts, wholes their parts, people no more than events, exact stays exact."""
    cells = figures.candidate.cells
    return [
        _told("metric_values__region_is_sum_of_districts", _regions(cells, _districts(build))),
        _told("metric_values__parts_sum_to_whole", _wholes(cells)),
        _told("metric_values__people_not_more_than_events", _people(cells)),
        _told("published__exact_is_exact_and_rounded_is_near", _protection(figures)),
    ]


def _told(check_id: str, broken: list[str]) -> CheckResult:
    named = ", ".join(sorted(set(broken)))
    return result(
        f"release__{check_id}", KIND, "metric_values", not broken, f"This does not hold for {named}."
    )


def _districts(build: Build) -> pd.DataFrame:
    """Programmes of districts and the region's programme and area that they make."""
    with warehouse(build.warehouse) as connection:
        return connection.execute(DISTRICT_PROGRAMMES).df()


def _regions(cells: pd.DataFrame, districts: pd.DataFrame) -> list[str]:
    """A region's programme is the sum of its districts' programmes where all of them have the figure.

    Where one is silent the region is no less than the others; jobs claimed twice count once.
    """
    added = cells[cells["value"].notna() & cells["denominator"].isna() & cells["factor"].isna()]
    parts = added.merge(districts, on=["programme_id", "area_code"]).rename(columns={"programme_id": "part"})
    parts = parts.assign(programme_id=parts["region_programme_id"], area_code=parts["region_code"])
    known = parts.groupby(["metric_id", "programme_id"], as_index=False).agg(known=("part", "nunique"))
    both = _apart(added, parts, KEY).merge(known, on=["metric_id", "programme_id"])
    is_whole = both["parts"] == both["known"]
    adds, once = both["unit"].isin(UNITS_THAT_ADD), both["unit"] == COUNTED_ONCE
    is_wrong = (adds & ((both["apart"] < -PENNY) | (is_whole & (both["apart"] > PENNY)))) | (
        once & is_whole & (both["apart"] > PENNY)
    )
    return both.loc[is_wrong, "metric_id"].tolist()


def _wholes(cells: pd.DataFrame) -> list[str]:
    """Themes and cost types of budgets, and of what was spent of them (`actual_`)."""
    money = cells[(cells["metric_id"] == "M33") & cells["value"].notna()]
    whole = [k for k in KEY if k not in ("breakdown_type", "breakdown_value")]
    broken = []
    for breakdown in sorted(set(money["breakdown_type"]) - {"all", "actual_all"}):
        total = "actual_all" if breakdown.startswith("actual_") else "all"
        parts = money[money["breakdown_type"] == breakdown]
        both = _apart(money[money["breakdown_type"] == total], parts, whole)
        broken += both.loc[both["apart"].abs() > PENNY, "metric_id"].tolist()
    return broken


def _apart(totals: pd.DataFrame, parts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How far each total that has parts is above their sum (`apart`), and how many `parts` it has."""
    sums = parts.groupby(by, as_index=False).agg(sum_of_parts=("value", "sum"), parts=("value", "size"))
    both = totals.merge(sums, on=by)
    return both.assign(apart=both["value"] - both["sum_of_parts"])


def _people(cells: pd.DataFrame) -> list[str]:
    """A person makes one event at least: no more people than events, cell for cell."""
    broken = []
    rest = [k for k in KEY if k != "metric_id"]
    for people, events in PEOPLE_AND_THEIR_EVENTS:
        mine = cells[(cells["metric_id"] == people) & (cells["figure_origin"] != "published")]
        both = mine.merge(cells[cells["metric_id"] == events], on=rest)
        if (both["value_x"] > both["value_y"]).any():
            broken.append(people)
    return broken


def _protection(figures: Figures) -> list[str]:
    """Protection moves a count by rounding only, and leaves exact what may be exact."""
    before = figures.candidate.cells.assign(is_count=is_counted(figures.candidate.cells))[
        [*KEY, "value", "is_count"]
    ]
    both = figures.protected.cells.merge(before, on=KEY, suffixes=("", "_before"))
    both = both[(both["status"] == SHOWN) & ~both["caveat"].str.endswith(KEPT)]
    moved = (both["value"] - both["value_before"]).abs()
    is_exact = both["basis"] == NOT_PERSONAL
    is_count = both["is_count"] & both["value_before"].notna() & (both["basis"] == TEN_FIVE)
    is_wrong = (is_exact & (moved > 0)) | (is_count & ((moved > ROUNDING) | (both["value"] % BASE != 0)))
    return both.loc[is_wrong, "metric_id"].tolist()
