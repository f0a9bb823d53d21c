"""When a refresh runs: the job, its monthly schedule and the sensor on the landing area."""

import hashlib
from pathlib import Path

import dagster as dg

from orchestration.intake.inbox import Place
from orchestration.settings import load_settings

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Take in what has landed, build, check and release. The whole graph in one run.",
)

monthly = dg.ScheduleDefinition(
    name="monthly_refresh",
    job=refresh,
    cron_schedule="0 6 12 * *",
    execution_timezone="Europe/London",
    description="Early on the 12th, two days after monthly returns are due. Start it under Automation.",
)


def landed_content(landing: Path | str) -> str | None:
    """Hash over the content of everything waiting in a landing area, None where nothing waits."""
    waiting = Place.of(str(landing)).waiting()
    digest = hashlib.sha256()
    for return_id, place in waiting:
        digest.update(return_id.encode())
        content = hashlib.sha256()
        for part in place.parts():
            content.update(part)
        digest.update(content.digest())
    return digest.hexdigest() if waiting else None


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=300,
    description="Refreshes once for each new content of the landing area. Start it under Automation.",
)
def landing(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when something lands that has not been asked for before."""
    content = landed_content(load_settings().inbox)
    if content is None:
        return dg.SkipReason("Nothing is waiting in the landing area.")
    return dg.RunRequest(run_key=content)
