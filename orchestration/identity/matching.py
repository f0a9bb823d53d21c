"""What two records must share to be one person: the match keys, made of normalised identifiers."""

from __future__ import annotations

import pandas as pd

from orchestration.identity.formats import (
    DUMMY_NINO_PATTERN,
    is_nino,
    is_postcode,
    is_uln,
    normal_nino,
    normal_postcode,
    normal_uln,
)

# Link rule → column of the vault that holds its key; strongest rule first.
RULES = {"nino": "match_nino", "uln": "match_uln", "name_birth_postcode": "match_name_birth_postcode"}
MATCH_COLUMNS = tuple(RULES.values())
TITLES = r"\b(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame)\b"


def match_keys(known: pd.DataFrame, is_synthetic: bool) -> dict[str, pd.Series]:
    """Return the match columns, NA where an identifier is missing, invalid or a stop-gap.

    `known` has nino, uln, forename, surname, full_name, date_of_birth (ISO) and postcode as text.
    """
    # The suffix of a National Insurance number is often guessed, so eight characters must do.
    nino = normal_nino(known["nino"])
    is_usable = is_nino(nino, is_synthetic) & ~nino.str.match(DUMMY_NINO_PATTERN)
    uln = normal_uln(known["uln"])
    postcode = normal_postcode(known["postcode"])
    name = normal_name(known)
    born = known["date_of_birth"].astype("str").fillna("")
    is_whole = name.str.contains(" ") & (born != "") & is_postcode(postcode)
    return {
        "match_nino": nino.str.slice(0, 8).where(is_usable),
        "match_uln": uln.where(is_uln(uln)),
        "match_name_birth_postcode": (name + "|" + born + "|" + postcode).where(is_whole),
    }


def normal_name(known: pd.DataFrame) -> pd.Series:
    """Forename and surname, else the full name ("Smith, Jo" as "jo smith"), in plain small letters."""
    parts = (
        known["forename"].astype("str").fillna("") + " " + known["surname"].astype("str").fillna("")
    ).str.strip()
    full = known["full_name"].astype("str").fillna("").str.replace(r"^([^,]+),(.+)$", r"\2 \1", regex=True)
    name = parts.where(parts != "", full).str.normalize("NFKD").str.casefold()
    plain = name.str.replace(TITLES, "", regex=True).str.replace(r"[^\w\s]|[\d_]", "", regex=True)
    return plain.str.replace(r"\s+", " ", regex=True).str.strip()
