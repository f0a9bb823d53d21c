"""A home with a toy build."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration.control.store import Store
from orchestration.settings import Settings
from tests.publishing.toy import Toy, record


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    """A home whose store knows one accepted submission; the build is not written yet."""
    settings = Settings(home=tmp_path, as_at=date(2026, 3, 2), is_synthetic=True)
    with Store(settings.control_db) as store:
        record(store, "one", "a" * 64, "accepted")
        yield Toy(settings, store)
