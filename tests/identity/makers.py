"""Invented participants; every National Insurance number has the prefix QQ."""

from typing import Any

import pandas as pd

PERSON = {
    "partner_ref": "R-1", "forename": "Wilhelmina", "surname": "Canary", "full_name": "",
    "date_of_birth": "1990-05-17", "age": "", "nino": "QQ314159A", "uln": "9276308686", "postcode": "ZZ1 0AA",
    "reference_date": "2025-05-16", "sex_code": "female", "source_row": 2,
}  # fmt: skip


def participants(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([PERSON | changed for changed in changes or ({},)])
