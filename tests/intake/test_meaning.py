"""What a partner means by a cell, a word or a row, however it is written; what it cannot mean is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from orchestration.intake.contract import Contract
from orchestration.intake.prepare import Prepared, prepare
from orchestration.intake.reference import load_reference
from tests.intake.makers import (
    AS_AT,
    CLEAN,
    COUNT_COLUMNS,
    COUNT_FEED,
    FEEDS,
    HEADERS,
    NAME,
    OTHER,
    SEX,
    contract,
    counts_contract,
    counts_file,
    file,
    make,
    text,
)

ROWS = [CLEAN, OTHER, OTHER | {"ref": "A3", "sex": "M"}]


def prepared(content: bytes, agreed: Contract | None = None) -> Prepared:
    return prepare(content, Prepared("s", NAME, AS_AT), agreed or contract(), load_reference(), AS_AT)


def told(file: Prepared) -> list[tuple[str, tuple[int, ...], str | None]]:
    return [(fault.rule_id, fault.rows, fault.column) for fault in (*file.faults, *file.records.faults)]


def assert_same_records(one: Prepared, other: Prepared) -> None:
    assert one.records.frames.keys() == other.records.frames.keys()
    for entity, frame in one.records.frames.items():
        expected = other.records.frames[entity]
        pd.testing.assert_frame_equal(frame.drop(columns="source_row"), expected.drop(columns="source_row"))


def _cells(change: Callable[[str], str]) -> bytes:
    rows = [[change(row[name]) for name in HEADERS] for row in ROWS]
    return text([list(HEADERS.values()), *rows])


def _wide(cell: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in cell)


MEANT: dict[str, Callable[[str], str]] = {
    "blanks around": lambda c: f"  {c} ",
    "blanks that do not break": lambda c: f"{c}\u00a0".replace(" ", "\u00a0"),
    "blanks of no width": lambda c: f"\u200b{c}",
    "byte order marks": lambda c: f"\ufeff{c}",
    "soft hyphens": lambda c: f"{c[:2]}\u00ad{c[2:]}",
    "marks of direction": lambda c: f"{c}\u200e",
    "wide digits": _wide,
    "line ends": lambda c: f"{c}\n",
    "Excel's quotation": lambda c: f'="{c}"' if c else "",
    **{f"{word!r} for nothing": lambda c, w=word: c or w for word in ("-", "\u2014", "N/A", "NULL", "None")},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", MEANT)
def test_cells_mean_the_same(name: str) -> None:
    file = prepared(_cells(MEANT[name]))
    assert told(file) == []
    assert_same_records(file, prepared(_cells(str)))


def test_a_control_character_is_not_seen() -> None:
    assert_same_records(prepared(file({"ref": "A\x071"})), prepared(file({"ref": "A1"})))


HEADED: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "underscores": lambda h: h.replace(" ", "_"),
    "marks at the end": lambda h: f"{h} *",
    "full stops": lambda h: f"{h}.",
    "line breaks": lambda h: h.replace(" ", "\n"),
    "blanks of no width": lambda h: f"\u200b{h}",
    "soft hyphens": lambda h: f"{h[:2]}\u00ad{h[2:]}",
}


@pytest.mark.parametrize("name", HEADED)
def test_headers_mean_the_same(name: str) -> None:
    file_ = prepared(file(*ROWS, headers={k: HEADED[name](h) for k, h in HEADERS.items()}))
    assert told(file_) == []
    assert_same_records(file_, prepared(file(*ROWS)))


def test_files_put_one_below_the_other_are_read_as_one() -> None:
    again = prepared(file(*ROWS[:1]) + b"\xef\xbb\xbf" + file(*ROWS[1:]).replace(b"Born", b"BORN") + b"\x1a")
    assert told(again) == [("F09", (3,), None)]
    assert_same_records(again, prepared(file(*ROWS)))


def _visits(*words: str, required: bool = False) -> Prepared:
    """A row a visit; only a first one makes a participant."""
    columns: dict[str, Any] = {name: {"headers": [header]} for name, header in HEADERS.items()}
    columns["visit"] = {"headers": ["Visit"], "codes": {"Again": "again"}, "required": required}
    columns["sex"] = SEX
    feeds = [FEEDS[0] | {"where": {"visit": ["First"]}}, *FEEDS[1:], FEEDS[3] | {"where": {"subsidy": ["Y"]}}]
    rows = [OTHER | {"ref": f"A{n}", "visit": word} for n, word in enumerate(words)]
    return prepared(file(*rows, headers={"visit": "Visit"}), make(columns, feeds))


@pytest.mark.parametrize("word", ["Frist", "2nd"])
def test_a_word_that_decides_and_is_not_known_sets_its_row_aside(word: str) -> None:
    file = _visits("First", word, "again", "", "FIRST")
    assert told(file) == [("R17", (3,), "Visit")]
    assert [(body.records, body.undecided, body.rows_read) for body in file.bodies] == [(4, [3], 5)]
    assert {name: len(frame) for name, frame in file.records.frames.items()} == {
        "participants": 2,
        "referrals": 4,
        "starts": 4,
    }


@pytest.mark.parametrize(
    ("asked", "word", "is_told"), [("0", "1", False), ("1", "no", False), ("1", "yes", True)]
)
def test_the_opposite_of_what_is_asked_for_is_known(asked: str, word: str, is_told: bool) -> None:
    columns = {"ref": {"headers": ["ID"]}, "on": {"headers": ["Start"]}, "again": {"headers": ["Again"]}}
    feed = {
        "entity": "starts",
        "where": {"again": [asked]},
        "columns": {"partner_ref": "ref", "start_date": "on"},
    }
    rows = [["ID", "Start", "Again"], ["A1", "01/05/2025", asked], ["A2", "01/05/2025", word]]
    rules = [rule_id for rule_id, _, _ in told(prepared(text(rows), make(columns, [feed])))]
    assert rules == (["R17"] if is_told else ["F09"])


def test_a_word_that_decides_and_must_be_there_is_missed() -> None:
    assert told(_visits("First", "", required=True)) == [("R31", (3,), "Visit")]


def test_a_row_of_which_nothing_is_counted_is_named() -> None:
    counted = prepared(counts_file(("starts", "all", "all", "4"), ("", "", "", "")), counts_contract())
    assert told(counted) == []
    columns = {"ref": {"headers": ["ID"]}, "on": {"headers": ["Start"]}, "off": {"headers": ["End"]}}
    feed = {"entity": "starts", "when": "on", "columns": {"partner_ref": "ref", "start_date": "on"}}
    rows = [["ID", "Start", "End"], ["A1", "01/05/2025", ""], ["A2", "", "02/05/2025"], ["A3", "No", ""]]
    file = prepared(text(rows), make(columns, [feed]))
    assert told(file) == [("F09", (3, 4), None)]
    assert [(body.records, body.rows_no_data) for body in file.bodies] == [(1, 2)]


@pytest.mark.parametrize(
    ("code", "number", "is_told"),
    [
        ("starts", "53%", True),
        ("starts", "£53", True),
        ("starts", "5.5", True),
        ("starts", "1,053", False),
        ("volunteer_hours", "5.5", False),
        ("volunteer_hours", "5%", True),
        ("into_work_share", "53%", False),
        ("social_value", "£53.10", False),
    ],
)
def test_a_number_is_of_the_unit_that_is_counted(code: str, number: str, is_told: bool) -> None:
    file = prepared(
        counts_file(("starts", "all", "all", "4"), (code, "all", "all", number)), counts_contract()
    )
    assert told(file) == [("R27", (3,), "Number")] * is_told
    assert file.records.frames["counts"]["stops"].tolist() == [False, is_told]


def test_part_of_a_person_is_told_of_a_rounded_number_too() -> None:
    number = {"headers": ["Number"], "rounded_to": 5}
    rounded = make(COUNT_COLUMNS | {"number": number}, [COUNT_FEED], grain="aggregate", scope="period")
    assert told(prepared(counts_file(("starts", "all", "all", "1.234")), rounded)) == [
        ("R27", (2,), "Number")
    ]


def test_a_header_of_two_rows_in_a_delimited_file() -> None:
    columns = {"ref": {"headers": ["Person | ID"]}, "on": {"headers": ["Start | Date"]}}
    columns |= {"off": {"headers": ["End | Date"]}}
    feed = {"entity": "starts", "columns": {"partner_ref": "ref", "start_date": "on", "end_date": "off"}}
    rows = [["Person", "", "Start", "End"], ["ID", "Town", "Date", "Date"], ["A1", "x", "01/05/2025", ""]]
    file = prepared(text(rows), make(columns, [feed], table={"header_rows": 2}))
    assert told(file) == [("F07", (), None)]
    [start] = file.records.frames["starts"].itertuples()
    assert (start.source_row, f"{start.start_date:%Y-%m-%d}") == (3, "2025-05-01")
