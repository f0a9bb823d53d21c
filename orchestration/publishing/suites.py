"""Great Expectations suites over what is about to be published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.control.records import CheckResult, Severity
from orchestration.publishing.inspection import Build, Figures, result
from orchestration.settings import EXPECTATIONS

if TYPE_CHECKING:
    import pandas as pd

FOLDER = EXPECTATIONS / "published"


def published_suites(build: Build, figures: Figures) -> list[CheckResult]:
    """Every expectation of every suite in `expectations/published/`, on the protected candidate."""
    return [r for path in sorted(FOLDER.glob("*.json")) for r in run_suite(path, figures.protected.cells)]


def run_suite(path: Path, cells: pd.DataFrame) -> list[CheckResult]:
    """Verdicts only (`BOOLEAN_ONLY`): anything more would hold values."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("candidate").add_dataframe_asset("cells")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": cells})
    suite = gx.ExpectationSuite(**json.loads(path.read_text("utf-8")))
    found = batch.validate(suite, result_format="BOOLEAN_ONLY")
    results = [_judged(path.stem, r) for r in found.results]
    return sorted(results, key=lambda r: r.check_id)


def _judged(suite: str, one: Any) -> CheckResult:
    config = one.expectation_config
    said = config.meta["says"]
    severity: Severity = "release" if config.severity == "critical" else "warn"
    judged = result(config.meta["check_id"], "published suite", suite, bool(one.success), said, severity)
    if has_raised(one.exception_info):
        crash = f"This check could not be carried out, so nothing is released: {said}"
        return CheckResult(judged.check_id, judged.kind, "release", suite, "error", crash, True)
    return judged


def has_raised(info: Mapping[str, Any]) -> bool:
    """An expectation that raised is not one that failed; the library nests the note by metric."""
    nested = [v for v in info.values() if isinstance(v, Mapping)]
    return bool(info.get("raised_exception")) or any(v.get("raised_exception") for v in nested)
