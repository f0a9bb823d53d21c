"""How every command speaks: plain lines that wrap as they please, or one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

console = Console()
errors = Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def say(text: str) -> None:
    """Print as it is: no markup read out of a file name, no colour, no line cut."""
    console.print(text, soft_wrap=True, markup=False, highlight=False)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something long goes on, and for how long; nothing where nobody looks."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        progress.add_task(what, total=None)
        yield
