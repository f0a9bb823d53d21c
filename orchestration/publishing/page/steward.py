"""`steward/report.html`: quality and timeliness of returns, evidence, time to a job, revisions.

For the steward alone. Figures are protected ones; counts of faults are protected in the same way.
"""

from __future__ import annotations

from typing import Final

from orchestration.publishing.page.arrivals import completeness, returns, timeliness
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.found import evidence, faults, revisions, survival
from orchestration.publishing.page.quality import Quality
from orchestration.publishing.page.record import definitions
from orchestration.publishing.page.render import page_bytes
from orchestration.publishing.page.shared import shared

DOWNLOADS: Final = (
    ("steward_metrics.csv", "Figures for stewards, one a row"),
    ("people_overlap.csv", "Records, people and shared jobs by programme"),
    ("../report.html", "The public page"),
    ("../metrics.csv", "Every public figure"),
    ("../tables.xlsx", "The public figures by topic"),
    ("../../index.html", "All releases side by side"),
)


def steward_bytes(contents: Contents, quality: Quality) -> bytes:
    """The steward's page; the same release gives the same bytes."""
    sections = [
        returns(contents, quality),
        timeliness(contents, quality),
        completeness(contents, quality),
        faults(contents, quality),
        shared(contents, quality),
        evidence(contents, quality),
        survival(contents, quality),
        revisions(contents),
    ]
    meant = [*definitions(contents), *definitions(contents, "steward")]
    return page_bytes(contents, "Regional employment support: for stewards", sections, meant, DOWNLOADS)
