"""Reference data that the door needs: code lists, areas with their successors, programmes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from orchestration.settings import REFERENCE


@dataclass(frozen=True)
class Programme:
    """A programme's life and the ages it is for (none where it has no limit)."""

    programme_id: str
    name: str
    start: date
    end: date | None
    minimum_age: int | None
    maximum_age: int | None
    retention_years: int
    has_legal_hold: bool


@dataclass(frozen=True)
class Reference:
    """`codes`: list → code in lower case → code. `successors`: old area → (new area, from when)."""

    codes: dict[str, dict[str, str]]
    successors: dict[str, tuple[str, date]]
    programmes: dict[str, Programme]
    count_units: dict[str, str]

    def listed(self, code_list: str) -> list[str]:
        """Every code of a list, in the order of the reference data."""
        return list(self.codes[code_list].values())


@cache
def load_reference(folder: Path = REFERENCE) -> Reference:
    """Read the reference seeds of `folder`."""
    codes: dict[str, dict[str, str]] = {}
    for row in _rows(folder / "codes.csv"):
        codes.setdefault(row["code_list"], {})[row["code"].casefold()] = row["code"]
    areas, counts, programmes, breakdowns = (
        _rows(folder / f"{n}.csv") for n in ("areas", "count_codes", "programmes", "breakdowns")
    )
    codes["areas"] = {row["area_code"].casefold(): row["area_code"] for row in areas}
    codes["count"] = {row["count_code"].casefold(): row["count_code"] for row in counts}
    codes["programmes"] = {row["programme_id"].casefold(): row["programme_id"] for row in programmes}
    kinds = [row["breakdown_type"] for row in breakdowns]
    codes["breakdown_group"] = {"all": "all"} | {
        k: v for kind in kinds for k, v in codes.get(kind, {}).items()
    }
    codes["breakdown"] = {kind.casefold(): kind for kind in kinds}
    since = {row["area_code"]: row["valid_from"] for row in areas}
    return Reference(
        codes=codes,
        successors={
            row["area_code"]: (row["successor_code"], date.fromisoformat(since[row["successor_code"]]))
            for row in areas
            if row["successor_code"]
        },
        programmes={row["programme_id"]: _programme(row) for row in programmes},
        count_units={row["count_code"]: row["unit"] for row in counts},
    )


def _programme(row: dict[str, str]) -> Programme:
    return Programme(
        programme_id=row["programme_id"],
        name=row["programme_name"],
        start=date.fromisoformat(row["start_date"]),
        end=date.fromisoformat(row["end_date"]) if row["end_date"] else None,
        minimum_age=int(row["minimum_age"]) if row["minimum_age"] else None,
        maximum_age=int(row["maximum_age"]) if row["maximum_age"] else None,
        retention_years=int(row["retention_years"]),
        has_legal_hold=row["has_legal_hold"] == "true",
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
