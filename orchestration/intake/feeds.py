"""Source rows → records of the standard entities, as the feeds of a contract say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from orchestration.control.records import Span
from orchestration.intake.arising import arising
from orchestration.intake.body import Body
from orchestration.intake.contract import Contract, Feed
from orchestration.intake.converted import Converted
from orchestration.intake.entities import ENTITIES, PARTNER_REF, Column, Entity
from orchestration.intake.findings import WHOLE_FILE, Fault
from orchestration.intake.normalise import Normaliser
from orchestration.intake.periods import financial_year_start
from orchestration.intake.texts import Texts
from orchestration.intake.units import area_faults, group_faults, unit_faults

EMPLOYER = "employer_name"
INTERVAL = Column("value_lower", "interval", "")
_VAULT_TYPES = {"date_of_birth": "date", "age": "integer"}
_ALL = {"breakdown_type": "all", "breakdown_value": "all", "period_type_code": "flow"}


@dataclass
class Records:
    """Records of one file by entity, before any rule.

    Each frame has the entity's columns, vault columns, `partner_ref`, `employer_name` as far as fed, and
    `stops`: what it was made of could not be read; `unread <column>` where that column could not be.
    `headers`: one dict a feed, (entity, column) → the partner's header; `feed` of a record is its number.
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    headers: list[dict[tuple[str, str], str]] = field(default_factory=list)

    def add(self, entity: str, frame: pd.DataFrame) -> None:
        """Put records beside those of other feeds."""
        before = self.frames.get(entity)
        self.frames[entity] = frame if before is None else pd.concat([before, frame], ignore_index=True)


def standard_column(entity: Entity, name: str) -> Column:
    """The standard, vault or reference column that a feed names."""
    for column in entity.columns:
        if column.name == name:
            return column
    return Column(name, _VAULT_TYPES.get(name, "varchar"), "")


class TableFeeds:
    """Feeds one table's body; a source column read once serves every feed that asks the same of it."""

    def __init__(self, body: Body, agreed: Contract, normaliser: Normaliser, period: Span) -> None:
        self.body, self.agreed, self.normaliser, self.period = body, agreed, normaliser, period
        self.is_fed = np.zeros(body.records, dtype=bool)  # rows from which some record arises
        self._read: dict[tuple[object, ...], Converted] = {}

    def feed(self, records: Records) -> None:
        """Add the records of every feed, then the faults of the cells that were used."""
        for feed in self.body.table.feeds:
            frame = self._records(feed, records)
            if len(frame):
                records.add(feed.entity, frame)
                self.is_fed[np.searchsorted(self.body.source_row, frame["source_row"])] = True
        for key, converted in self._read.items():
            name = str(key[0])
            records.faults += converted.faults(self.body.sheet, self._header(name), self.body.source_row)

    def _records(self, feed: Feed, records: Records) -> pd.DataFrame:
        entity = ENTITIES[feed.entity]
        sources = {t: s for t, s in feed.columns.items() if not s.startswith("=") and s in self.body.cells}
        rows = arising(self.body, feed, sources)
        columns: dict[str, Any] = {}
        stops, nothing = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
        records.headers.append({(feed.entity, t): self._header(s) for t, s in sources.items()})
        columns["feed"] = np.full(len(rows), len(records.headers) - 1)
        for target, source in sources.items():
            if (listed := self.body.table.columns[source].list_by) is not None:
                return self._exploded(feed, records, target, source, listed, rows)
            converted = self._converted(source, entity, target)
            converted.used[rows] = True
            _put(columns, target, converted.at(rows), feed)
            if converted.is_flawless:
                continue
            stops |= (unread := converted.flag("stops")[rows])
            columns[f"unread {target}"] = unread | converted.flag("is_unread")[rows]
            if standard_column(entity, target).required:
                nothing |= converted.flag("is_nothing")[rows]
        frame = self._completed(columns, feed, rows, stops)
        if feed.entity == "counts" and "value_lower" in sources:
            source = sources["value_lower"]
            texts, units = self.body.cells[source].at(rows), self.normaliser.reference.count_units
            place = self.body.sheet, self._header(source)
            shown = self.body.table.columns[source].classification == "none"
            records.faults += unit_faults(frame, texts, units, place, shown)
        if feed.is_number and "area_code" in sources:
            place = self.body.sheet, self._header(sources["area_code"])
            records.faults += area_faults(frame, place)
        if "breakdown_value" in sources:
            place = self.body.sheet, self._header(sources["breakdown_value"])
            records.faults += group_faults(frame, self.normaliser.reference.codes, place)
        return frame[~nothing].reset_index(drop=True) if nothing.any() else frame

    def _exploded(
        self, feed: Feed, records: Records, target: str, source: str, separator: str, rows: np.ndarray
    ) -> pd.DataFrame:
        """A cell with several values becomes several rows, which are then fed like any other."""
        split = [
            (row, part)
            for row, text in zip(rows, self.body.cells[source].at(rows), strict=True)
            for part in text.split(separator)
            if part.strip()
        ]
        numbers = np.array([row for row, _ in split], dtype=np.intp)
        one_each = {name: Texts(t.codes[numbers], t.distinct) for name, t in self.body.cells.items()}
        one_each[source] = Texts.of(part for _, part in split)
        plain = self.body.table.columns[source].model_copy(update={"list_by": None})
        table = self.body.table.model_copy(
            update={
                "columns": {**self.body.table.columns, source: plain},
                "feeds": [feed.model_copy(update={"when": None, "where": {}})],
            }
        )
        body = Body(
            **{
                **vars(self.body),
                "table": table,
                "cells": one_each,
                "source_row": self.body.source_row[numbers],
            }
        )
        inner, part = (
            TableFeeds(body, self.agreed, self.normaliser, self.period),
            Records(headers=records.headers),
        )
        inner.feed(part)
        records.faults += part.faults
        return part.frames.get(feed.entity, pd.DataFrame())

    def _converted(self, source: str, entity: Entity, target: str) -> Converted:
        column = standard_column(entity, target)
        if target == "value_lower":
            column = INTERVAL
        # Period words mean their first day in one column and their last in the other.
        role = target if target in ("period_start", "period_end", "activity_date", PARTNER_REF) else ""
        key = (source, column.data_type, column.codes, column.open, role)
        if key not in self._read:
            stated = self.body.table.columns[source]
            self._read[key] = self.normaliser.convert(self.body.cells[source], stated, column)
        return self._read[key]

    def _completed(
        self, columns: dict[str, Any], feed: Feed, rows: np.ndarray, stops: np.ndarray
    ) -> pd.DataFrame:
        """Literals, what the contract says once for all rows, and where each record came from."""
        for target, source in feed.columns.items():
            if source.startswith("="):
                columns[target] = _repeated(
                    self._literal(ENTITIES[feed.entity], target, source[1:]), len(rows)
                )
        names = set(ENTITIES[feed.entity].column_names)
        stated: dict[str, str | pd.Timestamp] = {"programme_id": self.agreed.programmes[0]}
        if feed.is_number and self.agreed.area != "all":
            stated["area_code"] = self.agreed.area
        if "activity_date" in names:
            stated["activity_date"] = pd.Timestamp(self.period[1])
        stated |= {name: value for name, value in _ALL.items() if name in names}
        for name, value in stated.items():
            if name not in columns:
                columns[name] = _repeated(value, len(rows))
        if "period_end" in names:
            self._periods(columns, len(rows))
        columns["source_sheet"] = _repeated(self.body.sheet or WHOLE_FILE, len(rows))
        columns["source_row"] = self.body.source_row[rows]
        columns["stops"] = stops
        return pd.DataFrame(columns)

    def _periods(self, columns: dict[str, Any], length: int) -> None:
        """A number without a period of its own has that of the file; a cumulative one since 1 April."""
        start, end = (pd.Timestamp(day) for day in self.period)
        if "period_start" not in columns:
            starts = pd.Series(_repeated(start, length))
            if "period_type_code" in columns:
                cumulative = pd.Series(columns["period_type_code"]) == "cumulative"
                starts = starts.mask(cumulative, pd.Timestamp(financial_year_start(self.period[1])))
            columns["period_start"] = starts.array
        if "period_end" not in columns:
            columns["period_end"] = _repeated(end, length)

    def _literal(self, entity: Entity, target: str, text: str) -> object:
        column = standard_column(entity, target)
        if column.data_type == "date":
            return pd.Timestamp(datetime.combine(date.fromisoformat(text), datetime.min.time()))
        if column.data_type == "boolean":
            return text.casefold() == "true"
        if column.data_type == "integer":
            return int(text)
        return float(text) if column.data_type.startswith("decimal") else text

    def _header(self, name: str) -> str:
        position = self.body.header.positions.get(name)
        if position is None:
            return self.body.table.columns[name].headers[0]
        return self.body.header.names[position]


def _repeated(value: object, length: int) -> Any:
    if isinstance(value, pd.Timestamp):
        return pd.array(np.full(length, value.to_datetime64(), dtype="datetime64[s]"))
    if isinstance(value, str):
        return pd.array([value], dtype="str").take(np.zeros(length, dtype=np.intp))
    return np.full(length, value)


def _put(columns: dict[str, Any], target: str, values: Any, feed: Feed) -> None:
    """A value in its column; an interval in three."""
    if target != "value_lower":
        columns[target] = values
        return
    columns["value_lower"] = [None if v is None or v.lower is None else float(v.lower) for v in values]
    if "value_upper" not in feed.columns:
        columns["value_upper"] = [None if v is None or v.upper is None else float(v.upper) for v in values]
    if "value_status_code" not in feed.columns:
        columns["value_status_code"] = ["missing" if v is None else v.status for v in values]
