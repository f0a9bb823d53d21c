"""The pages of a release as files."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from orchestration.publishing import overlap
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.columns import RELEASED
from orchestration.publishing.inspection import Build
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import read_rows
from orchestration.publishing.page.headline import headline_rows
from orchestration.publishing.page.index import HEADLINE
from orchestration.publishing.page.quality import read_quality
from orchestration.publishing.page.report import report_bytes
from orchestration.publishing.page.steward import steward_bytes
from orchestration.publishing.tables import csv_bytes

STEWARD = "steward/steward_metrics.csv"


def page_files(
    build: Build, candidate: Candidate, contents: Contents, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """`headline.csv` and the two pages, from the `files` of the release already made."""
    quality = read_quality(build, candidate, read_rows(files[STEWARD]), read_rows(files[overlap.FILE]))
    headline = pd.DataFrame(headline_rows(contents), columns=RELEASED)
    return {
        HEADLINE: csv_bytes(headline),
        "report.html": report_bytes(contents),
        "steward/report.html": steward_bytes(contents, quality),
    }
