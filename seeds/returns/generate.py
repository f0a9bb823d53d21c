"""Make the sample returns: `python -m seeds.returns.generate [FOLDER]`, the same bytes every time.

Writes `landing/<return_id>/<file>`, `landing/deliveries.csv`, `truth.csv` and `truth_people.csv` into
FOLDER (default: this one). Everything that no source states is invented; no person in it exists.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from seeds.returns.archetypes import (
    barnsley,
    course_to_job,
    doncaster,
    indicators,
    money_and_targets,
    more_positive_together,
    red_rose,
    rossendale,
    rotherham,
    sheffield,
)
from seeds.returns.journeys import Job, Journey
from seeds.returns.model import CLOCK, Sample
from seeds.returns.writing import delimited

HERE = Path(__file__).resolve().parent


def samples() -> list[Sample]:
    """What every archetype gives; people who go to two programmes are handed on."""
    rotherham_sample, journeys = rotherham.make()
    mpt_sample, met_before = more_positive_together.make()
    return [
        rotherham_sample,
        barnsley.make(_who_also_goes_to_barnsley(journeys)),
        doncaster.make(_who_also_goes_to_doncaster(journeys)),
        sheffield.make(),
        mpt_sample,
        rossendale.make(met_before),
        red_rose.make(),
        indicators.make_move_forward(),
        indicators.make_pendle_yes_hub(),
        course_to_job.make(),
        money_and_targets.make_finance(),
        money_and_targets.make_targets(),
    ]


def _who_also_goes_to_doncaster(journeys: list[Journey]) -> list[Journey]:
    """Six people with a number: two whose evidenced job both councils claim, four without a job."""
    known = [j for j in journeys if j.episode == 1 and j.person.nino and j.start and j.start.year == 2025]
    working = [j for j in known if j.job and j.start and _is_claimed_twice(j.job, j.start)]
    idle = [j for j in known if not j.job and not j.placement and j.start and j.start.month < 11]
    return working[:2] + idle[:4]


def _is_claimed_twice(job: Job, start: date) -> bool:
    return job.is_evidenced and (job.start - start).days > 20 and job.start < date(2025, 11, 1)


def _who_also_goes_to_barnsley(journeys: list[Journey]) -> list[Journey]:
    """Three people with a number who started in Rotherham and had no job there."""
    return [j for j in journeys if j.episode == 1 and j.person.nino and j.start and not j.job][10:13]


def write(folder: Path) -> None:
    """Replace what stands in `folder` by a fresh set."""
    made = samples()
    landing = folder / "landing"
    shutil.rmtree(landing, ignore_errors=True)
    deliveries = sorted(
        (d for s in made for d in s.deliveries), key=lambda d: (d.return_id, d.received_on, d.name)
    )
    late = [d.name for d in deliveries if d.received_on > CLOCK]
    if late:
        raise ValueError(f"Delivered after the sample home's clock: {', '.join(late)}.")
    for delivery in deliveries:
        path = landing / delivery.return_id / delivery.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.content)
    _table(
        landing / "deliveries.csv",
        ("file", "received_on", "note"),
        [(f"{d.return_id}/{d.name}", d.received_on.isoformat(), d.note) for d in deliveries],
    )
    _table(
        folder / "truth.csv",
        ("return_id", "programme_id", "metric", "period", "value"),
        [(t.return_id, t.programme_id, t.metric, t.period, t.value) for s in made for t in s.truths],
    )
    _table(
        folder / "truth_people.csv",
        ("return_id", "partner_ref", "person"),
        [(p.return_id, p.partner_ref, p.person) for s in made for p in s.people],
    )


def _table(path: Path, header: Sequence[str], rows: list[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(delimited([header, *rows], newline="\n"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
