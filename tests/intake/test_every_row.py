"""However a file is written, each of its rows is used, set aside or named as no data."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake import books
from tests.intake.makers import CLEAN, HEADERS, OTHER, check, contract, text
from tests.intake.test_meaning import prepared

NASTY = ["", "n/a", "*", "31/06/2025", "soon", "#REF!", "a,b;c", 'say "no"', "it's", "Total", "\u200b", "5%"]
changes = st.dictionaries(st.sampled_from(list(HEADERS)), st.sampled_from(NASTY), max_size=3)
records = st.one_of(
    changes.map(lambda change: CLEAN | {"nino": "", "uln": ""} | change),
    changes.map(lambda change: OTHER | change),
    st.just(dict.fromkeys(HEADERS, "")),
    st.just(dict.fromkeys(HEADERS, "") | {"ref": "Total"}),
    st.just(dict(HEADERS)),
)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "lineterminator": st.sampled_from(["\r\n", "\n"]),
    }
)
last = OTHER | {"ref": "Z9"}  # rows after the last filled one are none


sent = st.builds(
    lambda rows, kind, dialect: (len(rows) + 1, _written([*rows, last], kind, dialect)),
    st.lists(records, min_size=1, max_size=8),
    st.sampled_from(["csv", "xlsx", "xls", "ods", "json"]),
    dialects,
)


def _written(rows: list[dict[str, str]], kind: str, dialect: dict[str, object]) -> bytes:
    rows = [row | {"ref": f"A{n}"} if row["ref"] in ("A1", "A2") else row for n, row in enumerate(rows)]
    table = [list(HEADERS.values()), *([row[name] for name in HEADERS] for row in rows)]
    if kind == "csv":
        return text(table, **dialect)
    if kind == "json":
        return json.dumps([dict(zip(table[0], row, strict=True)) for row in table[1:]]).encode()
    return {"xlsx": books.xlsx, "xls": books.xls, "ods": books.ods}[kind](table)  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(sent)
def test_every_row_read_becomes_records_or_is_named(sent: tuple[int, bytes]) -> None:
    rows, content = sent
    file = prepared(content)
    [body] = file.bodies
    assert body.rows_read == rows
    fed = {int(row) for frame in file.records.frames.values() for row in frame["source_row"]}
    named = [*body.off_width, *body.undecided, *(row for found in body.no_data.values() for row in found)]
    assert not fed.intersection(named)
    assert len(fed) + len(named) + body.blank == rows


@pytest.mark.soak
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent)
def test_every_row_is_accepted_set_aside_or_no_data(sent: tuple[int, bytes]) -> None:
    rows, content = sent
    with TemporaryDirectory() as folder:
        verdict = check(Path(folder), content, contract())
    told = verdict.submission
    assert told.rows_read == rows
    assert told.rows_read == told.rows_accepted + told.rows_set_aside + told.rows_no_data
    used = {int(row) for frame in verdict.frames.values() for row in frame["source_row"]}
    assert told.status == "rejected" or len(used) >= told.rows_accepted
