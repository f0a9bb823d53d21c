"""A release is whole or not there, the same bytes for the same inputs, and says what it is."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.control.store import Store
from orchestration.publishing.columns import RELEASED
from orchestration.publishing.gate import judge
from orchestration.publishing.journal import current_release
from orchestration.publishing.release import NotPublishableError, Published, publish
from orchestration.settings import Settings
from tests.publishing.test_gate import snapshot
from tests.publishing.toy import Toy, cell, record


def release(toy: Toy) -> Published:
    return publish(toy.passed().settings, toy.store, toy.build_id)


def judged(toy: Toy) -> Published:
    """As `release`, through every check."""
    assert judge(toy.write().settings, toy.store, toy.build_id).verdict == "pass"
    return publish(toy.settings, toy.store, toy.build_id)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_release_has_its_files_and_the_pointer_names_it(published: Published, first_home: Settings) -> None:
    assert published.release_id == "2026-03-02-01234567"
    assert set(snapshot(published.folder)) == {
        "changes.csv", "changes.md", "comparison.csv", "coverage.csv", "datapackage.json", "headline.csv",
        "manifest.json", "metrics.csv", "metrics.parquet", "report.html", "revisions.csv",
        "steward/people_overlap.csv", "steward/report.html", "steward/steward_metrics.csv", "tables.xlsx",
    }  # fmt: skip
    assert current_release(first_home) == published.release_id
    assert sorted(p.name for p in first_home.releases.iterdir()) == [
        published.release_id, "current.json", "index.html",
    ]  # fmt: skip


def test_metrics_are_plain_tidy_csv(published: Published) -> None:
    content = (published.folder / "metrics.csv").read_bytes()
    assert b"\r" not in content
    assert content.decode().splitlines()[0] == ",".join(RELEASED)
    rows = read(published.folder / "metrics.csv")
    assert len(rows) == published.rows == 12
    shown = {(r["metric_id"], r["programme_id"], r["breakdown_value"]): r for r in rows}
    assert shown["M06", "P08", "all"]["value"] == "0.533913"
    assert shown["M08", "P08", "all"]["status"] == "[c]"
    assert shown["M08", "P08", "all"]["value"] == ""
    assert shown["M33", "P08", "system"]["value"] == "100.50"


def test_parquet_holds_the_same_figures_typed(published: Published) -> None:
    table = pq.read_table(published.folder / "metrics.parquet")
    assert table.column_names == RELEASED
    assert str(table.schema.field("value").type) == "decimal128(18, 6)"
    assert str(table.schema.field("period_end").type) == "date32[day]"
    rows = read(published.folder / "metrics.csv")
    for parquet, text in zip(table.to_pylist(), rows, strict=True):
        assert parquet["metric_id"] == text["metric_id"]
        assert (parquet["value"] is None) == (text["value"] == "")
        assert parquet["value"] is None or parquet["value"] == type(parquet["value"])(text["value"])


def test_steward_figures_are_apart_and_protected(published: Published) -> None:
    assert "M09" not in {r["metric_id"] for r in read(published.folder / "metrics.csv")}
    [steward] = read(published.folder / "steward" / "steward_metrics.csv")
    assert (steward["metric_id"], steward["value"]) == ("M09", "90")


def test_the_manifest_says_what_the_release_is_and_nothing_unprotected(toy: Toy) -> None:
    record(toy.store, "two", "b" * 64, "rejected")
    published = judged(toy)
    text = (published.folder / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert next(iter(manifest.items()))[1].startswith("Synthetic")
    assert manifest["status"] == "management information, not official statistics"
    assert manifest["received"] == [{"return_id": "one", "sha256": "a" * 64}]
    assert [row["used"] for row in manifest["coverage"]] == ["current", "carried_forward"]
    assert manifest["reference_findings"] == [
        {"finding_id": "FX09", "message": "parts add to 700 less than the total"}
    ]
    assert {c["status"] for c in manifest["checks"]} == {"pass"}
    assert {"P01", "P02", "P04_snapshot", "P05", "starts_unique"} <= {
        c["check_id"] for c in manifest["checks"]
    }
    for name, sha256 in manifest["files"].items():
        assert hashlib.sha256((published.folder / name).read_bytes()).hexdigest() == sha256
    verdict = toy.store.verdict(toy.build_id)
    assert verdict is not None
    assert not [h for h in verdict.table_hashes.values() if h in text]


def test_same_inputs_give_the_same_bytes(toy: Toy, tmp_path: Path) -> None:
    one = snapshot(judged(toy).folder)
    settings = Settings(home=tmp_path / "other", as_at=toy.settings.as_at, is_synthetic=True)
    with Store(settings.control_db) as store:
        record(store, "one", "a" * 64, "accepted")
        other = Toy(settings, store, build_id="another run")
        other.cells.reverse()
        assert snapshot(judged(other).folder) == one


def test_a_build_with_a_known_key_is_that_release_and_writes_nothing(
    first: Toy, published: Published
) -> None:
    toy = first
    before = {p: p.stat().st_mtime_ns for p in toy.settings.releases.rglob("*")}
    again = release(toy.again("run2", toy.build_key))
    assert (again.release_id, again.is_new, again.rows) == (published.release_id, False, published.rows)
    assert {p: p.stat().st_mtime_ns for p in toy.settings.releases.rglob("*")} == before
    assert len(toy.store.releases()) == 1


def test_changes_compare_published_values_only(first: Toy) -> None:
    later = first.again("run2", "fedcba9876543210")
    later.cells = [c for c in later.cells if c["metric_id"] != "M33"]
    later.cells = [
        c | {"value": 541, "numerator": 541} if c["metric_id"] == "M02" else c for c in later.cells
    ]
    later.cells.append(cell("M02", 5, area_code="E08000038", area_vintage="2025"))
    rows = read(release(later).folder / "changes.csv")
    told = {
        (r["metric_id"], r["area_code"], r["change"], r["value_before"], r["value_now"], r["status_now"])
        for r in rows
    }
    assert ("M02", "E08000018", "revised", "560", "540", "") in told
    assert ("M02", "E08000038", "new", "", "", "[c]") in told
    assert {t[0] for t in told if t[2] == "withdrawn"} == {"M33"}
    assert len(rows) == 5


def test_what_a_release_hid_the_next_one_hides(first: Toy) -> None:
    later = first.again("run2", "fedcba9876543210")
    later.cells = [c | {"value": 20, "numerator": 20} if c["metric_id"] == "M08" else c for c in later.cells]
    rows = read(release(later).folder / "metrics.csv")
    assert [r["status"] for r in rows if r["metric_id"] in ("M08", "M12")] == ["[c]", "[c]"]


def test_a_folder_that_the_store_does_not_know_is_not_overwritten(toy: Toy) -> None:
    stray = toy.settings.releases / "2026-03-02-01234567"
    stray.mkdir(parents=True)
    toy.passed()
    with pytest.raises(NotPublishableError, match="does not know it"):
        publish(toy.settings, toy.store, toy.build_id)
    assert list(stray.iterdir()) == []
