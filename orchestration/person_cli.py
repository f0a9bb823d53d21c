"""Commands about people, for an authorised home: who is who, what is held, putting it right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration import erasure_cli
from orchestration.terminal import REFUSED, AsJson, console, say, tell

app = typer.Typer(
    help="Who is who, and people's rights. What is shown is personal data.", no_args_is_help=True
)
Return = Annotated[str, typer.Option("--return", help="Which return.")]
Ref = Annotated[str, typer.Option("--ref", help="The partner's own reference of the participant.")]


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
    from orchestration.identity.opening import opened
    from orchestration.identity.reviews import decide, open_pairs

    if link and split:
        raise typer.BadParameter("Decide one pair at a time: --link or --split.")
    with opened() as (_, store, vault):
        if pair := link or split:
            decision = "link" if link else "split"
            decide(vault, pair, decision)
            store.audit(f"decided: {decision}", f"pair {pair}")
            said = f"{pair}: {'one person' if link else 'two people'}. The next refresh applies it."
            tell({"pair": pair, "decision": decision}, said, as_json)
            return
        found = open_pairs(vault)
        store.audit("reviewed", f"{len(found)} pairs")
    lines = []
    for one in found:
        why, returns = one["why"], " and ".join(one["returns"])
        lines.append(f"{one['pair']}  {why}, probability {one['probability']:.3f}, {returns}")
        for name, (left, right) in one["differ"].items():
            lines.append(f"    {name}: {left or '(none)'} | {right or '(none)'}")
    lines.append(f"{len(found)} pairs wait for a decision.")
    tell(found, "\n".join(lines), as_json)


@app.command()
def access(
    return_id: Return,
    ref: Ref,
    to: Annotated[Path | None, typer.Option(help="Write it into this new file instead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Everything held of a person, at this partner and at the others.

    Identifiers, accepted rows, and the person's lines in every received file.
    """
    import json

    from orchestration.identity.files import write_private
    from orchestration.identity.opening import opened
    from orchestration.identity.people import held

    if to and (to.exists() or not to.parent.is_dir()):
        raise typer.BadParameter(f"{to} is there already, or its folder is not. Name a new file.")
    with opened() as (settings, store, vault):
        document = held(vault, settings, store, return_id, ref)
        store.audit("gave access", f"{return_id}, {len(document['identity'])} records")
    text = json.dumps(document, default=str, ensure_ascii=False, indent=None if as_json and not to else 1)
    if to:
        write_private(to, text.encode())
        tell({"written": str(to)}, f"Written to {to}. It holds personal data.", as_json)
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

    Asks for the right value, or reads it from standard input; - says that it is not known.
    Links follow. What a partner's file says of events, age band and district is put right by a corrected
    file, which replaces the earlier one.
    """
    from orchestration.identity.opening import opened
    from orchestration.identity.people import rectify as put_right

    value = typer.prompt("Right value", err=True) if sys.stdin.isatty() else sys.stdin.readline()
    with opened() as (settings, store, vault):
        put_right(vault, settings, return_id, ref, field, value)
        store.audit("rectified", return_id, field)
    said = f"The {field} is put right. Ask the partner to correct it too: its next file states it again."
    tell({"rectified": field}, said, as_json)


@app.command()
def overlap(as_json: AsJson = False) -> None:
    """Records and people side by side, and shared jobs.

    How they were linked, and the jobs that several programmes claim.
    Exact counts of the latest build, for the steward; they are not for publication.
    """
    import duckdb

    from orchestration.identity.opening import alone

    with alone() as (settings, store):
        builds = [settings.builds / build.build_id / "warehouse.duckdb" for build in store.builds()]
        if not builds or not builds[-1].exists():
            say("There is no build yet. Run 'pathways refresh' first.")
            raise typer.Exit(REFUSED)
        with duckdb.connect(str(builds[-1]), read_only=True) as build:
            found = build.execute("select * from metrics.people_overlap order by programme_id").df()
    if as_json:
        tell({"programmes": found.to_dict("records")}, "", as_json)
        return
    turned = found.set_index("programme_id").T
    table = Table("", *map(str, turned), box=None)
    for measure, *counts in turned.itertuples():
        table.add_row(str(measure).replace("_", " ").capitalize(), *map(str, counts))
    console.print(table)


app.add_typer(erasure_cli.app)
