"""How every command speaks: plain lines that wrap as they please, or one JSON document."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

console = Console()
errors = Console(stderr=True)
REFUSED = 1
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def say(text: str, hang: int = 0) -> None:
    """Print as it is: no markup read out of a file name, no colour, no line cut.

    In a terminal a line of more than its width goes on `hang` columns in; in a pipe it stays one line.
    """
    if console.is_terminal and hang:
        wrapped = textwrap.TextWrapper(
            console.width, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
        )
        text = wrapped.fill(text)
    console.print(text, soft_wrap=True, markup=False, highlight=False)


def tell(document: Any, text: str, as_json: bool) -> None:
    """Say a text, or print the document that says the same."""
    if as_json:
        typer.echo(json.dumps(document, default=str))
    else:
        say(text)


def sure(question: str, is_sure: bool) -> None:
    """Ask, unless that was said before; the command ends where the answer is no."""
    if not is_sure and not typer.confirm(question, err=True):
        raise typer.Exit(REFUSED)


def as_day(text: str) -> date:
    """A day as a person gives it; wrong usage where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day; write it as 2026-03-31.") from error


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something long goes on, and for how long; nothing where nobody looks."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        progress.add_task(what, total=None)
        yield
