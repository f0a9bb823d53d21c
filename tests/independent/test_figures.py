"""Every metric agrees with an independent calculation on returns that nobody has looked at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.conftest import Home
from tests.independent.compare import computed, differences, load
from tests.independent.conftest import run_models
from tests.independent.figures import figures

METRICS = {f"M{n:02}" for n in range(1, 35)}


def must_agree(warehouse: Path) -> None:
    """Fail unless the models state every independent figure as it is."""
    with duckdb.connect(str(warehouse)) as con:
        ours, theirs = figures(load(con)), computed(con)
    assert {key[0] for key in ours} == METRICS
    assert differences(ours, theirs) == []


def must_agree_but_for_silence(warehouse: Path) -> None:
    """Fail unless the two sides differ only where there is nothing of what a partner never reports."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        ours, theirs = figures(load(con)), computed(con)
    assert len(ours.keys() & theirs.keys()) > 3000
    assert [d for d in differences(ours, theirs) if d[1][0] != 0 or d[2] is not None] == []


def test_every_metric_agrees_with_an_independent_calculation(tmp_path: Path) -> None:
    must_agree(run_models(tmp_path, seed=31, number=2))


def test_figures_of_the_sample_agree_through_the_whole_door(refreshed: Home) -> None:
    """Files replaced by newer ones, late evidence, returns to a programme, shared people, old area codes."""
    must_agree_but_for_silence(refreshed.path / "builds" / "candidate" / "warehouse.duckdb")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 20))
def test_every_metric_agrees_on_many_more_worlds(tmp_path: Path, seed: int) -> None:
    must_agree(run_models(tmp_path, seed, number=6))
