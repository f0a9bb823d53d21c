"""The walk through `docs/adding-a-partner.md`, taken by its own words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from orchestration.intake.contract import parse_contract
from orchestration.intake.door import check
from orchestration.settings import PROJECT, Settings

PAGE = (PROJECT / "docs" / "adding-a-partner.md").read_text("utf-8")


def block(language: str) -> str:
    """The page's one block in a language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", as_at=date(2026, 3, 2))


def test_the_example_gets_the_verdict_that_the_page_shows(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "example-2026-02.csv"
    file.write_text(block("csv"), "utf-8")
    contract = parse_contract(yaml.safe_load(block("yaml"))["attributes"])
    verdict = check(file, "example_charity", contract, settings)
    told = [f"{f.rule_id} {f.severity} row {f.row}: {f.message}" for f in verdict.findings]
    assert told == block("text").splitlines()
    assert verdict.submission.status == "accepted_with_findings"


def test_with_the_two_mends_the_file_passes_whole(tmp_path: Path, settings: Settings) -> None:
    mended = block("yaml").replace('{"Yes": evidenced,', '{"Yes": evidenced, Seen: evidenced,')
    assert mended != block("yaml")
    file = tmp_path / "example-2026-02.csv"
    file.write_text(block("csv").replace("31/02/2026", "12/01/2026"), "utf-8")
    contract = parse_contract(yaml.safe_load(mended)["attributes"])
    verdict = check(file, "example_charity", contract, settings)
    assert verdict.submission.status == "accepted"
    assert verdict.submission.rows_accepted == 3
