"""A control store in each place where one may lie."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration.control.store import Store
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, control_store: str) -> Settings:
    return Settings(tmp_path, date(2026, 3, 2), control_store=control_store)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store(settings.control_db) as opened:
        yield opened
