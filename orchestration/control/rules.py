"""The rule catalogue: the severity and words of every finding come from `expectations/rules.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from orchestration.control.records import Severity
from orchestration.settings import EXPECTATIONS

CATALOGUE = EXPECTATIONS / "rules.yml"


@dataclass(frozen=True)
class Rule:
    """One rule; `message` is a template whose placeholders the check fills in.

    `level`: file, row, across_rows, across_returns, statistical or gate. `responsibility`: who puts it
    right (partner, officer, steward or engineer). `good` and `bad` are worked examples.
    `can_be_waived`: not so where nothing could be read, kept or published safely without it.
    """

    rule_id: str
    level: str
    severity: Severity
    responsibility: str
    effective_from: date
    rule: str
    message: str
    good: str
    bad: str
    can_be_waived: bool = True

    def severity_at(self, as_at: date) -> Severity:
        """Severity on a day: a rule that can be waived warns until it takes effect."""
        warns = as_at < self.effective_from and self.can_be_waived and self.severity != "info"
        return "warn" if warns else self.severity

    def told(self, words: Mapping[str, str], as_at: date) -> str:
        """The message with its placeholders filled; a rule that only warns so far says until when."""
        message = self.message.format_map(words).strip()
        if self.severity_at(as_at) == self.severity:
            return message
        return f"{message} (New rule: only a warning until {self.effective_from}.)"


@cache
def load_rules(path: Path = CATALOGUE) -> dict[str, Rule]:
    """Every rule by id. Raises `TypeError` for a rule with an attribute too few or too many."""
    stated = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {rule_id: Rule(rule_id, **attributes) for rule_id, attributes in stated.items()}
