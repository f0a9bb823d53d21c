"""What a file says of itself, to be held against its rows: a total below a table, a row count above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import numpy as np
import pandas as pd

from orchestration.intake.body import Body
from orchestration.intake.contract import Contract
from orchestration.intake.entities import ENTITIES
from orchestration.intake.findings import WHOLE_FILE, Fault
from orchestration.intake.quantities import Interval, read_interval, read_number

_COUNTED = {"counts": ("value_lower",), "activities": ("quantity", "headcount")}
_MONEY = {"spend": tuple(c.name for c in ENTITIES["spend"].columns if c.name.endswith("_gbp"))}


def row_count_faults(contract: Contract, texts: Iterable[str], bodies: list[Body]) -> Iterator[Fault]:
    """F08: the number of rows that the file says it has, where the contract tells how it says so."""
    if not contract.row_count or not bodies:
        return
    found = next((f for text in texts if (f := re.search(contract.row_count, text, re.IGNORECASE))), None)
    rows = sum(body.records + body.rows_set_aside for body in bodies)
    if found and int(found["number"]) != rows:
        yield Fault("F08", {"a": found["number"], "what": "rows", "b": str(rows)})


def total_faults(body: Body) -> Iterator[Fault]:
    """F08: the grand total of a column of numbers, where every cell of the column is one.

    Hidden and rounded numbers are intervals; a row set aside may hold any number of the column.
    """
    for name, source in _totalled(body, _COUNTED):
        column = body.table.columns[source]
        texts = [*body.cells[source].at(np.arange(body.records)), body.totals[source]]
        read = [i for text in texts if (i := read_interval(text, column.rounded_to, column.hidden_below))]
        if len(read) < len(texts) or read[-1].status == "missing":
            continue
        *parts, total = read
        at_least = sum((part.lower or Decimal(0) for part in parts), Decimal(0))
        is_blank = name == "value_lower" and not all(text.strip() for text in texts)  # told by R31
        is_open = is_blank or body.rows_set_aside or any(part.status == "over" for part in parts)
        at_most = None if is_open else sum((part.upper or Decimal(0) for part in parts), Decimal(0))
        added, stated = Interval(at_least, at_most, ""), Interval(total.lower, total.upper, "")
        if _is_above(added, stated) or _is_above(stated, added):
            header = body.header.names[body.header.positions[source]]
            details = {"a": _said(stated), "what": f"in column '{header}'", "b": _said(added)}
            yield Fault("F08", details, body.sheet, (), header)


def _is_above(one: Interval, other: Interval) -> bool:
    return one.lower is not None and other.upper is not None and one.lower > other.upper


def _said(number: Interval) -> str:
    if number.lower == number.upper:
        return f"{number.lower:,}"
    return f"{number.lower:,} or more" if number.upper is None else f"{number.lower:,} to {number.upper:,}"


def stated_totals(submission_id: str, body: Body) -> list[dict[str, object]]:
    """Grand totals of money that the table states itself (rule X12)."""
    return [
        {
            "submission_id": submission_id,
            "source_sheet": body.sheet or WHOLE_FILE,
            "column_name": column,
            "stated": float(number),
        }
        for column, source in _totalled(body, _MONEY)
        if (number := read_number(body.totals[source])) is not None
    ]


def _totalled(body: Body, columns: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Standard column and column of the table, each once, of those below which a grand total stands."""
    fed = {
        (column, source)
        for feed in body.table.feeds
        for column, source in feed.columns.items()
        if column in columns.get(feed.entity, ()) and source in body.totals
    }
    return sorted(fed)


def totals_frame(stated: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Stated totals of several files as a table: submission_id, source_sheet, column_name, stated."""
    names = {"submission_id": "str", "source_sheet": "str", "column_name": "str", "stated": "float64"}
    return pd.DataFrame(list(stated), columns=list(names)).astype(names)
