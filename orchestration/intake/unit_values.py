"""Unit values that a home may use and nobody pass on: its own `unit_values.csv`, read with care."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.intake.entities import CONTROL, Column
from orchestration.intake.reference import load_reference
from orchestration.settings import SettingsError

COLUMNS = CONTROL["unit_values"].columns


def _pounds(said: str) -> Decimal:
    if not (pounds := Decimal(said)).is_finite():
        raise ValueError
    return pounds


READ: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "varchar": ("", str),
    "decimal(18,2)": ("a number of pounds, such as 1234.50", _pounds),
    "integer": ("a year, such as 2023, or nothing", lambda year: int(year) if year else None),
    "date": ("a day, such as 2023-04-01", date.fromisoformat),
}
"""Type of a column: what a value must be, and what reads it."""


def own_unit_values(home: Path) -> list[tuple[object, ...]]:
    """The rows of the home's file, in the order of `control.unit_values`; none where there is no file.

    Raises `SettingsError`, which names file, row and column, for a column that is not there, a value that
    cannot be read, and a programme or a count with its unit that nobody knows: it would multiply nothing.
    """
    path = home / "unit_values.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := {c.name for c in COLUMNS} - set(rows.fieldnames or ()):
            raise SettingsError(f"{path} has no column {', '.join(sorted(missing))}.")
        return [_read(f"{path}, row {rows.line_num}", row) for row in rows]


def _read(place: str, row: dict[str, str]) -> tuple[object, ...]:
    known = load_reference()
    if (row["programme_id"] or "") not in known.programmes:
        raise SettingsError(f"{place}, column programme_id: '{row['programme_id']}' is no programme we know.")
    if known.count_units.get(row["count_code"], "no count") != row["unit"]:
        raise SettingsError(
            f"{place}, columns count_code and unit: no count '{row['count_code']}' is in '{row['unit']}'. "
            "Take both from seeds/reference/count_codes.csv."
        )
    return tuple(_value(f"{place}, column {c.name}", c, row[c.name] or "") for c in COLUMNS)


def _value(place: str, column: Column, said: str) -> object:
    wanted, read = READ[column.data_type]
    try:
        return read(said)
    except (ValueError, ArithmeticError):
        raise SettingsError(f"{place}: '{said}' is not {wanted}. Correct it and refresh again.") from None
