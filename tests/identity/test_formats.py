import pandas as pd
import pytest

from orchestration.identity.formats import (
    is_example_nino,
    is_nino,
    is_postcode,
    is_uln,
    is_unknown_uln,
    normal_nino,
    normal_postcode,
    normal_uln,
)


def one(text: str | None) -> pd.Series:
    return pd.Series([text], dtype="str", index=[7])


@pytest.mark.parametrize(
    ("text", "live", "sample"),
    [
        ("AB123457C", True, True),
        ("ab 12 34 57 c", True, True),
        ("QQ123457C", False, True),
        ("DA123457C", False, False),
        ("AO123457C", False, False),
        ("BG123457C", False, False),
        ("ZZ123457C", False, False),
        ("AB123457E", False, False),
        ("AB12345C", False, False),
        ("AB123457", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_a_national_insurance_number(text: str | None, live: bool, sample: bool) -> None:
    assert is_nino(normal_nino(one(text)), is_synthetic=False).tolist() == [live]
    assert is_nino(normal_nino(one(text)), is_synthetic=True).tolist() == [sample]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("QQ123457C", True), ("AB000000A", True), ("AB123456", True), ("AB123457C", False), (None, False)],
)
def test_an_example_national_insurance_number(text: str | None, expected: bool) -> None:
    assert is_example_nino(normal_nino(one(text))).tolist() == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9276308686", True),
        ("92763 08686", True),
        ("9276308687", False),
        ("0276308686", False),
        ("9999999999", False),
        ("927630868", False),
        ("abc", False),
        ("", False),
        (None, False),
    ],
)
def test_a_learner_number(text: str | None, expected: bool) -> None:
    assert is_uln(normal_uln(one(text))).tolist() == [expected]
    assert is_unknown_uln(normal_uln(one(text))).tolist() == [text == "9999999999"]


@pytest.mark.parametrize(
    ("text", "normal", "valid"),
    [
        ("s60 1aa", "S60 1AA", True),
        ("S601AA", "S60 1AA", True),
        (" GIR 0AA ", "GIR 0AA", True),
        ("EC1A1BB", "EC1A 1BB", True),
        ("S60", "S60", False),
        ("60 1AA", "60 1AA", False),
        ("", "", False),
        (None, "", False),
    ],
)
def test_a_postcode(text: str | None, normal: str, valid: bool) -> None:
    assert normal_postcode(one(text)).tolist() == [normal]
    assert is_postcode(normal_postcode(one(text))).tolist() == [valid]


def test_the_index_stays() -> None:
    assert normal_nino(one("AB123457C")).index.tolist() == [7]
    assert is_uln(one("9276308686")).index.tolist() == [7]
