"""How long linking a million records takes from nothing, how much memory, and how well it is done."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.timing import PYTHON, run
from orchestration.identity.keys import PURPOSES, Keys
from orchestration.identity.known_links import Known
from orchestration.identity.linking import link
from orchestration.identity.plan import Plan
from orchestration.settings import PROJECT

RECORDS = 1_000_000
SYLLABLES = (
    "ba",
    "ber",
    "cor",
    "da",
    "el",
    "fre",
    "gar",
    "hol",
    "in",
    "jo",
    "ka",
    "lo",
    "mar",
    "no",
    "pe",
    "ri",
)
RECORDS_A_PERSON = 1.25
NO_NUMBER, MOVED, MARRIED, SLIPPED = 0.25, 0.10, 0.03, 0.03


def bench(folder: Path) -> dict[str, dict[str, Any]]:
    """Result `linkage`: seconds and peak MiB of a first linkage, precision and recall over pairs."""
    ran = run([PYTHON, "-m", "bench.linkage", str(RECORDS)], PROJECT)
    return {"linkage": json.loads(ran.out) | {"peak_mib": ran.peak_mib}}


def invented(records: int, seed: int = 1) -> pd.DataFrame:
    """Records as the linker sees them, with the `person` behind each; few names are common, many rare."""
    rng = np.random.default_rng(seed)
    people = int(records / RECORDS_A_PERSON)
    forenames, surnames = _names(3), _names(4)
    person = np.concatenate([np.arange(people), rng.integers(0, people, records - people)])

    def of(values: np.ndarray) -> np.ndarray:
        return values[person].copy()

    born = np.datetime64("1960-01-01") + rng.integers(0, 17_000, people)
    places = rng.integers(0, 40_000, people)
    first, last = (names[_drawn(rng, len(names), people)] for names in (forenames, surnames))
    moved, married, slipped, numberless = (
        rng.random(records) < share for share in (MOVED, MARRIED, SLIPPED, NO_NUMBER)
    )
    place = np.where(moved, rng.integers(0, 40_000, records), of(places))
    surname = np.where(married, surnames[_drawn(rng, len(surnames), records)], of(last))
    day = of(born) + np.where(slipped, rng.integers(-1, 2, records), 0)
    number = pd.Series(of(np.arange(people))).map("QQ{:06d}".format).where(~numberless)
    return pd.DataFrame(
        {
            "record_key": pd.Series(np.arange(records)).map("{:032x}".format),
            "person": person,
            "match_nino": number,
            "match_uln": None,
            "match_forename": of(first),
            "match_surname": surname,
            "match_born": np.datetime_as_string(day, "D"),
            "match_postcode": pd.Series(place).map(_postcode),
            "match_address": None,
        }
    )  # fmt: skip


def _postcode(place: int) -> str:
    return f"ZZ{place // 400} {place // 40 % 10}{'ABDEFGHJLN'[place % 10]}{'ABDE'[place // 10 % 4]}"


def _names(syllables: int) -> np.ndarray:
    grid = np.array(SYLLABLES, dtype=object)
    names = grid
    for _ in range(syllables - 1):
        names = (names[:, None] + grid[None, :]).ravel()
    return names


def _drawn(rng: np.random.Generator, kinds: int, count: int) -> np.ndarray:
    """Cubed, so that the commonest surname has 2 in 100 people and the commonest forename 6, as in life."""
    return np.floor(kinds * rng.random(count) ** 3).astype(int)


def _quality(persons: pd.DataFrame, told: pd.DataFrame) -> dict[str, float]:
    named = persons.merge(told[["record_key", "person"]], on="record_key")
    right, linked, same = (
        int((size * (size - 1) // 2).sum())
        for size in (named.groupby(by).size() for by in (["person", "person_key"], "person_key", "person"))
    )
    return {"precision": right / linked, "recall": right / same}


def main() -> None:
    """Link invented records once, in a process of its own."""
    told = invented(int(sys.argv[1]))
    keys = Keys(1, {purpose: purpose.encode() for purpose in PURPOSES})
    with tempfile.TemporaryDirectory() as spill:
        begun = time.perf_counter()
        found = link(told, Known.nothing(), keys, Plan.read(), Path(spill))
        seconds = time.perf_counter() - begun
    quality = _quality(found.persons, told)
    print(json.dumps({"records": len(told), "seconds": seconds, "note": found.note} | quality))


if __name__ == "__main__":
    main()
