"""Every kind of workbook gives the same cells, and says what a person would not see in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.intake.dates import read_date
from orchestration.intake.readers import RawTable, UnreadableFileError, read
from orchestration.intake.readers.marks.book import shown_by
from tests.intake import books
from tests.intake.makers import CLEAN, HEADERS, OTHER, check, contract, rules_of

ROWS: list[list[books.Cell]] = [
    ["Quarterly list", None, None],
    [],
    ["ID", "When", "Number"],
    ["A1", date(2025, 2, 1), 45],
    ["\u00e9\u2019 0012", date(2025, 12, 31), 1.25],
    [None, None, None],
    ["#N/A", None, True],
]
TEXTS = [
    ["Quarterly list", "", ""],
    ["", "", ""],
    ["ID", "When", "Number"],
    ["A1", "2025-02-01", "45"],
    ["\u00e9\u2019 0012", "2025-12-31", "1.25"],
    ["", "", ""],
    ["#N/A", "", "true"],
]
KINDS = {"xlsx": books.xlsx, "xls": books.xls, "xlsb": books.xlsb, "ods": books.ods}


def table(content: bytes) -> RawTable:
    [found] = read(content, [])
    return found


def padded(content: bytes) -> list[list[str]]:
    return [[*row, "", "", ""][:3] for row in table(content).rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_cells_at_the_same_places(kind: str) -> None:
    assert padded(KINDS[kind](ROWS)) == TEXTS


def test_a_strict_workbook_is_read_like_any_other() -> None:
    assert padded(books.xlsx(ROWS, strict=True)) == TEXTS


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_days_are_counted_from_the_year_that_the_workbook_says(kind: str) -> None:
    rows: list[list[books.Cell]] = [["ID", "When", "Number"], ["A1", date(2025, 2, 1), 44227]]
    found = table(KINDS[kind](rows, epoch=1904))  # type: ignore[call-arg]
    assert found.rows[1] == ["A1", "2025-02-01", "44227"]
    assert found.epoch == 1904
    assert read_date("44227", "dmy", date(2026, 1, 1), found.epoch).value == date(2025, 2, 1)


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
def test_a_hidden_row_is_read_and_named(kind: str) -> None:
    found = table(KINDS[kind](ROWS, hidden_row=4))  # type: ignore[call-arg]
    assert found.notes == ["hidden rows in 'Data': 5"]
    assert found.rows[4][0] == "\u00e9\u2019 0012"


def test_a_binary_workbook_says_its_epoch() -> None:
    assert table(books.xlsb(ROWS, epoch=1904)).epoch == 1904


@pytest.mark.parametrize("kind", KINDS)
def test_a_percentage_is_read_as_it_is_shown(kind: str) -> None:
    shares = map(books.Percent, (0.07, 0.9, 1.0, 0.125))
    rows: list[list[books.Cell]] = [["ID", "When", "Number"], *(["A1", None, share] for share in shares)]
    assert [row[2] for row in padded(KINDS[kind](rows))[1:]] == ["7%", "90%", "100%", "12.5%"]


def test_a_row_that_another_would_overwrite_is_not_lost() -> None:
    twice = {'r="4"': 'r="3"', '"A4"': '"A3"', '"B4"': '"B3"'}
    content = books.xlsx([["ID", "When"], ["A1", 1], ["A2", 2], ["A3", 3], ["A4", 4]])
    with pytest.raises(UnreadableFileError, match="5 rows with values, and 4 can be read"):
        table(books.rewritten(content, twice))


def test_a_row_of_a_binary_workbook_that_another_would_overwrite_is_not_lost() -> None:
    content = books.xlsb([["ID", "When"], ["A1", 1], ["A2", 2]], numbers=[0, 1, 1])
    with pytest.raises(UnreadableFileError, match="3 rows with values, and 2 can be read"):
        table(content)


def test_short_cells_of_a_binary_workbook_are_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts as one library writes them, without their column; our reader passes over them."""
    whole = books._record

    def short(kind: int, content: bytes = b"") -> bytes:
        return whole(17, content[4:]) if kind == 6 else whole(kind, content)

    monkeypatch.setattr(books, "_record", short)
    with pytest.raises(UnreadableFileError, match="short form"):
        table(books.xlsb([["ID", "When"], ["A1", 1]]))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_empty_texts_are_no_rows_that_were_lost(kind: str) -> None:
    rows: list[list[books.Cell]] = [["ID", "When"], ["A1", 1], ["", None], ["", ""], ["A2", 2]]
    assert padded(KINDS[kind](rows))[-1][:2] == ["A2", "2"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_is_read_as_it_is_shown(kind: str) -> None:
    rows: list[list[books.Cell]] = [["ID", "When", "Number"], [books.Reference(123), None, 7]]
    assert padded(KINDS[kind](rows))[1] == ["AB-00123", "", "7"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_time_is_read_as_it_is_shown(kind: str) -> None:
    rows: list[list[books.Cell]] = [["ID", "When", "Hours"], ["A1", None, time(7, 30)]]
    assert padded(KINDS[kind](rows))[1] == ["A1", "", "07:30:00"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("00000", "00123"),
        (r"\R\M\-0000;@", "RM-0123"),
        ("[$-809]000000", "000123"),
        ('"£"0', None),
        ("0", None),
    ],
)
def test_a_number_format_may_make_a_reference(code: str, shown: str | None) -> None:
    shows = shown_by(code)
    assert (shows(123.0) if shows else None) == shown
    assert shows is None or shows(1.5) is None


def filled(*rows: dict[str, str]) -> list[list[books.Cell]]:
    return [list(HEADERS.values()), *([row[name] for name in HEADERS] for row in rows)]


def test_hidden_rows_columns_and_sheets_are_read_and_told(tmp_path: Path) -> None:
    rows = filled(CLEAN, OTHER)
    content = books.xlsx(rows, hidden_rows=[3], hidden_columns=["F"], hidden_sheets={"Old": rows[:2]})
    verdict = check(tmp_path, content)
    assert verdict.submission.rows_accepted == 2
    assert [f.message for f in verdict.findings] == [
        "The hidden sheet 'Old' has the table too and was not read.",
        "The workbook has hidden columns in 'Data': F. We read what is hidden, too.",
        "The workbook has hidden rows in 'Data': 3. We read what is hidden, too.",
    ]


def test_a_table_on_a_hidden_sheet_alone_is_read(tmp_path: Path) -> None:
    verdict = check(tmp_path, books.xlsx([["See the other sheet"]], hidden_sheets={"Data 2": filled(CLEAN)}))
    assert verdict.submission.rows_accepted == 1
    assert "F09" in rules_of(verdict)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_cell_is_a_fault_at_its_place(kind: str, tmp_path: Path) -> None:
    verdict = check(tmp_path, KINDS[kind](filled(CLEAN, OTHER | {"started": books.NOT_AVAILABLE})))
    [fault] = [f for f in verdict.findings if f.rule_id == "R33"]
    assert (fault.sheet, fault.row, fault.column) == ("Data", 3, "Started")
    assert "#N/A" in fault.message


ZERO = {"</f><v />": "</f><v>0</v>"}  # as some programs write every formula


@pytest.mark.parametrize("kind", [*KINDS, "xlsx of zeros"])
def test_a_formula_that_was_never_calculated_is_a_fault_at_its_place(kind: str, tmp_path: Path) -> None:
    content = KINDS[kind[:4].strip()](filled(CLEAN, OTHER | {"started": "=DATE(2025,5,12)"}))
    verdict = check(tmp_path, books.rewritten(content, ZERO) if "zeros" in kind else content)
    assert [(f.row, f.column) for f in verdict.findings if f.rule_id == "R33"] == [(3, "Started")]


def test_rows_alike_that_are_written_once_each_show_their_error() -> None:
    rows: list[list[books.Cell]] = [["ID", "Number"], ["A1", books.NOT_AVAILABLE]]
    line = (
        '<table:table-row table:visibility="visible"><table:table-cell office:value-type="string"><text:p>A1'
    )
    twice = {line: line.replace("<table:table-row", '<table:table-row table:number-rows-repeated="2"')}
    assert list(table(books.rewritten(books.ods(rows), twice)).rows)[1:] == [["A1", "#N/A"]] * 2


def test_a_zero_is_one_where_other_formulas_have_their_values() -> None:
    rows: list[list[books.Cell]] = [["ID", "Number"], ["A1", "=1-1"], ["A2", "=2-1"]]
    zero = books.rewritten(
        books.xlsx(rows), {"1-1</f><v />": "1-1</f><v>0</v>", "2-1</f><v />": "2-1</f><v>1</v>"}
    )
    assert [row[1] for row in table(zero).rows[1:]] == ["0", "1"]


def test_a_cell_merged_downwards_stands_in_each_row_and_is_told(tmp_path: Path) -> None:
    rows = filled(CLEAN, OTHER, OTHER | {"ref": "A3"})
    rows[2][6] = rows[3][6] = None
    rows[1][6] = "E08000018"
    verdict = check(tmp_path, books.xlsx(rows, merge=["G2:G4"]))
    assert verdict.frames["participants"]["area_code"].tolist() == ["E08000018"] * 3
    assert [f.row for f in verdict.findings if f.rule_id == "F09"] == [2]


def test_a_remark_merged_across_the_table_is_no_record(tmp_path: Path) -> None:
    rows = [*filled(CLEAN), ["Prepared by the team"]]
    verdict = check(tmp_path, books.xlsx(rows, merge=["A3:F3"]))
    assert (verdict.submission.rows_accepted, verdict.submission.rows_no_data) == (1, 1)


def test_tables_below_and_beside_are_named_and_not_swallowed(tmp_path: Path) -> None:
    rows = filled(CLEAN, OTHER)
    beside: list[list[books.Cell]] = [["Month", "Budget"], ["April", 10], ["May", 20], ["June", 30]]
    wide = [(rows[n] if n < 3 else [None] * len(HEADERS)) + [None, *beside[n]] for n in range(4)]
    below: list[list[books.Cell]] = [[], ["Team", "Lead", "Site"], ["North", "x", "1"], ["South", "y", "2"]]
    verdict = check(tmp_path, books.xlsx([*wide, *below]))
    submission = verdict.submission
    assert (submission.rows_accepted, submission.rows_set_aside, submission.rows_no_data) == (2, 0, 5)
    assert sorted(f.message for f in verdict.findings) == [
        "Row 4 looks empty here and filled beside the table. We did not count it.",
        "Rows 6, 7 and 8 look like another table. We did not count them.",
        "We ignored these columns: Month, Budget.",
    ]


def test_what_two_sheets_both_tell_counts_once(tmp_path: Path) -> None:
    rows = filled(CLEAN, OTHER)
    verdict = check(tmp_path, books.xlsx(rows, more_sheets={"Copy": rows}))
    assert len(verdict.frames["starts"]) == 2
    told = [f.message for f in verdict.findings if f.rule_id == "X01"]
    assert "Row 2: the same outcome, referral, start as row 2 of Data." in told


def test_a_sheet_that_lacks_a_column_of_the_table_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    rows = filled(CLEAN)
    begun = [["Begun" if cell == "Started" else cell for cell in row] for row in filled(OTHER)]
    [told] = check(tmp_path, books.xlsx(rows, more_sheets={"February": begun})).findings
    assert told.message == (
        "The sheet 'February' has headers of the table, but was not read: Started is not there."
    )


def _protected_xlsx() -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(books.xlsx(filled(CLEAN)))).encrypt("secret", out)
    return out.getvalue()


def _protected_xls() -> bytes:
    """A record at its beginning says so: FILEPASS (2F), here in place of WRITEACCESS (5C)."""
    return books.xls(filled(CLEAN)).replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00", 1)


def _protected_ods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        container.writestr("content.xml", b"\x8f\x02\x91")
        container.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    return out.getvalue()


@pytest.mark.parametrize("make", [_protected_xlsx, _protected_xls, _protected_ods])
def test_a_protected_workbook_says_that_it_is(tmp_path: Path, make: Callable[[], bytes]) -> None:
    [finding] = check(tmp_path, make()).findings
    assert (finding.rule_id, "password" in finding.message) == ("F01", True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_truncated_workbook_is_refused(kind: str, part: float) -> None:
    content = KINDS[kind](ROWS * 20)
    with pytest.raises(UnreadableFileError):
        read(content[: int(len(content) * part)], [])


def test_macros_and_times_do_not_hinder(tmp_path: Path) -> None:
    rows: list[list[books.Cell]] = [["ID", "At"], ["A1", datetime(2025, 2, 1, 9, 30)]]
    macro = {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": (
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        )
    }
    assert table(books.rewritten(books.xlsx(rows), macro)).rows[1] == ["A1", "2025-02-01T09:30:00"]


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"], exclude_characters="\ufeff"),
    max_size=8,
).filter(lambda text: not text.startswith(("=", "#")) and not text.isspace())
# The writers make formulas and errors of the first; a text of nothing but blanks may come back empty.


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=4), st.sampled_from(list(KINDS))
)
def test_any_table_of_strings_comes_back_the_same_or_is_refused(rows: list[list[str]], kind: str) -> None:
    content = KINDS[kind]([["Name", "Note"], *rows])  # type: ignore[list-item]
    try:
        back = [[*row, "", ""][:2] for row in table(content).rows]
    except UnreadableFileError:
        return
    back += [["", ""]] * (len(rows) + 1 - len(back))
    assert back == [["Name", "Note"], *rows]


@pytest.mark.parametrize(("name", "is_told"), [("Data (2)", True), ("More ", False), ("Notes", False)])
def test_a_table_on_a_sheet_of_another_name_is_told(tmp_path: Path, name: str, is_told: bool) -> None:
    agreed = contract(kind="workbook", table={"sheet": "^(Data|More)$"})
    rows = filled(CLEAN) if name != "Notes" else [["Read me"]]
    findings = check(tmp_path, books.xlsx(filled(OTHER), more_sheets={name: rows}), agreed).findings
    what = f"The sheet '{name}' has headers of the table, but was not read: its name is not the agreed one."
    assert [f.message for f in findings] == [what] * is_told
