"""What National Insurance numbers, learner numbers and postcodes look like.

Each function takes a Series and returns one with its index: `normal_…` of text, in which blank is "" or NA,
`is_…` of what that gave.
"""

from __future__ import annotations

import pandas as pd

# HMRC NIM39110. Example numbers (QQ) never pass: they are a case of their own.
# Patterns as Arrow reads them, a column at a time: without looking ahead or back.
NINO_PATTERN = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$"
NEVER_ISSUED_PATTERN = r"^(BG|GB|KN|NK|NT|TN|ZZ)"
EXAMPLE_NINO_PATTERN = r"^QQ\d{6}[A-D]$"
DUMMY_NINO_PATTERN = rf"^[A-Z]{{2}}(123456|{'|'.join(6 * str(digit) for digit in range(10))})[A-D]?$"
ULN_PATTERN = r"^[1-9]\d{9}$"
UNKNOWN_ULN = "9999999999"
BLANKS = " \t\r\n\u00a0\u202f"  # spelt out: five times faster over a million rows than \s
POSTCODE_PATTERN = r"^(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})$"


def normal_nino(text: pd.Series) -> pd.Series:
    """Upper case without blanks, dots and hyphens; "" where blank."""
    return _squeezed(text, rf"[{BLANKS}.\-]+")


def normal_uln(text: pd.Series) -> pd.Series:
    """Digits without blanks; "" where blank."""
    return _squeezed(text, f"[{BLANKS}]+")


def normal_postcode(text: pd.Series) -> pd.Series:
    """Upper case with one blank before the last three characters; "" where blank."""
    tight = _squeezed(text, f"[{BLANKS}]+")
    return (tight.str.slice(0, -3) + " " + tight.str.slice(-3)).str.strip()


def is_example_nino(number: pd.Series) -> pd.Series:
    """Whether it is an example or a stop-gap: prefix QQ, or one digit six times, or 123456 (rule R11)."""
    return number.str.match(EXAMPLE_NINO_PATTERN) | number.str.match(DUMMY_NINO_PATTERN)


def is_nino(number: pd.Series, is_synthetic: bool) -> pd.Series:
    """Whether the format is valid (rule R10); the example prefix QQ only in a synthetic home."""
    valid = number.str.match(NINO_PATTERN) & ~number.str.match(NEVER_ISSUED_PATTERN)
    return valid | number.str.match(EXAMPLE_NINO_PATTERN) if is_synthetic else valid


def is_unknown_uln(number: pd.Series) -> pd.Series:
    """Whether it is 9999999999, which says that the number is not known."""
    return number == UNKNOWN_ULN


def is_uln(number: pd.Series) -> pd.Series:
    """Whether the check digit holds (rule R12): the digits times 10 … 1 leave 10 when divided by 11."""
    has_format = number.str.match(ULN_PATTERN)
    digits = number[has_format]
    total = sum(digits.str.get(place).astype("int64") * (10 - place) for place in range(10))
    holds = has_format.copy()
    holds[has_format] = total % 11 == 10
    return holds


def is_postcode(postcode: pd.Series) -> pd.Series:
    """Whether the format is valid (rule R13); whether it exists is for the lookup to say."""
    return postcode.str.match(POSTCODE_PATTERN)


def _squeezed(text: pd.Series, blanks: str) -> pd.Series:
    return text.astype("str").fillna("").str.upper().str.replace(blanks, "", regex=True)
