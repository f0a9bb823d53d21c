"""What a page is made from: released figures, what the last release said, public reference data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from orchestration.publishing.page.blocks import Link
from orchestration.publishing.page.figures import Book, Row
from orchestration.publishing.page.words import Names

STARTS: Final = "M04"


@dataclass(frozen=True)
class Place:
    """A programme in an area, as one line of a table or one panel of a chart."""

    programme_id: str
    area_code: str
    name: str


@dataclass(frozen=True)
class Contents:
    """Everything that a page may say; nothing of it is unprotected.

    `book`, `before`: figures of this release and of the last one; `definitions`: rows of
    `metric_definitions`; `comparison`, `coverage`, `changes`: rows of the release's own files;
    `received_new`: partners with a new file since the last release; `redefined`: metrics with a new
    version; `findings`: what does not add up in the sources; `schemes`: the register of place-based
    schemes.
    """

    release_id: str
    as_at: str
    stamp: str
    is_synthetic: bool
    label: str
    previous: str | None
    book: Book
    before: Book
    names: Names
    parents: Mapping[str, str]
    definitions: Sequence[Row]
    comparison: Sequence[Row]
    coverage: Sequence[Row]
    changes: Sequence[Row]
    received_new: Sequence[str]
    redefined: Sequence[str]
    findings: Sequence[str]
    schemes: Sequence[Row]

    def metric(self, metric_id: str) -> Link:
        """The metric's name, one click from its definition."""
        return Link(self.metric_name(metric_id), f"#{metric_id}")

    def metric_name(self, metric_id: str) -> str:
        """The metric's name, as its definition has it."""
        return next((d["metric_name"] for d in self.definitions if d["metric_id"] == metric_id), metric_id)

    def place(self, programme_id: str) -> Place | None:
        """The programme in its own area; None where it has no starts."""
        rows = self.book.of(STARTS, programme_id)
        if not rows:
            return None
        own = self.names.programmes.get(programme_id, ("", "", ""))[2]
        codes = {row["area_code"]: row["area_name"] for row in rows}
        code = own if own in codes else ("all" if "all" in codes else sorted(codes)[0])
        return Place(programme_id, code, codes[code])

    def region(self) -> tuple[Place | None, list[Place]]:
        """The programme with most districts of its own, and these; without one, every programme."""
        families: dict[str, list[Place]] = {}
        for programme_id in self.book.programmes():
            place = self.place(programme_id)
            if place and place.area_code != "all" and programme_id in self.parents:
                families.setdefault(self.parents[programme_id], []).append(place)
        if not families:
            found = [self.place(p) for p in self.book.programmes()]
            return None, [place for place in found if place]
        whole = max(families, key=lambda f: (len(families[f]), f))
        return self.place(whole), sorted(families[whole], key=lambda p: p.name)
