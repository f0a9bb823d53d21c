"""Words that decide which records a row becomes: one that the contract does not know is no silence."""

from __future__ import annotations

import numpy as np

from orchestration.intake.body import Body
from orchestration.intake.findings import Fault, quoted
from orchestration.intake.normalise import FALSE, TRUE, error, personal


def decided(body: Body) -> tuple[Body, list[Fault]]:
    """The body without rows of which nobody can say what they are, and the faults that say why."""
    faults, is_open = [], np.zeros(body.records, dtype=bool)
    for name in dict.fromkeys(name for feed in body.table.feeds for name in feed.where):
        if name not in body.header.positions:  # a field that no JSON record has
            continue
        column, cells, known = body.table.columns[name], body.cells[name], _known(body, name)
        header = body.header.names[body.header.positions[name]]
        for code in np.unique(cells.codes):
            text = cells.distinct[code].strip()
            if text.casefold() in known or not (text or column.required):
                continue
            rows = cells.codes == code
            is_open |= rows
            rule_id, details = _said(text, column.classification == "none")
            told = tuple(body.source_row[rows].tolist())
            faults.append(Fault(rule_id, details, body.sheet, told, header))
    return body.without(is_open, "undecided"), faults


def _said(text: str, shown: bool) -> tuple[str, dict[str, str]]:
    """Rule and details of a word that decides nothing."""
    if not text:
        return "R31", {}
    if found := error(text) or personal(text):
        return found.faults[0]
    return "R17", {"value": quoted(text, shown)}


def _known(body: Body, name: str) -> set[str]:
    """The words of a column that the feeds ask for or its codes name; with yes alone, every no."""
    words = {word.strip().casefold() for feed in body.table.feeds for word in feed.where.get(name, ())}
    if bool(words & TRUE) != bool(words & FALSE):
        words |= FALSE if words & TRUE else TRUE
    return words | {word.strip().casefold() for word in body.table.columns[name].codes}
