"""The pages of a release: every figure is one of metrics.csv, nothing hidden shows, nothing is fetched."""

from __future__ import annotations

import json
import re

import pytest

from orchestration.publishing.columns import KEY
from orchestration.publishing.page.figures import Book, number, read_rows, shown, span
from orchestration.publishing.page.headline import counted_otherwise, since_last
from orchestration.publishing.page.quality import about
from orchestration.publishing.page.words import listed, period
from orchestration.publishing.rollback import rollback
from tests.conftest import Home
from tests.publishing.reading_pages import Figure, Page, read_page
from tests.publishing.test_release import release
from tests.publishing.toy import Toy, cell

PAGES = {
    "report.html": ["metrics.csv"],
    "steward/report.html": ["metrics.csv", "steward/steward_metrics.csv"],
}
STATES = {"": "shown", "[c]": "hidden", "[x]": "missing", "[e]": "range"}


@pytest.fixture(scope="module", params=PAGES)
def sample_page(request: pytest.FixtureRequest, refreshed: Home) -> tuple[Page, dict[str, dict[str, str]]]:
    """A page of the sample release, and the figures it may show by cell."""
    rows = [r for name in PAGES[request.param] for r in read_rows((refreshed.release / name).read_bytes())]
    return read_page((refreshed.release / request.param).read_bytes()), {
        "|".join(row[c] for c in KEY): row for row in rows
    }


def test_each_figure_is_what_the_file_says(sample_page: tuple[Page, dict[str, dict[str, str]]]) -> None:
    page, rows = sample_page
    assert len(page.figures) > 50
    for figure in page.figures:
        row = rows[figure.cell]
        assert figure.raw == row[figure.column]
        assert STATES[row["status"]] in figure.kinds
        assert figure.text == _said(row, figure)
        assert ("synthetic" in figure.kinds) == (row["figure_origin"] == "synthetic")


def _said(row: dict[str, str], figure: Figure) -> str:
    if row["status"] == "[c]":
        return "[c] hidden"
    return "[x] not available" if row["status"] == "[x]" else shown(row, figure.column).text


def test_all_states_are_met_in_the_sample(refreshed: Home) -> None:
    page = read_page((refreshed.release / "report.html").read_bytes())
    assert {kind for f in page.figures for kind in f.kinds} >= {
        "shown", "hidden", "missing", "range", "synthetic",
    }  # fmt: skip
    assert number("0.00", "count") == "0"  # of which the sample's pages have none


def test_a_page_fetches_nothing_and_its_links_lead_somewhere(
    sample_page: tuple[Page, dict[str, dict[str, str]]], refreshed: Home
) -> None:
    page, _ = sample_page
    assert page.fetched == []
    assert len(page.anchors) == len(set(page.anchors))
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.anchors
        else:
            assert (refreshed.release / "steward" / link).exists() or (refreshed.release / link).exists()


def test_no_page_names_a_machine_or_a_network(refreshed: Home) -> None:
    for name in PAGES:
        text = (refreshed.release / name).read_text("utf-8")
        assert "://" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
        assert "default-src 'none'" in text
        assert text.index("SYNTHETIC") < text.index("<h1>")


def test_names_and_caveats_are_escaped_and_small_numbers_do_not_show(toy: Toy) -> None:
    toy.cells = [c | {"caveat": "<script>alert(1)</script>"} for c in toy.cells]
    folder = release(toy).folder
    for name in PAGES:
        text = (folder / name).read_text("utf-8")
        assert "<script" not in text
        assert not [f for f in read_page(text.encode()).figures if f.raw == "7" or f.text == "7"]


def test_the_steward_sees_shared_jobs_without_small_numbers(toy: Toy) -> None:
    text = release(toy).folder.joinpath("steward/report.html").read_text("utf-8")
    assert re.search(r"Barnsley Trailblazer</th><td>fewer than 10</td>", text)


def test_the_steward_sees_people_beside_records_and_jobs_that_programmes_share(toy: Toy) -> None:
    folder = release(toy).folder
    said = {
        (r["programme_id"], r["measure"]): r["value"] or r["status"]
        for r in read_rows((folder / "steward" / "people_overlap.csv").read_bytes())
    }
    assert (said["P08", "records"], said["P08", "people"]) == ("570", "565")
    assert (said["P07b", "linked_by_name"], said["P08", "linked_by_name"]) == ("[c]", "15")
    assert said["all", "linked_by_name"] == "[c]", "else the one that is hidden could be taken from it"
    assert (said["P08", "shared_jobs"], said["all", "jobs_counted_in_region"]) == ("[c]", "125")
    text = (folder / "steward" / "report.html").read_text("utf-8")
    assert re.search(r"The region</th>\s*<td[^>]*>1,000</td>\s*<td[^>]*>980</td>", text)


def test_the_page_tells_a_revision_with_both_values_and_its_cause(toy: Toy) -> None:
    release(toy)
    later = toy.again("run2", "fedcba9876543210")
    later.cells = [
        c | {"value": 541, "numerator": 541} if c["metric_id"] == "M02" else c for c in later.cells
    ]
    text = release(later).folder.joinpath("report.html").read_text("utf-8")
    assert "Since release 2026-03-02-01234567: 1 revised." in text
    assert "No file and no definition is new" in text
    assert re.search(r"<td[^>]*>560</td><td[^>]*>540</td>", text)


def test_the_index_shows_every_release_and_follows_a_rollback(toy: Toy) -> None:
    first = release(toy)
    later = toy.again("run2", "fedcba9876543210")
    later.cells = [
        c | {"value": 450, "numerator": 450} if (c["metric_id"], c["programme_id"]) == ("M04", "P07") else c
        for c in later.cells
    ]
    second = release(later)
    index = toy.settings.releases / "index.html"
    page = read_page(index.read_bytes())
    assert [link for link in page.links if link.endswith("report.html")] == [
        f"{second.release_id}/report.html", f"{first.release_id}/report.html",
    ]  # fmt: skip
    moved = [f.text for f in page.figures if f.cell.startswith("M04|P07|")]
    assert moved == ["450", "430"]
    assert "revised" in index.read_text("utf-8")
    rollback(toy.settings, toy.store, first.release_id)
    assert f"The current release is {first.release_id}." in index.read_text("utf-8")


def test_a_torn_index_is_written_anew_by_the_next_refresh(toy: Toy) -> None:
    release(toy)
    index = toy.settings.releases / "index.html"
    whole = index.read_bytes()
    index.write_bytes(b"torn")
    release(toy.again("run2", toy.build_key))
    assert index.read_bytes() == whole


def test_a_rate_of_the_region_that_is_not_shown_says_which_district_sends_ranges(refreshed: Home) -> None:
    text = (refreshed.release / "report.html").read_text("utf-8")
    card = re.search(r'<li><h3><a href="#M06">.*?</li>', text, re.DOTALL)
    assert card
    assert "Sheffield sends counts as ranges" in card[0]
    assert re.search(r"<dt>Barnsley</dt><dd><data[^>]*>\d\d\.\d%</data>", card[0])
    ranged = re.search(r'<li><h3><a href="#M01">.*?</li>', text, re.DOTALL)
    assert ranged
    assert "<dt>Why a range</dt><dd>Sheffield sends counts as ranges.</dd>" in ranged[0]


def test_what_holds_for_all_headline_figures_is_said_once(refreshed: Home) -> None:
    text = (refreshed.release / "report.html").read_text("utf-8")
    headline = text[text.index('id="headline"') : text.index('id="key"')]
    assert headline.count("This is the first release") == 1
    assert headline.count("Provisional") == 1


def test_what_is_carried_forward_or_missing_says_so(toy: Toy) -> None:
    toy.cells.append(cell("M01", 60, programme_id="P07b", area_code="E08000038", area_vintage="2025",
                          unit="referrals", returns_current=1, returns_carried=1))  # fmt: skip
    toy.cells.append(cell("M02", 50, programme_id="P07b", area_code="E08000038", area_vintage="2025",
                          unit="people", returns_current=1, returns_carried=0))  # fmt: skip
    rows = read_rows((release(toy).folder / "metrics.csv").read_bytes())
    notes = {r["metric_id"]: shown(r).notes for r in rows if r["programme_id"] == "P07b"}
    assert notes["M01"] == ("carried forward",)
    assert notes["M02"] == ("returns missing",)
    assert notes["M04"] == ()


def test_a_target_that_counts_something_else_says_so_beside_its_name() -> None:
    said = 'The target counts "Employment", the metric "Evidenced paid job" (C09)'
    assert counted_otherwise({"caveat": f"Snapshot: of now. {said}. An approximate area."}) == f". {said}"
    assert counted_otherwise({"caveat": "Snapshot: of now."}) == ""


def test_a_headline_says_what_the_last_release_said(toy: Toy) -> None:
    rows = read_rows((release(toy).folder / "metrics.csv").read_bytes())
    row = next(r for r in rows if r["metric_id"] == "M02")
    said = [
        since_last(Book(before), row, previous)
        for before, previous in (
            ([], None),
            ([], "a"),
            ([row], "a"),
            ([row | {"value": "540"}], "a"),
            ([row | {"value": "400", "period_end": "2026-01-31"}], "a"),
        )
    ]
    assert said == [
        "This is the first release", "Not published then", "Unchanged", "Revised from 540",
        "400 to 31 January 2026",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("0.533913", "rate", "53.4%"),
        ("0.182500", "share", "18.3%"),
        ("1.000000", "rate", "100.0%"),
        ("1703928.00", "gbp", "£1,703,928"),
        ("38730.50", "gbp", "£38,730.50"),
        ("1.023256", "ratio", "1.02"),
        ("4600", "people", "4,600"),
        ("0", "jobs", "0"),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, said: str) -> None:
    assert number(text, unit) == said


def test_ranges_periods_lists_and_counts_of_faults() -> None:
    assert [span("560", "570"), span("4600", ""), span("", "15"), span("0", "")] == [
        "560 to 570", "4,600 or more", "at most 15", "0 or more",
    ]  # fmt: skip
    assert period("2025-04-01", "2025-12-31") == "April to December 2025"
    assert period("2025-04-01", "2026-02-28") == "April 2025 to February 2026"
    assert period("2026-01-01", "2026-01-31") == "January 2026"
    assert period("2025-04-02", "2025-04-09") == "2 April 2025 to 9 April 2025"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [about(n) for n in (3, 12, 1003)] == ["fewer than 10", "about 10", "about 1,005"]


def test_the_manifest_knows_the_pages(refreshed: Home) -> None:
    manifest = json.loads((refreshed.release / "manifest.json").read_text("utf-8"))
    assert {"report.html", "steward/report.html", "headline.csv", "comparison.csv"} <= manifest[
        "files"
    ].keys()
