"""Small returns for tests: a contract, a clean file, and the verdict on whatever a test changes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.control.store import Store
from orchestration.identity.vault import Vault
from orchestration.intake import door
from orchestration.intake.contract import Contract, parse_contract
from orchestration.intake.verdict import Verdict
from orchestration.settings import Settings

AS_AT = date(2026, 3, 2)
NAME = "sample_2026-01.csv"
HEADERS = {
    "ref": "ID",
    "born": "Born",
    "nino": "NI number",
    "uln": "ULN",
    "postcode": "Postcode",
    "sex": "Sex",
    "ethnic": "Ethnic group",
    "area": "LA",
    "referred": "Referred",
    "source": "Source",
    "started": "Started",
    "ended": "Ended",
    "job": "Job",
    "job_start": "Job start",
    "evidence": "Evidence",
    "evidence_type": "Evidence type",
    "evidence_date": "Evidence date",
    "hours": "Hours",
    "subsidy": "Subsidy",
    "weeks": "Weeks",
    "check_date": "Checked",
    "result": "Result",
}
CLEAN = {
    "ref": "A1",
    "born": "01/02/1990",
    "nino": "QQ123456A",
    "uln": "9276308686",
    "postcode": "S60 1AA",
    "sex": "F",
    "ethnic": "white_irish",
    "area": "E08000018",
    "referred": "01/05/2025",
    "source": "gp",
    "started": "12/05/2025",
    "ended": "",
    "job": "EMP_START",
    "job_start": "01/07/2025",
    "evidence": "evidenced",
    "evidence_type": "payslip",
    "evidence_date": "31/07/2025",
    "hours": "30",
    "subsidy": "N",
    "weeks": "13",
    "check_date": "01/11/2025",
    "result": "sustained",
}
NO_JOB = dict.fromkeys(
    ("job", "job_start", "evidence", "evidence_type", "evidence_date", "hours", "weeks", "check_date"), ""
)
OTHER = CLEAN | NO_JOB | {"ref": "A2", "nino": "", "uln": "", "result": ""}


WHO = {"partner_ref": "ref"}
FEEDS: list[dict[str, Any]] = [
    {
        "entity": "participants",
        "columns": WHO
        | {"date_of_birth": "born", "nino": "nino", "uln": "uln", "postcode": "postcode"}
        | {"sex_code": "sex", "ethnic_group_code": "ethnic", "area_code": "area"},
    },
    {"entity": "referrals", "columns": WHO | {"referral_date": "referred", "source_code": "source"}},
    {"entity": "starts", "when": "started", "columns": WHO | {"start_date": "started", "end_date": "ended"}},
    {
        "entity": "outcomes",
        "when": "job_start",
        "columns": WHO
        | {"outcome_code": "job", "outcome_date": "job_start", "evidence_status_code": "evidence"}
        | {"evidence_type_code": "evidence_type", "evidence_date": "evidence_date"}
        | {"hours_per_week": "hours", "is_wage_subsidy": "subsidy"},
    },
    {
        "entity": "sustainments",
        "when": "weeks",
        "columns": WHO
        | {"job_start_date": "job_start", "check_weeks": "weeks", "check_date": "check_date"}
        | {"sustainment_status_code": "result"},
    },
]
SEX = {"headers": ["Sex", "Gender"], "classification": "quasi", "codes": {"F": "female", "M": "male"}}


def contract(**changes: Any) -> Contract:
    columns: dict[str, Any] = {name: {"headers": [header]} for name, header in HEADERS.items()}
    columns |= {"sex": SEX, "born": {"headers": ["Born"], "classification": "identifier"}}
    return make(columns, FEEDS, **changes)


def make(columns: dict[str, Any], feeds: list[dict[str, Any]], **changes: Any) -> Contract:
    table = {"columns": columns, "feeds": feeds} | changes.pop("table", {})
    stated: dict[str, Any] = {
        "partner": "sample",
        "partner_name": "Sample",
        "partner_type": "council",
        "description": "Sample",
        "owner": "team",
        "programmes": ["P08"],
        "grain": "record",
        "scope": "register",
        "agreement": {"reference": "D1", "purpose": "test", "expires": "2027-03-31"},
        "due": {"every": "month", "days_after": 40, "first_period": "2025-04-01"},
        "period": {"pattern": r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?\."},
        "kind": "delimited",
        "tables": [table],
    }
    return parse_contract(stated | changes)


COUNT_COLUMNS = {
    "code": {"headers": ["Measure"]},
    "type": {"headers": ["By"]},
    "part": {"headers": ["Group"]},
    "number": {"headers": ["Number"]},
}
COUNT_FEED = {
    "entity": "counts",
    "columns": {
        "count_code": "code",
        "breakdown_type": "type",
        "breakdown_value": "part",
        "value_lower": "number",
        "period_type_code": "=cumulative",
    },
}


COUNTS = {
    "entity": "counts",
    "columns": {
        "count_code": "measure",
        "breakdown_type": "by",
        "breakdown_value": "group",
        "area_code": "area",
        "period_start": "from",
        "period_end": "to",
        "value_lower": "number",
    },
}
NUMBER = {"measure": "starts", "by": "all", "group": "all", "area": "E08000018"}
NUMBER |= {"from": "01/01/2026", "to": "31/01/2026", "number": "40"}
"""A row of numbers, each column called as the feed calls it."""


def counts_contract(**changes: Any) -> Contract:
    return make(COUNT_COLUMNS, [COUNT_FEED], **{"grain": "aggregate", "scope": "period"} | changes)


def counts_file(*rows: tuple[str, str, str, str]) -> bytes:
    return text([["Measure", "By", "Group", "Number"], *map(list, rows)])


def file(*rows: dict[str, str], headers: dict[str, str] | None = None) -> bytes:
    """A delimited return; a row is the clean one with what a test changes."""
    names = HEADERS | (headers or {})
    return text([list(names.values()), *([(CLEAN | row).get(name, "") for name in names] for row in rows)])


def text(rows: list[list[str]], **dialect: Any) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue().encode()


def fed_by(headers: dict[str, str], entity: str, *rows: list[str], **said: str) -> Sent:
    """A table of one entity: standard column → header, what the contract says outright, and rows."""
    names = {f"c{n}": {"headers": [header]} for n, header in enumerate(headers.values())}
    feed = {"entity": entity, "columns": dict(zip(headers, names, strict=True)) | said}
    return Sent(text([list(headers.values()), *rows]), make(names, [feed]))


def settings(home: Path, is_synthetic: bool = True, as_at: date = AS_AT) -> Settings:
    return Settings(home=home, as_at=as_at, is_synthetic=is_synthetic)


def check(
    home: Path,
    content: bytes,
    agreed: Contract | None = None,
    name: str = NAME,
    is_synthetic: bool = True,
    as_at: date = AS_AT,
) -> Verdict:
    path = home / name
    path.write_bytes(content)
    return door.check(path, "sample", agreed or contract(), settings(home / "home", is_synthetic, as_at))


@dataclass(frozen=True)
class Sent:
    """A file as a partner sends it, after others of the same return: name → content."""

    content: bytes
    agreed: Contract = field(default_factory=contract)
    name: str = NAME
    before: dict[str, bytes] = field(default_factory=dict)
    is_synthetic: bool = True
    as_at: date = AS_AT


def judged(home: Path, sent: Sent) -> Verdict:
    """The verdict on a file, once those before it were taken in."""
    if not sent.before:
        return check(home, sent.content, sent.agreed, sent.name, sent.is_synthetic, sent.as_at)
    here = settings(home / "home", sent.is_synthetic)
    with Store(here.control_db) as store, Vault.open(here) as vault:
        inbox = Inbox(here, store, vault)
        for name, content in sent.before.items():
            inbox.put(name, content, "2026-02-01")
            inbox.take_in(sent.agreed)
        inbox.put(sent.name, sent.content, "2026-02-05")
        return inbox.take_in(sent.agreed)[0]


def told_at(verdict: Verdict) -> list[tuple[str, int | None, str | None]]:
    return [(f.rule_id, f.row, f.column) for f in verdict.findings]


def rules_of(verdict: Verdict) -> set[str]:
    return {finding.rule_id for finding in verdict.findings}


@dataclass
class Inbox:
    """A home, and what is put into its inbox and taken in."""

    home: Settings
    store: Store
    vault: Vault

    def put(self, name: str, content: bytes, received: str) -> Path:
        folder = self.home.landing / "sample"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        deliveries = self.home.landing / "deliveries.csv"
        before = deliveries.read_text() if deliveries.exists() else "file,received_on\n"
        deliveries.write_text(f"{before}sample/{name},{received}\n")
        return folder / name

    def take_in(self, agreed: Contract | None = None) -> list[Verdict]:
        return door.take_in(
            "sample", agreed or contract(), self.home, self.store, self.vault, self.vault.keys
        )

    def statuses(self) -> dict[str, str]:
        return {s.file_name: s.status for s in self.store.submissions("sample")}
