"""Pages as a test reads them: figures with the cell they claim, links and where they lead, words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True)
class Figure:
    """A figure of a page: what it says, and the cell and column of the file that it says it is from."""

    cell: str
    column: str
    raw: str
    kinds: tuple[str, ...]
    text: str


@dataclass
class Page(HTMLParser):
    """A page that has been read: feed it once."""

    figures: list[Figure] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: dict[str, str | None] | None = None
        self._heading = False
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors += [given["id"]] if given.get("id") else []
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif "src" in given or tag in ("script", "link", "iframe", "object", "image", "use"):
            self.fetched.append(tag)
        if tag == "data" and "data-cell" in given:
            self._open, self._said = given, []
        if tag in ("h1", "h2"):
            self._heading, self._said = True, []

    def handle_data(self, data: str) -> None:
        if self._open or self._heading:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._said).strip()
        if tag == "data" and self._open:
            given = {k: v or "" for k, v in self._open.items()}
            kinds = tuple(given["class"].split())
            self.figures.append(Figure(given["data-cell"], given["data-column"], given["value"], kinds, text))
            self._open = None
        elif tag in ("h1", "h2") and self._heading:
            self.headings.append(text)
            self._heading = False


def read_page(content: bytes) -> Page:
    """The page whose bytes are `content`."""
    page = Page()
    page.feed(content.decode())
    return page
