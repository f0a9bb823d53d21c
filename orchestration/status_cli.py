"""`pathways status`: what is in, what is late, what is wrong, and what happens next, on one screen."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from orchestration.publishing.journal import current_release
from orchestration.settings import Settings, load_home
from orchestration.terminal import AsJson, console, say, working

if TYPE_CHECKING:
    from orchestration.control.ledger import LedgerRow, Receipt
    from orchestration.control.store import CheckResult, Store, Waiver
    from orchestration.intake.contract import Contract

app = typer.Typer()
SOON = timedelta(days=31)
RECEIPTS: tuple[Receipt, ...] = ("in", "nil", "late", "held", "rejected", "missing")
OWED = ("missing", "rejected", "held", "not_due")
NEXT_STEP = {
    "held": "Ask for a correction; or 'pathways waive' the rule, then 'pathways recheck --apply'.",
    "rejected": "Send the partner its findings: 'pathways status --feedback DIR' writes them.",
}


@app.command()
def status(
    due: Annotated[bool, typer.Option("--due", help="Who owes what by when.")] = False,
    feedback: Annotated[
        Path | None, typer.Option(help="Write what partners are to be sent into this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What is in, late and wrong, and what happens next."""
    from orchestration.control.store import Store
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.handoff import ledger

    settings, contracts = load_home(), load_contracts()
    if feedback:
        export_feedback(feedback, settings, contracts, as_json)
        return
    with Store(settings.control_db) as store:
        rows = ledger(contracts, store, settings)
        if due:
            _print_due(rows, contracts, settings, as_json)
        elif as_json:
            typer.echo(json.dumps(_document(rows, contracts, store, settings), default=str))
        else:
            _print_status(rows, contracts, store, settings)


def _document(
    rows: list[LedgerRow], contracts: dict[str, Contract], store: Store, settings: Settings
) -> dict[str, Any]:
    return {
        "as_at": settings.as_at,
        "release": current_release(settings),
        "ledger": [vars(r) for r in rows],
        "submissions": [vars(s) for s in store.submissions()],
        "waivers": [vars(w) for w in store.waivers_in_force(settings.as_at)],
        "for_steward": [vars(r) for r in _for_steward(store)],
        "next": _next(rows, store, settings),
    }


def _print_status(
    rows: list[LedgerRow], contracts: dict[str, Contract], store: Store, settings: Settings
) -> None:
    if settings.is_synthetic:
        say("SYNTHETIC: sample returns.")
    say(f"As at {settings.as_at}. Current release: {current_release(settings) or 'none yet'}.")
    say("\nWhat is in (how many periods of each return; what is used for the newest)")
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("Return", no_wrap=True)
    for name in RECEIPTS:
        table.add_column(name.capitalize(), justify="right")
    table.add_column("Newest")
    table.add_column("Used", no_wrap=True)
    for return_id in contracts:
        own = [r for r in rows if r.return_id == return_id]
        counts = Counter(r.receipt for r in own)
        newest = (str(own[-1].period_end), own[-1].used.split("_")[0]) if own else ("-", "-")
        table.add_row(return_id, *(str(counts[name] or "-") for name in RECEIPTS), *newest)
    console.print(table)
    _print_wrong(rows, store)
    _print_waived(store.waivers_in_force(settings.as_at))
    _print_for_steward(_for_steward(store))
    say("\nWhat happens next")
    for line in _next(rows, store, settings):
        say(f"- {line}", hang=2)


def _print_wrong(rows: list[LedgerRow], store: Store) -> None:
    stopped = [s for s in store.submissions() if s.status in ("held", "rejected")]
    missing = [r for r in rows if r.receipt == "missing"]
    say("\nWhat is wrong")
    for s in stopped:
        say(f"- {s.status}: {s.return_id}/{s.file_name}", hang=2)
        say(f"  {s.reason}", hang=2)
        say(f"  Next: {NEXT_STEP[s.status]}", hang=2)
    for r in missing:
        say(f"- missing: {r.return_id}, {r.period_start} to {r.period_end}, was due {r.due_on}")
    if not stopped and not missing:
        say("- nothing")


def _for_steward(store: Store) -> list[CheckResult]:
    """What rules over all returns together found in the newest build; what is missing is told elsewhere."""
    builds = store.builds()
    results = store.check_results(builds[-1].build_id) if builds else []
    return [r for r in results if r.kind == "finding" and r.status != "pass" and r.check_id != "C08"]


def _print_for_steward(found: list[CheckResult]) -> None:
    if found:
        say("\nFor the regional steward")
    for one in found:
        say(f"- {one.check_id} {one.target}: {one.message}", hang=2)


def _print_waived(waivers: list[Waiver]) -> None:
    """Who let which rule pass where, why and until when."""
    if waivers:
        say("\nWhat is let pass")
    for w in waivers:
        where = (w.return_id or "the release", (w.submission_id or "")[:12], w.sheet, w.row, w.column)
        place = " / ".join(str(part) for part in where if part)
        say(f"- {w.rule_id} ({place}) until {w.until} by {w.who}: {w.reason}", hang=2)


def _next(rows: list[LedgerRow], store: Store, settings: Settings) -> list[str]:
    """What an officer can expect or has to do, each as a sentence."""
    from orchestration.intake.inbox import Place

    waiting = Place.of(settings.inbox).waiting()
    lines = [f"{len(waiting)} files wait in the landing area: run 'pathways refresh'."] if waiting else []
    by_day: dict[date, list[str]] = {}
    for r in _owed(rows, settings.as_at + SOON):
        if r.due_on >= settings.as_at:
            by_day.setdefault(r.due_on, []).append(r.return_id)
    lines += [f"{day}: {', '.join(names)} due." for day, names in sorted(by_day.items())]
    ending = [w for w in store.waivers_in_force(settings.as_at) if w.until <= settings.as_at + SOON]
    lines += [
        f"{w.until}: the waiver of {w.rule_id} for {w.return_id or 'the release'} ends." for w in ending
    ]
    return lines or ["Nothing is due within a month."]


def _owed(rows: list[LedgerRow], until: date) -> list[LedgerRow]:
    owed = [r for r in rows if r.receipt in OWED and r.due_on <= until]
    return sorted(owed, key=lambda r: (r.due_on, r.return_id))


def _print_due(
    rows: list[LedgerRow], contracts: dict[str, Contract], settings: Settings, as_json: bool
) -> None:
    """Who owes what by when: overdue first, then what falls due within a month."""
    told = [
        {
            "return_id": r.return_id,
            "partner": contracts[r.return_id].partner_name,
            "owner": contracts[r.return_id].owner,
            "period_start": r.period_start,
            "period_end": r.period_end,
            "due_on": r.due_on,
            "days_overdue": max(0, (settings.as_at - r.due_on).days),
            "receipt": r.receipt,
        }
        for r in _owed(rows, settings.as_at + SOON)
    ]
    if as_json:
        typer.echo(json.dumps(told, default=str))
        return
    table = Table(
        "Due", "Days over", "Return", "Partner", "Period ends", "Receipt", box=None, padding=(0, 1, 0, 0)
    )
    for one in told:
        names = ("due_on", "days_overdue", "return_id", "partner", "period_end", "receipt")
        table.add_row(*(str(one[name]).replace("not_due", "not due") for name in names))
    say(f"As at {settings.as_at}: {len(told)} returns are owed or fall due within a month.")
    console.print(table)


def export_feedback(folder: Path, settings: Settings, contracts: dict[str, Contract], as_json: bool) -> None:
    """Write what the partners are to be sent into `folder`, on the record."""
    from orchestration.control.lock import held
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault
    from orchestration.intake.feedback import export

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{folder} cannot be made ({error.strerror}): name another.") from error
    with (
        held(settings, "pathways status --feedback"),
        Store(settings.control_db) as store,
        Vault.open(settings) as vault,
        working("Marking the partners' files"),
    ):
        written = export(folder, contracts, settings, store, vault)
        for path in written:
            store.audit("exported feedback", path.name, str(folder))
    if as_json:
        typer.echo(json.dumps([str(path) for path in written]))
        return
    for path in written:
        say(str(path))
    say(f"{len(written)} workbooks, each with the same as JSON. They hold personal data.")
