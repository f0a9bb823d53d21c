"""The officer's commands. Each ends with 0: done, 1: held or rejected, 2: wrong usage, 3: home is busy."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from orchestration import door_cli
from orchestration.release_cli import releases
from orchestration.settings import PROJECT, Settings, SettingsError, load_settings, point_dagster_at

if TYPE_CHECKING:
    from orchestration.intake.contract import Contract

app = typer.Typer(
    help="Take in partners' returns, check them, and publish regional metrics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(releases, name="release")
app.add_typer(door_cli.app)
console = Console()

SAMPLE = PROJECT / "seeds" / "returns" / "landing"
SAMPLE_HOME = (
    "# A home of sample returns: its clock stands still, and everything it makes says so.\n"
    "as_at = 2026-03-02\nis_synthetic = true\n"
)

HELD, USAGE, BUSY = 1, 2, 3
FINDING = ("rule_id", "severity", "sheet", "row", "column", "message", "count")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


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
    """Make a home, at PATHWAYS_HOME or ./state. An existing home is left as it is."""
    settings = load_settings()
    if (settings.home / "home.toml").exists():
        console.print(f"The home at {settings.home} exists already; nothing was changed.", soft_wrap=True)
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    if sample:
        shutil.copytree(SAMPLE, settings.landing, dirs_exist_ok=True)
    else:
        settings.landing.mkdir(exist_ok=True)
    (settings.home / "home.toml").write_text(SAMPLE_HOME if sample else "# See docs/operating.md\n", "utf-8")
    console.print(f"Made a home at {settings.home}.", soft_wrap=True)


@app.command()
def refresh(
    as_at: Annotated[str | None, typer.Option(help="The clock, YYYY-MM-DD; default is the home's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what has landed, build, check, and release if every gate passes."""
    from orchestration.components.resources import holder_of

    settings = load_settings(date.fromisoformat(as_at) if as_at else None)
    if not settings.home.exists():
        raise UsageError(f"There is no home at {settings.home}. Make one with 'pathways init'.")
    holder = holder_of(settings)
    if holder:
        console.print(f"Run {holder} is refreshing this home. Wait until it has ended, then start again.")
        raise typer.Exit(BUSY)
    point_dagster_at(settings)
    from orchestration.refresh import run_refresh, summary

    outcome = run_refresh(settings, quiet=as_json or not sys.stdout.isatty())
    report = summary(settings, outcome)
    if as_json:
        typer.echo(json.dumps(report, default=str))
    else:
        _print_summary(report)
    raise typer.Exit(0 if report["passed"] else HELD)


def _print_summary(report: dict[str, Any]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for label, value in report["lines"]:
        table.add_row(label, str(value))
    if report["is_synthetic"]:
        console.print("SYNTHETIC: sample returns. Figures that no source states are invented.")
    console.print(table)
    for reason in report["reasons"]:
        console.print(f"- {reason}", soft_wrap=True, markup=False, highlight=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The file as you would send it.")],
    return_id: Annotated[str, typer.Option("--return", help="Which return it is.")],
    as_json: AsJson = False,
) -> None:
    """Say what a refresh would say of a file, without taking it in."""
    import orchestration.intake.door as door

    contract = _contract(return_id)
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    verdict = door.check(file, return_id, contract, load_settings())
    findings = [{name: getattr(f, name) for name in FINDING} for f in verdict.findings]
    if as_json:
        typer.echo(json.dumps({"status": verdict.submission.status, "findings": findings}, default=str))
    else:
        _print_findings(verdict.submission.status, findings)
    raise typer.Exit(0 if verdict.submission.status.startswith("accepted") else HELD)


def _print_findings(status: str, findings: list[dict[str, Any]]) -> None:
    table = Table("Rule", "Stops", "Sheet", "Row", "Column", "Times", "What to do", box=None)
    for f in findings:
        cells = (f["rule_id"], f["severity"], f["sheet"], f["row"], f["column"], f["count"], f["message"])
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    console.print(f"This file would be {status.replace('_', ' ')}.")
    if findings:
        console.print(table)


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port of the page.")] = 3000) -> None:
    """Open Dagster's page on this home: the graph, its runs, its checks."""
    import os

    settings = load_settings()
    point_dagster_at(settings)
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.execv(dagster, [dagster, "dev", "-m", "orchestration.definitions", "-p", str(port)])  # noqa: S606


@app.command()
def status(
    due: Annotated[bool, typer.Option("--due", help="Who owes what by when.")] = False,
    feedback: Annotated[
        Path | None, typer.Option(help="Write what partners are to be sent into this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What is in, what is late, what was set aside, and which release stands."""
    from orchestration.control.store import Store
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.handoff import ledger

    settings = load_settings()
    if feedback:
        door_cli.export_feedback(feedback, settings, as_json)
        return
    store = Store(settings.control_db)
    rows = ledger(load_contracts(), store, settings)
    if due:
        door_cli.print_due(rows, settings, as_json)
        return
    submissions = store.submissions()
    released = store.releases()
    if as_json:
        document = {
            "as_at": settings.as_at,
            "release": released[-1].release_id if released else None,
            "ledger": [vars(r) for r in rows],
            "submissions": [vars(s) for s in submissions],
            "waivers": door_cli.waivers_in_force(store, settings),
        }
        typer.echo(json.dumps(document, default=str))
        return
    _print_status(settings, rows, submissions, released)
    door_cli.print_waivers(door_cli.waivers_in_force(store, settings))


def _print_status(settings: Settings, rows: list[Any], submissions: list[Any], released: list[Any]) -> None:
    console.print(
        f"As at {settings.as_at}. Current release: {released[-1].release_id if released else 'none yet'}."
    )
    receipts = ("in", "nil", "late", "held", "rejected", "missing")
    table = Table(
        "Return", *(r.capitalize() for r in receipts), "Latest", "Used", box=None, padding=(0, 1, 0, 0)
    )
    table.columns[0].no_wrap = True
    for return_id in dict.fromkeys(r.return_id for r in rows):
        own = [r for r in rows if r.return_id == return_id]
        counts = [sum(r.receipt == receipt for r in own) for receipt in receipts]
        shown = [str(c) if c else "-" for c in counts]
        table.add_row(return_id, *shown, str(own[-1].period_end), own[-1].used.split("_")[0])
    console.print(table)
    stopped = [s for s in submissions if s.status in ("held", "rejected")]
    for s in stopped:
        console.print(f"{s.status}: {s.return_id}/{s.file_name}: {s.reason}", soft_wrap=True, highlight=False)


def main() -> None:
    """Run a command; a person is never shown a traceback for something that a person can mend."""
    from orchestration.control.store import StoreError
    from orchestration.intake.contract import ContractError
    from orchestration.publishing.compare import ReleaseError

    try:
        app()
    except (UsageError, SettingsError, ContractError, StoreError, ReleaseError) as error:
        Console(stderr=True).print(str(error), soft_wrap=True, markup=False, highlight=False)
        sys.exit(USAGE)
