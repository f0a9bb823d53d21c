"""Which rows of a table make a record, as a feed of the contract says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from orchestration.intake.body import Body
from orchestration.intake.contract import Feed
from orchestration.intake.entities import ENTITIES, PARTNER_REF
from orchestration.intake.normalise import FALSE
from orchestration.intake.quantities import is_empty, read_number

_COUNTED = ("value_lower", "headcount")
_NOBODY_KNOWS = {"unknown", "not_stated"}


def arising(body: Body, feed: Feed, sources: dict[str, str]) -> np.ndarray:
    """Positions of the source rows from which a record arises."""
    cells = body.cells
    wanted = np.ones(body.records, dtype=bool)
    if feed.when:
        is_counted = any(feed.columns.get(target) == feed.when for target in _COUNTED)
        wanted &= _is_said(body, feed.when, is_counted) | _is_begun(body, feed, sources)
    for name, values in feed.where.items():
        allowed = {v.strip().casefold() for v in values}
        wanted &= cells[name].where(lambda text: text.strip().casefold() in allowed)  # noqa: B023
    telling = _telling(sources)
    if not (feed.when or feed.where) and telling and feed.entity != "participants":
        filled = np.zeros(body.records, dtype=bool)
        for name in telling:
            filled |= cells[name].is_filled()
        wanted &= filled
    return np.flatnonzero(wanted)


def _is_begun(body: Body, feed: Feed, sources: dict[str, str]) -> np.ndarray:
    """Rows without the day that makes the record, and with what belongs to no other: R31 will say so.

    One column may be filled in advance, so two are asked for where the feed has them.
    """
    days = {c.name for c in ENTITIES[feed.entity].columns if c.required and c.data_type == "date"}
    feeds = body.table.feeds
    others = {name for f in feeds if f != feed for name in (*f.columns.values(), f.when, *f.where)}
    own = set(_telling(sources)) - others - {feed.when}
    if not own or feed.when not in {source for target, source in sources.items() if target in days}:
        return np.zeros(body.records, dtype=bool)
    filled = [body.cells[name].where(_tells(body, name)) for name in own]
    return np.asarray(np.sum(filled, axis=0) >= min(2, len(own)))


def _tells(body: Body, name: str) -> Callable[[str], bool]:
    """Whether a word of a column is more than a blank, a no, a nought, or that nobody knows."""
    codes = body.table.columns[name].codes.items()
    nothing = FALSE | _NOBODY_KNOWS | {k.strip().casefold() for k, v in codes if v in {None, *_NOBODY_KNOWS}}

    def tells(text: str) -> bool:
        word = text.strip().casefold()
        return not (is_empty(word) or word in nothing or read_number(word) == 0)

    return tells


def _is_said(body: Body, name: str, is_counted: bool = False) -> np.ndarray:
    """Rows where a cell, in our words, is neither empty nor false; none of what is counted is 0."""
    if name not in body.cells:
        return np.zeros(body.records, dtype=bool)
    words = {k.strip().casefold(): (v or "").casefold() for k, v in body.table.columns[name].codes.items()}

    def is_said(text: str) -> bool:
        word = text.strip().casefold()
        word = words.get(word, word)
        return (is_counted or word not in FALSE) and not is_empty(word)

    return body.cells[name].where(is_said)


def _telling(sources: dict[str, str]) -> list[str]:
    """Columns that say more than whose record it is."""
    return [s for t, s in sources.items() if t not in (PARTNER_REF, "programme_id")]
