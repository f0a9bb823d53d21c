"""Readers: bytes → the same cells, or a refusal; never something else in silence."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from orchestration.intake.body import read_body
from orchestration.intake.contract import Table
from orchestration.intake.header import find, wanted
from orchestration.intake.readers import RawTable, UnreadableFileError, read

HEADERS = ["Participant ID", "Start date", "Reason"]
TABLE = Table.model_validate(
    {
        "columns": {
            "ref": {"headers": HEADERS[:1]},
            "start": {"headers": HEADERS[1:2]},
            "why": {"headers": HEADERS[2:]},
        },
        "feeds": [{"entity": "starts", "columns": {"partner_ref": "ref", "start_date": "start"}}],
    }
)


def rows_of(content: bytes) -> list[list[str]]:
    """The data cells as the door would see them."""
    sheet = read(content, [wanted(TABLE)])[0]
    [(header, end)] = find([TABLE], sheet)
    body = read_body(sheet, header, end)
    columns = [body.cells[name].at(np.arange(body.records)) for name in ("ref", "start", "why")]
    return [list(row) for row in zip(*columns, strict=True)]


def written(rows: list[list[str]], encoding: str = "utf-8", **dialect: object) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_encodings_delimiters_and_line_ends(encoding: str, delimiter: str, end: str) -> None:
    rows = [["A1", "01/02/2025", f"café £5{delimiter} “quoted”"], ["A2", "", 'said "no"']]
    content = written([HEADERS, *rows], encoding, delimiter=delimiter, lineterminator=end)
    assert rows_of(content) == rows


cells = st.text(st.sampled_from(list("abcé £,;|\t'\"\\0 12\n")), max_size=6)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quotechar": st.sampled_from(['"', "'"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
    }
)
APOSTROPHES = {"delimiter": ",", "quotechar": "'", "quoting": csv.QUOTE_MINIMAL, "lineterminator": "\n"}
escapes = st.sampled_from([{}, {"doublequote": False, "escapechar": "\\"}])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5), dialects, escapes)
@example([["a", "'x'", "c"]], APOSTROPHES, {})
@example([["", "", '"'], ["", "", '"']], APOSTROPHES, {})
def test_a_table_in_any_dialect_comes_back_the_same_or_is_refused(
    rows: list[list[str]], dialect: dict[str, object], escape: dict[str, object]
) -> None:
    rows = [["P" + row[0], *row[1:]] for row in rows]  # a reference that is neither blank nor a total
    others = [cell.strip() for row in rows for cell in row if dialect["quotechar"] == "'"]
    assume(not any(re.fullmatch('".*"', cell, re.DOTALL) for cell in others))  # who could say what is meant
    try:
        content = written([HEADERS, *rows], **dialect, **escape)
    except csv.Error:
        return
    try:
        back = rows_of(content)
    except UnreadableFileError:
        return
    # A record whose width is off is set aside, so what comes back is a part of what went in, in its order.
    remaining = iter(rows)
    assert all(any(row == other for other in remaining) for row in back), (content, back)


def book(rows: list[list[object]], merge: str = "", hidden: bool = False) -> bytes:
    made = openpyxl.Workbook()
    cover = made.active
    cover.title = "Cover"
    cover["A1"] = "Return for January 2026"
    sheet = made.create_sheet("Data")
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    if hidden:
        made.create_sheet("Lookups").sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_workbook_with_a_preamble_a_subtotal_a_remark_and_blanks() -> None:
    content = book(
        [
            ["Our return"],
            [],
            [*HEADERS],
            ["A1", "01/02/2025", "x"],
            ["Subtotal", None, "1"],
            [],
            ["A2", "", "y"],
            ["Prepared by the team"],
        ],
        hidden=True,
    )
    sheets = read(content, [wanted(TABLE)])
    assert [s.sheet for s in sheets] == ["Cover", "Data", "Lookups"]
    assert [s.is_hidden for s in sheets] == [False, False, True]
    [(header, end)] = find([TABLE], sheets[1])
    body = read_body(sheets[1], header, end)
    assert body.source_row.tolist() == [4, 7]
    assert (body.no_data, body.blank, body.rows_read) == (
        {"like a subtotal": [5], "like a remark": [8]},
        1,
        5,
    )


def test_two_header_rows_with_merged_cells() -> None:
    table = Table.model_validate(
        {
            "header_rows": 2,
            "columns": {
                "ref": {"headers": ["Person | ID"]},
                "on": {"headers": ["Start | Date"]},
                "off": {"headers": ["End | Date"]},
            },
            "feeds": [
                {"entity": "starts", "columns": {"partner_ref": "ref", "start_date": "on", "end_date": "off"}}
            ],
        }
    )
    rows = [["Person", None, "Start", "End"], ["ID", "Name", "Date", "Date"], ["A1", "x", "2025-01-01", ""]]
    sheet = read(book(rows, merge="A1:B1"), [wanted(table)])[1]
    [(header, _)] = find([table], sheet)
    assert header.positions == {"ref": 0, "on": 2, "off": 3}
    assert header.names[1] == "Person | Name"
    assert (header.row, header.body, header.missing) == (0, 2, [])


def test_numbers_and_dates_of_a_workbook_are_text() -> None:
    from datetime import date, datetime

    rows = [
        [*HEADERS],
        ["A1", datetime(2025, 2, 1), 45689],
        ["A2", date(2025, 2, 1), 1.5],
        ["A3", True, None],
    ]
    assert rows_of_sheet(book(rows)) == [
        ["A1", "2025-02-01", "45689"],
        ["A2", "2025-02-01", "1.5"],
        ["A3", "true", ""],
    ]


def rows_of_sheet(content: bytes) -> list[list[str]]:
    return read(content, [wanted(TABLE)])[1].rows[1:]


def test_json_records_are_flattened_and_counted_from_one() -> None:
    document = {
        "period": "2026-01",
        "events": [
            {"ref": "A1", "start": {"date": "2025-01-01", "why": ["a", "b"]}},
            {"ref": "A2", "ok": True, "n": 1.50, "none": None},
        ],
    }
    events, beside = read(json.dumps(document).encode(), [], "events", "|")
    assert list(events.rows) == [
        ["ref", "start.date", "start.why", "ok", "n", "none"],
        ["A1", "2025-01-01", "a|b", "", "", ""],
        ["A2", "", "", "true", "1.5", ""],
    ]
    assert events.first_row == 0
    assert list(beside.rows) == [["period", "2026-01"]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not a workbook",
        b'{"events": [1]}',
        b'{"events": ',
        b"\x00\x01\x02\x03" * 50,
        b'{"other": []}',
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"it|its|mark"):
        read(content, [wanted(TABLE)], "events")


@pytest.mark.parametrize(
    ("rows", "records"),
    [
        ("A1,2025-01-01,x\nA2,2025-01-01\nA3,2025,01,x\nA4,,y,\n,,,\n", [2]),
        ("A1,2025-01-01,x,\nA2,2025-01-01,,\nA3,2025,01,x\nA4,,y,\nA5,2025-01-01,z\n", [2, 3, 5]),
    ],
)
def test_a_record_whose_width_is_off_is_set_aside_and_named(rows: str, records: list[int]) -> None:
    content = f"Participant ID,Start date,Reason\n{rows}".encode()
    sheet = read(content, [wanted(TABLE)])[0]
    [(header, end)] = find([TABLE], sheet)
    body = read_body(sheet, header, end)
    assert body.source_row.tolist() == records
    assert body.off_width == [n for n in range(2, 2 + rows.count("A")) if n not in records]


def test_two_tables_on_one_sheet_end_where_the_next_begins() -> None:
    other = Table.model_validate(
        {
            "name": "other",
            "columns": {"m": {"headers": ["Measure"]}, "n": {"headers": ["Number"]}},
            "feeds": [{"entity": "counts", "columns": {"count_code": "m", "value_lower": "n"}}],
        }
    )
    sheet = RawTable.of(
        "S", [HEADERS, ["A1", "x", "y"], ["", "", ""], ["Measure", "Number", ""], ["starts", "4", ""]]
    )
    found = find([other, TABLE], sheet)
    assert [(h.table.name, h.body, end) for h, end in found] == [("main", 1, 3), ("other", 4, 5)]


whole = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.text(whole, max_size=6), min_size=2, max_size=2), min_size=1, max_size=4),
    st.sampled_from(["records", "lines", "lists", "split", "nested", "at"]),
    st.booleans(),
)
def test_any_table_in_json_comes_back_the_same(rows: list[list[str]], shape: str, ascii_only: bool) -> None:
    records = [dict(zip(("ref", "a.b"), row, strict=True)) for row in rows]
    documents: dict[str, object] = {
        "records": records,
        "lists": {"ref": [row[0] for row in rows], "a.b": [row[1] for row in rows]},
        "split": {"columns": ["ref", "a.b"], "index": list(range(len(rows))), "data": rows},
        "nested": {"made": "2026", "list": [{"ref": r, "a": {"b": b}} for r, b in rows]},
        "at": {"a": {"b": records}},
    }
    written = [documents[shape]] if shape != "lines" else records
    text = "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in written)
    found = read(text.encode(), [], "a.b" if shape == "at" else None)[0]
    assert list(found.rows) == [["ref", "a.b"], *rows]


@pytest.mark.parametrize(
    "content",
    [
        b'[{"a": 1, "a": 2}]',
        b'[{"a.b": 1, "a": {"b": 2}}]',
        b'[{"a": ["x;y", "z"]}]',
        b'[{"a": "x\\ud800"}]',
        b'[{"a\\u0000": "x"}]',
        b'{"a": ["x", "y"], "b": ["z"]}',
        b'{"columns": ["a", "a"], "data": [[1, 2]]}',
        b'{"columns": ["a", "b"], "data": [[1]]}',
        b'[{"a": 1}, 2]',
        b'{"a": 1}\n{"a": ',
    ],
)
def test_json_that_could_lose_a_value_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read(content, [])


def test_a_nul_is_told_and_makes_no_utf_16() -> None:
    with pytest.raises(UnreadableFileError, match="NUL"):
        read(b"ID,When\r\nA1,01/02\0/2026\r\nA2,11/02/2026\r\n", [])
