"""The pages of definitions say what the definitions say, and the catalogue is whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from docs.generate import REFERENCE, pages


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == pages()[path], f"Run `python -m docs.generate`: {path.name} is stale."


def test_every_metric_of_the_catalogue_is_defined() -> None:
    with (REFERENCE / "metric_definitions.csv").open(encoding="utf-8", newline="") as file:
        defined = {row["metric_id"] for row in csv.DictReader(file)}
    assert {f"M{n:02}" for n in range(1, 35)} <= defined
