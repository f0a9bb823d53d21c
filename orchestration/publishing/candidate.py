"""The candidate for a release: the metric table of one build, read and never changed.

Everything is read through a read-only connection. Text is never missing but empty, dates are ISO text,
numbers are floats (exact: at most 15 digits), so that later steps are plain column arithmetic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.publishing.columns import KEY
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.parts import with_parts

if TYPE_CHECKING:
    import duckdb

NUMERIC = [
    "numerator", "denominator", "factor", "value", "bound_lower", "bound_upper", "contributors",
    "returns_expected", "returns_current", "returns_carried", "minimum_denominator",
]  # fmt: skip
FLAGS = ["is_numerator_personal", "is_denominator_personal"]

CELLS = """
select
    v.metric_id, v.unit, v.programme_id, v.area_code, cast(v.area_vintage as varchar) as area_vintage,
    v.breakdown_type, v.breakdown_value, v.cohort_quarter, v.period_start, v.period_end, v.numerator,
    v.denominator, v.factor, v.value, v.bound_lower, v.bound_upper, v.contributors, v.is_numerator_personal,
    v.is_denominator_personal, v.maturity, v.returns_expected, v.returns_current, v.returns_carried,
    v.source_grain, v.figure_origin, v.caveat,
    coalesce(v.audience, d.audience) as audience,
    d.metric_id is not null as is_defined,
    d.metric_name,
    cast(d.metric_version as varchar) as metric_version,
    d.numerator_metric_id,
    d.denominator_metric_id,
    d.minimum_denominator,
    a.area_name
from metrics.metric_values as v
left join reference.metric_definitions as d on v.metric_id = d.metric_id
left join (
    select
        area_code,
        cast(area_vintage as varchar) as area_vintage,
        min(area_name) as area_name
    from reference.areas
    group by all
) as a on v.area_code = a.area_code and cast(v.area_vintage as varchar) = a.area_vintage
"""
AGAIN = (
    "Nothing is lost: delete its folder under builds/ and run 'pathways refresh', which makes the last "
    "release's build again."
)
SYNTHETIC = "Synthetic: computed from invented sample records."


class CandidateError(Exception):
    """The metric table cannot be published as it is; the message names the metric, never a value."""


@dataclass(frozen=True)
class Candidate:
    """Unprotected figures of a build, one row a cell, ordered by cell.

    `cells`: columns of `metrics.metric_values` with the metric's definition and the area's name;
    `figures`: what is already public, from `reference.published_figures`; `ledger`: expected returns;
    `programme_parents` and `area_parents`: child to parent; `definitions`: of metrics; `breakdowns` and
    `relations`: how figures hang together (`reference.breakdowns`, `reference.figure_relations`).
    """

    cells: pd.DataFrame
    figures: pd.DataFrame
    ledger: pd.DataFrame
    programme_parents: Mapping[str, str]
    area_parents: Mapping[str, str]
    definitions: pd.DataFrame
    breakdowns: pd.DataFrame
    relations: pd.DataFrame


@contextmanager
def warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a build's database for reading only; raises `ReleaseError` where it or what it reads cannot be."""
    import duckdb

    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error:
        raise ReleaseError(f"Build {path.parent.name} cannot be read: it is damaged. {AGAIN}") from None
    try:
        yield connection
    except duckdb.IOException:
        raise ReleaseError(
            f"What build {path.parent.name} is made of is not where it was: was the home moved? {AGAIN}"
        ) from None
    finally:
        connection.close()


def read_candidate(path: Path, is_synthetic: bool) -> Candidate:
    """Read the candidate from `warehouse.duckdb`; in a synthetic home every computed figure is stamped.

    Raises `CandidateError` for a cell that appears twice or a metric without a definition.
    """
    with warehouse(path) as connection:
        raw = connection.execute(CELLS).df()
        figures = connection.execute("select * from reference.published_figures").df()
        ledger = connection.execute("select * from control.ledger order by all").df()
        definitions, breakdowns, relations = (
            _as_text(connection.execute(f"select * from reference.{table} order by all").df())  # noqa: S608
            for table in ("metric_definitions", "breakdowns", "figure_relations")
        )
        parents = (
            _parents(connection, "programmes", "programme_id", "parent_programme_id"),
            _parents(connection, "areas", "area_code", "parent_code"),
        )
    cells = with_parts(_typed(raw), relations).sort_values(KEY, kind="stable", ignore_index=True)
    _refuse_unusable(cells)
    if is_synthetic:
        cells = _stamped(cells)
    figures, ledger = _typed_figures(figures), _as_text(ledger)
    return Candidate(cells, figures, ledger, *parents, definitions, breakdowns, relations)


def _parents(connection: duckdb.DuckDBPyConnection, table: str, child: str, parent: str) -> dict[str, str]:
    """Child to parent, from reference data."""
    rows = connection.execute(
        f"select distinct {child}, {parent} from reference.{table} where {parent} is not null order by all"  # noqa: S608
    ).fetchall()
    return {str(one): str(above) for one, above in rows}


def table_hashes(path: Path) -> dict[str, str]:
    """SHA-256 of the content of every table that a release reads, whatever order its rows are stored in."""
    with warehouse(path) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('metrics', 'reference', 'control') order by all"
        ).fetchall()
        return {f"{schema}.{table}": _content_hash(connection, schema, table) for schema, table in tables}


def _content_hash(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    named = f'{schema}."{table}"'
    described = connection.execute(f"describe {named}").fetchall()
    digest = hashlib.sha256(repr([(name, kind) for name, kind, *_ in described]).encode())
    texts = ", ".join(f"""coalesce(cast("{name}" as varchar), chr(0))""" for name, *_ in described)
    lines = connection.execute(
        f"select concat_ws(chr(31), {texts}) || chr(10) as line from {named} order by line"  # noqa: S608
    )
    while rows := lines.fetchmany(50_000):
        digest.update("".join(line for (line,) in rows).encode())
    return digest.hexdigest()


def _typed(raw: pd.DataFrame) -> pd.DataFrame:
    cells = _as_text(raw.drop(columns=[*NUMERIC, *FLAGS, "is_defined"]))
    for column in NUMERIC:
        cells[column] = pd.to_numeric(raw[column]).astype("float64")
    for column in FLAGS:  # unknown counts as personal
        cells[column] = raw[column].astype("boolean").fillna(True).astype(bool)
    cells["is_defined"] = raw["is_defined"].astype(bool)
    return cells


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    text = {}
    for name, column in frame.items():
        is_dated = pd.api.types.is_datetime64_any_dtype(column)
        text[name] = (column.dt.strftime("%Y-%m-%d") if is_dated else column).astype("str").fillna("")
    return pd.DataFrame(text, index=frame.index)


def _typed_figures(raw: pd.DataFrame) -> pd.DataFrame:
    figures = _as_text(raw.drop(columns=["value", "printed_decimals"]))
    for column in ("value", "printed_decimals"):
        figures[column] = pd.to_numeric(raw[column]).astype("float64")
    return figures


def _refuse_unusable(cells: pd.DataFrame) -> None:
    undefined = sorted(set(cells.loc[~cells["is_defined"], "metric_id"]))
    if undefined:
        raise CandidateError(
            f"No definition for {', '.join(undefined)}. Add it to seeds/reference/metric_definitions.csv."
        )
    twice = sorted(set(cells.loc[cells.duplicated(KEY), "metric_id"]))
    if twice:
        raise CandidateError(f"{', '.join(twice)}: a figure appears twice for the same cell.")


def _stamped(cells: pd.DataFrame) -> pd.DataFrame:
    computed = cells["figure_origin"].isin(["computed", "synthetic"])
    unstamped = computed & ~cells["caveat"].str.startswith("Synthetic")
    return cells.assign(
        figure_origin=cells["figure_origin"].mask(computed, "synthetic"),
        caveat=cells["caveat"].mask(unstamped, (SYNTHETIC + " " + cells["caveat"]).str.strip()),
    )
