"""The main job, run from a terminal on the same Dagster instance that the UI shows."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestration.control.lock import held
from orchestration.control.states import Status
from orchestration.control.store import CheckResult, Store, Submission
from orchestration.definitions import defs
from orchestration.publishing.completeness import NOT_RUN
from orchestration.publishing.journal import current_release
from orchestration.publishing.report import sections
from orchestration.run_history import kept_open
from orchestration.settings import Settings

PROGRESS_LOGGER = "pathways.progress"
FEW = 3
NOT_BEGUN = "RESOURCE_INIT_FAILURE"
PLAN_LOGGER = "dagster._core.execution.plan.active"
"""Where nothing is new it warns of every check that has nothing to say; the verdict is what gates."""


@dataclass(frozen=True)
class Outcome:
    """What a run did; `failures` are the messages of the steps that failed."""

    run_id: str
    passed: bool
    failures: tuple[str, ...]
    known_before: frozenset[tuple[str, str]]


class _Steps(logging.Handler):
    """Turns Dagster's events into one line or one tick a step."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self.progress = progress
        self.task = progress.add_task("starting", total=total)

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None) or getattr(record, "dagster_meta", {}).get(
            "dagster_event"
        )
        if event is None or not event.step_key:
            return
        if event.event_type_value == "STEP_START":
            self.progress.update(self.task, description=event.step_key.replace("__", "/"))
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE", "STEP_SKIPPED"):
            self.progress.advance(self.task)


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[None]:
    logger = logging.getLogger(PROGRESS_LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        handler = _Steps(progress, total)
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)


@contextmanager
def no_interrupt_lost() -> Iterator[None]:
    """Send an interrupt again that Python dropped: it drops whatever is raised while garbage is collected."""
    others = sys.unraisablehook

    def again(dropped: sys.UnraisableHookArgs) -> None:
        if issubclass(dropped.exc_type, (KeyboardInterrupt, dg.DagsterExecutionInterruptedError)):
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        else:
            others(dropped)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = others


def run_refresh(settings: Settings, quiet: bool = False) -> Outcome:
    """Run the job `refresh` in this process; never raises for a step that failed.

    Raises `HomeIsBusyError` where another run took the home while this one got ready.
    """
    before = frozenset((s.return_id, s.submission_id) for s in Store(settings.control_db).submissions())
    job = defs().resolve_job_def("refresh")
    logging.getLogger(PLAN_LOGGER).setLevel(logging.ERROR)
    with (
        kept_open(),
        dg.DagsterInstance.get() as instance,
        _progress(len(job.nodes), quiet),
        Path(os.devnull).open("w") as aside,  # dbt prints what its log and the run's events hold anyway
        redirect_stdout(aside),
        no_interrupt_lost(),
    ):
        quietly: dict[str, Any] = {"loggers": {"progress": {}}}
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=quietly)
    if any(e.event_type_value == NOT_BEGUN for e in result.all_events):
        with held(settings, result.run_id):
            pass  # a busy home says so; what else kept the run from beginning is told with the failures
    ends = (NOT_BEGUN, "STEP_FAILURE")
    failures = tuple(_failure(e) for e in result.all_events if e.event_type_value in ends)
    return Outcome(result.run_id, result.success, failures, before)


def _failure(event: dg.DagsterEvent) -> str:
    """What a failed step said: its own words where it chose them, else the exception that ended it."""
    if event.event_type_value == NOT_BEGUN:
        refused = event.engine_event_data.error
        return f"The run could not begin: {refused.message.strip() if refused else 'no reason was given'}"
    failed = event.step_failure_data
    if failed.user_failure_data and failed.user_failure_data.description:
        return failed.user_failure_data.description
    error = failed.error.cause or failed.error if failed.error else None
    if error and error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
        return f"Stopped by hand at {event.step_key}. Nothing taken in is lost: run 'pathways refresh' again."
    return f"{event.step_key} failed: {error.message.strip() if error else 'no reason was given'}"


def summary(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """What the officer reads at the end: lines of label and value, reasons where something stopped."""
    store = Store(settings.control_db)
    taken = [s for s in store.submissions() if (s.return_id, s.submission_id) not in outcome.known_before]
    results = store.check_results(outcome.run_id)
    current = current_release(settings)
    is_new = any(release.build_id == outcome.run_id for release in store.releases())
    lines = [
        ("Files taken in", f"{len(taken)}: {_by_status(taken)}" if taken else "none were waiting"),
        ("Records accepted", f"{sum(s.rows_accepted for s in taken):,}"),
        ("Records set aside", f"{sum(s.rows_set_aside for s in taken):,}"),
        ("Checks", _checks_line(results)),
        ("Release", _release_line(current, is_new)),
    ]
    if current:
        lines.append(("Look at", str(settings.releases / current / "report.html")))
    reasons = [
        f"{s.return_id}/{s.file_name} is {s.status}: {s.reason}"
        for s in taken
        if s.status in ("held", "rejected")
    ]
    return {
        "passed": outcome.passed,
        "run_id": outcome.run_id,
        "is_synthetic": settings.is_synthetic,
        "lines": lines,
        "gate": [vars(section) | {"line": section.line} for section in sections(results)],
        "release_id": current,
        "reasons": reasons + (_stopped(results) or list(outcome.failures)),
    }


def _by_status(taken: list[Submission]) -> str:
    words: dict[Status, str] = {
        "accepted": "accepted",
        "accepted_with_findings": "accepted with findings",
        "superseded": "replaced by a newer file",
        "held": "held",
        "rejected": "rejected",
    }
    counts = Counter(s.status for s in taken)
    return ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])


def _stopped(results: list[CheckResult]) -> list[str]:
    """What stopped the release, causes first; what could only not run because of them in one line."""
    stopped = [c for c in results if c.stopped and c.check_id != "P01"]
    failed = [c for c in stopped if c.status == "fail"]
    broken = [c for c in stopped if c.kind.startswith("dbt") and NOT_RUN not in c.message]
    causes = failed or broken or stopped
    targets: dict[str, list[str]] = {}
    for cause in causes:
        targets.setdefault(cause.message, []).append(cause.target)
    said = [f"No release: {message} Where: {_few(where)}." for message, where in targets.items()]
    rest = len(stopped) - len(causes)
    return said + ([f"Because of that, {rest} more checks and models did not run."] if rest else [])


def _few(targets: list[str]) -> str:
    more = len(targets) - FEW
    return ", ".join(targets[:FEW]) + (f" and {more} more" if more > 0 else "")


def _checks_line(results: list[CheckResult]) -> str:
    gate = [c for c in results if c.kind != "door"]
    counts = Counter("stopped the release" if c.stopped else c.status for c in gate)
    named = {"pass": "passed", "warn": "with a warning", "stopped the release": "stopped the release"}
    return (
        ", ".join(f"{counts[k]} {word}" for k, word in named.items() if counts[k]) or "nothing new to check"
    )


def _release_line(current: str | None, is_new: bool) -> str:
    if current is None:
        return "none yet"
    return f"{current}, written now" if is_new else f"{current} stands, nothing was written"
