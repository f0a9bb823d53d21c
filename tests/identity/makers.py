"""Invented participants and records; every National Insurance number has the prefix QQ."""

from typing import Any

import pandas as pd

from orchestration.identity.keys import PURPOSES, Keys
from orchestration.identity.matching import MATCH_COLUMNS

KEYS = Keys(1, {purpose: purpose.encode() * 8 for purpose in PURPOSES})
PERSON = {
    "partner_ref": "R-1", "forename": "Wilhelmina", "surname": "Canary", "full_name": "",
    "date_of_birth": "1990-05-17", "age": "", "nino": "QQ314159A", "uln": "9276308686", "postcode": "ZZ1 0AA",
    "address": "7 Canary Row",
    "reference_date": "2025-05-16", "sex_code": "female", "source_row": 2,
}  # fmt: skip


def participants(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([PERSON | changed for changed in changes or ({},)])


def match_records(*rows: dict[str, str | None]) -> pd.DataFrame:
    """Records as the linker sees them: `nino`, `born` … for `match_nino`, `match_born` …"""
    named = [{f"match_{name}": value for name, value in row.items()} for row in rows]
    frame = pd.DataFrame(named, columns=list(MATCH_COLUMNS), dtype="object")
    keys = pd.Series([KEYS.record_key("here", str(n)) for n in range(len(frame))], dtype="str")
    return frame.assign(record_key=keys)
