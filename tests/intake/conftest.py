"""A home with an inbox that tests put files into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.control.store import Store
from orchestration.identity.vault import Vault
from tests.intake.makers import Inbox, settings


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    home = settings(tmp_path)
    with Store(home.control_db) as store, Vault.open(home) as vault:
        yield Inbox(home, store, vault)
