"""What stands in the workbook beside the figures: areas compared, schemes, coverage, definitions, notes."""

from __future__ import annotations

import pandas as pd

from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.record import definitions
from orchestration.publishing.page.words import REGISTER, UNITS, period
from orchestration.publishing.workbook_style import COUNT, number_format

SHORTHAND = [
    (
        "[c]",
        "Confidential: hidden because it, or another figure with it, could tell of fewer than ten people.",
    ),
    ("[x]", "Not available: not reported, a base too small for a rate, or withdrawn to protect people."),
    ("[e]", "Known only between two bounds, because a partner reports hidden or rounded numbers."),
    ("[z]", "Not applicable: the figure has no such part, or the metric is not published there."),
]
COVERAGE_COLUMNS = {
    "programme_id": "Programme", "period_start": "From", "period_end": "To",
    "returns_expected": "Returns expected", "returns_current": "Returns in use",
    "returns_carried": "Carried forward", "caseload_share": "Share of caseload",
}  # fmt: skip
COMPARED = {
    "metric_name": "Metric", "group_id": "Compared within", "area_name": "Area", "period_start": "",
    "period_end": "",
    "numerator": "Numerator", "denominator": "Denominator", "value": "Value", "ci_lower": "Interval from",
    "ci_upper": "Interval to", "average": "Average", "limit_95_lower": "95% limit, lower",
    "limit_95_upper": "95% limit, upper", "limit_998_lower": "99.8% limit, lower",
    "limit_998_upper": "99.8% limit, upper", "rank": "Rank", "rank_best": "Rank could be from",
    "rank_worst": "Rank could be to", "areas_compared": "Areas compared", "comparison": "Against the average",
}  # fmt: skip
COMPARED_RATES = ("value", "ci_lower", "ci_upper", "average", "limit_95_lower", "limit_95_upper",
                  "limit_998_lower", "limit_998_upper")  # fmt: skip


def tables_beside(contents: Contents) -> list[tuple[str, str, pd.DataFrame, dict[str, str]]]:
    """Label, title, table and the formats of its columns, of each that has a row."""
    compared = {c: number_format("rate") for c in COMPARED_RATES} | {"numerator": COUNT, "denominator": COUNT}
    found = [
        ("Comparison", "Areas compared: intervals, funnel limits and ranks",
         _compared(contents), {COMPARED[c]: f for c, f in compared.items()}),
        ("Schemes", "The register of place-based schemes", _register(contents), {}),
        ("Coverage", "Returns behind the figures",
         _coverage(contents), {COVERAGE_COLUMNS["caseload_share"]: number_format("share")}),
        ("Definitions", "Metrics and how they are made", _defined(contents), {}),
        ("Notes", "Shorthand used in the tables",
         pd.DataFrame(SHORTHAND, columns=["Shorthand", "Meaning"]), {}),
    ]  # fmt: skip
    return [one for one in found if len(one[2])]


def _coverage(contents: Contents) -> pd.DataFrame:
    rows = pd.DataFrame([dict(row) for row in contents.coverage], columns=[*COVERAGE_COLUMNS])
    named = [contents.names.programme(p) for p in rows["programme_id"]]
    numbers = {c: pd.to_numeric(rows[c]) for c in list(COVERAGE_COLUMNS)[3:]}
    return rows.assign(programme_id=named, **numbers).rename(columns=COVERAGE_COLUMNS)


def _compared(contents: Contents) -> pd.DataFrame:
    """Areas that report the same days, with intervals, limits and ranks."""
    rows = pd.DataFrame([dict(row) for row in contents.comparison], columns=[*COMPARED])
    spans = zip(rows.pop("period_start"), rows.pop("period_end"), strict=True)
    rows = rows.assign(group_id=[contents.names.programme(p) for p in rows["group_id"]])
    rows.insert(3, "period", [period(start, end) for start, end in spans])
    for column in rows.columns[4:-1]:
        rows[column] = pd.to_numeric(rows[column])
    return rows.rename(columns=COMPARED | {"period": "Period"})


def _register(contents: Contents) -> pd.DataFrame:
    return pd.DataFrame([dict(row) for row in contents.schemes], columns=list(REGISTER)).rename(
        columns=REGISTER
    )


def _defined(contents: Contents) -> pd.DataFrame:
    wanted = {
        "metric_id": "Id", "metric_name": "Metric", "metric_version": "Version", "formula": "How it is made",
        "unit": "Unit", "maturity_rule": "Maturity", "minimum_denominator": "Smallest base",
        "caveat": "What to know", "source": "Source",
    }  # fmt: skip
    public = pd.DataFrame(definitions(contents)).astype(str)
    public["unit"] = public["unit"].replace(UNITS)
    return public[[c for c in wanted if c in public]].rename(columns=wanted)
