"""A short notice after each run, where the operator has said where to (docs/operating.md)."""

import json
import smtplib
import urllib.request
from email.message import EmailMessage
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.timetable.refresh import refresh
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.control.store import Store

_SECONDS = 30


def notice(settings: Settings, store: "Store", run_id: str, passed: bool) -> str:
    """What an officer needs to know of a run: it leaves the home, so no message, figure or file name."""
    released = store.releases()
    new = released[-1] if released and released[-1].build_id == run_id else None
    lines = ["SYNTHETIC: sample returns."] if settings.is_synthetic else []
    if new:
        lines.append(f"Pathways released {new.release_id}.")
    elif passed:
        lines.append("Pathways refreshed. Nothing new to release.")
    else:
        lines.append("Pathways did not release. The last release stands.")
        stopped = sorted({c.check_id for c in store.check_results(run_id) if c.stopped})
        lines.append(f"Stopped by: {', '.join(stopped) or 'a step that failed'}. The run's page says why.")
    waiting = [s for s in store.submissions() if s.status in ("held", "rejected")]
    if waiting:
        lines.append(f"{len(waiting)} files are held or rejected; 'pathways status' says why.")
    return "\n".join(lines)


def send(settings: Settings, text: str) -> None:
    """Post the notice to `notify_url` and mail it to `notify_mail`, whichever are set."""
    if settings.notify_url:
        body = json.dumps({"text": text}).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(settings.notify_url, body, headers)  # noqa: S310 - the operator's own
        urllib.request.urlopen(asked, timeout=_SECONDS).close()  # noqa: S310
    if settings.notify_mail:
        message = EmailMessage()
        message["Subject"] = "Pathways: a refresh has ended"
        message["From"] = message["To"] = settings.notify_mail
        message.set_content(text)
        with smtplib.SMTP(settings.mail_host, timeout=_SECONDS) as server:
            server.send_message(message)


def _tell(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    from orchestration.control.store import Store

    settings = load_settings()
    if not settings.notify_url and not settings.notify_mail:
        return dg.SkipReason("home.toml sets neither notify_url nor notify_mail.")
    run = context.dagster_run
    with Store(settings.control_db) as store:
        send(settings, notice(settings, store, run.run_id, passed=run.status == dg.DagsterRunStatus.SUCCESS))
    return None


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[refresh])
def notice_of_success(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of a run that ended well. Start it under Automation."""
    return _tell(context)


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.FAILURE, monitored_jobs=[refresh])
def notice_of_failure(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of a run that released nothing. Start it under Automation."""
    return _tell(context)
