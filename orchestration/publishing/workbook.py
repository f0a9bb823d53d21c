"""`tables.xlsx`: the released figures by topic, in the Analysis Function's accessible form.

Made only of what `metrics.csv` says. The same figures give the same bytes: no clock, no order of chance.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.publishing.columns import ESTIMATED, KEY
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import span
from orchestration.publishing.page.words import BREAKDOWNS, UNITS, Names, day, period
from orchestration.publishing.workbook_beside import SHORTHAND, tables_beside
from orchestration.publishing.workbook_style import (
    COVER,
    Format,
    by_column,
    by_row,
    lay_out,
    number_format,
    on_paper,
)

if TYPE_CHECKING:
    import gptables as gpt

ABOUT = (
    "Counts of people from 1 to 9 are hidden; others are rounded to the nearest 5.",
    "Rates, intervals and money are computed from the rounded parts, so that totals may not add up.",
    "Figures that their owners have published, and figures that are not about people, are exact.",
    "Snapshot ratios divide figures of one window and are not success rates.",
    "Social value is gross: nothing is taken off for what would have happened anyway.",
)
FUNNEL = ("M01", "M02", "M03", "M04", "M05", "M06", "M08", "M11", "M12", "M32")
COHORTS = ("M07", "M13", "M14", "M15", "M16")
EQUALITY = ("M17", "M18", "M27", "M28")
GROUPS = ("age_band", "sex", "disability", "ethnic5", "imd", "inactivity_reason")
TARGETS = ("M26", "M34")
MONEY = ("M23", "M25", "M31", "M33")
LANDSCAPE = ("N01", "N02", "N03", "N04")
LONG = {
    "metric_name": "Metric", "programme": "Programme", "area_name": "Area", "breakdown": "Breakdown",
    "group": "Group", "cohort_quarter": "Cohort", "period": "Period", "unit": "Unit",
    "numerator": "Numerator", "denominator": "Denominator", "value": "Value", "bound_lower": "At least",
    "bound_upper": "At most", "ci_lower": "Interval from", "ci_upper": "Interval to",
    "maturity": "Maturity", "caveat": "What to know",
}  # fmt: skip
PARTS = ("numerator", "denominator")
FIGURES = (*PARTS, "value", "bound_lower", "bound_upper", "ci_lower", "ci_upper")


@dataclass(frozen=True)
class Topic:
    """One sheet: its label, its title, and which figures are on it."""

    label: str
    title: str
    has: Callable[[pd.DataFrame], pd.Series]


TOPICS = (
    Topic("Cohorts", "Early starts, time to a job and sustained jobs by cohort quarter",
          lambda f: f["metric_id"].isin(COHORTS)),
    Topic("Equality", "Who is reached: age, sex, disability, ethnicity, deprivation, reason for inactivity",
          lambda f: f["metric_id"].isin(EQUALITY)
          | (f["breakdown_type"].isin(GROUPS) & ~f["metric_id"].isin((*MONEY, *LANDSCAPE)))),
    Topic("Targets", "Progress towards targets", lambda f: f["metric_id"].isin(TARGETS)),
    Topic("Money", "Budget, spend and social value", lambda f: f["metric_id"].isin(MONEY)),
    Topic("Landscape", "National and local figures carried from published sources",
          lambda f: f["metric_id"].isin(LANDSCAPE)),
)  # fmt: skip


def workbook_bytes(public: pd.DataFrame, contents: Contents) -> bytes:
    """The workbook of the public figures as `tables.as_text` gives them; stamp and label on its cover."""
    import gptables as gpt

    stamp, as_at = contents.stamp, date.fromisoformat(contents.as_at)
    named = _named(public, contents.names)
    sheets = {"Funnel": _funnel(named, stamp)}
    sheets |= {t.label: _sheet(t, named, stamp) for t in _with_outcomes() if t.has(named).any()}
    for label, title, table, formats in tables_beside(contents):
        sheets[label] = _table(label, title, table, stamp, by_column(formats))
    cover = gpt.Cover(
        title="Regional employment support: figures",
        intro=[stamp, f"This is {contents.label}.", f"As at {day(contents.as_at)}."],
        about=[*ABOUT, *(f"{mark} {said}" for mark, said in SHORTHAND)],
        width=COVER,
    )
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that there is no sheet of numbered notes: ours has words
        book = gpt.produce_workbook(
            written, sheets=sheets, cover=cover, auto_width=dict.fromkeys(sheets, False)
        )
    for label, table in sheets.items():
        lay_out(book.get_worksheet_by_name(label), table)
    for sheet in book.worksheets():
        on_paper(sheet)
    book.set_properties({"title": "Regional employment support", "created": datetime(*as_at.timetuple()[:3])})
    book.close()
    return written.getvalue()


def _with_outcomes() -> tuple[Topic, ...]:
    """The topics in order, with one for every outcome that no other topic shows."""
    named = {*FUNNEL, *COHORTS, *EQUALITY, *TARGETS, *MONEY, *LANDSCAPE}
    rest = Topic(
        "Outcomes", "Attendance, wellbeing, qualifications and placements by programme",
        lambda f: ~f["metric_id"].isin(named),
    )  # fmt: skip
    return (rest, *TOPICS)


def _named(public: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The figures with names of programmes, areas, breakdowns and groups, and the period in words."""
    pairs = zip(public["breakdown_type"], public["breakdown_value"], strict=True)
    spans = zip(public["period_start"], public["period_end"], strict=True)
    return public.assign(
        programme=["All programmes" if p == "all" else names.programme(p) for p in public["programme_id"]],
        area_name=public["area_name"].where(public["area_name"] != "", "All areas"),
        breakdown=[BREAKDOWNS.get(b, b.replace("_", " ").capitalize()) for b in public["breakdown_type"]],
        group=["All" if v == "all" else names.group(b, v) for b, v in pairs],
        cohort_quarter=public["cohort_quarter"].replace("all", "All"),
        maturity=public["maturity"].str.replace("_", " "),
        period=[period(start, end) for start, end in spans],
    )


def _funnel(named: pd.DataFrame, stamp: str) -> gpt.GPTable:
    """One row a programme, area and period; one column a metric, a range in words."""
    chosen = named["metric_id"].isin(FUNNEL) & (named["breakdown_type"] == "all")
    rows = named[chosen & (named["cohort_quarter"] == "All")]
    spans = [span(low, high) for low, high in zip(rows["bound_lower"], rows["bound_upper"], strict=True)]
    is_range = rows["status"] == ESTIMATED
    shown = rows.assign(shown=pd.Series(_numbers(rows, "value"), rows.index).mask(is_range, spans))
    where = ["programme", "area_name", "period_start", "period_end", "period"]
    wide = shown.pivot(index=where, columns="metric_id", values="shown").reset_index()
    titles = dict(zip(rows["metric_id"], rows["metric_name"], strict=True))
    table = wide.drop(columns=["period_start", "period_end"]).rename(
        columns={"programme": "Programme", "area_name": "Area", "period": "Period", **titles}
    )
    units = dict(zip(rows["metric_name"], rows["unit"], strict=True))
    formats = by_column({name: number_format(unit) for name, unit in units.items()})
    return _table("Funnel", "Referrals, starts and jobs by district and period", table, stamp, formats)


def _numbers(rows: pd.DataFrame, column: str) -> list[float | str]:
    """Numbers as such, else why there is none."""
    marks = rows["status"].where(rows["status"] != "", "[z]")
    return [float(v) if v else m for v, m in zip(rows[column].tolist(), marks, strict=True)]


def _sheet(topic: Topic, named: pd.DataFrame, stamp: str) -> gpt.GPTable:
    rows = named[topic.has(named)].sort_values(KEY, ignore_index=True)
    units = rows["unit"].tolist()
    rows = rows.assign(unit=[UNITS.get(u, u) for u in units])
    shown = {new: _numbers(rows, old) if old in FIGURES else rows[old].tolist() for old, new in LONG.items()}
    formats = by_row(units, [LONG[c] for c in FIGURES], [LONG[c] for c in PARTS])
    return _table(topic.label, topic.title, pd.DataFrame(shown, dtype=object), stamp, formats)


def _table(
    label: str, title: str, table: pd.DataFrame, stamp: str, formats: Sequence[Format] = ()
) -> gpt.GPTable:
    import gptables as gpt

    filled = table.astype(object).where(table.notna() & (table != ""), "[z]").reset_index(drop=True)
    return gpt.GPTable(
        table=filled,
        table_name=label.lower(),
        title=title,
        subtitles=[stamp],
        instructions="This sheet has one table. The sheet Notes explains shorthand in square brackets.",
        additional_formatting=list(formats),
    )
