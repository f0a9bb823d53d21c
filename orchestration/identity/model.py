"""The unsupervised model of how records of one person differ: Splink on DuckDB, in memory.

Nothing is assumed: u comes from random pairs, m from expectation maximisation, and a level that the
records have not taught is taken out. A model that lacks names or births then is refused.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.identity.pairs import PROBABLE

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.comparison_creator import ComparisonCreator

SEED = 1
RANDOM_PAIRS = 400_000  # for u; more cost seconds and change nothing in the third decimal
ENOUGH_FILLED = 0.1  # share of records that must fill a column before it is compared
CERTAIN_RECALL = 0.5  # share of same-person pairs that agree in number, or in all of name and birth
INDISPENSABLE = {"name", "born"}
FILLED = ("match_nino", "match_postcode", "match_address")

# What two records must share to be compared at all, as SQL over both; one of the two must be new.
BLOCKS = (
    "l.match_born = r.match_born and l.match_forename[1] = r.match_forename[1]",
    "l.match_born = r.match_born and l.match_surname[1] = r.match_surname[1]",
    "l.match_born = r.match_born and l.match_postcode = r.match_postcode",
    "l.match_born = r.match_born and l.match_address[:6] = r.match_address[:6]",
    "l.match_born = r.match_born and l.match_forename = r.match_surname",
    "l.match_born = r.match_born and l.match_surname = r.match_forename",
    "l.match_forename = r.match_forename and l.match_surname = r.match_surname",
    "l.match_surname = r.match_surname and l.match_postcode = r.match_postcode",
    "l.match_forename = r.match_forename and l.match_postcode = r.match_postcode",
    "l.match_address[:8] = r.match_address[:8] and l.match_postcode = r.match_postcode",
    "l.match_address[-8:] = r.match_address[-8:] and l.match_postcode = r.match_postcode",
    "l.match_address = r.match_address",
)


class UntrainedError(Exception):
    """The records do not teach the model enough; the message says what is missing."""


def train(con: duckdb.DuckDBPyConnection) -> str:
    """Return the model learnt from the table `records`, as JSON. Raises `UntrainedError`."""
    con.execute("set threads = 1")  # so that the same records teach the same model
    try:
        linker = _linker(con, {"comparisons": _comparisons(con)})
        _learn(linker, con)
        return json.dumps(_taught(linker.misc.save_model_to_json()))
    finally:
        con.execute("reset threads")


def score(con: duckdb.DuckDBPyConnection, model: str, threshold: float) -> None:
    """Add to `candidates` the pairs with a new record that are one person with at least this probability."""
    rules = [{"blocking_rule": f"{block} and (l.is_new or r.is_new)"} for block in BLOCKS]
    linker = _linker(con, json.loads(model) | {"blocking_rules_to_generate_predictions": rules})
    found = linker.inference.predict(threshold_match_probability=threshold)
    con.execute(
        f"""
        insert into candidates
        select least(record_no_l, record_no_r), greatest(record_no_l, record_no_r), '{PROBABLE}',
            match_probability
        from {found.physical_name}
        """  # noqa: S608 (Splink's own table name)
    )


def _linker(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Linker:
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    stated = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_no",
        "linker_uid": "pathways",  # a random one would make equal models differ
        "retain_matching_columns": False,
    }
    api = DuckDBAPI(con)
    return Linker(
        api.register("records"),
        SettingsCreator.from_path_or_dict(settings | stated),
        log_level=None,
        validate_settings=False,
    )


def _learn(linker: Linker, con: duckdb.DuckDBPyConnection) -> None:
    from splink import block_on

    same: list[Any] = [block_on("match_forename", "match_surname", "match_born")]
    blocks = [block_on("match_born"), block_on("match_forename", "match_surname")]
    if "match_nino" in _filled(con):
        same.append(block_on("match_nino"))
        blocks.append(block_on("match_nino"))
    try:
        linker.training.estimate_probability_two_random_records_match(same, recall=CERTAIN_RECALL)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
        )
        for block in blocks:
            linker.training.estimate_parameters_using_expectation_maximisation(block)
    except Exception as error:  # Splink raises many kinds; their messages may quote a record
        raise UntrainedError(f"the model could not be trained ({type(error).__name__})") from None


def _comparisons(con: duckdb.DuckDBPyConnection) -> list[ComparisonCreator]:
    """What is compared of two records: names, births, and where they are filled postcodes and addresses."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    def compared(name: str, *levels: Any) -> ComparisonCreator:
        return cl.CustomComparison(output_column_name=name, comparison_levels=[*levels, cll.ElseLevel()])

    first, last, born, postcode, address = (
        f"match_{name}" for name in ("forename", "surname", "born", "postcode", "address")
    )
    both = compared(
        "name",
        cll.And(cll.NullLevel(first), cll.NullLevel(last)),
        cll.And(cll.ExactMatchLevel(first), cll.ExactMatchLevel(last)),
        cll.CustomLevel(
            f"jaro_winkler_similarity({first}_l, {last}_r) >= 0.88"
            f" and jaro_winkler_similarity({last}_l, {first}_r) >= 0.88",
            label_for_charts="Forename and surname exchanged",
        ),
        cll.And(cll.JaroWinklerLevel(first, 0.88), cll.JaroWinklerLevel(last, 0.88)),
        cll.JaroWinklerLevel(last, 0.88),
        cll.JaroWinklerLevel(first, 0.88),
    )
    slips: list[Any] = [cll.DamerauLevenshteinLevel(born, distance) for distance in (1, 2)]
    places: dict[str, list[Any]] = {
        postcode: [cll.DamerauLevenshteinLevel(postcode, 1)],
        address: [cll.JaroWinklerLevel(address, 0.92), cll.JaroWinklerLevel(address, 0.8)],
    }
    others = {born: slips} | {name: near for name, near in places.items() if name in _filled(con)}
    return [both] + [
        compared(name.removeprefix("match_"), cll.NullLevel(name), cll.ExactMatchLevel(name), *near)
        for name, near in others.items()
    ]


def _filled(con: duckdb.DuckDBPyConnection) -> set[str]:
    shares = ", ".join(f"count({name}) / count(*)" for name in FILLED)
    found = con.execute(f"select {shares} from records").fetchone() or ()  # noqa: S608 (our own columns)
    return {name for name, share in zip(FILLED, found, strict=True) if share >= ENOUGH_FILLED}


def _taught(model: dict[str, Any]) -> dict[str, Any]:
    """The model without the levels that the records have not taught; their pairs fall to the last level."""
    if not 0 < model["probability_two_random_records_match"] < 1:
        raise UntrainedError("no two records agree in all of name and birth")
    comparisons = []
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if _is_taught(level)]
        # a comparison tells nothing unless it keeps agreement and, last, the lack of it
        if sum("m_probability" in level for level in levels) > 1 and levels[-1]["sql_condition"] == "ELSE":
            comparisons.append(comparison | {"comparison_levels": levels})
    known = {comparison["output_column_name"] for comparison in comparisons}
    if missing := INDISPENSABLE - known:
        raise UntrainedError(f"the records do not teach how {' and '.join(sorted(missing))} differ")
    return model | {"comparisons": comparisons}


def _is_taught(level: dict[str, Any]) -> bool:
    return level.get("is_null_level", False) or {"m_probability", "u_probability"} <= level.keys()
