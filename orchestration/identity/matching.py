"""What of a record tells who it is: identifiers made comparable, blank where they say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

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

MATCH_COLUMNS = (
    "match_nino",
    "match_uln",
    "match_forename",
    "match_surname",
    "match_born",
    "match_postcode",
    "match_address",
)
TITLES = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame)\b")
NO_NAME, NO_ADDRESS = re.compile(r"[^\w\s]|[\d_]"), re.compile(r"[^\w\s]|_")
INVERTED = re.compile(r"^([^,]+),(.+)$")


def match_values(known: pd.DataFrame, is_synthetic: bool) -> dict[str, pd.Series]:
    """Return the match columns, NA where an identifier is missing, invalid or a stop-gap.

    `known` has nino, uln, forename, surname, full_name, date_of_birth (ISO), postcode and address as text.
    """
    nino, uln, postcode = (
        normal_nino(known["nino"]),
        normal_uln(known["uln"]),
        normal_postcode(known["postcode"]),
    )
    is_usable = is_nino(nino, is_synthetic) & ~nino.str.match(DUMMY_NINO_PATTERN)
    forename, surname = _names(known)
    return {
        # The suffix of a National Insurance number is often guessed, so eight characters must do.
        "match_nino": nino.str.slice(0, 8).where(is_usable),
        "match_uln": uln.where(is_uln(uln)),
        "match_forename": _filled(forename),
        "match_surname": _filled(surname),
        "match_born": _filled(known["date_of_birth"].astype("str").fillna("")),
        "match_postcode": postcode.where(is_postcode(postcode)),
        "match_address": _filled(_plain(known["address"], NO_ADDRESS)),
    }


def _names(known: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Forenames and surname as stated, else the full name ("Smith, Jo Ann") with its last word as surname."""
    forename, surname = (_plain(known[name], NO_NAME) for name in ("forename", "surname"))
    full = _plain(known["full_name"], NO_NAME, lambda text: INVERTED.sub(r"\2 \1", text))
    is_split = (forename != "") | (surname != "")
    codes, distinct = pd.factorize(full)
    parts = pd.Series(distinct).str.rpartition(" ", expand=True).take(codes).set_axis(full.index)
    return forename.where(is_split, parts[0]), surname.where(is_split, parts[2])


def _plain(text: pd.Series, noise: re.Pattern[str], prepared: Callable[[str], str] = str) -> pd.Series:
    """Small letters without accents, titles and whatever matches `noise`; each distinct text is read once."""
    codes, distinct = pd.factorize(text.astype("str").fillna(""))
    made = []
    for one in distinct:
        small = unicodedata.normalize("NFKD", prepared(one)).casefold()
        made.append(" ".join(TITLES.sub("", noise.sub("", small)).split()))
    return pd.Series(made, dtype="str").take(codes).set_axis(text.index)


def _filled(text: pd.Series) -> pd.Series:
    return text.where(text != "")
