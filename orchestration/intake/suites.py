"""Column rules: Great Expectations suites over the standardised frames, one validation an entity.

The verdict comes first, rows only of what failed, and no value ever leaves this module: what comes back are
the numbers of records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.intake.reference import Reference
from orchestration.settings import EXPECTATIONS

SUITES = EXPECTATIONS / "entities"
RECORD = "record_no"
_CHUNK = 250_000
_NAMES = ("column", "column_A", "column_B")
_ROWS: dict[str, Any] = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [RECORD],
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Failure:
    """An expectation that did not hold: its rule, the standard column and the `record_no` of the records."""

    entity: str
    rule_id: str
    column: str
    records: tuple[int, ...]


class CheckCrashedError(Exception):
    """An expectation raised instead of coming to a verdict: an error, not a failure."""


def check_columns(
    frames: Mapping[str, pd.DataFrame], reference: Reference, folder: Path = SUITES
) -> list[Failure]:
    """Validate every frame (column `record_no` tells its records apart) against its entity's suite.

    Raises `CheckCrashedError` naming the expectation that could not be evaluated.
    """
    parameters = {f"codes_{name}": list(codes.values()) for name, codes in reference.codes.items()}
    failures = []
    for entity, frame in frames.items():
        for start in range(0, len(frame), _CHUNK):
            failures += _validate(entity, frame.iloc[start : start + _CHUNK], parameters, folder)
    return failures


def _validate(entity: str, frame: pd.DataFrame, parameters: dict[str, Any], folder: Path) -> list[Failure]:
    import great_expectations as gx

    stated = _telling(json.loads((folder / f"{entity}.json").read_text("utf-8")), frame)
    # The library filters the whole frame that it is given, for each expectation anew.
    named = {e["kwargs"].get(name) for e in stated["expectations"] for name in _NAMES} | {RECORD}
    batch = _source().get_batch({"dataframe": frame[[name for name in frame if name in named]]})
    verdict = _result(batch, gx.ExpectationSuite(**stated), parameters, "BOOLEAN_ONLY")
    if verdict.success:
        return []
    failed = [_key(r.expectation_config.to_json_dict()) for r in verdict.results if not r.success]
    again = {**stated, "expectations": [e for e in stated["expectations"] if _key(e) in failed]}
    rows = _result(batch, gx.ExpectationSuite(**again), parameters, _ROWS)
    return [_failure(entity, result) for result in rows.results if not result.success]


def _telling(stated: dict[str, Any], frame: pd.DataFrame) -> dict[str, Any]:
    """The suite without what says nothing of this frame: how values must be in a column that has none."""
    empty = {name for name in frame if frame[name].isna().all()}
    kept = [
        e
        for e in stated["expectations"]
        if e["type"] == "expect_column_values_to_not_be_null"
        or not empty.intersection(e["kwargs"].get(name) for name in _NAMES)
    ]
    return {**stated, "expectations": kept}


def _key(expectation: Mapping[str, Any]) -> str:
    """What tells two expectations of a suite apart: type and column."""
    kwargs = expectation["kwargs"]
    return f"{expectation['type']} {kwargs.get('column')} {kwargs.get('column_A')} {kwargs.get('column_B')}"


def _result(batch: Any, suite: Any, parameters: dict[str, Any], result_format: object) -> Any:
    result = batch.validate(suite, result_format=result_format, expectation_parameters=parameters)
    for one in result.results:
        if _raised(one.exception_info):
            raise CheckCrashedError(_key(one.expectation_config.to_json_dict()))
    return result


def _raised(info: Any) -> bool:
    """Whether an exception is told anywhere in an `exception_info`, which may be nested by metric."""
    if not isinstance(info, Mapping):
        return False
    return bool(info.get("raised_exception")) or any(_raised(inner) for inner in info.values())


def _failure(entity: str, result: Any) -> Failure:
    config = result.expectation_config
    indexes: Iterable[Mapping[str, Any]] = result.result.get("unexpected_index_list") or ()
    return Failure(
        entity=entity,
        rule_id=config.meta["rule_id"],
        column=config.meta.get("column") or config.kwargs["column"],
        records=tuple(int(index[RECORD]) for index in indexes),
    )


@cache
def _source() -> Any:
    """A data source in memory; importing the library takes seconds, so only when there is work."""
    import great_expectations as gx
    from great_expectations.execution_engine import pandas_execution_engine

    pandas_execution_engine.HASH_THRESHOLD = 0  # nobody asks for the fingerprint of a frame
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("door").add_dataframe_asset("records")
    return asset.add_batch_definition_whole_dataframe("pending")
