"""Rotherham's budget as its decision of March 2026 prints it, and the targets of the trailblazer year."""

from __future__ import annotations

from datetime import date

from seeds.returns.model import Delivery, Sample, Truth
from seeds.returns.writing import delimited

FINANCE, TARGETS = "rotherham_finance", "south_yorkshire_targets"
SYSTEM, EMPLOYER, PERSONAL = (
    "System Service Management",
    "Employer Activation & Engagement",
    "Personalised Support",
)
BUDGET = (
    (SYSTEM, "Staffing", 224688),
    (SYSTEM, "Commissioned Services", 60000),
    (EMPLOYER, "Staffing", 112000),
    (EMPLOYER, "Commissioned Services", 250000),
    (EMPLOYER, "Administrative and resourcing", 110000),
    (PERSONAL, "Staffing", 501240),
    (PERSONAL, "Commissioned Services", 300000),
    (PERSONAL, "Mobilisation and resourcing", 110000),
    (PERSONAL, "Administrative", 36000),
)
YEAR = ("01/04/2025", "31/03/2026")


def make_finance() -> Sample:
    """Budget 2025/26 by line; what was spent by September 2025 is invented (two fifths of each line)."""
    header = ("Function", "Cost", "Line", "From", "To", "Budget 2025/26 (£)", "Spent to date (£)")
    lines = [
        (theme, cost, f"{theme}: {cost}", *YEAR, f"£{gbp:,}", f"£{gbp * 2 // 5:,}.00")
        for theme, cost, gbp in BUDGET
    ]
    spent = sum(gbp * 2 // 5 for _, _, gbp in BUDGET)
    total = ("Total", "", "", *YEAR, f"£{sum(gbp for _, _, gbp in BUDGET):,}", f"£{spent:,}.00")
    content = delimited([header, *lines, total], encoding="cp1252")
    name = "PtW budget monitoring 2025-26 H1.csv"
    delivery = Delivery(
        FINANCE, name, content, date(2025, 10, 30), "budget of the whole year, spend to September"
    )
    figures = {"budget": sum(gbp for _, _, gbp in BUDGET), "actual_to_date": spent}
    figures |= {
        f"budget {theme}": sum(g for t, _, g in BUDGET if t == theme)
        for theme in (SYSTEM, EMPLOYER, PERSONAL)
    }
    figures["budget staffing"] = sum(g for _, cost, g in BUDGET if cost == "Staffing")
    figures["budget commissioned"] = sum(g for _, cost, g in BUDGET if cost == "Commissioned Services")
    truths = [Truth(FINANCE, "P08", metric, "2025-26", str(value)) for metric, value in figures.items()]
    return Sample([delivery], truths, [])


def make_targets() -> Sample:
    """Rotherham's targets, the only ones that a source states."""
    header = ("District", "Target", "Definition", "From", "To", "Number")
    rows = [
        ("E08000018", "People engaged", "started on the programme", *YEAR, "1,000"),
        ("E08000018", "People into work", "evidenced paid job", *YEAR, "400"),
    ]
    content = delimited([header, *rows], delimiter="\t", encoding="utf-16")
    delivery = Delivery(TARGETS, "SY trailblazer targets 2025-26 H1.txt", content, date(2025, 10, 9))
    truths = [
        Truth(TARGETS, "P08", "target_engaged", "2025-26", "1000"),
        Truth(TARGETS, "P08", "target_jobs", "2025-26", "400"),
    ]
    return Sample([delivery], truths, [])
