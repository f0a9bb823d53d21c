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
from orchestration.intake.quantities import is_empty, read_number

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
    """F08: the grand total of a column of numbers, where every cell of the column is one."""
    for _, source in _totalled(body, _COUNTED):
        texts = body.cells[source].at(np.arange(body.records))
        read = [read_number(text) for text in texts if not is_empty(text)]
        numbers, stated = [n for n in read if n is not None], read_number(body.totals[source])
        added = sum(numbers, Decimal(0))
        if stated not in (None, added) and len(numbers) == len(read):
            header = body.header.names[body.header.positions[source]]
            details = {"a": f"{stated:,}", "what": f"in column '{header}'", "b": f"{added:,}"}
            yield Fault("F08", details, body.sheet, (), header)


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
