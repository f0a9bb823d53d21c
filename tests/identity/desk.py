"""A small home with three returns, and the commands about people on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.control.records import AcceptedFile, Submission
from orchestration.control.store import Store
from orchestration.identity.links import export_links
from orchestration.identity.vault import Vault
from orchestration.intake.frames import write_parquet
from orchestration.settings import Settings
from tests.identity.makers import participants

JOINED = ("rotherham_eit", "doncaster_eit")
UNDER_HOLD = "more_positive_together"
RECEIVED = {"rotherham_eit": "5" * 64, "doncaster_eit": "6" * 64, UNDER_HOLD: "7" * 64}
PEOPLE: list[dict[str, Any]] = [
    {},
    {"partner_ref": "R-2", "forename": "Walter", "surname": "Finch", "nino": "QQ271828A", "uln": "",
     "date_of_birth": "1981-01-02", "postcode": "ZZ9 9AA"},
]  # fmt: skip


@dataclass
class Desk:
    """A small home, and the commands on it."""

    settings: Settings

    def run(self, *arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, ["person", *arguments], input=given)

    def json(self, *arguments: str, given: str | None = None) -> Any:
        ran = self.run(*arguments, "--json", given=given)
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout)

    @property
    def accepted(self) -> pd.DataFrame:
        files = sorted((self.settings.accepted / "participants").rglob("*.parquet"))
        return pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)

    def links(self) -> pd.DataFrame:
        with Vault.open(self.settings) as vault:
            return pd.read_parquet(export_links(vault, self.settings.accepted / "person_links").path)

    def unique(self) -> tuple[int, int]:
        """Records and people, as a build counts them."""
        linked = self.accepted.merge(self.links(), on="record_key")
        return len(linked), linked["person_key"].nunique()

    def original(self, return_id: str) -> str:
        with Vault.open(self.settings) as vault:
            return vault.original(RECEIVED[return_id]).decode()

    def audit(self) -> list[str]:
        with Store(self.settings.control_db) as store:
            return [event.action for event in store.audit_events()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    settings = Settings(home=tmp_path, as_at=date(2026, 3, 2), is_synthetic=True)
    (tmp_path / "home.toml").write_text("as_at = 2026-03-02\nis_synthetic = true\n")
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    with Store(settings.control_db) as store, Vault.open(settings) as vault:
        for return_id in RECEIVED:
            people = (
                PEOPLE if return_id != UNDER_HOLD else [PEOPLE[1] | {"nino": "QQ161803A", "forename": "Ada"}]
            )
            _take_in(store, vault, settings, return_id, people)
    made = Desk(settings)
    made.links()
    _build(settings, made.accepted)
    return made


def _take_in(
    store: Store, vault: Vault, settings: Settings, return_id: str, people: list[dict[str, Any]]
) -> None:
    submission_id = RECEIVED[return_id]
    frame = participants(*people).assign(
        source_row=range(2, 2 + len(people)), source_sheet="", return_id=return_id,
        submission_id=submission_id, programme_id="P08",
    )  # fmt: skip
    content = frame[["partner_ref", "surname", "nino"]].to_csv(index=False).encode()
    vault.keep_original(submission_id, content)
    out = vault.pseudonymise(return_id, submission_id, frame)
    path = settings.accepted / "participants" / return_id / f"{submission_id[:12]}.parquet"
    rows, digest = write_parquet(out, "participants", path, {})
    name = path.relative_to(settings.home).as_posix()
    end = date(2017, 3, 31) if return_id == UNDER_HOLD else date(2025, 6, 30)
    submission = Submission(return_id, submission_id, "f.csv", date(2025, 7, 1), "accepted", "register")
    file = AcceptedFile(return_id, submission_id, "participants", name, rows, digest)
    store.record(submission, [(end.replace(day=1), end)], [], [file])


def _build(settings: Settings, accepted: pd.DataFrame) -> None:
    folder = settings.builds / "one"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.register("people", accepted)
        con.execute("create schema harmonised; create table harmonised.participants as select * from people")
    release = settings.releases / "2026-03-02-abc"
    release.mkdir(parents=True)
    received = [{"return_id": r, "sha256": s} for r, s in RECEIVED.items()]
    (release / "manifest.json").write_text(json.dumps({"received": received}))
