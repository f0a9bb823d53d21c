"""The officer's commands about rules: let one pass, judge again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.settings import Settings, load_home
from orchestration.terminal import AsJson, as_day, say, working

if TYPE_CHECKING:
    from orchestration.control.store import Store, Waiver
    from orchestration.intake.recheck import Change

app = typer.Typer()
PLACE = ("return_id", "submission_id", "sheet", "row", "column")


@app.command()
def waive(
    rule_id: Annotated[str, typer.Argument(help="The rule, as findings name it.")],
    reason: Annotated[str, typer.Option(help="Why the rule may pass; releases show it, so name nobody.")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.")],
    return_id: Annotated[
        str | None, typer.Option("--return", help="For one return; without it, a rule of the release.")
    ] = None,
    file: Annotated[str | None, typer.Option(help="For one file of the return, by its name.")] = None,
    sheet: Annotated[str | None, typer.Option(help="With --row: the sheet, where there are several.")] = None,
    row: Annotated[int | None, typer.Option(help="For one row of the file, as findings count it.")] = None,
    column: Annotated[str | None, typer.Option(help="With --row: for one cell, by its header.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let a rule pass until a day.

    Rules that stop a return or the release need two different people.
    Who you are is your user name on this computer: that is a record, not a proof of who you are.
    """
    from orchestration.control.lock import held
    from orchestration.control.rows import who
    from orchestration.control.store import Store, Waiver

    settings = load_home()
    last = as_day(until)
    if last < settings.as_at:
        raise typer.BadParameter(f"{until} is past: the home's clock says {settings.as_at}.")
    if row is not None and file is None:
        raise typer.BadParameter("--row is a row of a file: name the file with --file.")
    if row is None and (sheet or column):
        raise typer.BadParameter("--sheet and --column say where a row is: name the row with --row.")
    needed = _people_needed(rule_id, return_id, settings)
    with held(settings, "pathways waive"), Store(settings.control_db) as store:
        submission_id = _submission_id(store, return_id, file) if file else None
        place = (return_id, submission_id, sheet, row, column)
        store.add_waiver(Waiver(rule_id, reason, who(), last, settings.as_at, *place))
        given = store.waivers_in_force(settings.as_at)
    people = sorted({w.who for w in given if w.rule_id == rule_id and _covers(w, place)})
    if as_json:
        told = {"rule_id": rule_id, "until": last, "is_in_force": len(people) >= needed, "people": people}
        typer.echo(json.dumps(told | dict(zip(PLACE, place, strict=True)), default=str))
        return
    say(f"{rule_id} is waived until {last} by {', '.join(people)}.")
    if len(people) < needed:
        say("It takes effect when a second person waives it too.")
    elif return_id:
        say("Run 'pathways recheck --apply' to judge again what it kept out.")


def _covers(waiver: Waiver, place: tuple[object, ...]) -> bool:
    """Whether a waiver was given for a place or for all around it; one of a return is none of the release."""
    if (waiver.return_id is None) != (place[0] is None):
        return False
    return all(getattr(waiver, name) in (None, own) for name, own in zip(PLACE, place, strict=True))


def _submission_id(store: Store, return_id: str | None, file: str) -> str:
    """The newest submission of a return that came under a name."""
    found = [s for s in store.submissions(return_id) if s.file_name == file and return_id]
    if not found:
        raise typer.BadParameter(
            f"No file '{file}' has come in for {return_id}; 'pathways status --json' lists them."
        )
    return found[-1].submission_id


def _people_needed(rule_id: str, return_id: str | None, settings: Settings) -> int:
    """How many people are needed; refuses a rule or return that there is not, or that cannot be waived."""
    from orchestration.control.rules import load_rules
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.waivers import people_needed

    rule = load_rules().get(rule_id)
    if rule is None:
        raise typer.BadParameter(f"There is no rule '{rule_id}'. docs/rules.md lists them.")
    if not rule.can_be_waived:
        raise typer.BadParameter(f"{rule_id} cannot be waived: without it nothing can be read or kept safe.")
    if rule.severity != "release" and return_id not in load_contracts():
        raise typer.BadParameter(f"{rule_id} is a rule of a return: name it with --return.")
    if rule.severity == "release" and return_id is not None:
        raise typer.BadParameter(f"{rule_id} is a rule of the release: leave --return out.")
    return people_needed(rule, settings.as_at)


@app.command()
def recheck(
    apply: Annotated[bool, typer.Option("--apply", help="Take in what would be used now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge every archived file again; show before and after.

    By the contracts, rules and waivers of now. Nothing changes without --apply.
    """
    from orchestration.control.lock import held
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.recheck import recheck as judge_again
    from orchestration.intake.recheck import take_again

    settings, contracts = load_home(), load_contracts()
    with (
        held(settings, "pathways recheck"),
        Store(settings.control_db) as store,
        Vault.open(settings) as vault,
        working("Judging every archived file again"),
    ):
        changes = judge_again(contracts, settings, store, vault)
        taken = take_again(changes, contracts, settings, store, vault) if apply else []
    changed = [c for c in changes if c.is_change]
    if as_json:
        typer.echo(json.dumps({"judged": len(changes), "changes": [vars(c) for c in changed]}, default=str))
        return
    say(f"{len(changes)} files judged again; {len(changed)} would be judged otherwise.")
    for c in changed:
        say(f"- {c.return_id}/{c.file_name}: {_moved(c)}", hang=2)
    if apply:
        say(f"{len(taken)} files were taken in. Run 'pathways refresh' to use them.")
        if len(changed) > len(taken):
            say("The others keep their verdict: what was accepted stands until a newer file comes.")


def _moved(change: Change) -> str:
    """Verdict and rows used before and now, and which rules found more and fewer faults."""
    before, after = (status.replace("_", " ") for status in (change.before, change.after))
    parts = [f"{before}, now {after}; rows used {change.rows_before}, now {change.rows_after}"]
    for word, by_rule in (("more", change.gained), ("fewer", change.lost)):
        parts += [f"{word} faults: {', '.join(f'{r} {n}' for r, n in by_rule.items())}"] * bool(by_rule)
    return "; ".join(parts)
