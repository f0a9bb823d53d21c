"""Tables of the control store, in SQLite as in Postgres. No column may hold what identifies a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    event,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

VERSION = 3
# Version of a store → what makes it one of the next. Before version 3 there was only SQLite.
UPGRADES = {
    1: (
        "ALTER TABLE waivers ADD COLUMN sheet VARCHAR",
        'ALTER TABLE waivers ADD COLUMN "row" INTEGER',
        'ALTER TABLE waivers ADD COLUMN "column" VARCHAR',
    ),
    2: tuple(
        statement
        for table in ("builds", "releases")
        for statement in (
            f"ALTER TABLE {table} ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
            f"UPDATE {table} SET sequence = rowid",  # noqa: S608 (our own table names)
        )
    ),
}
METADATA = MetaData()


class Text(TypeDecorator[str]):
    """Text that sorts by code points on every engine; a NUL, which Postgres has no place for, reads as �."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite sorts so by itself."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Text for the database."""
        return value.replace("\0", "\ufffd") if value else value


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as text, so that what is read back is digit for digit what was published."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Text for the database."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Decimal from the text."""
        return None if value is None else Decimal(value)


def _key(name: str) -> Column[Any]:
    return Column(name, Text, primary_key=True)


def _text(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _number(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=nullable)


def _day(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _identity() -> Column[Any]:
    return Column("id", Integer, primary_key=True)


def _of_submission() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["return_id", "submission_id"], ["submissions.return_id", "submissions.submission_id"]
    )


def _of_build() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["build_id"], ["builds.build_id"])


# One row: `moved_to` says where the store went when it is in use elsewhere.
store_version = Table("store_version", METADATA, _number("version"), _text("moved_to", nullable=True))

submissions = Table(
    "submissions", METADATA,
    _key("return_id"), _key("submission_id"), _text("file_name"), _day("received_on"), _text("status"),
    _text("scope"), _day("extract_date", nullable=True), _text("reason", nullable=True), _flag("is_nil"),
    _number("rows_read"), _number("rows_accepted"), _number("rows_set_aside"), _number("rows_no_data"),
    _text("contract_hash"), _text("taken_in_at_run"), _number("sequence"),
)  # fmt: skip

submission_periods = Table(
    "submission_periods", METADATA,
    _key("return_id"), _key("submission_id"),
    Column("period_start", Date, primary_key=True), Column("period_end", Date, primary_key=True),
    _of_submission(),
)  # fmt: skip

findings = Table(
    "findings", METADATA,
    _identity(), Column("return_id", Text, nullable=False, index=True), _text("submission_id"),
    _text("rule_id"), _text("severity"), _text("sheet", nullable=True), _number("row", nullable=True),
    _text("column", nullable=True), _text("message"), _number("count"),
    _of_submission(),
)  # fmt: skip

accepted_files = Table(
    "accepted_files", METADATA,
    _identity(), Column("return_id", Text, nullable=False, index=True), _text("submission_id"),
    _text("entity"), _day("period_start", nullable=True), _day("period_end", nullable=True), _text("path"),
    _number("rows"), _text("sha256"),
    _of_submission(),
)  # fmt: skip

waivers = Table(
    "waivers", METADATA,
    _identity(), _text("rule_id"), _text("return_id", nullable=True), _text("submission_id", nullable=True),
    _text("reason"), _text("who"), _day("until"), _day("created_on"),
    _text("sheet", nullable=True), _number("row", nullable=True), _text("column", nullable=True),
)  # fmt: skip

builds = Table(
    "builds", METADATA,
    _key("build_id"), _text("build_key"), _day("as_at"), _text("status"), _text("created_at"),
    _number("sequence"),
)  # fmt: skip

check_results = Table(
    "check_results", METADATA,
    _identity(), Column("build_id", Text, nullable=False, index=True), _text("check_id"), _text("kind"),
    _text("severity"), _text("target"), _text("status"), _text("message"), _flag("stopped"),
    _of_build(),
)  # fmt: skip

verdicts = Table(
    "verdicts", METADATA,
    _key("build_id"), _text("verdict"), Column("table_hashes", JSON, nullable=False), _text("decided_at"),
    _of_build(),
)  # fmt: skip

releases = Table(
    "releases", METADATA,
    _key("release_id"), _text("build_id"), _text("build_key"), _day("as_at"), _text("manifest_sha256"),
    _text("released_at"), _number("sequence"),
    _of_build(),
)  # fmt: skip

published_cells = Table(
    "published_cells", METADATA,
    _key("release_id"), _key("metric_id"), _key("programme_id"), _key("area_code"), _key("breakdown_type"),
    _key("breakdown_value"), _key("cohort_quarter"),
    Column("period_start", Date, primary_key=True), Column("period_end", Date, primary_key=True),
    Column("value", Exact), Column("bound_lower", Exact), Column("bound_upper", Exact),
    _text("status"), _text("basis"),
    ForeignKeyConstraint(["release_id"], ["releases.release_id"]),
)  # fmt: skip

audit_events = Table(
    "audit_events", METADATA,
    _identity(), _text("at"), _text("who"), _text("action"), _text("subject"), _text("detail"),
)  # fmt: skip

# What was done stays done: the database itself refuses to change the audit.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events "
        "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$",
        "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
        "EXECUTE FUNCTION refuse_change()",
    ],
}
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(audit_events, "after_create", DDL(_statement).execute_if(dialect=_dialect))
