"""Which records are one person: what they share exactly, what the model finds probable, what contradicts.

The best link comes first. Numbers, births or forenames that differ keep records apart, and so does a
person's word, for ever. A partner's own reference is no match, and neither is a return to the programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity import model, pairs
from orchestration.identity.groups import group
from orchestration.identity.keys import Keys
from orchestration.identity.known_links import EDGE_COLUMNS, REVIEW_COLUMNS, Known, KnownModel
from orchestration.identity.matching import MATCH_COLUMNS
from orchestration.identity.naming import persons_of
from orchestration.identity.plan import Plan

SPLIT = "split"  # a person said that two records are two people
STRENGTH = [SPLIT, pairs.DECIDED, *pairs.RULES, pairs.PROBABLE]
DIFFERENCES = ["forenames_differ", "births_differ", "numbers_differ"]


@dataclass(frozen=True)
class Links:
    """`persons`, `edges` and `reviews` as the vault keeps them, the `model` used, and what to tell of it."""

    persons: pd.DataFrame
    edges: pd.DataFrame
    reviews: pd.DataFrame
    model: KnownModel | None
    note: str


def link(records: pd.DataFrame, known: Known, keys: Keys, plan: Plan, spill: Path | None = None) -> Links:
    """Link every record to the others of its person.

    `records` has record_key and the match columns, in an order that no key decides. `spill` is where the
    linker may write what memory does not hold.
    """
    with _database(records, known.persons, spill) as con:
        pairs.add_shared(con, plan.crowd)
        _add_known(con, known)
        trained, note = _add_probable(con, known, plan)
        _keep_strongest(con)
        slips = _slips(con, plan)
        judged = _judged(con, slips, plan)
        first = _first_of_group(con, judged, slips)
        numbered = con.execute("select record_no, record_key, linked_as from records order by record_no").df()
        note += _crowd_note(pairs.crowded(con, plan.crowd), plan)
    judged["is_joined"] = first[judged["record_l"]] == first[judged["record_r"]]
    persons = persons_of(numbered, known.persons, first, judged[judged["is_joined"]], keys)
    record_key = numbered["record_key"].to_numpy()
    judged = judged.assign(record_l=record_key[judged["record_l"]], record_r=record_key[judged["record_r"]])
    is_open = ~judged["is_joined"] & (judged["why"] != SPLIT) & (judged[DIFFERENCES].sum(axis=1) < 2)
    return Links(
        persons=persons,
        edges=judged.loc[~judged["link_rule"].isin([SPLIT, pairs.DECIDED]), list(EDGE_COLUMNS)],
        reviews=judged.loc[is_open, list(REVIEW_COLUMNS)],
        model=trained,
        note=note.strip(),
    )


@contextmanager
def _database(
    records: pd.DataFrame, persons: pd.DataFrame, spill: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The linker's own database, in memory: `records`, and `candidates` still empty."""
    con = duckdb.connect(config={"temp_directory": str(spill)} if spill else {})
    try:
        con.register("given", records.assign(record_no=np.arange(len(records))))
        con.register("persons", persons)
        columns = ", ".join(f"cast(given.{name} as varchar) as {name}" for name in MATCH_COLUMNS)
        filled = ", ".join(f"coalesce(given.{name}, '')" for name in MATCH_COLUMNS)
        con.execute(
            f"""
            create table records as
            select *, linked_as is distinct from linked_before as is_new
            from (
                select
                    given.record_no, given.record_key, {columns},
                    md5(concat_ws('|', {filled})) as linked_as,
                    cast(persons.linked_as as varchar) as linked_before
                from given left join persons on given.record_key = persons.record_key
            )
            order by record_no
            """  # noqa: S608 (our own column names)
        )
        con.execute(
            "create table candidates"
            " (record_l bigint, record_r bigint, link_rule varchar, probability double)"
        )
        yield con
    finally:
        con.close()


def _add_known(con: duckdb.DuckDBPyConnection, known: Known) -> None:
    """Earlier candidates, and what people decided."""
    decided = known.decisions.assign(link_rule=known.decisions["decision"], probability=1.0)
    decided["link_rule"] = decided["link_rule"].replace("link", pairs.DECIDED)
    for frame in (known.edges, decided):
        con.register("earlier", frame)
        con.execute(
            """
            insert into candidates
            select
                least(l.record_no, r.record_no), greatest(l.record_no, r.record_no),
                earlier.link_rule, earlier.probability
            from earlier
            inner join records as l on earlier.record_l = l.record_key
            inner join records as r on earlier.record_r = r.record_key
            """
        )


def _add_probable(con: duckdb.DuckDBPyConnection, known: Known, plan: Plan) -> tuple[KnownModel | None, str]:
    """Score what is new with the model, trained where there is none yet or the records have outgrown it."""
    taught = con.execute("select count(distinct (record_l, record_r)) from candidates").fetchall()[0][0]
    found = known.model
    only = "Linked by shared numbers, and by name, birth and postcode, only: "
    if taught < plan.enough_pairs:
        return found, f"{only}{taught} pairs of records that agree are too few to train a model."
    if found is None or taught >= found.pairs * plan.retrain_factor:
        try:
            found = KnownModel(model.train(con), "", taught)
        except model.UntrainedError as error:
            found = KnownModel(None, str(error), taught)
        con.execute("update records set is_new = true")
    if found.content is None:
        return found, f"{only}{found.reason}."
    if con.execute("select bool_or(is_new) from records").fetchall()[0][0]:
        model.score(con, found.content, plan.review)
    return found, ""


def _keep_strongest(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `judged` with each candidate pair once, by its strongest rule."""
    con.execute(
        f"""
        create table strongest as select * from candidates
        qualify row_number() over (
            partition by record_l, record_r order by list_position({STRENGTH}, link_rule), probability desc
        ) = 1
        """  # noqa: S608 (our own rules)
    )
    pairs.judge(con, "strongest")


def _slips(con: duckdb.DuckDBPyConnection, plan: Plan) -> set[str]:
    """Differences that are slips of the pen here, so that the model's word stands.

    National numbers tell: a difference is a slip where the numbers of such pairs agree. Where nobody has
    a number, far more pairs must show that one difference alone than lookalikes explain.
    """
    has_numbers, total = con.execute(
        "select count(match_nino) + count(match_uln) > 0, count(*) from records"
    ).fetchall()[0]
    found = set()
    for name, other in (("forenames_differ", "births_differ"), ("births_differ", "forenames_differ")):
        agree, differ, unknown = con.execute(
            f"""
            select
                count(*) filter (link_rule in ('nino', 'uln')),
                count(*) filter (numbers_differ and probability >= {plan.link}),
                count(*) filter (link_rule = '{pairs.PROBABLE}' and probability >= {plan.link})
            from judged where {name} and not {other}
            """  # noqa: S608 (our own column names)
        ).fetchall()[0]
        if has_numbers:
            doubt = (differ + 1) / (agree + differ + 2)
        else:
            doubt = total * plan.lookalikes[name] / (unknown or 1)
        if doubt < 1 - plan.link:
            found.add(name)
    return found


def _judged(con: duckdb.DuckDBPyConnection, slips: set[str], plan: Plan) -> pd.DataFrame:
    """The pairs of `judged` in the order in which they are to be joined.

    `why` is empty where a pair may be joined, else `split`, `score`, or what differs.
    """
    alone = [f"{n} and link_rule <> '{pairs.PROBABLE}'" if n in slips else n for n in DIFFERENCES[:2]]
    return con.execute(
        f"""
        select *,
            case
                when link_rule = '{SPLIT}' then '{SPLIT}'
                when link_rule = '{pairs.DECIDED}' then ''
                when numbers_differ then 'numbers differ'
                when {alone[0]} or (forenames_differ and births_differ) then 'forenames differ'
                when {alone[1]} then 'births differ'
                when probability < {plan.link} then 'score'
                else ''
            end as why
        from judged
        order by list_position({STRENGTH}, link_rule), probability desc, record_l, record_r
        """  # noqa: S608
    ).df()


def _first_of_group(con: duckdb.DuckDBPyConnection, judged: pd.DataFrame, slips: set[str]) -> np.ndarray:
    """For each record, the first record of its group; what differs keeps apart across a group too."""
    count = con.execute("select count(*) from records").fetchall()[0][0]
    links = _pairs(judged[judged["why"] == ""])
    con.register("loose", pd.DataFrame({"record_no": np.arange(count), "first": group(count, links)}))
    con.execute(
        """
        create table within as
        with large as (select * from loose qualify count(*) over (partition by first) > 2)
        select l.record_no as record_l, r.record_no as record_r
        from large as l inner join large as r on l.first = r.first and l.record_no < r.record_no
        """
    )
    pairs.judge(con, "within")
    differs = " or ".join(name for name in DIFFERENCES if name not in slips)
    apart = con.execute(f"select record_l, record_r from judged where {differs}").df()  # noqa: S608
    decided = set(_pairs(judged[judged["link_rule"] == pairs.DECIDED]))
    foes = [pair for pair in _pairs(apart) if pair not in decided]
    return np.array(group(count, links, foes + _pairs(judged[judged["why"] == SPLIT])), dtype=np.int64)


def _pairs(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(frame["record_l"].tolist(), frame["record_r"].tolist(), strict=True))


def _crowd_note(crowded: int, plan: Plan) -> str:
    if not crowded:
        return ""
    return f" {crowded} records share a number with more than {plan.crowd} others, which was left aside."
