from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration.identity.vault import Vault
from orchestration.settings import Settings
from tests.identity.desk import desk

__all__ = ["desk"]


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", as_at=date(2026, 3, 2), is_synthetic=True)


@pytest.fixture
def vault(home: Settings) -> Iterator[Vault]:
    with Vault.open(home) as opened:
        yield opened
