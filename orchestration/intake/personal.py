"""What looks like personal details where none should be: extra columns (F06) and code columns (R29)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEADER = re.compile(
    r"\b(?:names?|forename|surname|firstname|lastname|notes?|comments?|remarks?|narrative|free text"
    r"|case[- ]?notes?|address|e[- ]?mail|phone|telephone|tel|mobile|contact details|next of kin"
    r"|post[- ]?code|national insurance|nino|ni n(?:o|umber)|dob|date of birth|birth ?date)\b",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}"  # e-mail; bounded, or a long cell would take for ever
    r"|\b(?:\+44\s?|0)(?:\d[\s-]?){9,10}\b"  # telephone
    r"|\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"  # National Insurance number
    r"|(?-i:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][a-z]+)",
    re.IGNORECASE,
)
_PROSE_LENGTH, _PROSE_WORDS = 60, 9


def looks_personal(text: str) -> bool:
    """Whether a cell holds an e-mail address, a telephone or insurance number, or a name with its title."""
    return _VALUES.search(text) is not None


def is_personal_column(header: str, values: Iterable[str]) -> bool:
    """Whether a column that nobody asked for may hold personal or free text."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_.|]", " ", header)
    filled = [value for value in values if value.strip()]
    if filled and _HEADER.search(words):
        return True
    sample = list(dict.fromkeys(filled))[:2000]
    return any(
        looks_personal(v) or (len(v) > _PROSE_LENGTH and len(v.split()) > _PROSE_WORDS) for v in sample
    )
