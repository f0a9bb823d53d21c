"""What a page is made of, before it is HTML: figures, tables, charts, cards, sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

NOTHING: Final = "\u2013"
"""Stands in a table where no figure is published for a cell."""
Kind = Literal["shown", "range", "hidden", "missing"]


@dataclass(frozen=True)
class Shown:
    """One released figure as a page says it: `text`, and the `cell` and `column` of the file it is from.

    `raw` is what the file says there; `notes` are words that stand beside the text.
    """

    text: str
    kind: Kind
    cell: str
    column: str
    raw: str
    is_synthetic: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Words that lead to a place of the page or a file beside it."""

    text: str
    href: str


@dataclass(frozen=True)
class Mark:
    """One figure of a chart: `number` or `low` to `high` (either may be None), and the `text` beside it.

    `group` names the panel, `label` the place in it, `base` a denominator where there is one.
    """

    label: str
    text: str
    number: float | None = None
    low: float | None = None
    high: float | None = None
    group: str = ""
    base: float | None = None
    is_synthetic: bool = False

    @property
    def extent(self) -> float:
        """The largest number that is drawn."""
        return max(v for v in (self.number, self.low, self.high, 0.0) if v is not None)


Item = str | Shown | Link


@dataclass(frozen=True)
class Table:
    """A caption, headers and rows; the first item of each row is its header."""

    caption: str
    headers: Sequence[Item]
    rows: Sequence[Sequence[Item]]
    is_open: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture with its title, its words for those who do not see it, and its table."""

    title: Item
    svg: str
    words: str
    table: Table

    @property
    def is_synthetic(self) -> bool:
        """Whether any figure of it is invented."""
        return any(isinstance(item, Shown) and item.is_synthetic for row in self.table.rows for item in row)


@dataclass(frozen=True)
class Card:
    """A headline figure and what to know to read it."""

    name: Link
    figure: Shown
    facts: tuple[tuple[str, Item], ...]


@dataclass(frozen=True)
class Section:
    """A part of a page; what it has none of is left out. `facts` hold for all of its cards."""

    anchor: str
    title: str
    said: tuple[str, ...] = ()
    facts: tuple[tuple[str, Item], ...] = ()
    cards: list[Card] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    points: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.cards or self.charts or self.tables or self.points)
