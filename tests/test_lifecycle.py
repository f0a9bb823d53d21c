"""What becomes of a file, told in `pathways status` and in Dagster alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.components.partner_return import PartnerReturn
from orchestration.components.resources import Home
from tests.intake.makers import OTHER, contract, file

PEOPLE = [OTHER | {"ref": f"A{n}"} for n in range(6)]
NIL = file() + b"Nil return\r\n"


@dataclass(frozen=True)
class Case:
    """Files in the order sent, each batch taken in by itself: name, content, day received.

    Then what both faces are to say: receipt and use by the month a period ends in, the status of each file
    by the month its period begins in as Dagster shows it, and how many came that had come before.
    """

    batches: list[list[tuple[str, bytes, str]]]
    ledger: dict[str, tuple[str, str]]
    landed: list[tuple[str, str]]
    scope: str = "register"
    repeats: list[int] = field(default_factory=list)


DECEMBER = ("r_2025-12-31.csv", file(*PEOPLE), "2026-01-05")
JANUARY = ("r_2026-01-31.csv", file(*PEOPLE, OTHER | {"ref": "A9"}), "2026-02-05")
CASES = {
    "same bytes again": Case(
        [[JANUARY], [("again_2026-01-31.csv", JANUARY[1], "2026-02-20")]],
        {"2026-01": ("in", "current")},
        [("2026-01-01", "accepted")],
        repeats=[0, 1],
    ),
    "an older file after a newer": Case(
        [[JANUARY], [("late_2025-12-31.csv", DECEMBER[1], "2026-02-20")]],
        {"2025-12": ("late", "current"), "2026-01": ("in", "current")},
        [("2026-01-01", "accepted"), ("2025-12-01", "superseded")],
    ),
    "a resubmission that drops people": Case(
        [[DECEMBER], [("r_2026-01-31.csv", file(*PEOPLE[:2]), "2026-02-05")]],
        {"2025-12": ("in", "current"), "2026-01": ("in", "current")},
        [("2025-12-01", "accepted"), ("2026-01-01", "accepted_with_findings")],
    ),
    "a nil return": Case(
        [[DECEMBER], [("r_2026-01-31.csv", NIL, "2026-02-05")]],
        {"2025-12": ("in", "current"), "2026-01": ("nil", "current")},
        [("2025-12-01", "accepted"), ("2026-01-01", "accepted (nil return)")],
    ),
    "a partial period": Case(
        [[("r_2026-02-15.csv", file(*PEOPLE), "2026-02-16")]],
        {"2026-01": ("in", "current"), "2026-02": ("not_due", "carried_forward")},
        [("2026-01-01", "accepted")],
    ),
    "a closed period": Case(
        [[("r_2025-05.csv", file(OTHER), "2025-06-05")], [("r_2025-05.csv", file(*PEOPLE), "2026-02-20")]],
        {"2025-05": ("in", "current")},
        [("2025-05-01", "accepted"), ("2025-05-01", "accepted_with_findings")],
        scope="period",
    ),
    "two for one period in a batch": Case(
        [[("a_2026-01.csv", file({}), "2026-02-05"), ("b_2026-01.csv", file({}, OTHER), "2026-02-05")]],
        {"2026-01": ("in", "current")},
        [("2026-01-01", "accepted"), ("2026-01-01", "held")],
        scope="period",
    ),
    "still being written": Case(
        [[(".r_2025-12-31.csv", file(*PEOPLE), "2026-01-05")]], {"2025-12": ("missing", "none")}, []
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_status_and_dagster_tell_what_became_of_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    agreed = contract(scope=case.scope)
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path))
    monkeypatch.setenv("PATHWAYS_AS_AT", "2026-03-02")
    # in this process: the return is none of those that the run starts processes for
    monkeypatch.setattr("orchestration.components.partner_return._returns_of", lambda context: set())
    monkeypatch.setattr("orchestration.intake.contract.load_contracts", lambda: {"sample": agreed})
    (tmp_path / "home.toml").write_text("is_synthetic = true\n", "utf-8")
    folder = tmp_path / "landing" / "sample"
    folder.mkdir(parents=True)
    taken_in = PartnerReturn("sample", agreed)._taken_in()
    landed, repeats, received = [], [], "file,received_on\n"
    for batch in case.batches:
        for file_name, content, day in batch:
            (folder / file_name).write_bytes(content)
            received += f"sample/{file_name},{day}\n"
        (folder.parent / "deliveries.csv").write_text(received, "utf-8")
        run = dg.materialize([taken_in], resources={"home": Home()})
        events = [m.event_specific_data.materialization for m in run.get_asset_materialization_events()]
        said = {name: value.value for name, value in events[-1].metadata.items()}
        repeats.append(said["files received again"])
        landed += [(m.partition, m.metadata["status"].value) for m in events[:-1]]
    told = json.loads(CliRunner().invoke(app, ["status", "--json"]).output)
    ledger = {row["period_end"][:7]: (row["receipt"], row["used"]) for row in told["ledger"]}
    assert {month: ledger[month] for month in case.ledger} == case.ledger
    assert landed == case.landed
    assert repeats == (case.repeats or [0] * len(case.batches))
