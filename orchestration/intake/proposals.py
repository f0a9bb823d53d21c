"""A correction to propose for a cell: a known code, or the date that was probably meant."""

from __future__ import annotations

import difflib
from datetime import date

from orchestration.intake.contract import Column, Contract
from orchestration.intake.dates import Order, read_date
from orchestration.intake.entities import ENTITIES
from orchestration.intake.feeds import standard_column
from orchestration.intake.header import Header
from orchestration.intake.reference import load_reference

_NEAR = 0.6
_ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")


def proposal(
    rule_id: str, text: str, header: Header | None, position: int | None, contract: Contract
) -> str | None:
    """What the partner probably meant, or none where nothing is near."""
    name = next((n for n, i in header.positions.items() if i == position), None) if header else None
    if header is None or name is None or not text.strip():
        return None
    if rule_id in ("R16", "R17"):
        return _near(text, _words(header, name))
    if rule_id == "R02":
        return _other_order(text)
    return None


def near_headers(missing: list[str], present: list[str]) -> str | None:
    """A header of the file that looks like one that was not found."""
    for header in missing:
        if found := _near(header, present):
            return found
    return None


def _near(text: str, words: list[str]) -> str | None:
    folded = {word.casefold(): word for word in reversed(words)}
    found = difflib.get_close_matches(text.strip().casefold(), list(folded), n=1, cutoff=_NEAR)
    return folded[found[0]] if found else None


def _words(header: Header, name: str) -> list[str]:
    """The words that the contract and our lists know for a column, the partner's own first."""
    column: Column = header.table.columns[name]
    words = list(column.codes)
    for feed in header.table.feeds:
        for target, source in feed.columns.items():
            standard = standard_column(ENTITIES[feed.entity], target)
            if source == name and standard.codes:
                words += load_reference().listed(standard.codes)
    return words


def _other_order(text: str) -> str | None:
    """The one date that the text is in some other order of day, month and year."""
    found = {read_date(text, order, date.today(), epoch=1900).value for order in _ORDERS} - {None}
    return f"{found.pop():%Y-%m-%d}" if len(found) == 1 else None
