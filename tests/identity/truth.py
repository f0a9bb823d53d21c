"""Invented people as partners send them, with what makes linkage hard; who is who is known.

Twins, whole households, father and son of one name, marriages, moves, slips of the pen, numbers copied
down a column. Names are made of syllables; every National Insurance number has the prefix QQ.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from orchestration.identity.matching import match_values

FIRST = ("al", "ber", "cor", "dan", "el", "fre", "gar", "hol"), ("ine", "da", "man", "to", "ryn")
LAST = (
    ("ash", "brad", "cal", "dun", "ever", "far", "gil"),
    ("den", "ling", "mor", "wick", "by"),
    ("", "ton", "field", "son"),
)
ROADS = ("mill", "church", "station", "king", "north"), (" road", " street", " lane")
FORENAMES, SURNAMES, STREETS = (["".join(parts) for parts in product(*s)] for s in (FIRST, LAST, ROADS))


@dataclass(frozen=True)
class Human:
    """One person, as right as can be."""

    person: int
    forename: str
    surname: str
    date_of_birth: str
    nino: str
    postcode: str
    address: str


def people(rng: random.Random, count: int) -> list[Human]:
    """`count` people living alone, then families: twins, brothers, couples, father and son of one name."""
    found = [_human(rng, n) for n in range(count)]
    for head in found[: count // 20]:
        home = {"surname": head.surname, "postcode": head.postcode, "address": head.address}
        twin = replace(_human(rng, len(found)), **home, date_of_birth=head.date_of_birth)
        found.append(replace(twin, forename=_other(rng, head.forename)))
        found.append(replace(_human(rng, len(found)), **home))
        found.append(replace(_human(rng, len(found)), **home, forename=head.forename))
    return found


def records(rng: random.Random, count: int = 1500) -> pd.DataFrame:
    """Records of four partners: record_key, person, and what each partner wrote of the person."""
    rows = []
    for human in people(rng, count):
        for partner in rng.sample(range(4), rng.choice((1, 1, 1, 2, 2, 3))):
            told = _told(rng, human)
            rows.append(vars(told) | {"return_id": f"partner_{partner}", "full_name": "", "uln": ""})
    for row in rows[40:90]:
        row["nino"] = "QQ555123A"  # copied down a column
    for row in rows[100:103]:
        row["nino"] = "QQ555124A"
    told = pd.DataFrame(rows)
    told["record_key"] = [f"{n:032x}" for n in range(len(told))]
    return told.assign(**match_values(told, is_synthetic=True))


def _human(rng: random.Random, number: int) -> Human:
    return Human(
        person=number,
        forename=rng.choice(FORENAMES),
        surname=rng.choice(SURNAMES),
        date_of_birth=f"{rng.randint(1962, 2007)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        nino=f"QQ{rng.randint(100000, 999999)}A",
        postcode=f"ZZ{rng.randint(1, 9)} {rng.randint(0, 9)}{rng.choice('ABDEF')}{rng.choice('ABDEF')}",
        address=f"{rng.randint(1, 150)} {rng.choice(STREETS)}",
    )


def _other(rng: random.Random, forename: str) -> str:
    return rng.choice([name for name in FORENAMES if name[:2] != forename[:2]])


def _told(rng: random.Random, human: Human) -> Human:
    """What one partner wrote: often right, sometimes years old, sometimes wrong, sometimes nothing."""
    told = human
    if rng.random() < 0.25:
        told = replace(told, nino="")
    if rng.random() < 0.12:
        moved = _human(rng, 0)
        told = replace(told, postcode=moved.postcode, address=moved.address)
    if rng.random() < 0.06:
        told = replace(told, surname=rng.choice(SURNAMES))  # married
    for name, chance in (("forename", 0.05), ("surname", 0.05), ("address", 0.2), ("nino", 0.01)):
        if getattr(told, name) and rng.random() < chance:
            told = replace(told, **{name: _slip(rng, getattr(told, name))})
    if rng.random() < 0.03:
        year, month, day = told.date_of_birth.split("-")
        swapped = f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{int(day) - 9:02d}"
        told = replace(told, date_of_birth=swapped)
    return replace(told, address="") if rng.random() < 0.3 else told


def _slip(rng: random.Random, text: str) -> str:
    place = rng.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
