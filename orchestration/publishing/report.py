"""The gate as one report: every kind of check, how many there were, what they said and what they stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.control.records import CheckResult

DOOR, WAIVER = "door", "waiver"
LEVELS = {
    "F": "files at the door",
    "R": "records at the door",
    "X": "records against each other",
    "C": "returns against each other and over time",
    "S": "statistical rules",
}
SECTIONS = {
    "dbt model": "models built",
    "dbt snapshot": "snapshots taken",
    "dbt seed": "reference data loaded",
    "dbt test": "dbt tests",
    "dbt unit test": "dbt unit tests",
    "published suite": "suites on the candidate",
    "reconciliation": "reconciliations",
    "policy": "policies",
    "finding": "figures already public",
    "revision": "revisions",
    "protection": "protection and attack",
    WAIVER: "waivers in force",
    "gate": "the gate itself",
}
NAMES = {"submission_accepted": "file not accepted"}
STOPS = {"record": "set aside", "return": "held back", "release": "stopped the release"}


@dataclass(frozen=True)
class Section:
    """One kind of check; `stopped` what kept records, returns or the release back, in plain words."""

    name: str
    passed: int
    warned: int
    failed: int
    waived: int
    stopped: tuple[str, ...]

    @property
    def line(self) -> str:
        """The counts in words."""
        told = [
            (self.passed, "passed"),
            (self.warned, "with a warning"),
            (self.failed, "failed"),
            (self.waived, "waived"),
        ]
        return ", ".join(f"{n} {word}" for n, word in told if n) or "nothing to check"


def sections(results: Iterable[CheckResult]) -> list[Section]:
    """The report of a build, in the order of the data's path."""
    named: dict[str, list[CheckResult]] = {}
    for one in results:
        named.setdefault(_name(one), []).append(one)
    order = [*LEVELS.values(), *SECTIONS.values()]
    return [_section(name, named[name]) for name in order if name in named]


def _name(one: CheckResult) -> str:
    is_rule = one.kind != WAIVER and one.check_id[0] in LEVELS and one.check_id[1:].isdigit()
    if one.kind == DOOR or is_rule:
        return LEVELS[one.check_id[0]] if is_rule else LEVELS["F"]
    return SECTIONS[one.kind]


def _section(name: str, results: list[CheckResult]) -> Section:
    counts = Counter("waived" if "Waived by" in r.message else r.status for r in results)
    stopped = {
        f"{NAMES.get(r.check_id, r.check_id)} ({r.target}): {what}" for r in results if (what := _stops(r))
    }
    return Section(
        name, counts["pass"], counts["warn"], counts["fail"] + counts["error"], counts["waived"],
        tuple(sorted(stopped)),
    )  # fmt: skip


def _stops(one: CheckResult) -> str | None:
    if one.kind == WAIVER:
        return "waived"
    has_failed = one.status in ("fail", "error") and one.check_id != "P01"
    return STOPS.get(one.severity) if has_failed else None
