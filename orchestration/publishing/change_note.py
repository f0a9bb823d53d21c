"""`changes.md`: what changed since the last release, in plain English and released figures only."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping

from orchestration.publishing.page.words import period

LONGEST = 20
"""Revised figures told one by one; the rest are counted, and stand in `changes.csv`."""


def change_note(
    changes: bytes, names: Mapping[str, str], release_id: str, previous: str | None, stamp: str
) -> bytes:
    """The note beside `changes.csv`, whose bytes are `changes`; `names` of metrics, programmes and areas."""
    rows = list(csv.DictReader(io.StringIO(changes.decode())))
    lines = [f"# What changed in {release_id}", "", stamp, ""]
    if previous is None:
        lines.append(f"This is the first release. It holds {len(rows)} figures.")
    elif not rows:
        lines.append(f"No published figure differs from release {previous}.")
    else:
        lines += _told(rows, names, previous)
    return ("\n".join(lines) + "\n").encode()


def _told(rows: list[dict[str, str]], names: Mapping[str, str], previous: str) -> list[str]:
    counts = Counter(row["change"] for row in rows)
    said = [f"{counts[kind]} {kind}" for kind in ("new", "revised", "withdrawn") if counts[kind]]
    lines = [f"Since release {previous}: {', '.join(said)}.", ""]
    by_metric = Counter(row["metric_id"] for row in rows)
    lines += [f"- {names.get(m, m)} ({m}): {n}" for m, n in sorted(by_metric.items())]
    revised = [row for row in rows if row["change"] == "revised"]
    if revised:
        lines += ["", "## Revised figures", ""]
        lines += [f"- {_revision(row, names)}" for row in revised[:LONGEST]]
    if len(revised) > LONGEST:
        lines.append(f"- and {len(revised) - LONGEST} more, in changes.csv")
    return lines


def _revision(row: dict[str, str], names: Mapping[str, str]) -> str:
    told = ("metric_id", "programme_id", "area_code", "breakdown_value", "cohort_quarter")
    where = [names.get(row[c], row[c].replace("_", " ")) for c in told if row[c] not in ("all", "")]
    span = period(row["period_start"], row["period_end"])
    then, now = _shown(row, "before"), _shown(row, "now")
    return f"{', '.join([*where, span] if span else where)}: {then} then, {now} now"


def _shown(row: dict[str, str], when: str) -> str:
    return row[f"value_{when}"] or row[f"status_{when}"] or "nothing"
