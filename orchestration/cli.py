"""The officer's commands. Each ends with 0: done, 1: held or rejected, 2: wrong usage, 3: home is busy."""

from __future__ import annotations

import gc
import json
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration import door_cli, home_cli, person_cli, status_cli
from orchestration.release_cli import releases
from orchestration.settings import PROJECT, SCRIPTS, SettingsError, load_home, load_settings, point_dagster_at
from orchestration.terminal import AsJson, as_day, errors, say, working

if TYPE_CHECKING:
    from orchestration.intake.contract import Contract

GUIDE = """
\b
A first look:      pathways init --sample, then pathways refresh
Every month:       pathways status, then refresh, then status --feedback DIR
Before sending:    pathways check FILE --return ID
When one is held:  ask for a correction, or pathways waive RULE --return ID
About a figure:    pathways release explain, pathways release diff

\b
A command ends with 0 when it is done, 1 when something was held, rejected or
stopped, 2 when it was used wrongly, 3 while another refresh runs.
The home is the folder in PATHWAYS_HOME, or ./state.
"""

app = typer.Typer(
    help="Take in partners' returns, check them, and publish regional metrics.",
    epilog=GUIDE,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(status_cli.app)
app.add_typer(door_cli.app)
app.add_typer(home_cli.app)
app.add_typer(releases, name="release")
app.add_typer(person_cli.app, name="person")

SAMPLE = PROJECT / "seeds" / "returns" / "landing"
SAMPLE_HOME = (
    "# A home of sample returns: its clock stands still, and everything it makes says so.\n"
    "as_at = 2026-03-02\nis_synthetic = true\n"
)

HELD, USAGE, BUSY = 1, 2, 3
FINDING = ("rule_id", "severity", "sheet", "row", "column", "message", "count")


class UsageError(Exception):
    """The command cannot be carried out as asked; the message says what to do."""


def _contract(return_id: str) -> Contract:
    from orchestration.intake.contract import load_contracts

    contracts = load_contracts()
    if return_id not in contracts:
        raise UsageError(f"There is no return '{return_id}'. Known: {', '.join(contracts)}.")
    return contracts[return_id]


@app.command()
def init(
    sample: Annotated[bool, typer.Option("--sample", help="Fill it with the sample returns.")] = False,
) -> None:
    """Make a home, at PATHWAYS_HOME or ./state.

    An existing home is left as it is.
    """
    settings = load_settings()
    point_dagster_at(settings)
    if (settings.home / "home.toml").exists():
        say(f"The home at {settings.home} exists already; nothing was changed.")
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    if sample:
        shutil.copytree(SAMPLE, settings.landing, dirs_exist_ok=True)
    else:
        settings.landing.mkdir(exist_ok=True)
    (settings.home / "home.toml").write_text(SAMPLE_HOME if sample else "# See docs/operating.md\n", "utf-8")
    say(f"Made a home at {settings.home}.")


@app.command()
def refresh(
    as_at: Annotated[str | None, typer.Option(help="The clock, YYYY-MM-DD; default is the home's.")] = None,
    target: Annotated[str | None, typer.Option(help="duckdb or spark; default is the home's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what has landed, build, check and release.

    Nothing is released unless every gate passes; the last release stands until then.
    """
    from orchestration.control.lock import held

    settings = load_home(as_day(as_at) if as_at else None, target)
    with held(settings, "pathways refresh"):
        pass  # the job takes the home itself; here a busy one ends the command before anything is loaded
    point_dagster_at(settings)
    from orchestration.defs.warehouse.compiled import compiling
    from orchestration.intake.workers import get_ready

    compiling()  # this and the next get ready while Dagster is imported
    get_ready(settings)
    from orchestration.refresh import run_refresh, summary

    outcome = run_refresh(settings, quiet=as_json or not sys.stdout.isatty())
    report = summary(settings, outcome)
    if as_json:
        typer.echo(json.dumps(report, default=str))
    else:
        _print_summary(report)
    raise typer.Exit(0 if report["passed"] else HELD)


def _print_summary(report: dict[str, Any]) -> None:
    """The gate first, because it is long; at the end, where the eye is, what came of it all."""
    if report["is_synthetic"]:
        say("SYNTHETIC: sample returns. Figures that no source states are invented.")
    if report["gate"]:
        say("What the gate looked at")
    for section in report["gate"]:
        say(f"  {section['name']:<40}  {section['line']}", hang=44)
        for stopped in section["stopped"]:
            say(f"    {stopped}", hang=6)
    if report["gate"]:
        say("")
    for label, value in report["lines"]:
        say(f"{label:<17}  {value}", hang=19)
    if report["reasons"]:
        say("\nWhat needs somebody ('pathways status' says what to do)")
    for reason in report["reasons"]:
        say(f"- {reason}", hang=2)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The file as you would send it.")],
    return_id: Annotated[str, typer.Option("--return", help="Which return it is.")],
    as_json: AsJson = False,
) -> None:
    """Say what a refresh would say of a file.

    Nothing is taken in and nothing is written: a partner can run it before sending.
    """
    contract = _contract(return_id)
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    gc.disable()  # one file makes no garbage worth looking for
    from orchestration.intake import door

    with working(f"Checking {file.name}"):
        verdict = door.check(file, return_id, contract, load_settings())
    gc.enable()
    status, reason = verdict.submission.status, verdict.submission.reason
    findings = [{name: getattr(f, name) for name in FINDING} for f in verdict.findings]
    if as_json:
        typer.echo(json.dumps({"status": status, "reason": reason, "findings": findings}, default=str))
    else:
        say(f"This file would be {status.replace('_', ' ')}.")
        if reason and status != "rejected":  # of which the findings say why
            say(reason)
        _print_findings(findings)
    raise typer.Exit(HELD if status in ("held", "rejected") else 0)


def _print_findings(findings: list[dict[str, Any]]) -> None:
    if findings:
        say("\nWhat was found: rule, what it stops, where, how often")
    for f in findings:
        where = [f"{name} {f[name]}" for name in ("sheet", "row", "column") if f[name] is not None]
        times = [f"{f['count']} times"] * (f["count"] > 1)
        say(f"- {', '.join([f['rule_id'], f['severity'], *where, *times])}", hang=2)
        say(f"  {f['message']}", hang=2)


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port of the page.")] = 3000) -> None:
    """Open Dagster's page on this home.

    The graph from each return to each published table, its runs and its checks.
    """
    import os

    settings = load_home()
    point_dagster_at(settings)
    dagster = str(SCRIPTS / "dagster")
    # Dagster recommends a tool for its developers here; an officer need not hear of it
    os.environ["PYTHONWARNINGS"] = "ignore:Function `dev_command` is superseded"
    os.execv(dagster, [dagster, "dev", "-m", "orchestration.definitions", "-p", str(port)])  # noqa: S606


def main() -> None:
    """Run a command; a person is never shown a traceback for something that a person can mend."""
    interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a word is due once something has begun
    from orchestration.control.lock import HomeIsBusyError
    from orchestration.control.store import StoreError
    from orchestration.identity.errors import IdentityError, told
    from orchestration.intake.contract import ContractError
    from orchestration.publishing.errors import ReleaseError

    signal.signal(signal.SIGINT, interrupted)
    try:
        app()
    except HomeIsBusyError as error:
        errors.print(str(error), soft_wrap=True, markup=False, highlight=False)
        sys.exit(BUSY)
    except (UsageError, SettingsError, ContractError, StoreError, ReleaseError, IdentityError) as error:
        errors.print(str(error), soft_wrap=True, markup=False, highlight=False)
        sys.exit(USAGE)
    except Exception as error:
        errors.print(told(error), soft_wrap=True, markup=False, highlight=False)
        sys.exit(HELD)
