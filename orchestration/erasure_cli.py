"""Commands that let go of who people are, and of old keys. None of them can be undone."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from orchestration.terminal import REFUSED, AsJson, sure, tell

app = typer.Typer()
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


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
    from orchestration.identity.erasure import erase as let_go
    from orchestration.identity.erasure import finish
    from orchestration.identity.opening import opened
    from orchestration.identity.people import records_of
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.reference import load_reference
    from orchestration.intake.retention import holds_on
    from orchestration.publishing.redacted import note_redacted

    with opened() as (settings, store, vault):
        if resume:
            done = finish(vault, settings, store)
            if not done.records:
                tell(vars(done), "No erasure was interrupted; there is nothing to finish.", as_json)
                return
        elif return_id and ref:
            records = records_of(vault, store, return_id, ref)
            if holds := holds_on(records, load_contracts(), load_reference()):
                store.audit("refused erasure", return_id, f"legal hold: {', '.join(holds)}")
                said = f"Refused, and the refusal recorded. Under legal hold: {', '.join(holds)}."
                tell({"refused": holds}, said, as_json)
                raise typer.Exit(REFUSED)
            sure(f"Erase this person's {len(records)} records at every partner?", yes)
            done = let_go(vault, settings, store, records)
        else:
            raise typer.BadParameter("Name the person with --return and --ref.")
        store.audit("erased", f"{done.records} records", f"inputs redacted: {_short(done.submissions)}")
        releases = note_redacted(settings, store, done.submissions)
    lines = [f"Erased {done.records} records; {len(done.submissions)} files were rewritten."]
    lines += [f"{len(done.deleted)} originals could not be rewritten and were deleted."] * bool(done.deleted)
    lines += [f"Release {r}: redacted inputs {', '.join(inputs)}." for r, inputs in releases.items()]
    lines.append("Ask the partners to leave this person out: a file that names the person brings it back.")
    tell(vars(done) | {"releases": releases}, "\n".join(lines), as_json)


@app.command()
def retain(
    apply: Annotated[bool, typer.Option("--apply", help="Carry it out.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """What is past its programme's retention.

    With --apply it goes. Counts stay, a legal hold keeps.
    """
    from orchestration.identity.erasure import discard
    from orchestration.identity.opening import opened
    from orchestration.intake.contract import load_contracts
    from orchestration.intake.reference import load_reference
    from orchestration.intake.retention import expired
    from orchestration.publishing.redacted import note_redacted

    with opened() as (settings, store, vault):
        past = expired(store, load_contracts(), load_reference(), settings.as_at)
        gone = {s: r for s, r in past.gone.items() if vault.holds(s)}
        is_carried_out = apply and bool(gone)
        document: dict[str, Any] = {
            "past": len(gone),
            "held": len(past.kept),
            "applied": is_carried_out,
            "records": 0,
        }
        if is_carried_out:
            sure(f"Delete {len(gone)} originals, and who their people are?", yes)
            done = discard(vault, settings, store, gone)
            document["records"] = done.records
            store.audit("retained", f"{len(gone)} files", f"{done.records} records let go")
            note_redacted(settings, store, sorted({*gone, *done.submissions}))
        if past.kept:
            store.audit("kept under legal hold", f"{len(past.kept)} files")
    lines = [f"{len(gone)} files are past their retention; {len(past.kept)} more are kept under legal hold."]
    if past.unknown:
        document["without_schedule"] = past.unknown
        lines.append(f"No contract says how long these are kept: {', '.join(past.unknown)}.")
    if is_carried_out:
        lines.append(f"Deleted, and {document['records']} records let go.")
    elif gone:
        lines.append("Run it with --apply to let them go.")
    tell(document, "\n".join(lines), as_json)


@app.command()
def rotate(yes: Yes = False, as_json: AsJson = False) -> None:
    """Renew the keys of the vault.

    Originals and pseudonyms are made anew, figures and releases stay as they are.
    """
    from orchestration.identity.opening import alone
    from orchestration.identity.rotation import rotate as renew

    sure("Renew the keys of this vault? Keep the old ones until a backup with the new ones exists.", yes)
    with alone() as (settings, store):
        version = renew(settings, store)
        store.audit("rotated keys", f"version {version}")
    tell({"version": version}, f"The keys are of version {version} now. Back them up.", as_json)


def _short(submissions: list[str]) -> str:
    return ", ".join(one[:12] for one in submissions) or "none"
