"""What the checks of a gate look at, and how they say what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.control.records import CheckResult, CheckStatus, Severity
from orchestration.control.store import Store
from orchestration.publishing.attack import Attack
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.protect import Protected
from orchestration.settings import Settings


@dataclass(frozen=True)
class Build:
    """A build and its home; `folder` holds `warehouse.duckdb` and dbt's `target/`."""

    settings: Settings
    store: Store
    build_id: str

    @property
    def folder(self) -> Path:
        """The build's own folder."""
        return self.settings.builds / self.build_id

    @property
    def warehouse(self) -> Path:
        """The build's database."""
        return self.folder / "warehouse.duckdb"


@dataclass(frozen=True)
class Figures:
    """The candidate before and after protection and repair, and the attack on it."""

    candidate: Candidate
    protected: Protected
    attack: Attack


BuildCheck = Callable[[Build], Iterable[CheckResult]]
FigureCheck = Callable[[Build, Figures], Iterable[CheckResult]]


def result(
    check_id: str, kind: str, target: str, is_met: bool, message: str = "", severity: Severity = "release"
) -> CheckResult:
    """A check's result; one of severity `release` that is not met stops the release."""
    stops = not is_met and severity == "release"
    status: CheckStatus = (
        "pass" if is_met else ("fail" if severity in ("release", "return", "record") else "warn")
    )
    return CheckResult(check_id, kind, severity, target, status, "" if is_met else message, stops)


def crashed(check_id: str, kind: str, target: str, error: BaseException) -> CheckResult:
    """A check that raised did not pass; only the kind of exception is told, its text can hold values."""
    said = f"This check could not be carried out ({type(error).__name__}), so nothing is released."
    return CheckResult(check_id, kind, "release", target, "error", said, True)
