"""`report.html`: the steward's page of a release, made of released figures alone."""

from __future__ import annotations

from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.headline import headline
from orchestration.publishing.page.journey import cohorts, journey
from orchestration.publishing.page.landscape import landscape
from orchestration.publishing.page.money import money
from orchestration.publishing.page.places import districts, trends
from orchestration.publishing.page.programmes import programmes, whom
from orchestration.publishing.page.record import DOWNLOADS, changes, definitions
from orchestration.publishing.page.render import page_bytes

SECTIONS = (headline, trends, districts, journey, cohorts, whom, programmes, money, changes, landscape)
TITLE = "Regional employment support"


def report_bytes(contents: Contents) -> bytes:
    """The public page; the same release gives the same bytes."""
    return page_bytes(
        contents, TITLE, [made(contents) for made in SECTIONS], definitions(contents), DOWNLOADS
    )
