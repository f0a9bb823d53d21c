"""The workbook, the descriptor and the change note say what metrics.csv says, and how to read it."""

from __future__ import annotations

import io
import json
import re
import zipfile

import frictionless
import openpyxl

from orchestration.publishing.change_note import change_note
from orchestration.publishing.release import Published, publish
from orchestration.publishing.workbook_style import COVER, HEADER
from tests.conftest import Home
from tests.publishing.test_release import read, release
from tests.publishing.toy import Toy, cell, rate


def test_the_workbook_is_stamped_and_shows_released_values_only(published: Published) -> None:
    folder = published.folder
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames[0] == "Cover"
    cover = [str(c.value) for row in book["Cover"].iter_rows() for c in row if c.value]
    assert any(line.startswith("Synthetic") for line in cover[:3])
    assert any("management information" in line for line in cover)
    assert {"Funnel", "Targets", "Money", "Coverage", "Definitions", "Notes"} <= set(book.sheetnames)
    shown = [c.value for row in book["Funnel"].iter_rows() for c in row]
    assert "[c]" in shown
    assert 7 not in shown
    notes = {str(row[0].value) for row in book["Notes"].iter_rows()}
    assert {"[c]", "[x]", "[e]", "[z]"} <= notes


def test_the_workbook_says_ranges_in_words_and_prints_all_columns_on_a_page(refreshed: Home) -> None:
    book = openpyxl.load_workbook(refreshed.release / "tables.xlsx")
    rows = [[c.value for c in row] for row in book["Funnel"].iter_rows()]
    (region,) = [r for r in rows if r[1] == "South Yorkshire" and r[2] == "April to December 2025"]
    assert re.fullmatch(r"[\d,]+ to [\d,]+", region[3])
    (share,) = [c for c in book["Funnel"][HEADER + 1] if c.value == "Referral to start, snapshot"]
    shares = [row[share.column - 1] for row in book["Funnel"].iter_rows(min_row=HEADER + 2)]
    assert {c.number_format for c in shares if isinstance(c.value, float)} == {"0.0%"}
    assert book["Funnel"].freeze_panes == f"A{HEADER + 2}"
    assert max(len(row[0].value or "") for row in book["Cover"].iter_rows()) < COVER, "no line wraps"
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert {sheet.page_setup.fitToHeight for sheet in book} == {0}


def test_the_workbook_compares_areas_that_report_the_same_days_and_lists_the_schemes(toy: Toy) -> None:
    barnsley = {"programme_id": "P07b", "area_code": "E08000038", "area_vintage": "2025"}
    toy.cells += [cell("M01", 200, unit="referrals", **barnsley), rate("M06", 123, 200, **barnsley)]
    folder = release(toy).folder
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    rows = [[c.value for c in row] for row in book["Comparison"].iter_rows()]
    header = next(i for i, row in enumerate(rows) if row[0] == "Metric")
    found = {row[2]: dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]}
    assert found["Rotherham"]["Value"] == 0.533913
    assert (found["Barnsley"]["Rank"], found["Rotherham"]["Rank"]) == (1, 2)
    assert found["Barnsley"]["Against the average"] == "not distinguishable"
    schemes = [row[0].value for row in book["Schemes"].iter_rows()]
    assert "Routes to Work" in schemes


def test_the_workbook_has_no_clock(published: Published) -> None:
    content = (published.folder / "tables.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"2026-03-02T00:00:00Z" in book.read("docProps/core.xml")


def test_the_descriptor_is_valid_and_describes_every_column(published: Published) -> None:
    folder = published.folder
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["description"].startswith("Synthetic")
    paths = {r["path"]: r for r in package["resources"]}
    assert set(paths) == {
        "changes.csv", "comparison.csv", "coverage.csv", "headline.csv", "metrics.csv", "revisions.csv",
        "steward/people_overlap.csv", "steward/steward_metrics.csv",
    }  # fmt: skip
    described = {f["name"] for r in package["resources"] for f in r["schema"]["fields"] if f["description"]}
    own = {"value", "status", "basis", "change", "release_id", "rank"}
    assert own <= described, "the rest is for dbt to say"
    fields = {f["name"]: f for f in paths["metrics.csv"]["schema"]["fields"]}
    assert fields["value"]["unit"]
    assert "[c]" in fields["status"]["description"]


def test_the_change_note_tells_what_moved(toy: Toy) -> None:
    first = release(toy)
    assert "first release" in (first.folder / "changes.md").read_text("utf-8")
    later = toy.again("run2", "fedcba9876543210")
    later.cells.append(cell("M02", 50, area_code="E08000038", area_vintage="2025"))
    second = publish(later.passed().settings, later.store, later.build_id)
    note = (second.folder / "changes.md").read_text("utf-8")
    changed = read(second.folder / "changes.csv")
    assert "Since release 2026-03-02-01234567: 1 new" in note
    assert "- People referred (M02): 1" in note
    assert len(changed) == 1


def test_a_revision_is_told_with_both_values() -> None:
    header = "metric_id,programme_id,area_code,breakdown_value,cohort_quarter,period_start,period_end,change,"
    row = "M04,P08,all,all,all,2025-04-01,2026-03-31,revised,100,,105,\n"
    content = (header + "value_before,status_before,value_now,status_now\n" + row).encode()
    note = change_note(content, {"M04": "Starts", "P08": "Rotherham"}, "b", "a", "Real.").decode()
    assert "- Starts, Rotherham, April 2025 to March 2026: 100 then, 105 now" in note
