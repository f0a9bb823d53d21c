"""Pairs of records that may be one person, and what speaks against it: plain SQL over the vault's records.

Tables in the linker's own database, which lives in memory: `records` (record_no, is_new and the match
columns), `candidates` and `judged` (record_l < record_r, link_rule, probability, and in `judged` whether
forenames, births or numbers differ).
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

# Link rule → columns that must agree; the strongest rule first.
RULES: Mapping[str, tuple[str, ...]] = {
    "nino": ("match_nino",),
    "uln": ("match_uln",),
    "name_birth_postcode": ("match_forename", "match_surname", "match_born", "match_postcode"),
}
PROBABLE = "probable"
DECIDED = "decided"

# Clearly different, not a slip of the pen: a short form ("Jo", "Joanna"), forename and surname exchanged,
# day and month exchanged, one wrong or missing character.
FORENAMES_DIFFER = """(
    jaro_winkler_similarity(l.match_forename, r.match_forename) < 0.9
    and not starts_with(l.match_forename, r.match_forename)
    and not starts_with(r.match_forename, l.match_forename)
    and not (
        coalesce(jaro_winkler_similarity(l.match_forename, r.match_surname), 0) >= 0.88
        and coalesce(jaro_winkler_similarity(l.match_surname, r.match_forename), 0) >= 0.88
    )
)"""
BIRTHS_DIFFER = """(
    damerau_levenshtein(l.match_born, r.match_born) > 1
    and not (
        l.match_born[:4] = r.match_born[:4]
        and l.match_born[6:7] = r.match_born[9:10]
        and l.match_born[9:10] = r.match_born[6:7]
    )
)"""
NUMBERS_DIFFER = """(
    coalesce(damerau_levenshtein(l.match_nino, r.match_nino) > 1, false)
    or coalesce(damerau_levenshtein(l.match_uln, r.match_uln) > 1, false)
)"""


def add_shared(con: duckdb.DuckDBPyConnection, crowd: int) -> None:
    """Fill `candidates` with the pairs that share a number, or name, birth and postcode.

    What more than `crowd` records share is no evidence.
    """
    for rule, columns in RULES.items():
        filled = " and ".join(f"{name} is not null" for name in columns)
        same = " and ".join(f"l.{name} = r.{name}" for name in columns)
        con.execute(
            f"""
            insert into candidates
            with usable as (
                select record_no, {", ".join(columns)} from records where {filled}
                qualify count(*) over (partition by {", ".join(columns)}) between 2 and {crowd:d}
            )
            select l.record_no, r.record_no, '{rule}', 1.0
            from usable as l inner join usable as r on {same} and l.record_no < r.record_no
            """  # noqa: S608 (our own column names)
        )


def crowded(con: duckdb.DuckDBPyConnection, crowd: int) -> int:
    """Records whose number was left aside because too many share it."""
    (found,) = con.execute(
        f"""
        select count(*) from (
            select record_no from records where match_nino is not null
            qualify count(*) over (partition by match_nino) > {crowd:d}
            union
            select record_no from records where match_uln is not null
            qualify count(*) over (partition by match_uln) > {crowd:d}
        )
        """  # noqa: S608
    ).fetchone() or (0,)
    return int(found)


def judge(con: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """Fill `judged` with the pairs of a table, each with what differs between its two records."""
    con.execute(
        f"""
        create or replace table judged as
        select
            pairs.*,
            coalesce({FORENAMES_DIFFER}, false) as forenames_differ,
            coalesce({BIRTHS_DIFFER}, false) as births_differ,
            {NUMBERS_DIFFER} as numbers_differ
        from {pairs} as pairs
        inner join records as l on pairs.record_l = l.record_no
        inner join records as r on pairs.record_r = r.record_no
        """  # noqa: S608
    )
