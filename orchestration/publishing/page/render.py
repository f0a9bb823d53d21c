"""Pages as bytes: one template, one style sheet, no network and no script."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.publishing.page.blocks import NOTHING, Section
from orchestration.publishing.page.contents import Contents
from orchestration.publishing.page.figures import Row
from orchestration.publishing.page.words import UNITS, day

TEMPLATES = Path(__file__).parent / "templates"


def page_bytes(
    contents: Contents,
    title: str,
    sections: Sequence[Section],
    definitions: Sequence[Row],
    downloads: Sequence[tuple[str, str]],
) -> bytes:
    """One page; sections with nothing in them are left out."""
    return rendered(
        "page.html",
        title=title,
        stamp=contents.stamp,
        is_synthetic=contents.is_synthetic,
        label=contents.label,
        as_at=day(contents.as_at),
        meta=f"Release {contents.release_id}"
        + (f"; the one before was {contents.previous}" if contents.previous else ""),
        sections=[s for s in sections if not s.is_empty or s.said],
        definitions=definitions,
        downloads=downloads,
    )


def rendered(template: str, **given: object) -> bytes:
    """A template filled in; every text is escaped."""
    style = (TEMPLATES / "page.css").read_text("utf-8")
    return (
        _environment().get_template(template).render(style=style, nothing=NOTHING, units=UNITS, **given)
        + "\n"
    ).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
