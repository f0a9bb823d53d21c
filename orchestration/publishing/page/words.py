"""Names instead of codes, dates and periods as people say them, units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "ethnic5": ("ethnic_group",),
    "inactive_population": ("inactivity_reason",),
    "theme": ("spend_theme",),
    "actual_theme": ("spend_theme",),
    "actual_cost_type": ("cost_type",),
}
"""Code lists that name the groups of a breakdown, where they are called otherwise."""
BREAKDOWNS: Final[Mapping[str, str]] = {
    "age_band": "Age", "sex": "Sex", "disability": "Disability", "ethnic5": "Ethnic group",
    "inactivity_reason": "Reason for inactivity", "referral_source": "Source of referral",
    "triage_outcome": "Outcome of triage", "imd": "Deprivation decile (1 is most deprived)",
    "cohort": "Cohort", "barriers": "Barriers", "style": "Type of support", "funder": "Funder",
    "end": "End", "lead": "Lead body", "actual_all": "Spent", "actual_theme": "Spent by theme",
    "actual_cost_type": "Spent by cost type", "lens_fiscal": "Fiscal lens",
    "lens_public_value": "Public value lens", "stream_units": "Units of a stream",
    "employment_status": "Status at start", "sustainment_status": "Result of the check",
    "measure_item": "Question asked", "overlap": "People in several streams", "ratio": "Value for each pound",
}  # fmt: skip
OWN: Final[Mapping[str, str]] = {
    "a_and_e": "A&E visits avoided", "dfe": "Department for Education", "mod": "Ministry of Defence",
    "nhs": "NHS", "dwp": "Department for Work and Pensions", "esf": "European Social Fund",
    "ukspf": "UK Shared Prosperity Fund", "by_2022": "Ended by 2022", "from_2024": "2024 or later",
    "duration_only": "Only a duration given", "ended_no_date": "Ended, no date given", "reoffending":
    "Re-offending", "per_start": "Cost per start", "per_evidenced_job": "Cost per evidenced job",
    "engaged": "People engaged", "jobs": "Jobs", "white": "White", "black": "Black", "asian": "Asian",
    "mixed": "Mixed", "other": "Other", "admin_mobilisation_resourcing":
    "Administration, mobilisation and resourcing", "hub": "Hub or brokerage",
    "groups": "Group sessions", "substance": "Substance use",
    "value_gbp": "Value in pounds",
}  # fmt: skip

UNITS: Final[Mapping[str, str]] = {"gbp": "pounds", "rate": "per cent", "share": "per cent"}
"""Units in words, where their code is none."""
REGISTER: Final[Mapping[str, str]] = {
    "scheme_name": "Scheme", "lead_name": "Lead", "cohort_text": "For whom", "style_text": "Support",
    "funder_text": "Funder", "amount_text": "Amount", "start_text": "Start", "end_text": "End",
    "outcome_text": "Outcomes stated",
}  # fmt: skip
"""Columns of the register of schemes, as a reader knows them."""


@dataclass(frozen=True)
class Names:
    """Public names: `programmes` id to (name, lead partner, area code), `codes` (list, code) to label.

    `returns`: return id to the partner's name.
    """

    programmes: Mapping[str, tuple[str, str, str]]
    codes: Mapping[tuple[str, str], str]
    returns: Mapping[str, str]

    def programme(self, programme_id: str) -> str:
        """The programme's name; the id of one that the register does not know."""
        return self.programmes.get(programme_id, (programme_id, "", ""))[0]

    def group(self, breakdown_type: str, value: str) -> str:
        """The label of a group within a breakdown."""
        if breakdown_type == "imd" and value.isdigit():
            return f"Decile {value}"
        for code_list in LISTS.get(breakdown_type, (breakdown_type,)):
            if label := self.codes.get((code_list, value)):
                return label
        return OWN.get(value, value.replace("_", " ").capitalize())


def read_names(connection: duckdb.DuckDBPyConnection) -> Names:
    """Names from the reference data of a build, and of its returns."""
    programmes = connection.execute(
        "select programme_id, programme_name, lead_partner, area_code from reference.programmes"
    ).fetchall()
    codes = connection.execute("select code_list, code, label from reference.codes").fetchall()
    returns = connection.execute("select distinct return_id, partner_name from control.returns").fetchall()
    return Names(
        {i: (name, lead or "", area or "") for i, name, lead, area in programmes},
        {(code_list, code): label for code_list, code, label in codes},
        dict(returns),
    )


def day(iso: str) -> str:
    """2 March 2026."""
    one = date.fromisoformat(iso)
    return f"{one.day} {one:%B %Y}"


def period(start: str, end: str) -> str:
    """Whole months as "April to June 2025", other periods with their days; empty where there is none."""
    if not start or not end:
        return ""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if first.day > 1 or _is_not_month_end(last):
        return f"{day(start)} to {day(end)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%B}{year} to {last:%B} {last.year}"


def quarter(start: str) -> str:
    """Two months and a year: short enough for an axis."""
    first = date.fromisoformat(start)
    last = date(first.year, first.month + 2, 1)
    return f"{first:%b}\u2013{last:%b} {last:%y}"


def _is_not_month_end(one: date) -> bool:
    return date.fromordinal(one.toordinal() + 1).day != 1


def listed(words: list[str]) -> str:
    """One, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
