"""People who do not exist: names, National Insurance numbers and postcodes that can be nobody's."""

from __future__ import annotations

import csv
import functools
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from string import ascii_lowercase

LOOKUP = Path(__file__).resolve().parent.parent / "reference" / "postcode_lookup.csv"

FORENAMES = (
    "Testa",
    "Sampla",
    "Exempla",
    "Modella",
    "Trialia",
    "Testan",
    "Samplo",
    "Exemplo",
    "Proven",
    "Drafton",
)
AGES = ((16, 24, 20), (25, 34, 26), (35, 49, 30), (50, 62, 24))
ETHNIC = {
    "white_british": 71, "white_other": 7, "asian_pakistani": 7, "asian_indian": 2, "asian_bangladeshi": 1,
    "black_african": 3, "black_caribbean": 1, "mixed_white_black_caribbean": 2, "other_arab": 1,
    "prefer_not_to_say": 2, "": 3,
}  # fmt: skip
DISABLED = {"disabled": 41, "not_disabled": 49, "prefer_not_to_say": 4, "": 6}
COHORTS = {
    "disability_or_health": 30, "general": 30, "young_people": 14, "carers": 8, "parents": 8,
    "aged_50_over": 8, "": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One invented person; codes as in `reference/codes.csv`, empty where the partner does not know."""

    number: int
    forename: str
    surname: str
    sex: str
    birth: date
    nino: str
    postcode: str
    ethnic: str
    disability: str
    cohort: str

    @property
    def person_id(self) -> str:
        """The generator's own name for the person, for tests of linkage."""
        return f"person-{self.number:05d}"

    def age_on(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


def weighted(rng: random.Random, weights: dict[str, int]) -> str:
    """One of the keys, by weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


@functools.cache
def postcodes_of(area_code: str) -> list[str]:
    """The fictional postcodes of an area, in the order of the lookup."""
    with LOOKUP.open(encoding="utf-8", newline="") as file:
        return [row["postcode"] for row in csv.DictReader(file) if row["area_code"] == area_code]


def make_people(rng: random.Random, first: int, count: int, area_code: str, day: date) -> list[Person]:
    """`count` people numbered from `first`, of working age on `day`, living in `area_code`."""
    return [make_person(rng, first + i, area_code, day) for i in range(count)]


def moved_to(person: Person, area_code: str) -> Person:
    """The same person at a new address, for a programme that serves another area."""
    return replace(person, postcode=postcodes_of(area_code)[person.number % 20])


def make_person(rng: random.Random, number: int, area_code: str, day: date) -> Person:
    """One person of working age on `day`, more often from a deprived neighbourhood of `area_code`."""
    postcodes = postcodes_of(area_code)
    postcode = rng.choices(postcodes, [len(postcodes) - i for i in range(len(postcodes))])[0]
    low, high, _ = rng.choices(AGES, weights=[a[2] for a in AGES])[0]
    age = rng.randint(low, high)
    birth = date(day.year - age, day.month, 1) - timedelta(days=rng.randint(1, 330))
    return Person(
        number=number,
        forename=rng.choice(FORENAMES),
        surname=f"Sample{_letters(number)}",
        sex=weighted(rng, {"female": 52, "male": 46, "not_stated": 2}),
        birth=birth,
        nino=f"QQ{100000 + number:06d}{rng.choice('ABCD')}" if rng.random() < 0.93 else "",
        postcode=postcode,
        ethnic=weighted(rng, ETHNIC),
        disability=weighted(rng, DISABLED),
        cohort=weighted(rng, COHORTS),
    )


def _letters(number: int) -> str:
    """Four letters that stand for a number: digits in a name would not survive a linker's tidying."""
    return "".join(ascii_lowercase[number // 26**place % 26] for place in (3, 2, 1, 0))
