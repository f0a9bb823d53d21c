"""The attacker sees each kind of leak; repair closes it or the release is held."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publishing.attack import Attack, Leak, attack
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.columns import ALREADY_PUBLIC, RELEASED, TEN_FIVE
from orchestration.publishing.gate import judge, read_figures
from orchestration.publishing.history import as_history
from orchestration.publishing.inspection import Build
from orchestration.publishing.knowledge import Knowledge, knowledge_of, read_release
from orchestration.publishing.policy import WAIVABLE, attacked
from orchestration.publishing.protect import Protected, protect
from orchestration.publishing.repair import KEPT, WITHDRAWN, repaired
from orchestration.publishing.tables import as_text, csv_bytes
from tests.publishing.toy import YEAR, Toy, as_cells, as_figures, cell, rate

Row = dict[str, object]
PARENTS = {"P07b": "P07", "P08": "P07"}
AREAS = {"E08000018": "E47000002", "E08000038": "E47000002"}
BARNSLEY = {"programme_id": "P07b", "area_code": "E08000038"}
UNITS = {"M01": "referrals", "M12": "rate", "M31": "gbp"}
REGION = {"programme_id": "P07", "area_code": "E47000002"}


def world(rows: list[Row], listed: list[tuple[object, ...]] | None = None) -> tuple[Protected, Knowledge]:
    cells, figures = as_cells(rows), as_figures(listed or [])
    known = knowledge_of(Candidate(cells, figures, pd.DataFrame(), PARENTS, AREAS, pd.DataFrame()))
    return protect(cells, figures, as_history([])), known


def as_bytes(protected: Protected) -> bytes:
    return csv_bytes(as_text(protected.of("public")))


def leaks(protected: Protected, known: Knowledge, *earlier: bytes) -> list[str]:
    frames = [read_release(content) for content in earlier]
    found = attack(read_release(as_bytes(protected)), frames, known).leaks
    return [leak.name for leak in found]


def listed(metric_id: str, value: float, decimals: int = 0, **key: str) -> tuple[object, ...]:
    row = cell(metric_id) | key
    where = [row[c] for c in ("programme_id", "area_code", "period_start", "period_end")]
    unit = UNITS.get(metric_id, "participations")
    return ("FX99", metric_id, *where, row["breakdown_type"], row["breakdown_value"], value, unit, decimals)


def sexes(*counts: float, **more: str) -> list[Row]:
    values = ("female", "male", "unknown")
    return [
        cell("M04", n, breakdown_type="sex", breakdown_value=v, **more)
        for v, n in zip(values, counts, strict=False)
    ]


def stream(units: float, value: str = "groups") -> list[Row]:
    one = {"breakdown_value": value}
    return [
        cell("M31", units, unit="people", breakdown_type="stream_units", **one),
        cell("M31", units * 4000, numerator=units, factor=4000, unit="gbp", breakdown_type="stream", **one),
    ]


LEAKS = {
    "row total": (
        [cell("M04", 108), *sexes(52, 47, 9)],
        [],
    ),
    "geography": (
        [cell("M01", 103, unit="referrals"), cell("M01", 2, unit="referrals", **BARNSLEY),
         cell("M01", 105, unit="referrals", **REGION)],
        [listed("M01", 105, **REGION)],
    ),
    "time": (
        [cell("M04", 40, period_end="2026-03-31"), cell("M04", 2, period_end="2025-06-30"),
         cell("M04", 12, period_start="2025-07-01", period_end="2025-09-30"),
         cell("M04", 12, period_start="2025-10-01", period_end="2025-12-31"),
         cell("M04", 14, period_start="2026-01-01", period_end="2026-03-31")],
        [listed("M04", 40, period_end="2026-03-31")],
    ),
    "an exact total over a rounded breakdown": (
        [cell("M04", 307), *sexes(200, 105, 2)],
        [listed("M04", 307)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_seen_and_repaired_by_withdrawing_the_breakdown(kind: str) -> None:
    rows, figures = LEAKS[kind]
    protected, known = world(rows, figures)
    assert leaks(protected, known), "planted, so it must be seen"
    after, came_of = repaired(protected, [], known)
    assert came_of.leaks == []
    assert leaks(after, known) == []
    withdrawn = after.cells[after.cells["caveat"].str.endswith(WITHDRAWN)]
    assert set(withdrawn["status"]) == {"[x]"}
    assert withdrawn[["value", "numerator", "denominator"]].isna().all(axis=None)
    public = protected.cells[protected.cells["basis"] == ALREADY_PUBLIC]
    kept = after.cells.loc[public.index, "status"]
    assert (kept == "").all(), "what is already public stays"


def test_a_leak_by_a_public_rate_and_base_holds_the_release() -> None:
    figures = [listed("M04", 100), listed("M12", 0.07, 2)]
    protected, known = world([cell("M04", 100), cell("M08", 7, unit="jobs"), rate("M12", 7, 100)], figures)
    assert leaks(protected, known)
    _, came_of = repaired(protected, [], known)
    assert [leak.name.split("|")[0] for leak in came_of.leaks] == ["M08"]
    assert (came_of.leaks[0].low, came_of.leaks[0].high) == (pytest.approx(6.5), pytest.approx(7.5))


def test_a_leak_by_public_money_and_its_unit_value_holds_the_release() -> None:
    figures = [listed("M31", 28_000, breakdown_type="stream", breakdown_value="groups")]
    protected, known = world(stream(7), figures)
    _, came_of = repaired(protected, [], known)
    assert [leak.name.split("|")[3:5] for leak in came_of.leaks] == [["stream_units", "groups"]]


def test_money_that_is_rounded_does_not_leak() -> None:
    protected, known = world([*stream(7), *stream(33, "employment"), cell("M31", 160_000, unit="gbp")])
    assert leaks(protected, known) == []


def test_two_releases_together_leak_what_neither_does_and_are_repaired() -> None:
    first, known = world(sexes(52, 47, 9))
    assert leaks(first, known) == []
    second, known = world([cell("M04", 108)])
    assert leaks(second, known) == []
    assert leaks(second, known, as_bytes(first))
    after, came_of = repaired(second, [as_bytes(first)], known)
    assert came_of.leaks == []
    assert after.cells["status"].tolist() == ["[x]"]


def test_the_value_released_before_is_kept_where_a_change_would_tell() -> None:
    wide = [cell("M04", 100), *sexes(50, 40, 8)]
    first, known = world([cell("M04", None, bound_lower=50, bound_upper=150), *sexes(50, 40, 8)])
    assert leaks(first, known) == []
    second, known = world(wide)
    after, came_of = repaired(second, [as_bytes(first)], known)
    assert came_of.leaks == []
    total = after.cells[after.cells["breakdown_type"] == "all"].iloc[0]
    assert (total["status"], total["bound_lower"], total["bound_upper"]) == ("[e]", 50, 150)
    assert total["caveat"].endswith(KEPT)
    assert (after.cells.loc[after.cells["breakdown_value"] == "female", "value"] == 50).all()


def test_what_cannot_be_repaired_is_p03_and_nothing_can_waive_it(toy: Toy) -> None:
    report = judge(toy.write().settings, toy.store, toy.build_id)
    [p03] = [r for r in report.results if r.check_id == "P03"]
    assert (p03.severity, p03.kind, p03.status) == ("release", "protection", "pass")
    assert p03.kind not in WAIVABLE
    leak = Attack([Leak("M08|P08|E08000018|all|all|all|a|b", 7, 7)], 1, [], {})
    build = Build(toy.settings, toy.store, toy.build_id)
    [found] = attacked(build, replace(read_figures(build)[1], attack=leak))
    assert (found.status, found.stopped) == ("fail", True)
    assert "M08 P08 E08000018" in found.message
    assert "7" not in found.message, "the message does not say what was found out"


def shown(counts: list[int]) -> list[tuple[set[int], str]]:
    """What each number of a table may be, as a reader of its protected form knows it, by enumeration."""
    possible = []
    for n in counts:
        if n == 0:
            possible.append(({0}, ""))
        elif n < 10:
            possible.append((set(range(1, 10)), "[c]"))
        else:
            centre = 5 * ((2 * n + 5) // 10)
            possible.append(({k for k in range(10, 60) if 5 * ((2 * k + 5) // 10) == centre}, ""))
    return possible


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(st.integers(0, 14), min_size=2, max_size=3), is_exact=st.booleans())
def test_a_count_that_passes_really_can_be_any_number_from_1_to_9(parts: list[int], is_exact: bool) -> None:
    total = sum(parts)
    rows = [cell("M04", total), *sexes(*parts)]
    protected, known = world(rows, [listed("M04", total)] if is_exact else [])
    leaking = {name.split("|")[4] for name in leaks(protected, known)}
    possible = [p for p, _ in shown(parts)]
    whole = {total} if is_exact else shown([total])[0][0]
    tables = [t for t in itertools.product(*possible) if sum(t) in whole]
    for i, value in enumerate(("female", "male", "unknown")[: len(parts)]):
        if 1 <= parts[i] <= 9:
            is_safe = {t[i] for t in tables} >= set(range(1, 10))
            assert is_safe == (value not in leaking), (parts, is_exact, value)


def test_the_attacker_reads_released_columns_only() -> None:
    protected, known = world([cell("M04", 100), *sexes(50, 45, 5)])
    frame = read_release(as_bytes(protected))
    assert list(frame.columns) == RELEASED
    assert set(frame["basis"]) == {TEN_FIVE}
    assert (YEAR[0] == frame["period_start"]).all()
    assert attack(frame, [], known).attacked == 1
