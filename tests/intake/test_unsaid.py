"""A name that slipped into a code, a header, a sheet or the file's name is told to the partner alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from orchestration.intake.unsaid import Unsaid
from tests.intake.makers import Inbox, make, text

COLUMNS: dict[str, Any] = {
    "ref": {"headers": ["ID"], "classification": "identifier"},
    "name": {"headers": ["Name of the person"], "classification": "identifier"},
    "referred": {"headers": ["Referred"]},
    "source": {"headers": ["Source"]},
}
WHO = {"partner_ref": "ref"}
AGREED = make(
    COLUMNS,
    [
        {"entity": "participants", "columns": WHO | {"full_name": "name"}},
        {"entity": "referrals", "columns": WHO | {"referral_date": "referred", "source_code": "source"}},
    ],
)
SLIPPED = [
    ["ID", "Name of the person", "Referred", "Source", "Visits of Wren"],
    ["RMBC-0001", "Jenny Wren", "01/05/2025", "gp", "3"],
    ["RMBC-0002", "June Person", "02/05/2025", "Jenny WREN", ""],
]


def test_what_is_kept_outside_the_vault_names_nobody(inbox: Inbox) -> None:
    inbox.put("June return of Jenny-Wren 2026-01.csv", text(SLIPPED), "2026-02-05")
    verdict = inbox.take_in(AGREED)[0]
    assert verdict.submission.file_name == "June return of [name] 2026-01.csv"
    said = {finding.rule_id: finding.message for finding in verdict.findings}
    assert said["F07"] == "We ignored these columns: Visits of [name]."
    assert "'[name] [name]' in column 'Source' is new" in said["R16"]
    inbox.vault.close()
    inbox.store.close()
    home = inbox.home.home
    outside = [*home.glob("control.db*"), *home.glob("accepted/**/*.parquet")]
    assert len(outside) > 2
    assert not any(b"wren" in path.read_bytes().lower() for path in outside)
    (kept,) = (inbox.home.vault / "feedback").rglob("*.json")
    assert "Jenny WREN" in kept.read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Wren", "[name]"),
        ("wren's file, RMBC-0001.csv", "[name]'s file, [name].csv"),
        ("QQ123456A of Smith", "[name] of [name]"),
        ("Jo, May and the person sample 2026-01", "Jo, May and the person sample 2026-01"),
    ],
)
def test_words_of_the_contract_and_months_are_no_names(said: str, plain: str) -> None:
    people = pd.DataFrame(
        {
            "partner_ref": ["RMBC-0001", "1", None],
            "full_name": ["Jo Wren-Smith", "May Person", "Al Sample"],
            "nino": ["QQ123456A", None, None],
        }
    )
    assert Unsaid(people, AGREED).plain(said) == plain


def test_a_sheet_named_after_a_person() -> None:
    people, records = pd.DataFrame({"surname": ["Wren"]}), pd.DataFrame({"source_sheet": ["Jo Wren", "All"]})
    assert Unsaid(people, AGREED).placed(records)["source_sheet"].tolist() == ["Jo [name]", "All"]
