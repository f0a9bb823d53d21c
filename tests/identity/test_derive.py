from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orchestration.identity.derive import Places, PlacesError, age_at, age_band, derive
from tests.identity.makers import participants

LOOKUP = """postcode,area_code,imd_decile,imd_year,source
ZZ1 0AA,E08000018,1,2025,full
ZZ1 0,E08000017,2,2025,sector
ZZ1,E08000038,3,2025,outward
ZZ,E08000039,,,letters
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    path = tmp_path / "lookup.csv"
    path.write_text(LOOKUP)
    return Places.read(path)


def days(*values: Any) -> pd.Series:
    return pd.Series(list(values), dtype="object")


def test_the_closest_place_wins(places: Places) -> None:
    found = places.locate(
        pd.Series(["zz10aa", "ZZ1 0AB", "ZZ1 9AB", "ZZ11 0AA", "YY1 0AA", "", None], index=range(5, 12))
    )
    assert found["area_code"].tolist()[:4] == ["E08000018", "E08000017", "E08000038", "E08000039"]
    assert found["area_code"].isna().tolist()[4:] == [True, True, True]
    assert found["imd_decile"].tolist()[:3] == [1, 2, 3]
    assert found.index.tolist() == list(range(5, 12))


@pytest.mark.parametrize(
    "content",
    ["postcode,area_code\nZZ1,E1\n", LOOKUP + "zz1,E1,1,2025,twice\n", LOOKUP + "Y,E1,low,2025,x\n"],
)
def test_a_wrong_lookup_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lookup.csv"
    path.write_text(content)
    with pytest.raises(PlacesError, match=r"lookup\.csv"):
        Places.read(path)


@pytest.mark.parametrize(
    ("born", "then", "age"),
    [
        ("1990-05-17", "2025-05-16", 34),
        ("1990-05-17", "2025-05-17", 35),
        ("2004-02-29", "2025-02-28", 20),
        ("1890-01-01", "2025-01-01", None),
        ("2026-01-01", "2025-01-01", None),
        ("", "2025-01-01", None),
        ("1990-05-17", None, None),
        (date(1990, 5, 17), pd.Timestamp("2025-05-17"), 35),
    ],
)
def test_age_in_whole_years(born: Any, then: Any, age: int | None) -> None:
    (found,) = age_at(days(born), days(then))
    assert (None if pd.isna(found) else found) == age


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "unknown"), (15, "unknown"), (16, "16_24"), (24, "16_24"), (25, "25_34"), (34, "25_34"),
        (35, "35_49"), (49, "35_49"), (50, "50_64"),
        (64, "50_64"), (65, "65_over"), (120, "65_over"), (None, "unknown"),
    ],
)  # fmt: skip
def test_age_bands(age: int | None, band: str) -> None:
    assert age_band(pd.Series([age], dtype="Int64")).tolist() == [band]


@pytest.mark.parametrize(
    ("stated", "band", "is_young"),
    [
        ({"age": "30"}, "25_34", True),
        ({"age": "31"}, "25_34", False),
        ({"age": "15"}, "unknown", False),
        ({"age": "121"}, "unknown", None),
        ({"age": "about 30"}, "unknown", None),
        ({"age": ""}, "unknown", None),
        ({"age": "60", "date_of_birth": "2000-01-01"}, "25_34", True),
    ],
)
def test_a_stated_age_is_used_where_there_is_no_birthday(
    places: Places, stated: dict[str, str], band: str, is_young: bool | None
) -> None:
    derived = derive(participants({"date_of_birth": ""} | stated), places)
    assert derived["age_band_code"].tolist() == [band]
    found = derived["is_aged_16_to_30"].iloc[0]
    assert (None if pd.isna(found) else bool(found)) == is_young


def test_a_stated_area_is_kept_and_a_blank_one_filled(places: Places) -> None:
    derived = derive(participants({"area_code": "E07000125"}, {"area_code": ""}, {"area_code": None}), places)
    assert derived["area_code"].tolist() == ["E07000125", "E08000018", "E08000018"]
    assert derived["imd_decile"].tolist() == [1, 1, 1]


def test_a_frame_without_identifiers_derives_nothing(places: Places) -> None:
    derived = derive(pd.DataFrame({"partner_ref": ["a", "b"]}, index=[3, 9]), places)
    assert derived.index.tolist() == [3, 9]
    assert derived["age_band_code"].tolist() == ["unknown", "unknown"]
    assert derived.drop(columns="age_band_code").isna().all().all()
