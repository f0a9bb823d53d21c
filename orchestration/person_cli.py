"""Commands about people, for an authorised home: who is who, and everybody's rights."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.settings import Settings, load_home
from orchestration.terminal import AsJson, say

if TYPE_CHECKING:
    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault

app = typer.Typer(
    help="Who is who, and people's rights. What is shown is personal data.", no_args_is_help=True
)
Return = Annotated[str, typer.Option("--return", help="Which return.")]
Ref = Annotated[str, typer.Option("--ref", help="The partner's own reference of the participant.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
REFUSED = 1


@contextmanager
def _alone() -> Iterator[tuple[Settings, Store]]:
    """The home while nothing else changes it."""
    from orchestration.control.lock import held
    from orchestration.control.store import Store

    settings = load_home()
    with held(settings, "pathways person"), Store(settings.control_db) as store:
        yield settings, store


@contextmanager
def _opened() -> Iterator[tuple[Settings, Store, Vault]]:
    from orchestration.identity.vault import Vault

    with _alone() as (settings, store), Vault.open(settings) as vault:
        yield settings, store, vault


def _sure(question: str, yes: bool) -> None:
    if not yes and not typer.confirm(question, err=True):
        raise typer.Exit(REFUSED)


def _tell(document: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, default=str))
    else:
        say(text)


@app.command()
def review(
    link: Annotated[str | None, typer.Option(help="Pair whose records are one person.")] = None,
    split: Annotated[str | None, typer.Option(help="Pair whose records are two people.")] = None,
    as_json: AsJson = False,
) -> None:
    """Pairs that may be one person, for you to decide.

    A decision is remembered for ever. Shown are only the values in which two records differ.
    Decide with --link or --split and the pair's name.
    """
    from orchestration.identity.reviews import decide, open_pairs

    with _opened() as (_, store, vault):
        for decision, pair in (("link", link), ("split", split)):
            if pair:
                decide(vault, pair, decision)
                store.audit(f"decided: {decision}", f"pair {pair}")
                _tell(
                    {"pair": pair, "decision": decision},
                    f"{pair}: {decision}. A refresh applies it.",
                    as_json,
                )
        if link or split:
            return
        found = open_pairs(vault)
        store.audit("reviewed", f"{len(found)} pairs")
    if as_json:
        typer.echo(json.dumps(found, default=str))
        return
    for one in found:
        say(
            f"{one['pair']}  {one['why']}, probability {one['probability']:.3f},"
            f" {' and '.join(one['returns'])}"
        )
        for name, (left, right) in one["differ"].items():
            say(f"    {name}: {left or '(none)'} | {right or '(none)'}")
    say(f"{len(found)} pairs wait for a decision.")


@app.command()
def access(
    return_id: Return,
    ref: Ref,
    to: Annotated[Path | None, typer.Option(help="Write it into this file instead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Everything held of a person, at this partner and at the others."""
    from orchestration.identity.files import write_private
    from orchestration.identity.people import held

    with _opened() as (settings, store, vault):
        document = held(vault, settings, return_id, ref)
        store.audit("gave access", f"{return_id}, {len(document['identity'])} records")
    text = json.dumps(document, default=str, indent=None if as_json and not to else 1)
    if to:
        write_private(to, text.encode())
        _tell({"written": str(to)}, f"Written to {to}. It holds personal data.", as_json)
    else:
        typer.echo(text)


@app.command()
def rectify(
    return_id: Return,
    ref: Ref,
    field: Annotated[str, typer.Option(help="What is wrong: surname, date_of_birth, nino …")],
    as_json: AsJson = False,
) -> None:
    """Put an identifier right.

    Asks for the right value, or reads it from standard input.
    What a partner's file says of events is put right by a corrected file, which replaces the earlier one.
    """
    from orchestration.identity.people import rectify as put_right

    value = typer.prompt("Right value", err=True) if sys.stdin.isatty() else sys.stdin.readline()
    with _opened() as (settings, store, vault):
        put_right(vault, settings, return_id, ref, field, value)
        store.audit("rectified", return_id, field)
    said = f"The {field} is put right. Ask the partner to correct it too: its next file states it again."
    _tell({"rectified": field}, said, as_json)


@app.command()
def erase(
    return_id: Annotated[str | None, typer.Option("--return", help="Which return.")] = None,
    ref: Annotated[str | None, typer.Option("--ref", help="The partner's own reference.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was interrupted.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Let go of who a person is. Counts stay; nothing leads back to the person.

    Refused where a programme is under legal hold. It cannot be undone.
    """
    from orchestration.identity.people import erase as let_go
    from orchestration.identity.people import finish, records_of
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.reference import load_reference
    from orchestration.intake.retention import holds_on
    from orchestration.publishing.redacted import note_redacted

    with _opened() as (settings, store, vault):
        if resume:
            done = finish(vault, settings, store)
        elif return_id and ref:
            records = records_of(vault, return_id, ref)
            if holds := holds_on(records, load_contracts(), load_reference()):
                store.audit("refused erasure", return_id, f"legal hold: {', '.join(holds)}")
                said = f"Refused, and the refusal recorded: {', '.join(holds)} is under legal hold."
                _tell({"refused": holds}, said, as_json)
                raise typer.Exit(REFUSED)
            _sure(f"Erase this person's {len(records)} records at every partner?", yes)
            done = let_go(vault, settings, store, records)
        else:
            raise typer.BadParameter("Name the person with --return and --ref.")
        store.audit("erased", f"{done.records} records", f"inputs redacted: {_short(done.submissions)}")
        releases = note_redacted(settings, store, done.submissions)
    document = vars(done) | {"releases": releases}
    lines = [f"Erased {done.records} records; {len(done.submissions)} files were rewritten."]
    lines += [f"{len(done.deleted)} originals could not be rewritten and were deleted."] * bool(done.deleted)
    lines += [f"Release {r}: redacted inputs {', '.join(inputs)}." for r, inputs in releases.items()]
    lines.append("Ask the partners to leave this person out: a file that names the person brings it back.")
    _tell(document, "\n".join(lines), as_json)


@app.command()
def retain(
    apply: Annotated[bool, typer.Option("--apply", help="Carry it out.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """What is past its programme's retention.

    With --apply it goes. Counts stay, a legal hold keeps.
    """
    from orchestration.identity.people import discard
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.reference import load_reference
    from orchestration.intake.retention import expired
    from orchestration.publishing.redacted import note_redacted

    with _opened() as (settings, store, vault):
        gone, kept = expired(store, load_contracts(), load_reference(), settings.as_at)
        gone = {s: r for s, r in gone.items() if vault.holds(s)}
        document = {"past": len(gone), "held": len(kept), "applied": apply and bool(gone), "records": 0}
        if document["applied"]:
            _sure(f"Delete {len(gone)} originals, and who their people are?", yes)
            document["records"] = discard(vault, settings, store, gone).records
            store.audit("retained", f"{len(gone)} files", f"{document['records']} records let go")
            note_redacted(settings, store, list(gone))
        if kept:
            store.audit("kept under legal hold", f"{len(kept)} files")
    said = f"{len(gone)} files are past their retention; {len(kept)} more are kept under legal hold."
    _tell(document, said + ("" if apply or not gone else " Run it with --apply to let them go."), as_json)


@app.command()
def overlap(as_json: AsJson = False) -> None:
    """Records and people side by side, and shared jobs.

    How they were linked, and the jobs that several programmes claim.
    Exact counts of the latest build, for the steward; they are not for publication.
    """
    import duckdb

    with _alone() as (settings, store):
        builds = [settings.builds / build.build_id / "warehouse.duckdb" for build in store.builds()]
        if not builds or not builds[-1].exists():
            say("There is no build yet. Run 'pathways refresh' first.")
            raise typer.Exit(REFUSED)
        with duckdb.connect(str(builds[-1]), read_only=True) as build:
            found = build.execute("select * from metrics.people_overlap order by programme_id").df()
    rows = found.to_dict("records")
    _tell({"programmes": rows}, found.to_string(index=False), as_json)


@app.command()
def rotate(yes: Yes = False, as_json: AsJson = False) -> None:
    """Renew the keys of the vault.

    Originals and pseudonyms are made anew, figures and releases stay as they are.
    """
    from orchestration.identity.rotation import rotate as renew

    _sure("Renew the keys of this vault? Keep the old ones until a backup with the new ones exists.", yes)
    with _alone() as (settings, store):
        version = renew(settings, store)
        store.audit("rotated keys", f"version {version}")
    _tell({"version": version}, f"The keys are of version {version} now. Back them up.", as_json)


def _short(submissions: list[str]) -> str:
    return ", ".join(one[:12] for one in submissions) or "none"
