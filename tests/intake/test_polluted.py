"""Delimited files polluted as in the public Pollock benchmark: never a wrong value, never a lost row.

Every record comes back as it was written, at its row; or its row is set aside or named as no data; or the
file is refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import pytest

from orchestration.intake.body import Body, read_body
from orchestration.intake.contract import Table
from orchestration.intake.header import find, wanted
from orchestration.intake.readers import UnreadableFileError, read

HEADERS = ["Date", "Ref", "Price", "Product", "What it is", "New"]
NAMES = ["date", "ref", "price", "product", "what", "new"]
TABLE = Table.model_validate(
    {
        "columns": {n: {"headers": [h]} for n, h in zip(NAMES, HEADERS, strict=True)},
        "feeds": [{"entity": "starts", "columns": {"partner_ref": "ref", "start_date": "date"}}],
    }
)
WORDS = [
    ("Boots, waterproof", "Rugged enough for peak performance, yet light"),
    ("Women's jacket", 'The 48" one resists the elements'),
    ("Caf\u00e9 chairs", "Plain"),
    ("Fly rod 8'9\"", "It's amazingly crisp; and light"),
]
ROWS = [
    [f"{n + 1:02}/02/2025", f"MG-{8000 + n}", f"{n * 7}.50", *WORDS[n % 4], str(n % 2)] for n in range(24)
]
AT = (0, 1, 11, 23)


def written(rows: list[list[str]] | None = None, quoting: int = csv.QUOTE_ALL, **dialect: object) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, **dialect).writerows([HEADERS, *(rows or ROWS)])  # type: ignore[arg-type,call-overload]
    return out.getvalue()


def body_of(content: str | bytes) -> Body | None:
    sheet = read(content.encode() if isinstance(content, str) else content, [wanted(TABLE)])[0]
    found = find([TABLE], sheet)
    return read_body(sheet, *found[0]) if found else None


def came_back(body: Body) -> dict[int, list[str]]:
    columns = [body.cells[name].at(np.arange(body.records)) for name in NAMES]
    return {int(n): list(row) for n, row in zip(body.source_row, zip(*columns, strict=True), strict=True)}


def polluted_rows() -> Iterator[tuple[str, str, set[int]]]:
    """Name, file, and which rows (from 0) are damaged; every one stands in one line of the file."""
    for quoting, how in ((csv.QUOTE_ALL, "all"), (csv.QUOTE_MINIMAL, "minimal")):
        lines = written(quoting=quoting).splitlines(keepends=True)
        for n in AT:
            line = lines[n + 1]
            cells = next(csv.reader([line]))
            damaged = {
                "another delimiter": written([cells], quoting, delimiter=";").splitlines(keepends=True)[1],
                "other quotation marks": written([cells], quoting, quotechar="'").splitlines(keepends=True)[
                    1
                ],
                "another escape": written([cells], quoting, doublequote=False, escapechar="\\").splitlines(
                    keepends=True
                )[1],
                "fewer cells": written([cells[:3]], quoting).splitlines(keepends=True)[1],
                "more cells": written([[*cells, "1", "2"]], quoting).splitlines(keepends=True)[1],
                "nothing": "\r\n",
            }
            for column in range(len(HEADERS)):
                more, fewer = [*cells], [*cells]
                more.insert(column, "")
                damaged[f"one delimiter more at {column}"] = written([more], quoting).splitlines(
                    keepends=True
                )[1]
                if column:
                    fewer[column - 1 : column + 1] = ["".join(fewer[column - 1 : column + 1])]
                    damaged[f"one delimiter fewer at {column}"] = written([fewer], quoting).splitlines(
                        keepends=True
                    )[1]
                quoted = line.split(",")
                if column < len(quoted):
                    quoted[column] = '"' + quoted[column]
                    damaged[f"one mark more at {column}"] = ",".join(quoted)
            for name, put in damaged.items():
                yield f"{how}, row {n}: {name}", "".join([*lines[: n + 1], put, *lines[n + 2 :]]), {n}


CASES = {name: (content, damaged) for name, content, damaged in polluted_rows()}


@pytest.mark.parametrize("name", CASES)
def test_a_damaged_row_is_told_and_no_other_touched(name: str) -> None:
    content, damaged = CASES[name]
    if name == "minimal, row 1: another escape":  # its mark stands within the cell
        with pytest.raises(UnreadableFileError, match="two ways"):
            body_of(content)
        return
    body = body_of(content)
    assert body is not None
    back = came_back(body)
    for n, row in back.items():
        assert row == ROWS[n - 2], f"{name}: row {n}"
    lost = {n for n in range(len(ROWS)) if n + 2 not in back}
    named = {n - 2 for n in [*body.off_width, *(n for rows in body.no_data.values() for n in rows)]}
    assert lost - named == ({n for n in damaged if "nothing" in name} & lost)
    assert body.records + len(body.off_width) + body.rows_no_data == body.rows_read
    assert lost <= damaged


PREAMBLE = "Quarterly list\r\n"
SAME = {
    "as it is": written(),
    "minimal": written(quoting=csv.QUOTE_MINIMAL),
    "line feeds": written(lineterminator="\n"),
    "carriage returns": written(lineterminator="\r"),
    "line ends mixed": written().replace("\r\n", "\n", 3),
    "apostrophes": written(quotechar="'"),
    "backslashes": written(doublequote=False, escapechar="\\"),
    "no last line end": written().rstrip("\r\n"),
    "delimiters at the end": written().replace("\r\n", ",\r\n"),
    "blanks after delimiters": written().replace('","', '", "'),
    "a cover": PREAMBLE * 3 + "\r\n" + written(),
    "a cover with delimiters": "Quarterly list,,,,,\r\n" * 3 + ",,,,,\r\n" + written(),
    "a cover with a quotation mark": 'The 5" list\r\n"Draft\r\n' + written(),
    "remarks below": written() + "\r\nSource: our system\r\nPrinted at noon\r\n",
    "remarks below with delimiters": written() + "Printed at noon,,,,,\r\n",
    "the header twice": written().replace("\r\n", "\r\n" + written([]).splitlines()[0] + "\r\n", 1),
    "a table below": written() + "\r\nMonth,Budget,Left,Spent,On,By\r\nApril,1,2,3,x,y\r\nMay,1,2,3,x,y\r\n",
    "a narrow table below": written() + "\r\nMonth,Budget\r\nApril,1\r\nMay,1\r\n",
    "a wide table below": written() + "\r\nA,B,C,D,E,F,G,H\r\n1,2,3,4,5,6,7,8\r\n1,2,3,4,5,6,7,8\r\n",
    "a table beside": "\r\n".join(line + ',"x","1"' for line in written().splitlines()),
    **{
        f"delimiter {d!r}": written(delimiter=d)
        for d in (";", "|", "\t", " ", ":", "^", "~", "\x1f", "\u00a7")
    },
}


@pytest.mark.parametrize("name", SAME)
def test_whatever_is_around_the_records_they_come_back(name: str) -> None:
    body = body_of(SAME[name])
    assert body is not None
    assert list(came_back(body).values()) == ROWS
    assert body.off_width == []


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    body = body_of(written().encode(encoding))
    assert body is not None
    assert list(came_back(body).values()) == ROWS


def with_stray_marks(lines: list[str]) -> tuple[str, int, int]:
    """A file, and in which lines a mark is opened, and closed some rows below."""
    plain = [n for n, line in enumerate(lines) if "Plain" in line]
    first, last = plain[1], plain[3]
    lines[first] = lines[first].replace("Caf", '"Caf')
    lines[last] = lines[last].replace("Plain", 'Plain"')
    return "".join(lines), first + 1, last + 1


def test_records_between_two_stray_marks_are_not_swallowed() -> None:
    lines = written(quoting=csv.QUOTE_MINIMAL).splitlines(keepends=True)
    content, first, last = with_stray_marks([line for line in lines if '"' not in line])
    with pytest.raises(UnreadableFileError, match=f"row {first}.*row {last}"):
        body_of(content)
    content, first, last = with_stray_marks(lines)
    body = body_of(content)  # the marks of the rows between do not let these two be a pair
    assert body is not None
    assert body.off_width == [first, last]
    assert list(came_back(body).values()) == [r for n, r in enumerate(ROWS, 2) if n not in (first, last)]


@pytest.mark.parametrize("damaged", ['MG-8002"', 'MG-8002" ', 'MG-"8002"x"'])
def test_a_mark_that_ends_a_cell_and_begins_none_sets_its_row_aside(damaged: str) -> None:
    lines = written(quoting=csv.QUOTE_MINIMAL).splitlines(keepends=True)
    lines[3] = lines[3].replace("MG-8002", damaged)
    body = body_of("".join(lines))
    assert body is not None
    assert body.off_width == [4]
    assert list(came_back(body).values()) == [r for n, r in enumerate(ROWS, 2) if n != 4]


def test_a_mark_that_ends_a_cell_and_begins_none_is_found_beside_empty_cells() -> None:
    lines = written([[*row[:5], ""] for row in ROWS]).splitlines(keepends=True)
    lines[3] = lines[3].replace('"MG-8002"', 'MG-8002"')
    body = body_of("".join(lines))
    assert body is not None
    assert body.off_width == [4]


def test_blanks_before_the_first_mark_of_a_line_are_no_part_of_the_cell() -> None:
    lines = written().splitlines(keepends=True)
    with pytest.raises(UnreadableFileError, match="two ways"):
        body_of("".join([*lines[:3], f"  {lines[3]}", *lines[4:]]))
    body = body_of("".join(f"  {line}" for line in lines))
    assert body is not None
    assert list(came_back(body).values()) == ROWS


def test_a_remark_that_begins_with_a_blank_and_a_mark_makes_nothing_doubtful() -> None:
    body = body_of("".join([*written().splitlines(keepends=True), ' "End of return"\r\n']))
    assert body is not None
    assert list(came_back(body).values()) == ROWS


def test_a_damaged_row_does_not_harm_cells_of_several_lines() -> None:
    rows = [[*row[:4], row[4] + "\nas well, or not", row[5]] for row in ROWS]
    lines = written(rows).split("\r\n")
    lines[5] = lines[5].replace('"', '"x"', 1)
    body = body_of("\r\n".join(lines))
    assert body is not None
    back = came_back(body)
    assert [row for row in rows if row not in back.values()] == [rows[4]]


def test_a_header_that_is_not_there_is_not_guessed() -> None:
    assert body_of("".join(written().splitlines(keepends=True)[1:])) is None
