"""Which person a group of records is: named after its oldest record, by a key that stays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.identity.keys import Keys
from orchestration.identity.known_links import PERSON_COLUMNS

OWN = "own"  # the record that its person is named after


def persons_of(
    numbered: pd.DataFrame, before: pd.DataFrame, first: np.ndarray, joined: pd.DataFrame, keys: Keys
) -> pd.DataFrame:
    """Name each group after its oldest record; a person key, once given, stays with that record."""
    known = numbered.merge(before[["record_key", "person_key", "seen"]], on="record_key", how="left")
    now = int(before["seen"].max()) + 1 if len(before) else 1
    known = known.assign(seen=known["seen"].fillna(now).astype("int64"), first=first)
    known = known.sort_values(["seen", "record_no"], ignore_index=True)
    is_own = ~known["first"].duplicated()
    names: dict[int, str] = {}
    taken: set[str] = set()
    for group_no, record_key, earlier in known.loc[is_own, ["first", "record_key", "person_key"]].itertuples(
        index=False, name=None
    ):
        is_free = isinstance(earlier, str) and earlier not in taken
        names[group_no] = earlier if is_free else keys.person_key(record_key)
        taken.add(names[group_no])
    known["person_key"] = known["first"].map(names)
    ends = pd.concat(
        [joined[[end, "link_rule"]].rename(columns={end: "record_no"}) for end in ("record_l", "record_r")]
    ).sort_index(kind="stable")
    strongest = ends.drop_duplicates("record_no").set_index("record_no")["link_rule"]
    known["link_rule"] = known["record_no"].map(strongest).mask(is_own, OWN)
    erased = before[~before["record_key"].isin(numbered["record_key"])]
    return pd.concat([known[list(PERSON_COLUMNS)], erased]).sort_values("record_key", ignore_index=True)
