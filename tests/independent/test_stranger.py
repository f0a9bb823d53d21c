"""Whoever else attacks the sample's release learns of no small count what it is."""

from __future__ import annotations

import pytest

from tests.conftest import Home
from tests.independent.stranger import Stranger, narrowed_down, read


@pytest.fixture
def stranger(refreshed: Home) -> Stranger:
    found = read(refreshed.release, refreshed.path / "builds" / "candidate" / "warehouse.duckdb")
    assert len(found.small) > 100
    return found


def test_no_small_count_is_narrowed_down(stranger: Stranger) -> None:
    assert narrowed_down(stranger) == {}


def test_what_is_told_would_be_found(stranger: Stranger) -> None:
    total, parts = next((t, p) for t, p, is_all in stranger.sums if is_all and stranger.small & set(p))
    secret = next(part for part in parts if part in stranger.small)
    for cell in {total, *parts} - {secret}:
        stranger.low[cell] = stranger.high[cell] = stranger.exact[cell]
    assert narrowed_down(stranger)[secret] == (stranger.exact[secret],) * 2
