"""Going back to an earlier release, on the record; nothing is deleted and nothing is unpublished."""

from __future__ import annotations

from orchestration.control.store import Store
from orchestration.publishing.errors import ReleaseError
from orchestration.publishing.journal import current_release, point_at, recover
from orchestration.publishing.judged import METRICS
from orchestration.publishing.page.index import write_index
from orchestration.settings import Settings


def rollback(settings: Settings, store: Store, release_id: str) -> str:
    """Make `release_id` the current release and note it in the audit log; gives the one it replaced.

    What later releases said stays known to the attacker: protection goes by everything ever released.
    """
    recover(settings, store)
    known = {release.release_id for release in store.releases()}
    if release_id not in known or not (settings.releases / release_id / METRICS).is_file():
        raise ReleaseError(f"There is no release {release_id}. 'pathways release list' names them all.")
    replaced = current_release(settings) or ""
    if replaced != release_id:
        store.audit("release rolled back", release_id, f"instead of {replaced}")
        point_at(settings, release_id)
        write_index(settings, store)
    return replaced
