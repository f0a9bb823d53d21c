"""Person links as they leave the vault: pseudonyms only, a version by content, a file that never changes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.identity.errors import VaultError
from orchestration.identity.files import write_whole
from orchestration.identity.linking import link
from orchestration.identity.plan import Plan
from orchestration.identity.vault import Vault

LINK_COLUMNS = ["record_key", "person_key", "link_rule"]


@dataclass(frozen=True)
class Exported:
    """A version of the links: where it lies, what it holds, and how many pairs wait for a person."""

    version: str
    path: Path
    records: int
    people: int
    uncertain: int
    note: str

    @property
    def told(self) -> dict[str, str | int]:
        """What may be said of it outside the vault."""
        counts: dict[str, str | int] = {"records": self.records, "people": self.people}
        counts["pairs for 'pathways person review'"] = self.uncertain
        return counts | ({"note": self.note} if self.note else {})


def export_links(vault: Vault, folder: Path) -> Exported:
    """Link every record of the vault and write the links into `folder`.

    The version is the SHA-256 (hex) of the content: equal links, equal version.
    """
    if vault.connection.execute("select count(*) from exchanges").fetchone()[0]:
        raise VaultError("An erasure was interrupted. Finish it with 'pathways person erase --resume'.")
    plan = Plan.read()
    with vault.spill() as spill:
        linked = link(vault.records(), vault.known(plan.version), vault.keys, plan, spill)
    vault.keep_links(linked, plan.version)
    links = linked.persons[LINK_COLUMNS].sort_values("record_key")
    lines = links["record_key"] + "," + links["person_key"] + "," + links["link_rule"] + "\n"
    version = hashlib.sha256("".join(lines).encode()).hexdigest()
    path = folder / f"person_links-{version[:12]}.parquet"
    _write(links, path)
    return Exported(
        version=version,
        path=path,
        records=len(links),
        people=links["person_key"].nunique(),
        uncertain=len(linked.reviews),
        note=linked.note,
    )


def _write(links: pd.DataFrame, path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([(name, pa.string()) for name in LINK_COLUMNS])
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(links, schema=schema, preserve_index=False), buffer)
    write_whole(path, buffer.getvalue())
