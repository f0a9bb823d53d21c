"""The operator's commands on a whole home: backup, restore, and where its control store is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import DATABASES, change_home_file, check_database, load_home, load_settings
from orchestration.terminal import AsJson, say

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="A new folder; the vault's part of it holds personal data.")],
    as_json: AsJson = False,
) -> None:
    """Copy everything that cannot be made again.

    That is the vault, accepted records, the control store and releases.
    """
    import orchestration.backup as room

    made = room.backup(load_home(), to.resolve())
    if as_json:
        typer.echo(json.dumps({"backup": str(made)}))
        return
    say(f"Backed up to {made}. Keep it as safe as the vault: it holds the originals and their keys.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A folder that 'pathways backup' made.")],
    as_json: AsJson = False,
) -> None:
    """Make the home anew from a backup.

    What is there now is moved aside.
    """
    import orchestration.backup as room

    settings = load_settings()
    aside = room.restore(settings, source.resolve())
    if as_json:
        typer.echo(json.dumps({"home": str(settings.home), "aside": str(aside) if aside.exists() else None}))
        return
    say(f"Restored {settings.home}. Run 'pathways refresh' to finish what the backup had begun.")
    if aside.exists():
        say(f"What was there before is at {aside}.")


@app.command()
def move_store(
    to: Annotated[
        str, typer.Argument(help="postgresql+psycopg://user@host/database; or 'file', back into the home.")
    ],
    as_json: AsJson = False,
) -> None:
    """Move the control store to Postgres, or back.

    Everything in it is copied, compared, and only then in use there.
    """
    from orchestration.control.transfer import move

    settings, url = load_home(), "" if to == "file" else to
    check_database("control_store", url)
    place = move(settings, url)
    change_home_file(settings.home, control_store=url)
    if as_json:
        typer.echo(json.dumps({"control_store": str(place)}))
        return
    say(f"The control store is at {place} now, and home.toml says so.")
    if (variable := DATABASES["control_store"]) in os.environ:
        say(f"{variable} goes before it: set that to '{url}' too.")
