"""Waivers at the door: a rule that somebody let pass for a return, until a day, only warns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from orchestration.control.records import Waiver
from orchestration.control.rules import Rule

NEEDS_TWO = ("return", "release")


def waived(
    rules: Mapping[str, Rule], waivers: Iterable[Waiver], return_id: str, as_at: date
) -> dict[str, Rule]:
    """The catalogue for one return: a rule waived by enough people warns, and says until when.

    A rule that stops a whole return needs two different people, any other one.
    """
    given = [w for w in waivers if w.return_id == return_id and w.rule_id in rules]
    found = dict(rules)
    for rule_id in {w.rule_id for w in given}:
        rule = rules[rule_id]
        mine = [w for w in given if w.rule_id == rule_id]
        enough = len({w.who for w in mine}) >= (2 if rule.severity_at(as_at) in NEEDS_TWO else 1)
        if enough and rule.can_be_waived:
            until = min(w.until for w in mine)
            found[rule_id] = replace(
                rule, severity="warn", message=f"{rule.message} (Waived until {until.isoformat()}.)"
            )
    return found
