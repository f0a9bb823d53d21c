"""Releases of which an input was redacted since: somebody in it was erased, or its retention ran out."""

from __future__ import annotations

import json

from orchestration.control.store import Store
from orchestration.settings import Settings

ACTION = "inputs redacted"


def note_redacted(settings: Settings, store: Store, submissions: list[str]) -> dict[str, list[str]]:
    """Record which releases were made from any of the submissions; release id to those, shortened."""
    found = {}
    for path in sorted(settings.releases.glob("*/manifest.json")):
        received = {one["sha256"] for one in json.loads(path.read_text("utf-8"))["received"]}
        if own := sorted(received & set(submissions)):
            found[path.parent.name] = [one[:12] for one in own]
    for release_id, inputs in found.items():
        store.audit(ACTION, release_id, ", ".join(inputs))
    return found


def redacted_inputs(store: Store, release_id: str) -> list[str]:
    """Inputs of a release, shortened, that no longer hold everything that it was made from."""
    noted = [e.detail for e in store.audit_events() if (e.action, e.subject) == (ACTION, release_id)]
    return sorted({one for detail in noted for one in detail.split(", ")})
