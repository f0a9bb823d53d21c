"""A home with a toy build."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.control.store import Store
from orchestration.publishing.page import charts, funnels
from orchestration.publishing.release import Published, publish
from orchestration.settings import Settings
from tests.publishing.toy import FIRST, Toy, cell, record


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    """A home whose store knows one accepted submission; the build is not written yet."""
    settings = Settings(home=tmp_path, as_at=date(2026, 3, 2), is_synthetic=True)
    with Store(settings.control_db) as store:
        record(store, "one", "a" * 64, "accepted")
        yield Toy(settings, store)


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory, drawn_once: None) -> Settings:
    """A home with one release, made once; read it, or take a copy with `first`."""
    home = tmp_path_factory.mktemp("first")
    settings = Settings(home=home, as_at=date(2026, 3, 2), is_synthetic=True)
    with Store(settings.control_db) as store:
        record(store, "one", "a" * 64, "accepted")
        toy = Toy(settings, store).passed()
        publish(settings, store, toy.build_id)
    return settings


@pytest.fixture(scope="session")
def published(first_home: Settings) -> Published:
    """That release, for reading."""
    folder = first_home.releases / FIRST
    return Published(FIRST, folder, len((folder / "metrics.csv").read_text("utf-8").splitlines()) - 1, True)


@pytest.fixture
def first(first_home: Settings, tmp_path: Path) -> Iterator[Toy]:
    """A copy of the home with one release."""
    settings = replace(first_home, home=tmp_path / "first")
    shutil.copytree(first_home.home, settings.home)
    with Store(settings.control_db) as store:
        yield Toy(settings, store)


@pytest.fixture
def twice(first: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A home with two releases; between them one return came in and one figure grew by 100."""
    record(first.store, "two", "b" * 64, "accepted")
    later = first.again("run2", "fedcba9876543210")
    barnsley = next(c for c in later.cells if c["metric_id"] == "M04" and c["programme_id"] == "P07b")
    barnsley |= {"value": 223, "numerator": 223}
    region = next(c for c in later.cells if c["programme_id"] == "P07")
    region |= {"value": 530, "numerator": 530}
    later.cells.append(cell("M02", 50, area_code="E08000038", area_vintage="2025"))
    publish(later.passed().settings, later.store, later.build_id)
    monkeypatch.setenv("PATHWAYS_HOME", str(first.settings.home))
    return later


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """A chart of the same figures is drawn once a session: many toy releases share a handful."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("columns", "bars", "flow", "intervals", "rates"):
            patch.setattr(charts, name, _once(getattr(charts, name)))
        patch.setattr(funnels, "funnel", _once(funnels.funnel))
        yield


def _once(draw: Callable[..., str]) -> Callable[..., str]:
    drawn: dict[str, str] = {}

    def remembered(*given: object) -> str:
        key = repr(given)
        if key not in drawn:
            drawn[key] = draw(*given)
        return drawn[key]

    return remembered
