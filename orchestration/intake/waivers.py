"""Waivers at the door: a fault that somebody let pass, until a day, only warns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from orchestration.control.records import Waiver
from orchestration.control.rules import Rule
from orchestration.intake.findings import Fault

NEEDS_TWO = ("return", "release")


def people_needed(rule: Rule, as_at: date) -> int:
    """How many different people must waive a rule: two where it stops a whole return or release."""
    return 2 if rule.severity_at(as_at) in NEEDS_TWO else 1


@dataclass(frozen=True)
class Waivers:
    """The waivers in force for one return: for all of it, for one of its files, or for single cells."""

    given: tuple[Waiver, ...]
    rules: Mapping[str, Rule]
    as_at: date

    @classmethod
    def of(cls, return_id: str, given: Iterable[Waiver], rules: Mapping[str, Rule], as_at: date) -> Waivers:
        """Those of `given` that speak of the return, of a rule that can be waived."""
        mine = (w for w in given if w.return_id == return_id and w.rule_id in rules)
        return cls(tuple(w for w in mine if rules[w.rule_id].can_be_waived), rules, as_at)

    def severity(self, rule_id: str) -> str:
        """Severity of a rule on the day of the verdict."""
        return self.rules[rule_id].severity_at(self.as_at)

    def applied(self, submission_id: str, fault: Fault) -> list[Fault]:
        """The fault, in parts where some of its rows are waived and others are not."""
        covering = [w for w in self.given if _is_about(w, submission_id, fault)]
        if not covering:
            return [fault]
        if not fault.rows:
            return [replace(fault, waived_until=self._until(fault.rule_id, covering, None))]
        rows: dict[str | None, list[int]] = defaultdict(list)
        for row in fault.rows:
            rows[self._until(fault.rule_id, covering, row)].append(row)
        return [replace(fault, rows=tuple(part), waived_until=until) for until, part in rows.items()]

    def _until(self, rule_id: str, covering: list[Waiver], row: int | None) -> str | None:
        """Last day on which enough people let the rule pass for a row; none where too few do."""
        last: dict[str, date] = {}
        for waiver in covering:
            if waiver.row in (None, row):
                last[waiver.who] = max(waiver.until, last.get(waiver.who, waiver.until))
        days, needed = sorted(last.values(), reverse=True), people_needed(self.rules[rule_id], self.as_at)
        return days[needed - 1].isoformat() if len(days) >= needed else None


def _is_about(waiver: Waiver, submission_id: str, fault: Fault) -> bool:
    return (
        waiver.rule_id == fault.rule_id
        and waiver.submission_id in (None, submission_id)
        and waiver.sheet in (None, fault.sheet)
        and waiver.column in (None, fault.column)
    )
