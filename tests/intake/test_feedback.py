"""The partner's own file with its faults marked, opened again by another library."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName

from orchestration.control.store import Store, Waiver
from orchestration.identity.vault import Vault
from orchestration.intake import door, inbox
from orchestration.intake.contract import Contract
from orchestration.intake.feedback import export
from orchestration.intake.recheck import recheck, take_again
from tests.intake.makers import AS_AT, HEADERS, OTHER, SEX, contract, file, settings

FORMULA = '=HYPERLINK("http://example.org")'


class Desk:
    """A home with one file taken in."""

    def __init__(self, home: Path) -> None:
        self.home = settings(home)
        self.store, self.vault = Store(self.home.control_db), Vault.open(self.home)

    def take_in(self, content: bytes, agreed: Contract, name: str = "r_2026-01.csv") -> None:
        folder = self.home.landing / "sample"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        door.take_in("sample", agreed, self.home, self.store, self.vault, self.vault.keys)

    def export(self, agreed: Contract, folder: Path) -> list[Path]:
        return export(folder, {"sample": agreed}, self.home, self.store, self.vault)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home")
    with desk.store, desk.vault:
        yield desk


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Register"
    sheet.append(["Our register"])
    sheet["A1"].hyperlink = "http://example.org"
    sheet.append(list(HEADERS.values()))
    sheet.conditional_formatting.add("A1:Z9", FormulaRule(["A1=WEBSERVICE(B1)"]))
    book.defined_names["Hidden"] = DefinedName("Hidden", attr_text="WEBSERVICE(Register!$A$1)")
    row = OTHER | {"source": "gpp", "started": "05/31/2025"}
    sheet.append([row[name] for name in HEADERS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_csv_becomes_a_workbook_with_its_faults_marked(desk: Desk, tmp_path: Path) -> None:
    content = file(OTHER, OTHER | {"ref": "A3", "source": "gpp", "started": "31/06/2025", "sex": FORMULA})
    desk.take_in(content, contract())
    [path] = desk.export(contract(), tmp_path / "out")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Findings", "Your file"]
    assert book["Summary"]["B4"].value == "accepted with findings"
    sheet = book["Your file"]
    started = sheet.cell(3, list(HEADERS).index("started") + 1)
    assert "R02" in started.comment.text
    assert started.fill.fgColor.rgb.endswith("F8CBAD")
    source = sheet.cell(3, list(HEADERS).index("source") + 1)
    assert "Perhaps you meant: gp" in source.comment.text
    assert sheet.cell(3, list(HEADERS).index("sex") + 1).data_type == "s"
    again = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
    assert again.sheet_names == book.sheetnames
    assert again.get_sheet_by_name("Your file").to_python()[2][0] == "A3"
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert {f["rule_id"] for f in told["findings"]} == {"R02", "R16"}
    assert path.stat().st_mode & 0o077 == 0


def test_a_workbook_comes_back_as_the_partner_s_own(desk: Desk, tmp_path: Path) -> None:
    agreed = contract(kind="workbook")
    desk.take_in(_workbook(), agreed, "r_2026-01.xlsx")
    [path] = desk.export(agreed, tmp_path / "out")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Findings", "Register"]
    assert not book.defined_names
    assert not list(book["Register"].conditional_formatting)
    assert (book["Register"]["A1"].value, book["Register"]["A1"].hyperlink) == ("Our register", None)
    assert "2025-05-31" in book["Register"].cell(3, list(HEADERS).index("started") + 1).comment.text
    perhaps = [row[7].value for row in book["Findings"].iter_rows(min_row=2)]
    assert "gp" in perhaps


@pytest.mark.parametrize(
    ("renamed", "status"),
    [({"started": "Startd"}, "rejected"), ({"ethnic": "Ethnic grp"}, "accepted with findings")],
)
def test_which_column_was_renamed_is_told(
    desk: Desk, tmp_path: Path, renamed: dict[str, str], status: str
) -> None:
    desk.take_in(file(OTHER, headers=renamed), contract())
    [path] = desk.export(contract(), tmp_path / "out")
    summary = dict(openpyxl.load_workbook(path)["Summary"].iter_rows(max_col=2, values_only=True))
    assert summary["Status"] == status
    [(name, header)] = renamed.items()
    assert summary["Renamed columns"] == f"'{header}' may be what we know as '{HEADERS[name]}'"


def test_a_json_file_is_marked_at_the_record_that_has_the_fault(desk: Desk, tmp_path: Path) -> None:
    people = [OTHER, OTHER | {"ref": "A3", "started": "31/06/2025"}]
    records = [{HEADERS[name]: text for name, text in person.items()} for person in people]
    agreed = contract(kind="json")
    desk.take_in(json.dumps(records).encode(), agreed, "r_2026-01.json")
    [path] = desk.export(agreed, tmp_path / "out")
    sheet = openpyxl.load_workbook(path).worksheets[2]
    marked = {cell.value: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert list(marked) == ["31/06/2025"]
    assert marked["31/06/2025"].startswith("R02 Row 2:")


def test_the_summary_comes_first_and_says_what_to_do_by_when(desk: Desk, tmp_path: Path) -> None:
    agreed = contract(due={"every": "month", "days_after": 40, "first_period": "2025-12-01"})
    desk.take_in(file(OTHER, OTHER | {"ref": "A3", "started": "31/06/2025", "source": "gpp"}), agreed)
    [path] = desk.export(agreed, tmp_path / "out")
    book = openpyxl.load_workbook(path)
    summary = dict(book["Summary"].iter_rows(max_col=2, values_only=True))
    assert summary["What we found"] == "1 x the record is left out\n1 x please check"
    assert book["Summary"].row_dimensions[list(summary).index("What we found") + 1].height == 30
    assert summary["Returns we have not had"] == "2025-12-01 to 2025-12-31 (was due 2026-02-09)"
    assert (summary["Rows read"], summary["Rows used"], summary["Rows with a record left out"]) == (
        "2",
        "1",
        "1",
    )
    rows = list(book["Findings"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[3], row[8]) for row in rows] == [
        ("R02", "the record is left out", 3, "you"),
        ("R16", "please check", 3, "us"),
    ]


def test_a_fault_of_a_column_is_marked_at_its_header(desk: Desk, tmp_path: Path) -> None:
    desk.take_in(file({"notes": "x"}, headers={"notes": "Case notes"}), contract())
    [path] = desk.export(contract(), tmp_path / "out")
    book = openpyxl.load_workbook(path)
    summary = dict(book["Summary"].iter_rows(max_col=2, values_only=True))
    assert (
        summary["What to do"] == "This file was not used. Please correct it and send it again by 2026-03-16."
    )
    header = book["Your file"].cell(1, len(HEADERS) + 1)
    assert header.value == "Case notes"
    assert header.comment.text.startswith("F06 Column 'Case notes' is not needed")


def test_what_changed_in_the_layout_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.take_in(file(OTHER), contract(), "r_2025-12.csv")
    desk.take_in(file(OTHER | {"started": "soon"}, headers={"sex": "Gender"}), contract())
    [path] = desk.export(contract(), tmp_path / "out")
    summary = dict(openpyxl.load_workbook(path)["Summary"].iter_rows(max_col=2, values_only=True))
    assert summary["Layout since last time"] == "new Gender; gone Sex"


def _waiver(who: str) -> Waiver:
    return Waiver("F04", "signed, in the post", who, AS_AT, AS_AT, "sample")


def test_a_rule_of_a_return_needs_two_people_and_then_lets_the_file_in(desk: Desk) -> None:
    agreed = contract(agreement={"reference": "D1", "purpose": "t", "expires": "2026-01-30"})
    contracts = {"sample": agreed}
    desk.take_in(file({}), agreed)
    assert [s.status for s in desk.store.submissions()] == ["rejected"]
    desk.store.add_waiver(_waiver("ann"))
    desk.store.add_waiver(_waiver("ann"))
    assert not any(c.is_change for c in recheck(contracts, desk.home, desk.store, desk.vault))
    desk.store.add_waiver(_waiver("bob"))
    [change] = recheck(contracts, desk.home, desk.store, desk.vault)
    assert (change.before, change.after) == ("rejected", "accepted_with_findings")
    assert [s.status for s in desk.store.submissions()] == ["rejected"]
    take_again([change], contracts, desk.home, desk.store, desk.vault)
    [submission] = desk.store.submissions()
    assert submission.status == "accepted_with_findings"
    [finding] = desk.store.findings_of("sample", submission.submission_id)
    assert finding.severity == "warn"
    assert "Waived until" in finding.message


def test_a_changed_contract_is_shown_before_and_after_and_lets_in_what_it_kept_out(desk: Desk) -> None:
    renamed = file(OTHER | {"source": "gpp"}, headers={"started": "Began"})
    desk.take_in(file(OTHER | {"source": "gpp"}), contract(), "r_2025-12.csv")
    desk.take_in(renamed, contract())
    columns = {name: {"headers": [header]} for name, header in HEADERS.items()}
    columns |= {"started": {"headers": ["Started", "Began"]}, "sex": SEX}
    columns |= {"source": {"headers": ["Source"], "codes": {"gpp": "gp"}}}
    changed = {"sample": contract(table={"columns": columns})}
    first, second = recheck(changed, desk.home, desk.store, desk.vault)
    assert (first.before, first.lost) == ("accepted_with_findings", {"R16": 1})
    assert (second.before, second.after) == ("rejected", "accepted")
    assert (second.rows_before, second.rows_after) == (0, 1)
    assert second.lost == {"F05": 1, "R16": 1}
    [taken] = take_again([first, second], changed, desk.home, desk.store, desk.vault)
    assert (taken.file_name, taken.status) == ("r_2026-01.csv", "accepted")
    assert {s.status for s in desk.store.submissions()} == {"superseded", "accepted"}


def test_a_file_beyond_all_measure_is_not_opened_by_a_recheck(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_BYTES", 10)
    desk.take_in(file(OTHER), contract())
    [change] = recheck({"sample": contract()}, desk.home, desk.store, desk.vault)
    assert (change.before, change.after, change.is_change) == ("rejected", "rejected", False)


def test_a_recheck_without_a_change_of_rules_changes_nothing_and_leaves_nothing(desk: Desk) -> None:
    desk.take_in(file({}, OTHER | {"started": "soon"}), contract())
    before = sorted(desk.home.home.rglob("*"))
    assert not any(c.is_change for c in recheck({"sample": contract()}, desk.home, desk.store, desk.vault))
    assert sorted(desk.home.home.rglob("*")) == before
