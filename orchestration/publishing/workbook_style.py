"""How the workbook looks: number formats by unit, widths, what stays in sight and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from orchestration.publishing.columns import MONEY, SHARES

if TYPE_CHECKING:
    import gptables as gpt
    from gptables.core.wrappers import GPWorksheet

COUNT: Final = "#,##0"
BY_UNIT: Final[Mapping[str, str]] = {**dict.fromkeys(SHARES, "0.0%"), "ratio": "0.00", MONEY: "£#,##0.00"}
A4: Final = 9
HEADER: Final = 3
"""Rows above a table's header: title, stamp, instructions."""
WIDEST: Final = 70
COVER: Final = 115
"""Characters in the widest column of a table, and in the cover's: its lines are shorter, so none wraps."""
LINE: Final = 15.75
"""Points of a line of text."""
SLACK: Final = 1.1
"""How much wider our font is than the one that widths are counted in."""

Format = dict[str, Any]


def number_format(unit: str) -> str:
    """How a spreadsheet shows a value of a unit."""
    return BY_UNIT.get(unit, COUNT)


def by_row(units: Iterable[str], figures: Sequence[str], counts: Iterable[str]) -> list[Format]:
    """Each row's values as its unit asks; of the columns of `figures`, `counts` whatever the unit is."""
    rows: dict[str, list[int]] = {}
    for n, unit in enumerate(units, start=1):  # row 0 is the header
        rows.setdefault(number_format(unit), []).append(n)
    styled: list[Format] = [
        {"row": {"rows": found, "format": {"num_format": f, "valign": "top"}}} for f, found in rows.items()
    ]
    on_the_right = {"column": {"columns": list(figures), "format": {"align": "right"}}}
    return [*styled, on_the_right, *by_column(dict.fromkeys(counts, COUNT))]


def by_column(formats: Mapping[str, str]) -> list[Format]:
    """Columns of one unit each; figures stand on the right, ranges in words too."""
    return [
        {"column": {"columns": [c], "format": {"num_format": f, "align": "right"}}}
        for c, f in formats.items()
    ]


def lay_out(sheet: GPWorksheet, table: gpt.GPTable) -> None:
    """Columns as wide as their text, up to a limit, and rows as high; the header stays in sight.

    Heights are set because not every spreadsheet program finds them when it opens a file.
    """
    lines = pd.DataFrame()
    for n, name in enumerate(table.table.columns):
        lengths = pd.Series([_length(v) for v in [name, *table.table[name]]]) * SLACK
        width = _width(name, lengths)
        sheet.set_column(n, n, width)
        lines[n] = np.ceil(lengths / width)
    for n, count in enumerate(lines.max(axis=1)):
        sheet.set_row(HEADER + n, LINE * count)
    sheet.freeze_panes(HEADER + 1, 0)
    sheet.repeat_rows(HEADER)


def _length(value: object) -> int:
    return len(f"{value:,.2f}" if isinstance(value, float) else str(value))


def _width(name: str, lengths: pd.Series) -> float:
    """Characters: of the longest cell, or of the header on two lines with its button to filter."""
    header = max(lengths[0] / 2, *(len(word) * SLACK for word in name.split())) + 5
    return min(max(lengths[1:].max() + 2, header), WIDEST)


def on_paper(sheet: GPWorksheet) -> None:
    """A4 across, all columns on one page."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
