"""A number against what it counts: people come whole, are no money and somewhere, and women no age band."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from orchestration.intake.findings import Fault, quoted

_SIGNS = {"%": "percent", "£": "gbp"}
_IN_PARTS = ("percent", "gbp", "hours")
_OF_ANY_BREAKDOWN = {"all", "unknown", "not_stated", "not_asked", "prefer_not_to_say"}


def unit_faults(
    frame: pd.DataFrame, texts: Iterable[str], units: Mapping[str, str], place: tuple[str, str], shown: bool
) -> Iterator[Fault]:
    """R27 of counts that cannot be of the unit of their code, whose records then stop.

    `texts` are the numbers as written, one a record of `frame`; `place` is sheet and header.
    """
    sheet, header = place
    rows = frame["source_row"].tolist()
    # A rounded 1.2 is 0 to 3.2: only both bounds tell it from a whole number.
    is_whole = (frame[["value_lower", "value_upper"]].fillna(0) % 1 == 0).all(axis=1)
    records = zip(texts, frame["value_lower"], is_whole, frame["count_code"], strict=True)
    for n, (text, lower, whole, code) in enumerate(records):
        if pd.isna(lower) or code not in units:
            continue
        if said := _wrong(text, whole, units[code]):
            frame.loc[n, "stops"] = True
            frame.loc[n, ["value_lower", "value_upper"]] = None  # no rule is to reckon with it
            yield Fault("R27", {"value": quoted(text, shown), "said": said}, sheet, (rows[n],), header)


def _wrong(text: str, is_whole: bool, unit: str) -> str | None:
    if any(sign in text and unit != meant for sign, meant in _SIGNS.items()):
        return f"is no number of {'pounds' if unit == 'gbp' else unit}"
    return None if unit in _IN_PARTS or is_whole else "is not a whole number"


def area_faults(frame: pd.DataFrame, place: tuple[str, str]) -> Iterator[Fault]:
    """R31 of numbers that do not say of which area they are, whose records then stop."""
    unread = np.asarray(frame.get("unread area_code", False), dtype=bool)
    blank = frame.index[frame["area_code"].isna() & ~unread]
    if len(blank):
        frame.loc[blank, "stops"] = True
        sheet, header = place
        yield Fault("R31", {}, sheet, tuple(frame.loc[blank, "source_row"].tolist()), header)


def group_faults(
    frame: pd.DataFrame, codes: Mapping[str, Mapping[str, str]], place: tuple[str, str]
) -> Iterator[Fault]:
    """R17 of counts of a group that is one of another breakdown, or of none, whose records then stop.

    `codes` are the code lists by name; a group that no list has is what the contract says it is.
    """
    sheet, header = place
    kinds = codes["breakdown"].values()
    listed = {(kind, code) for kind in kinds for code in codes.get(kind, {}).values()}
    elsewhere = {code for _, code in listed} - _OF_ANY_BREAKDOWN
    said = zip(frame["breakdown_type"].fillna("all"), frame["breakdown_value"].fillna("all"), strict=True)
    is_other = [
        group != "all" if kind == "all" else group in elsewhere and (kind, group) not in listed
        for kind, group in said
    ]
    wrong = frame.index[np.array(is_other, dtype=bool) & ~frame["stops"].to_numpy()]
    if len(wrong):
        frame.loc[wrong, ["stops", "unread breakdown_value"]] = True
        rows = tuple(frame.loc[wrong, "source_row"].tolist())
        yield Fault("R17", {"value": "the value, no group of its breakdown,"}, sheet, rows, header)
