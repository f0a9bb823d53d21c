"""Which participant records are one person, by what they share; nothing but pseudonyms leaves here.

A person key, once given, stays. New records join; two persons found to be one keep the older key.
A partner's own reference is no match, and neither is a return to the programme.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.identity.keys import Keys
from orchestration.identity.matching import RULES
from orchestration.identity.vault import Vault

OWN = "own"  # the record that its person is named after
LINK_COLUMNS = ["record_key", "person_key", "link_rule"]


def export_links(vault: Vault, folder: Path) -> str:
    """Link every record of the vault, write the links to `links_file` and return their version.

    The version is the SHA-256 (hex) of the content. A file never changes: equal links, equal version.
    """
    linked = link(vault.records(), vault.persons(), vault.keys)
    changed = linked[linked["is_changed"]]
    vault.keep_persons(changed[[*LINK_COLUMNS, "seen"]].itertuples(index=False, name=None))
    links = linked[LINK_COLUMNS].sort_values("record_key")
    lines = links["record_key"] + "," + links["person_key"] + "," + links["link_rule"] + "\n"
    version = hashlib.sha256("".join(lines).encode()).hexdigest()
    _write(links, links_file(folder, version))
    return version


def links_file(folder: Path, version: str) -> Path:
    """Where the links of a version lie."""
    return folder / f"person_links-{version[:12]}.parquet"


def link(records: pd.DataFrame, persons: pd.DataFrame, keys: Keys) -> pd.DataFrame:
    """Return record_key, person_key, link_rule, seen and is_changed of every record.

    `records` has record_key and the match columns, `persons` what earlier exports decided. The oldest
    record of a person (smallest record key of equally old ones) names it, whatever the order of rows.
    """
    known = records.merge(persons, on="record_key", how="left")
    now = persons["seen"].max() + 1 if len(persons) else 1
    known["seen"] = known["seen"].astype("Float64").fillna(now).astype("int64")
    known = known.sort_values(["seen", "record_key"], ignore_index=True)
    # What was linked stays linked, until a person splits it.
    namer = _oldest_of_each([known[column] for column in (*RULES.values(), "person_key")])
    person_key = _person_keys(known, namer, keys)
    link_rule = _link_rules(known, namer)
    is_changed = (known["person_key"] != person_key) | (known["link_rule"] != link_rule)
    linked = known[["record_key", "seen"]].assign(person_key=person_key, link_rule=link_rule)
    return linked.assign(is_changed=is_changed.fillna(True).astype("bool"))


def _oldest_of_each(columns: list[pd.Series]) -> np.ndarray:
    """For each row, the first row that shares a value with it in some column, directly or through others."""
    parent = list(range(len(columns[0])))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for column in columns:
        codes, _ = pd.factorize(column)
        order = np.argsort(codes, kind="stable")
        same = (codes[order][1:] == codes[order][:-1]) & (codes[order][1:] >= 0)
        for one, other in zip(order[:-1][same].tolist(), order[1:][same].tolist(), strict=True):
            first, second = sorted((root(one), root(other)))
            parent[second] = first
    return np.array([root(row) for row in range(len(parent))], dtype=np.int64)


def _person_keys(known: pd.DataFrame, namer: np.ndarray, keys: Keys) -> pd.Series:
    own = np.array(known["person_key"], dtype="object")
    record_keys = known["record_key"].to_numpy()
    for row in np.unique(namer):
        if not isinstance(own[row], str):
            own[row] = keys.person_key(record_keys[row])
    return pd.Series(own[namer], index=known.index, dtype="str")


def _link_rules(known: pd.DataFrame, namer: np.ndarray) -> pd.Series:
    """Name the strongest rule that ties each record to others of its person; kept where none does now."""
    rule = known["link_rule"].astype("str")
    for name, column in reversed(RULES.items()):
        rule = rule.mask(known[column].notna() & known[column].duplicated(keep=False), name)
    return rule.mask(namer == np.arange(len(known)), OWN)


def _write(links: pd.DataFrame, path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([(name, pa.string()) for name in LINK_COLUMNS])
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as file:
        pq.write_table(pa.Table.from_pandas(links, schema=schema, preserve_index=False), file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
