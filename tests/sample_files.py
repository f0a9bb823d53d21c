"""The committed sample files, read by `csv`, `json` and openpyxl alone: a third reading for tests."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from orchestration.settings import PROJECT

RETURNS = PROJECT / "seeds" / "returns"
LANDING = RETURNS / "landing"
LONDON = ZoneInfo("Europe/London")
CLOCK = date(2026, 3, 2)
ENCODINGS = {
    "rotherham_eit": "utf-8-sig",
    "more_positive_together": "cp1252",
    "rotherham_finance": "cp1252",
    "south_yorkshire_targets": "utf-16",
}
DELIMITERS = {"sheffield_eit": ";", "course_to_job": "\t", "south_yorkshire_targets": "\t"}


def read_text(return_id: str, name: str) -> list[dict[str, str]]:
    text = (LANDING / return_id / name).read_bytes().decode(ENCODINGS.get(return_id, "utf-8"))
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=DELIMITERS.get(return_id, ",")))


def read_sheet(return_id: str, name: str, sheet: str, header: int) -> list[dict[str, object]]:
    rows = list(load_workbook(LANDING / return_id / name)[sheet].iter_rows(values_only=True))
    names = [str(cell) for cell in rows[header]]
    return [dict(zip(names, row, strict=False)) for row in rows[header + 1 :]]


def truth(return_id: str, metric: str) -> int:
    with (RETURNS / "truth.csv").open(encoding="utf-8", newline="") as file:
        found = [
            r["value"] for r in csv.DictReader(file) if (r["return_id"], r["metric"]) == (return_id, metric)
        ]
    return int(found[0])


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def texts() -> list[str]:
    """Every file as text, workbooks as the cells of all their sheets."""
    found = []
    for path in sorted(p for p in LANDING.rglob("*") if p.is_file()):
        if path.suffix == ".xlsx":
            book = load_workbook(path, read_only=True)
            cells = (
                c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
            )
            found.append("\n".join(map(str, cells)))
        else:
            found.append(path.read_bytes().decode(ENCODINGS.get(path.parent.name, "utf-8")))
    return found


def british(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def people_of(return_id: str) -> dict[str, str]:
    with (RETURNS / "truth_people.csv").open(encoding="utf-8", newline="") as file:
        return {r["partner_ref"]: r["person"] for r in csv.DictReader(file) if r["return_id"] == return_id}


def newest_rotherham() -> list[dict[str, str]]:
    return read_text("rotherham_eit", "PtW_EIT_Rotherham_2026-02-28.csv")


def doncaster_events() -> Iterator[tuple[datetime, dict[str, Any]]]:
    """The events of 2025, each with the moment it states."""
    for path in sorted((LANDING / "doncaster_eit").glob("*2025-*.json")):
        for event in json.loads(path.read_text("utf-8"))["events"]:
            yield datetime.fromisoformat(event["at"]), event
