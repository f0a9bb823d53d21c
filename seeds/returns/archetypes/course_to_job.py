"""R9: the course-to-job pilot, a list of percentages without the numbers behind them."""

from __future__ import annotations

from datetime import date

from seeds.returns.model import Delivery, Sample, Truth
from seeds.returns.writing import delimited

RETURN_ID = "course_to_job"
HEADER = ("Course partner", "Measure", "From", "To", "Percentage")
ROWS = (("Retention on the course", "100%"), ("Success", "90%"), ("Into work", "90%"))


def make() -> Sample:
    """One delivery; the source gives no denominators, so there are none."""
    body = [("Sample Water course", measure, "01/01/2026", "28/02/2026", share) for measure, share in ROWS]
    content = delimited([HEADER, *body], delimiter="\t", encoding="utf-8")
    delivery = Delivery(RETURN_ID, "course-to-job-2026-02.tsv", content, date(2026, 3, 2), "percentages only")
    names = ("retention_share", "success_share", "into_work_share")
    truths = [
        Truth(RETURN_ID, "P09", name, "2026-01-01 to 2026-02-28", share.rstrip("%"))
        for name, (_, share) in zip(names, ROWS, strict=True)
    ]
    return Sample([delivery], truths, [])
