from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.control.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "control.db") as opened:
        yield opened
