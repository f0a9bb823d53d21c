"""Two releases side by side: which figures moved, and what came in between that can have moved them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from orchestration.publishing.changes import changes_bytes
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.judged import METRICS
from orchestration.settings import Settings

VERSIONS = {
    "target": "engine",
    "rules": "rules",
    "contracts": "contracts",
    "models": "models",
    "reference": "reference data",
}


def compare(settings: Settings, before: str, now: str) -> dict[str, Any]:
    """`figures` that moved, and the submissions, metric and software versions in which the two differ.

    Only what both releases say of themselves is read; `attribution` says of each figure what moved it.
    """
    then, later = manifest(settings, before), manifest(settings, now)
    frame = _figures(settings, now)
    changes = changes_bytes(_metrics(settings, before), frame)
    return {
        "before": before,
        "now": now,
        "figures": [_with_movement(row) for row in csv.DictReader(io.StringIO(changes.decode()))],
        "submissions_new": _differing(later, then),
        "submissions_gone": _differing(then, later),
        "metrics_redefined": redefined(released_rows(settings, before), released_rows(settings, now)),
        "versions": {
            name: {"before": then["versions"].get(name, ""), "now": version}
            for name, version in later["versions"].items()
            if then["versions"].get(name) != version
        },
        "clock": {"before": then["as_at"], "now": later["as_at"]},
    }


def told_apart(found: Mapping[str, Any], metric_id: str) -> list[str]:
    """What besides submissions differs between two compared releases and can have moved a metric."""
    said = [f"{metric_id} is defined anew"] if metric_id in found["metrics_redefined"] else []
    changed = [VERSIONS[name] for name in found["versions"] if name in VERSIONS]
    said += [f"{what} changed" for what in changed or sorted(found["versions"])]
    clock = found["clock"]
    return said + ([f"the clock went on to {clock['now']}"] if clock["before"] != clock["now"] else [])


def released_rows(settings: Settings, release_id: str) -> list[dict[str, str]]:
    """The figures of a release as it was published, as text."""
    return list(csv.DictReader(io.StringIO(_metrics(settings, release_id).decode())))


def _metrics(settings: Settings, release_id: str) -> bytes:
    return _read(settings, release_id, METRICS)


def _figures(settings: Settings, release_id: str) -> pd.DataFrame:
    rows = list(csv.reader(io.StringIO(_metrics(settings, release_id).decode())))
    return pd.DataFrame(rows[1:], columns=rows[0], dtype="str")


def manifest(settings: Settings, release_id: str) -> dict[str, Any]:
    """What a release says of itself."""
    content: dict[str, Any] = json.loads(_read(settings, release_id, "manifest.json"))
    return content


def _read(settings: Settings, release_id: str, name: str) -> bytes:
    path = settings.releases / release_id / name
    if not path.resolve().is_relative_to(settings.releases.resolve()) or not path.is_file():
        raise ReleaseError(f"There is no release {release_id}. 'pathways release list' names them all.")
    return path.read_bytes()


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[dict[str, str]]:
    return [received for received in one["received"] if received not in other["received"]]


def redefined(then: Iterable[Mapping[str, str]], now: Iterable[Mapping[str, str]]) -> list[str]:
    """Metrics of both releases whose definition has another version now."""
    both = [{(row["metric_id"], row["metric_version"]) for row in rows} for rows in (then, now)]
    known = {metric for metric, _ in both[0]}
    return sorted({metric for metric, _ in both[1] - both[0] if metric in known})


def _with_movement(row: dict[str, str]) -> dict[str, str]:
    """By how much a figure moved, where both releases show it."""
    then, now = row["value_before"], row["value_now"]
    return row | {
        "moved_by": f"{float(now) - float(then):.6f}".rstrip("0").rstrip(".") if then and now else ""
    }
