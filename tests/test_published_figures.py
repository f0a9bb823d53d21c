"""The figures that the source documents state come out of the sample returns, exactly.

Golden figures of the domain's reconciliation list: what a pipeline computes or derives from returns,
carries as reported, or holds as reference.
"""

from __future__ import annotations

import csv
import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest

from tests.conftest import Home

ROTHERHAM, ROSSENDALE, LANCASHIRE, ENGLAND = "E08000018", "E07000125", "E10000017", "E92000001"
TO_DATE = ("2025-04-01", "2026-02-28")
YEAR_26, YEAR_25, YEAR_24 = (
    ("2025-04-01", "2026-03-31"),
    ("2024-04-01", "2025-03-31"),
    ("2023-04-01", "2024-03-31"),
)
LIFETIME = ("2017-01-01", "2023-12-31")

# figure, metric, programme, area, period, breakdown, value as printed, origin
FIGURES = [
    ("FX01", "M01", "P08", ROTHERHAM, TO_DATE, "all/all", "575", "synthetic"),
    ("FX01", "M04", "P08", ROTHERHAM, TO_DATE, "all/all", "307", "synthetic"),
    ("FX01", "M06", "P08", ROTHERHAM, TO_DATE, "all/all", "0.53", "synthetic"),
    ("FX02", "M08", "P08", ROTHERHAM, TO_DATE, "all/all", "73", "synthetic"),
    ("FX02", "M12", "P08", ROTHERHAM, TO_DATE, "all/all", "0.24", "synthetic"),
    ("FX03", "M32", "P08", ROTHERHAM, TO_DATE, "all/all", "0.126957", "synthetic"),
    ("FX04", "M34", "P08", ROTHERHAM, YEAR_26, "target/engaged", "0.307", "synthetic"),
    ("FX04", "M34", "P08", ROTHERHAM, YEAR_26, "target/jobs", "0.1825", "synthetic"),
    ("FX05", "M34", "P08", ROTHERHAM, YEAR_26, "target/starts_needed", "1682", "synthetic"),
    ("FX05", "M34", "P08", ROTHERHAM, YEAR_26, "target/referrals_needed", "3151", "synthetic"),
    ("FX06", "M33", "P08", ROTHERHAM, YEAR_26, "theme/system", "284688", "synthetic"),
    ("FX06", "M33", "P08", ROTHERHAM, YEAR_26, "theme/employer", "472000", "synthetic"),
    ("FX06", "M33", "P08", ROTHERHAM, YEAR_26, "theme/personalised", "947240", "synthetic"),
    ("FX06", "M33", "P08", ROTHERHAM, YEAR_26, "all/all", "1703928", "synthetic"),
    ("FX07", "M33", "P08", ROTHERHAM, YEAR_26, "cost_type/staffing", "837928", "synthetic"),
    ("FX07", "M33", "P08", ROTHERHAM, YEAR_26, "cost_type/commissioned", "610000", "synthetic"),
    (
        "FX07",
        "M33",
        "P08",
        ROTHERHAM,
        YEAR_26,
        "cost_type/admin_mobilisation_resourcing",
        "256000",
        "synthetic",
    ),
    ("FX11", "M11", "P02+P03", "all", LIFETIME, "all/all", "1743", "synthetic"),
    ("FX12", "M05", "P01", ROSSENDALE, YEAR_25, "all/all", "68", "synthetic"),
    ("FX12", "M31", "P01", ROSSENDALE, YEAR_25, "all/all", "500000", "published"),
    ("FX14", "M20", "P06", "all", YEAR_24, "measure/unique_attendees", "2155", "synthetic"),
    ("FX14", "M31", "P06", "all", YEAR_24, "stream_units/groups", "2155", "synthetic"),
    ("FX14", "M31", "P06", "all", YEAR_24, "stream/groups", "8620000", "synthetic"),
    ("FX15", "M31", "P06", "all", YEAR_24, "stream_units/substance", "2065", "synthetic"),
    ("FX15", "M31", "P06", "all", YEAR_24, "stream/substance", "12390000", "synthetic"),
    ("FX16", "M31", "P06", "all", YEAR_24, "stream_units/a_and_e", "397", "synthetic"),
    ("FX16", "M31", "P06", "all", YEAR_24, "stream/a_and_e", "619320", "synthetic"),
    ("FX17", "M11", "P06", "all", YEAR_24, "all/all", "127", "synthetic"),
    ("FX17", "M31", "P06", "all", YEAR_24, "stream/employment", "6667500", "synthetic"),
    ("FX17", "M31", "P06", "all", YEAR_24, "stream_units/employment", "127", "synthetic"),
    ("FX17", "M31", "P06", "all", YEAR_24, "lens_fiscal/employment", "2857500", "synthetic"),
    ("FX17", "M31", "P06", "all", YEAR_24, "lens_public_value/employment", "4762500", "synthetic"),
    ("FX18", "M31", "P06", "all", YEAR_24, "stream_units/reoffending", "55", "synthetic"),
    ("FX18", "M31", "P06", "all", YEAR_24, "stream/reoffending", "2310000", "synthetic"),
    ("FX19", "M31", "P06", "all", YEAR_24, "all/all", "30606820", "synthetic"),
    ("FX19", "M31", "P06", "all", YEAR_24, "ratio/overall", "12", "published"),
    ("FX20", "M23", "P06", "all", YEAR_24, "measure/value_gbp", "38731", "synthetic"),
    ("FX21", "M20", "P06a", LANCASHIRE, YEAR_24, "measure/sessions", "3145", "synthetic"),
    ("FX21", "M20", "P06a", LANCASHIRE, YEAR_24, "measure/attendances", "23770", "synthetic"),
    ("FX22", "M02", "P06", "all", YEAR_24, "all/all", "3375", "published"),
]

# What the source lost (domain A1): last year's counters must not stand in for this year's.
LOST = {"35470", "1875", "16394", "84876", "19076", "7191"}


@cache
def _metrics(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _metrics_of(home: Home) -> list[dict[str, str]]:
    return _metrics(str(home.release / "metrics.csv"))


@pytest.mark.parametrize(
    ("figure", "metric", "programme", "area", "period", "breakdown", "printed", "origin"),
    FIGURES,
    ids=[f"{f[0]}-{f[1]}-{f[5]}" for f in FIGURES],
)
def test_figure_comes_out_exactly(
    refreshed: Home,
    figure: str,
    metric: str,
    programme: str,
    area: str,
    period: tuple[str, str],
    breakdown: str,
    printed: str,
    origin: str,
) -> None:
    rows = [
        r
        for r in _metrics_of(refreshed)
        if (r["metric_id"], r["programme_id"], r["area_code"]) == (metric, programme, area)
        and (r["period_start"], r["period_end"]) == period
        and f"{r['breakdown_type']}/{r['breakdown_value']}" == breakdown
        and r["cohort_quarter"] == "all"
    ]
    assert len(rows) == 1, f"{figure}: {len(rows)} rows"
    row = rows[0]
    assert Decimal(row["value"]).quantize(Decimal(printed), ROUND_HALF_UP) == Decimal(printed)
    assert row["figure_origin"] == origin
    assert row["status"] == ""


@pytest.mark.parametrize(
    ("metric", "breakdown", "value"),
    [
        ("N02", "scheme/new_start", 72),
        ("N01", "all/all", 51),
        ("N01", "lead/dfe", 8),
        ("N01", "lead/mod", 5),
        ("N01", "lead/nhs", 4),
    ],
)
def test_reference_figures_are_carried_as_such(
    refreshed: Home, metric: str, breakdown: str, value: int
) -> None:
    rows = [
        r
        for r in _metrics_of(refreshed)
        if r["metric_id"] == metric and f"{r['breakdown_type']}/{r['breakdown_value']}" == breakdown
    ]
    assert [Decimal(r["value"]) for r in rows] == [value]
    assert rows[0]["figure_origin"] == "reference"


def test_missing_people_of_the_inactivity_breakdown_are_a_finding(refreshed: Home) -> None:
    manifest = json.loads((refreshed.release / "manifest.json").read_text("utf-8"))
    found = [
        f for f in manifest["reference_findings"] if f["rule_id"] == "X07" and f["area_code"] == ROTHERHAM
    ]
    assert [(Decimal(f["stated"]), Decimal(f["computed"]), Decimal(f["difference"])) for f in found] == [
        (46600, 45900, 700)
    ]


def test_lost_counters_appear_nowhere(refreshed: Home) -> None:
    values = {r["value"].removesuffix(".00") for r in _metrics_of(refreshed)}
    assert not LOST & values


def test_snapshot_and_gross_labels_travel_with_the_figures(refreshed: Home) -> None:
    for row in _metrics_of(refreshed):
        if row["metric_id"] in ("M06", "M12", "M32"):
            assert "snapshot" in row["caveat"].lower()
        if row["metric_id"] == "M31":
            assert "gross" in row["caveat"].lower()
