"""Faults as checks see them → findings as people read them: grouped, counted, without follow-on faults."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from orchestration.control.records import Finding, Severity
from orchestration.control.rules import Rule
from orchestration.intake.personal import looks_personal

MOST_GROUPS = 10
WHOLE_FILE = "(file)"
_MOST_ROWS = 10


@dataclass(frozen=True)
class Fault:
    """One fault of one rule in some rows of a sheet; `details` fill the rule's message.

    `details` never hold a personal value: whoever makes a fault quotes columns classified `none` only.
    `waived_until`: somebody let it pass until this day (ISO), so it only warns.
    """

    rule_id: str
    details: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    rows: tuple[int, ...] = ()
    column: str | None = None
    count: int | None = None
    waived_until: str | None = None

    @property
    def times(self) -> int:
        """How often it occurs."""
        return self.count if self.count is not None else max(1, len(self.rows))


def quoted(value: str, is_open: bool) -> str:
    """A value for a message: itself from a column without personal data, else words that stand for it."""
    return f"'{value.strip()[:60]}'" if is_open and not looks_personal(value) else "the value"


def to_findings(faults: Iterable[Fault], rules: Mapping[str, Rule], as_at: date) -> list[Finding]:
    """Findings of one submission: equal faults grouped with their rows and count, gravest rules first."""
    groups: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        details = tuple(sorted(fault.details.items()))
        groups[fault.rule_id, fault.sheet, fault.column, fault.waived_until, details].append(fault)
    findings = [_finding(found, rules[found[0].rule_id], as_at) for found in _capped(groups)]
    order = {"return": 0, "record": 1, "release": 2, "warn": 3, "info": 4}
    return sorted(
        findings,
        key=lambda f: (order[f.severity], f.rule_id, f.sheet or "", f.row or 0, f.column or "", f.message),
    )


def _capped(groups: Mapping[tuple[object, ...], list[Fault]]) -> list[list[Fault]]:
    """A fault with ever new details is told in full 10 times, then once for all the others."""
    kept, rest = [], defaultdict(list)
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    for key, found in groups.items():
        place = key[:4]
        seen[place] += 1
        (kept.append(found) if seen[place] <= MOST_GROUPS else rest[place].extend(found))
    return kept + list(rest.values())


def _finding(found: list[Fault], rule: Rule, as_at: date) -> Finding:
    rows = sorted({row for fault in found for row in fault.rows})
    first = found[0]
    alike = all(fault.details == first.details for fault in found)
    details = first.details if alike else {name: "(several)" for name in first.details}
    words = {"rows": told(rows), "column": first.column or "", **details}
    return Finding(
        rule_id=rule.rule_id,
        severity=severity(first, rule, as_at),
        message=message(first, rule, words, as_at),
        sheet=None if first.sheet in ("", WHOLE_FILE) else first.sheet,
        row=rows[0] if rows else None,
        column=first.column,
        count=len(rows) or sum(fault.times for fault in found),  # several records may be of one row
    )


def severity(fault: Fault, rule: Rule, as_at: date) -> Severity:
    """What a fault stops: a waived one, or one of a rule that has not taken effect, stops nothing."""
    return "warn" if fault.waived_until else rule.severity_at(as_at)


def message(fault: Fault, rule: Rule, words: Mapping[str, str], as_at: date) -> str:
    """A fault in words; a waived one says until when."""
    if fault.waived_until:
        return f"{rule.message.format_map(words).strip()} (Waived until {fault.waived_until}.)"
    return rule.told(words, as_at)


def told(rows: list[int]) -> str:
    """`Row 4`, or `Rows 4, 7 and 9`, or the first ten `and 31 more`."""
    if not rows:
        return "The file"
    if len(rows) == 1:
        return f"Row {rows[0]}"
    if len(rows) <= _MOST_ROWS:
        return f"Rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"
    return f"Rows {', '.join(map(str, rows[:_MOST_ROWS]))} and {len(rows) - _MOST_ROWS} more"
