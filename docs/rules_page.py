"""The page of every rule, from the catalogue that the findings take their words from."""

from __future__ import annotations

from orchestration.control.rules import Rule, load_rules

LEVELS = {
    "file": "Files",
    "row": "Records",
    "across_rows": "Records together",
    "across_returns": "Returns and time",
    "statistical": "What is plausible",
    "gate": "Before a release",
}
STOPS = {
    "record": "sets the record aside",
    "return": "sets the whole file aside; the last accepted one is used",
    "release": "stops the release",
    "warn": "asks",
    "info": "tells",
}


def rules_page() -> str:
    """Every rule with what it stops, who puts it right, its words, and an example of each kind."""
    rules = load_rules().values()
    parts = [
        "<!-- Written by `python -m docs.generate`: change `expectations/rules.yml` instead. -->\n",
        "# The rules\n",
        "A rule warns until it takes effect by the home's clock; not so one that cannot be waived. "
        "`pathways waive` lets a rule pass for a time; rules that stop a file or a release need two "
        "people. Who they are is their user name on the computer: a record, not a proof.\n",
    ]
    for level, title in LEVELS.items():
        parts.append(f"## {title}\n")
        parts += [_rule(rule) for rule in rules if rule.level == level]
    return "\n".join(parts)


def _rule(rule: Rule) -> str:
    facts = [
        ("It", STOPS[rule.severity] + ("" if rule.can_be_waived else "; it cannot be waived")),
        ("Put right by", f"the {rule.responsibility}; in effect from {rule.effective_from}"),
        ("Says", f'"{rule.message}"'),
        ("Good", rule.good),
        ("Bad", rule.bad),
    ]
    lines = [f"- **{name}**: {text}" for name, text in facts]
    return f"### {rule.rule_id} {rule.rule}\n\n" + "\n".join(lines) + "\n"
