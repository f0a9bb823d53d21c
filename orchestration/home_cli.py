"""The operator's commands on a whole home: backup and restore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import load_home, load_settings
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
    import orchestration.control.backup as room

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
    import orchestration.control.backup as room

    settings = load_settings()
    aside = room.restore(settings, source.resolve())
    if as_json:
        typer.echo(json.dumps({"home": str(settings.home), "aside": str(aside) if aside.exists() else None}))
        return
    say(f"Restored {settings.home}. Run 'pathways refresh' to finish what the backup had begun.")
    if aside.exists():
        say(f"What was there before is at {aside}.")
