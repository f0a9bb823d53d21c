"""What may leave the vault about a person: age band, district and deprivation decile.

Pure functions over the participants frame, so that `check` gives the same values as a refresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orchestration.identity.errors import IdentityError
from orchestration.identity.formats import normal_postcode
from orchestration.settings import REFERENCE, Settings

OLDEST = 120
# First age of each band; below the first and above `OLDEST` the age is not believed.
BANDS = ((16, "16_24"), (25, "25_34"), (35, "35_49"), (50, "50_64"), (65, "65_over"))
UNKNOWN_BAND = "unknown"


class PlacesError(IdentityError):
    """The postcode lookup cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Places:
    """Where a postcode lies: full postcode, sector ("S60 1"), outward code ("S60") or its letters ("S")."""

    table: pd.DataFrame

    @classmethod
    def of(cls, settings: Settings) -> Places:
        """Read the lookup the operator put in the vault, else the fictional one of the sample."""
        own = settings.vault / "postcode_lookup.csv"
        return cls.read(own if own.exists() else REFERENCE / "postcode_lookup.csv")

    @classmethod
    def read(cls, path: Path) -> Places:
        """Read columns postcode, area_code, imd_decile and imd_year.

        Raises `PlacesError` naming what is wrong.
        """
        try:
            table = pd.read_csv(path, dtype="str", keep_default_na=False)
            found = table.set_index(table["postcode"].str.upper().str.strip())
            found = found[["area_code", "imd_decile", "imd_year"]]
            for number in ("imd_decile", "imd_year"):
                found[number] = pd.to_numeric(found[number].mask(found[number] == "")).astype("Int64")
        except (OSError, ValueError, KeyError) as error:
            raise PlacesError(f"The postcode lookup {path} cannot be used: {error}.") from error
        if not found.index.is_unique:
            raise PlacesError(f"The postcode lookup {path} names the same postcode twice.")
        return cls(found)

    def locate(self, postcodes: pd.Series) -> pd.DataFrame:
        """Return area_code, imd_decile and imd_year of each postcode, the closest match; NA where unknown."""
        codes, distinct = pd.factorize(postcodes.astype("str").fillna(""))
        full = normal_postcode(pd.Series(distinct))
        outward = full.str.replace(r" .*$", "", regex=True)
        letters = outward.str.replace(r"\d.*$", "", regex=True)
        place = pd.Series("", index=full.index)
        for level in (letters, outward, full.str.slice(0, -2), full):
            place = level.where(level.isin(self.table.index), place)
        return self.table.reindex(place).take(codes).set_axis(postcodes.index)


def age_at(date_of_birth: pd.Series, reference_date: pd.Series) -> pd.Series:
    """Whole years at the reference date; NA where a date is missing or the age is outside 0 to 120."""
    born, then = _days(date_of_birth), _days(reference_date)
    is_before_birthday = (then.dt.month * 100 + then.dt.day) < (born.dt.month * 100 + born.dt.day)
    return _believable((then.dt.year - born.dt.year).astype("Float64") - is_before_birthday.astype("Float64"))


def age_band(age: pd.Series) -> pd.Series:
    """Band code of an age in years; `unknown` outside the bands."""
    band = pd.Series(UNKNOWN_BAND, index=age.index, dtype="str")
    for first, code in BANDS:
        band = band.mask((age >= first).fillna(False), code)
    return band


def derive(frame: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return age_band_code, is_aged_16_to_30, area_code, imd_decile and imd_year, with the frame's index.

    Age comes from date_of_birth at reference_date, else from a stated age. A stated area_code is kept.
    """
    derived = pd.DataFrame(index=frame.index)
    born, then, stated = (_column(frame, name) for name in ("date_of_birth", "reference_date", "age"))
    age = age_at(born, then).fillna(_believable(pd.to_numeric(stated, errors="coerce").astype("Float64")))
    derived["age_band_code"] = age_band(age)
    derived["is_aged_16_to_30"] = ((age >= 16) & (age <= 30)).astype("boolean").mask(age.isna())
    located = places.locate(_column(frame, "postcode"))
    area = _column(frame, "area_code").astype("str")
    derived["area_code"] = area.where(area.fillna("") != "", located["area_code"].astype("str"))
    return derived.assign(imd_decile=located["imd_decile"], imd_year=located["imd_year"])


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype="object")


def _days(dates: pd.Series) -> pd.Series:
    return pd.to_datetime(dates, errors="coerce", format=None if dates.dtype.kind == "M" else "ISO8601")


def _believable(age: pd.Series) -> pd.Series:
    return age.where((age >= 0) & (age <= OLDEST)).floordiv(1).astype("Int64")
