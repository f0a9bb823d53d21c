"""A number against what it counts: people come whole, and are no percentage and no money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from orchestration.intake.findings import Fault, quoted

_SIGNS = {"%": "percent", "£": "gbp"}
_IN_PARTS = ("percent", "gbp", "hours")


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
            yield Fault("R27", {"value": quoted(text, shown), "said": said}, sheet, (rows[n],), header)


def _wrong(text: str, is_whole: bool, unit: str) -> str | None:
    if any(sign in text and unit != meant for sign, meant in _SIGNS.items()):
        return f"is no number of {'pounds' if unit == 'gbp' else unit}"
    return None if unit in _IN_PARTS or is_whole else "is not a whole number"
