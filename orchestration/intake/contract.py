"""What a partner owes and how it writes it: the model of every `defs/returns/<return_id>/defs.yaml`.

A contract says whose return it is, when it is due, where the table is, which header feeds which
standard column of which entity, and what becomes of each column. It holds no rule: those are in
`expectations/`. Standard columns are those of `models/staging/_returns__sources.yml`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.control.ledger import DueRule
from orchestration.intake.entities import ENTITIES
from orchestration.settings import RETURNS_FOLDER

Class = Literal["identifier", "quasi", "sensitive", "none"]
Frequency = Literal["month", "quarter", "half_year", "year"]


class ContractError(Exception):
    """A contract cannot be used; the message names the file and what to change."""


class Strict(BaseModel):
    """A misspelt attribute is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Agreement(Strict):
    """The data-sharing agreement under which the partner sends the return (rule F04)."""

    reference: str
    purpose: str
    expires: date


class Due(Strict):
    """Which periods are owed and when: `days_after` the last day of each, from the first period on."""

    every: Frequency
    days_after: int
    first_period: date = Field(description="first day of the first period")
    last_period: date | None = Field(
        default=None, description="first day of the last period, none if it goes on"
    )


class Thresholds(Strict):
    """Past both, a submission is held for a person: share of source rows set aside, and their number."""

    percent: float = 5.0
    count: int = 5


class Period(Strict):
    """How a file says which period it covers.

    `pattern` has the named groups `year` and one of `month`, `quarter`, `half`, and optionally `day`;
    it is searched in the file name, or in the text of the cells above and beside the table
    (`where: cells`). Years of a quarter or half are calendar years unless `financial` is set, where
    2025 is 2025-04-01 to 2026-03-31.
    """

    where: Literal["file_name", "cells"] = "file_name"
    pattern: str
    financial: bool = False


class Column(Strict):
    """One column of the partner's table.

    `headers`: every spelling the partner has used; a two-row header reads "upper | lower".
    `codes`: the partner's words to ours (case and outer blanks do not matter); a word not listed is
    kept when it already is one of our codes. `required`: the column must be there; where it decides which
    records a row becomes (`where` of a feed), it must be filled too. `list_by` splits a cell into several
    values.
    `rounded_to`: the partner rounds these numbers to the nearest multiple of it, so that 115 to the
    nearest 5 is 113 to 117. `hidden_below`: `*` stands for a number from 0 to one less than this.
    """

    headers: list[str]
    classification: Class = "none"
    codes: dict[str, str | None] = {}
    list_by: str | None = None
    required: bool = False
    rounded_to: int = 1
    hidden_below: int = 5


class Feed(Strict):
    """How source rows become records of one entity.

    `columns`: standard column → column of the table, or `=literal`. A record arises where `when`
    (a column) is neither empty nor false (0 is a number where it is the count or headcount), or is a day
    that a row lacks though it fills columns of this feed alone (R31), and where every column of `where`
    has one of its values, as the partner writes them; any other word there that no `codes` name sets the
    row aside (R17).
    `counts` are fed `value_lower` with the number as written (`115`, `*`, `<5`, `over 50`); the door
    makes `value_lower`, `value_upper` and `value_status_code` of it.
    """

    entity: str
    columns: dict[str, str]
    when: str | None = None
    where: dict[str, list[str]] = {}

    @model_validator(mode="after")
    def _known(self) -> Feed:
        if self.entity not in ENTITIES:
            raise ValueError(f"unknown entity '{self.entity}'; known: {', '.join(ENTITIES)}")
        unknown = set(self.columns) - ENTITIES[self.entity].feedable
        if unknown:
            raise ValueError(f"{self.entity} has no column {', '.join(sorted(unknown))}")
        return self

    @property
    def is_number(self) -> bool:
        """Whether its records are numbers, each nothing without all that says what it counts."""
        return self.entity in ("counts", "spend", "targets")


class Table(Strict):
    """One table of the file, in the layout that held `from` its first to `until` its last period."""

    name: str = "main"
    sheet: str | None = Field(
        default=None, description="regular expression on the sheet's name, none for any"
    )
    header_rows: Literal[1, 2] = 1
    subtotal_words: list[str] = ["total", "subtotal", "sub-total", "grand total"]
    optional: bool = False
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    columns: dict[str, Column]
    feeds: list[Feed]

    @model_validator(mode="after")
    def _columns_exist(self) -> Table:
        for feed in self.feeds:
            used = {v for v in feed.columns.values() if not v.startswith("=")} | set(feed.where)
            missing = (used | ({feed.when} if feed.when else set())) - set(self.columns)
            if missing:
                raise ValueError(
                    f"feed {feed.entity} uses {', '.join(sorted(missing))}, not a column of '{self.name}'"
                )
        return self


class Contract(Strict):
    """One return: who owes it, for what, when, and how it is written."""

    partner: str
    partner_name: str
    partner_type: Literal["council", "charity", "combined_authority", "employer"]
    description: str
    owner: str = Field(description="team that answers for the return, as an e-mail address or team name")
    programmes: list[str] = Field(
        description="ids of reference/programmes.csv; the first is used where the file names none"
    )
    area: str = "all"
    grain: Literal["record", "aggregate"]
    scope: Literal["register", "period"]
    agreement: Agreement
    due: Due
    period: Period
    kind: Literal["delimited", "workbook", "json"]
    date_order: Literal["dmy", "mdy", "ymd"] = "dmy"
    records_at: str | None = Field(default=None, description="JSON: dotted path of the array of records")
    nil_words: list[str] = Field(
        default=["nil return"], description="words in a file without rows that declare that nothing happened"
    )
    row_count: str | None = Field(
        default=None,
        description="pattern with the group `number`, searched in the cells above and beside the tables: how "
        "many rows the file says it has (rule F08)",
    )
    thresholds: Thresholds = Thresholds()
    tables: list[Table]

    def due_rule(self, return_id: str) -> DueRule:
        """What the ledger of expected returns needs of the contract."""
        due = self.due
        return DueRule(return_id, due.every, due.days_after, due.first_period, due.last_period, self.scope)

    @property
    def entities(self) -> list[str]:
        """Entities that the return feeds, in the schema's order."""
        fed = {feed.entity for table in self.tables for feed in table.feeds}
        return [name for name in ENTITIES if name in fed]

    def tables_for(self, period_start: date) -> list[Table]:
        """Tables of the layout in force in the period that begins on `period_start`."""
        return [
            t
            for t in self.tables
            if (t.from_ is None or t.from_ <= period_start) and (t.until is None or period_start <= t.until)
        ]


def parse_contract(attributes: dict[str, Any]) -> Contract:
    """Build a contract from the `attributes` of a `defs.yaml`."""
    return Contract.model_validate(attributes)


def load_contracts(folder: Path = RETURNS_FOLDER) -> dict[str, Contract]:
    """Every contract by return id, ordered by it. Raises `ContractError` naming file and attribute."""
    contracts = {}
    for path in sorted(folder.glob("*/defs.yaml")):
        try:
            contracts[path.parent.name] = parse_contract(
                yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["attributes"]
            )
        except (ValueError, KeyError, yaml.YAMLError) as error:
            raise ContractError(f"{path}: {error}") from error
    return contracts
