"""A steward opens the pages of a release: from a folder, at a desk, on a phone, with keys, on paper."""

from __future__ import annotations

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


def test_paper_has_every_table_and_no_navigation(report: Page, tmp_path: Path) -> None:
    report.emulate_media(media="print")
    assert not report.locator("nav").is_visible()
    closed = report.locator("details table")
    assert closed.count() > 10
    assert closed.first.is_visible()
    file = tmp_path / "report.pdf"
    report.pdf(path=file)
    assert file.stat().st_size > 50_000


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
