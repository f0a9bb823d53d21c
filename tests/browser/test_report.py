"""A steward opens the pages of a release: from a folder, at a desk, on a phone, with keys, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.publishing.columns import KEY
from orchestration.publishing.page.figures import read_rows
from tests.browser.test_dagster_ui import CHROMIUM, QUIET
from tests.conftest import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PAGES = ("report.html", "steward/report.html", "../index.html")
NARROW, PHONE, DESK = 320, 390, 1280
LOOK = """e => {
    const style = getComputedStyle(e);
    return [style.backgroundColor, style.borderTopStyle, style.borderBottomStyle];
}"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def opened(browser: Browser, file: Path, width: int = DESK) -> Page:
    """The page of a file, as a double click in a folder opens it."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.resolve().as_uri())
    return page


@pytest.fixture
def report(browser: Browser, refreshed: Home) -> Iterator[Page]:
    page = opened(browser, refreshed.release / "report.html")
    yield page
    page.close()


def test_the_stamp_is_first_and_headings_make_a_tree(report: Page) -> None:
    first = report.locator("body > *:not(.skip)").first
    assert first.inner_text().startswith("SYNTHETIC")
    assert report.locator("h1").count() == 1
    levels = report.eval_on_selector_all("h1, h2, h3", "found => found.map(h => Number(h.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    titles = report.locator("h2").all_inner_texts()
    assert {"Trends", "Districts compared", "Money and value", "Downloads"} <= set(titles)


def test_figures_on_the_screen_are_those_of_the_file(report: Page, refreshed: Home) -> None:
    rows = read_rows((refreshed.release / "metrics.csv").read_bytes())
    known = {"|".join(row[c] for c in KEY): row for row in rows}
    figures = report.eval_on_selector_all(
        "data[data-cell]",
        "all => all.map(d => [d.dataset.cell, d.dataset.column, d.value, d.textContent.trim()])",
    )
    assert len(figures) > 300
    for cell, column, value, text in figures:
        assert value == known[cell][column]
        if known[cell]["status"] in ("[c]", "[x]"):
            assert text.startswith(known[cell]["status"])
            assert value == ""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [NARROW, DESK])
def test_axe_finds_no_fault(browser: Browser, refreshed: Home, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, refreshed.release / name, width)
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    found = Axe().run(page, options=WCAG | {"resultTypes": ["violations"]}).response["violations"]
    page.close()
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [NARROW, PHONE, DESK])
def test_nothing_scrolls_sideways_but_wide_tables(
    browser: Browser, refreshed: Home, name: str, width: int
) -> None:
    page = opened(browser, refreshed.release / name, width)
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_keys_alone_reach_everything_and_show_where_they_are(report: Page) -> None:
    report.keyboard.press("Tab")
    assert report.evaluate("document.activeElement.textContent") == "Skip to the figures"
    assert report.locator(".skip").is_visible()
    report.keyboard.press("Enter")
    assert report.evaluate("document.activeElement.id") == "main"
    report.keyboard.press("Tab")
    link = report.evaluate(
        "[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert link == ["A", "solid"]
    summary = report.locator("summary").first
    summary.focus()
    report.keyboard.press("Enter")
    assert report.locator("details").first.get_attribute("open") is not None
    stuck = report.eval_on_selector_all("[tabindex]", "all => all.filter(e => e.tabIndex > 0).length")
    assert stuck == 0


def test_a_definition_is_one_click_from_its_figure(report: Page) -> None:
    report.locator(".cards a").first.click()
    assert report.url.endswith("#M01")
    assert report.locator("#M01").is_visible()
    assert "referrals" in report.locator("#M01").inner_text().lower()


def test_hidden_missing_zero_and_ranges_look_different(report: Page) -> None:
    kinds = ("shown", "hidden", "missing", "range")
    looks = {kind: report.locator(f"table .f.{kind}").first.evaluate(LOOK) for kind in kinds}
    assert len({tuple(look) for look in looks.values()}) == len(looks)
    assert (report.locator("table .f.hidden").first.text_content() or "").startswith("[c]")


def test_paper_has_the_figures_their_charts_and_definitions_on_few_pages(
    report: Page, tmp_path: Path
) -> None:
    report.emulate_media(media="print")
    for gone in ("nav", "details", "#downloads"):
        assert not report.locator(gone).first.is_visible()
    for there in (".stamp", ".paper", ".cards", "table", "svg.chart", "#definitions"):
        assert report.locator(there).first.is_visible()
    file = tmp_path / "report.pdf"
    report.pdf(path=file, prefer_css_page_size=True)
    pages = [int(count) for count in re.findall(rb"/Type\s*/Pages.*?/Count\s+(\d+)", file.read_bytes(), re.S)]
    assert 6 <= max(pages) <= 14


def test_text_may_be_spaced_out_without_loss(browser: Browser, refreshed: Home) -> None:
    page = opened(browser, refreshed.release / "report.html", NARROW)
    page.add_style_tag(content=SPACED)
    assert page.evaluate("getComputedStyle(document.body).letterSpacing") != "normal"
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    cut = page.eval_on_selector_all(
        "main :not(.vh, svg, svg *)",
        "all => all.filter(e => getComputedStyle(e).overflow == 'hidden').length",
    )
    assert cut == 0
    page.close()


def test_text_of_charts_is_large_and_dark_enough(report: Page) -> None:
    looks = report.eval_on_selector_all(
        "svg.chart text", "all => all.map(t => [getComputedStyle(t).fill, getComputedStyle(t).fontSize])"
    )
    assert {fill for fill, _ in looks if fill != "none"} <= {"rgb(11, 12, 12)", "rgb(80, 90, 95)"}
    assert min(float(size.removesuffix("px")) for _, size in looks) >= 12


def test_tables_have_captions_and_headers_and_pictures_have_words(report: Page) -> None:
    tables = report.locator("table")
    assert report.locator("table > caption").count() == tables.count()
    assert report.locator("th:not([scope])").count() == 0
    charts = report.locator("figure:has(svg.chart)")
    assert report.locator("figure:has(svg.chart) details p").count() == charts.count()
    assert report.locator("svg.chart:not([aria-hidden])").count() == 0


def test_the_page_needs_neither_script_nor_network(browser: Browser, refreshed: Home) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((refreshed.release / "report.html").resolve().as_uri())
    assert page.locator("svg.chart").count() > 10
    assert len(asked) == 1
    context.close()


def test_the_index_leads_to_the_release(browser: Browser, refreshed: Home) -> None:
    page = opened(browser, refreshed.path / "releases" / "index.html")
    page.get_by_role("link", name=refreshed.current).first.click()
    assert page.url.endswith(f"{refreshed.current}/report.html")
    assert page.locator("h1").inner_text() == "Regional employment support"
    page.close()
