"""What only a steward sees of a build: expected returns, faults of files, jobs that two programmes claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.publishing.candidate import Candidate, warehouse
from orchestration.publishing.inspection import Build
from orchestration.publishing.page.figures import Book, Row
from orchestration.publishing.page.reading import text_rows
from orchestration.publishing.rounding import is_small, nearest_five

SHARED = """
select
    programme_id,
    cast(sum(shared_claims) as bigint) as shared_claims
from metrics.flows
where metric_id = 'M09' and breakdown_type = 'all'
group by programme_id
having sum(shared_claims) > 0
order by programme_id
"""


@dataclass(frozen=True)
class Quality:
    """Counts of faults and of shared jobs are not protected yet: `about` is how a page says them.

    `book`: figures for stewards; `ledger`: expected returns; `faults`: return, rule and severity to how
    many; `shared`: programme to how many of its claimed jobs another one counts. `overlap`: rows of
    `people_overlap.csv`, which are protected.
    """

    book: Book
    ledger: Sequence[Row]
    faults: Mapping[tuple[str, str, str], int]
    shared: Mapping[str, int]
    overlap: Sequence[Row]


def read_quality(build: Build, candidate: Candidate, rows: Sequence[Row], overlap: Sequence[Row]) -> Quality:
    """From a build, and the rows of `steward_metrics.csv` and `people_overlap.csv`."""
    with warehouse(build.warehouse) as connection:
        shared = dict(connection.execute(SHARED).fetchall())
    return Quality(Book(rows), text_rows(candidate.ledger), _faults(build), shared, overlap)


def _faults(build: Build) -> dict[tuple[str, str, str], int]:
    """Faults of every submission that no newer one replaced."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in build.store.submissions():
        if one.received_on <= build.settings.as_at and one.status != "superseded":
            for finding in build.store.findings_of(one.return_id, one.submission_id):
                counts[one.return_id, finding.rule_id, finding.severity] += finding.count
    return dict(sorted(counts.items()))


def about(count: int) -> str:
    """A count as a page may say it: small ones hidden, others to the nearest five, as figures are."""
    one = np.array([float(count)])
    return "fewer than 10" if is_small(one)[0] else f"about {nearest_five(one)[0]:,.0f}"
