"""The attacker sees each kind of leak; repair closes it or the release is held."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publishing.attack import Attack, Kind, Leak, attack
from orchestration.publishing.candidate import Candidate
from orchestration.publishing.columns import ALREADY_PUBLIC, RELEASED
from orchestration.publishing.gate import judge, read_figures
from orchestration.publishing.history import as_history
from orchestration.publishing.inspection import Build
from orchestration.publishing.knowledge import Knowledge, knowledge_of, read_release
from orchestration.publishing.policy import WAIVABLE, attacked, known_to_the_attacker
from orchestration.publishing.protect import Protected, protect
from orchestration.publishing.repair import KEPT, repaired
from orchestration.publishing.secrets import secret_counts
from orchestration.publishing.tables import as_text, csv_bytes
from tests.publishing.toy import Toy, as_cells, as_figures, cell, rate, seed

Row = dict[str, object]
PARENTS = {"P07b": "P07", "P08": "P07"}
AREAS = {"E08000018": "E47000002", "E08000038": "E47000002"}
BARNSLEY = {"programme_id": "P07b", "area_code": "E08000038"}
REGION = {"programme_id": "P07", "area_code": "E47000002"}
UNITS = {"M01": "referrals", "M12": "rate", "M31": "gbp"}
YEAR_END = {"period_end": "2026-03-31"}


class World:
    """A candidate before and after protection, and what an attacker knows and must not know."""

    def __init__(self, rows: list[Row], listed: list[tuple[object, ...]] | None = None) -> None:
        cells, figures = as_cells(rows), as_figures(listed or [])
        relations = (seed("breakdowns"), seed("figure_relations"))
        candidate = Candidate(cells, figures, pd.DataFrame(), PARENTS, AREAS, pd.DataFrame(), *relations)
        self.known: Knowledge = knowledge_of(candidate)
        self.protected = protect(cells, figures, as_history([]))
        self.secret: dict[str, Kind] = secret_counts(cells, self.protected.cells, self.known)

    @property
    def released(self) -> bytes:
        return as_bytes(self.protected)

    def leaks(self, *earlier: bytes, of: Protected | None = None) -> list[Leak]:
        frames = [read_release(content) for content in earlier]
        shown = read_release(as_bytes(of or self.protected))
        return attack(shown, frames, self.known, self.secret).leaks

    def repair(self, *earlier: bytes) -> tuple[pd.DataFrame, list[Leak]]:
        after, came_of = repaired(self.protected, earlier, self.known, self.secret)
        assert came_of.leaks == self.leaks(*earlier, of=after), "what is attacked is what is released"
        return after.cells, came_of.leaks


def as_bytes(protected: Protected) -> bytes:
    return csv_bytes(as_text(protected.of("public")))


def listed(metric_id: str, value: float, decimals: int = 0, **key: str) -> tuple[object, ...]:
    row = cell(metric_id) | key
    where = [row[c] for c in ("programme_id", "area_code", "period_start", "period_end")]
    unit = UNITS.get(metric_id, "participations")
    return ("FX99", metric_id, *where, row["breakdown_type"], row["breakdown_value"], value, unit, decimals)


def parts(breakdown: str, *counts: float, metric_id: str = "M04", **more: object) -> list[Row]:
    return [
        cell(metric_id, n, breakdown_type=breakdown, breakdown_value=f"part {i}", **more)
        for i, n in enumerate(counts)
    ]


def stream(units: float, value: str = "groups") -> list[Row]:
    one = {"breakdown_value": value}
    return [
        cell("M31", units, unit="people", breakdown_type="stream_units", **one),
        cell("M31", units * 4000, numerator=units, factor=4000, unit="gbp", breakdown_type="stream", **one),
    ]


def survival(numerator: float, denominator: float, weeks: str = "13", **where: object) -> Row:
    one = {"breakdown_type": "weeks", "breakdown_value": weeks, "contributors": numerator}
    return rate("M13", numerator, denominator, **one, **where)


QUARTERS = [
    {"period_start": "2025-07-01", "period_end": "2025-09-30"},
    {"period_start": "2025-10-01", "period_end": "2025-12-31"},
    {"period_start": "2026-01-01", "period_end": "2026-03-31"},
]
LEAKS = {
    "row total": ([cell("M04", 108), *parts("sex", 52, 47, 9)], []),
    "row total of a breakdown that only reference data names": (
        [cell("M04", 108), *parts("wage_subsidy", 52, 47, 9)], [],
    ),
    "geography": (
        [cell("M01", 103, unit="referrals"), cell("M01", 2, unit="referrals", **BARNSLEY),
         cell("M01", 105, unit="referrals", **REGION)],
        [listed("M01", 105, **REGION)],
    ),
    "time": (
        [cell("M04", 40, **YEAR_END), cell("M04", 2, period_end="2025-06-30"),
         *(cell("M04", n, **q) for n, q in zip((12, 12, 14), QUARTERS, strict=True))],
        [listed("M04", 40, **YEAR_END)],
    ),
    "an exact total over a rounded breakdown, small part": (
        [cell("M04", 307), *parts("sex", 200, 105, 2)], [listed("M04", 307)],
    ),
    "an exact total over a rounded breakdown, large parts": (
        [cell("M04", 309), *parts("sex", 202, 107)], [listed("M04", 309)],
    ),
    "parts of a rate add up like figures": (
        [rate("M17", 53, 60, period_end="2025-06-30"), rate("M17", 2, 40, **QUARTERS[0]),
         rate("M17", 53, 60, **QUARTERS[1]), rate("M17", 63, 70, **QUARTERS[2]),
         rate("M17", 171, 230, **YEAR_END)],
        [],
    ),
    "a rate and the counts it is made of": (
        [cell("M04", 60), *parts("sex", 31, 29), rate("M28", 15, 60),
         cell("M04", 8, breakdown_type="imd", breakdown_value="1"),
         cell("M04", 7, breakdown_type="imd", breakdown_value="2"),
         cell("M04", 45, breakdown_type="imd", breakdown_value="3")],
        [],
    ),
    "survival adds up over districts": (
        [survival(13, 150), survival(3, 152, **BARNSLEY), survival(12, 302, **REGION)], [],
    ),
    "survival goes up with the weeks": (
        [survival(4, 100, "13"), survival(10, 100, "26"), survival(50, 100, "13", **BARNSLEY),
         survival(61, 200, "13", **REGION)], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_seen_and_repaired(kind: str) -> None:
    world = World(*LEAKS[kind])
    assert world.leaks(), "planted, so it must be seen"
    cells, left = world.repair()
    assert left == []
    public = (world.protected.cells["basis"] == ALREADY_PUBLIC).to_numpy()
    assert (cells.loc[public, "status"] == "").all(), "what is already public stays"
    silent = cells["status"].isin(["[c]", "[x]"])
    assert cells.loc[silent, ["value", "numerator", "denominator"]].isna().all(axis=None)


def test_what_came_in_between_two_figures_to_date_is_not_told() -> None:
    exact = [listed("M04", 307, period_end="2026-01-31")]
    world = World([cell("M04", 307, period_end="2026-01-31"), cell("M04", 313)], exact)
    assert world.leaks() == [], "protection hides the later figure until it is ten higher"
    bare = replace(world.protected, cells=world.protected.cells.copy())
    bare.cells.loc[bare.cells["status"] == "[c]", ["value", "numerator", "status"]] = [315, 315, ""]
    [leak] = world.leaks(of=bare)
    assert (leak.kind, leak.low, leak.high) == ("between", 313 - 307, 317 - 307)
    world.protected = bare
    cells, left = world.repair()
    assert (cells["status"].tolist(), left) == (["", "[c]"], [])


def test_repair_hides_one_more_figure_and_leaves_the_rest() -> None:
    world = World([cell("M04", 307), *parts("sex", 200, 100, 7), *parts("age_band", 157, 150)],
                  [listed("M04", 307)])  # fmt: skip
    cells, left = world.repair()
    assert left == []
    shown = cells.set_index(["breakdown_type", "breakdown_value"])["status"].to_dict()
    assert shown == {
        ("all", "all"): "", ("sex", "part 0"): "", ("sex", "part 1"): "[c]", ("sex", "part 2"): "[c]",
        ("age_band", "part 0"): "", ("age_band", "part 1"): "",
    }  # fmt: skip


def test_hidden_counts_that_only_make_a_hidden_whole_are_withdrawn() -> None:
    areas = [cell("M04", n, area_code=f"local_{n}", programme_id="P02") for n in (1, 2, 3)]
    world = World([cell("M04", 6, area_code="all", programme_id="P02"), *areas])
    assert {(leak.low, leak.high) for leak in world.leaks()} == {(1, 7), (3, 9)}, "each is one at least"
    cells, left = world.repair()
    assert left == []
    assert set(cells["status"]) == {"[c]", "[x]"}


def test_a_leak_by_a_public_rate_and_base_holds_the_release() -> None:
    figures = [listed("M04", 100), listed("M12", 0.07, 2)]
    world = World([cell("M04", 100), cell("M08", 7, unit="jobs"), rate("M12", 7, 100)], figures)
    _, [leak] = world.repair()
    assert leak.name.split("|")[0] == "M08"
    assert (leak.low, leak.high) == (pytest.approx(6.5), pytest.approx(7.5))


def test_a_leak_by_public_money_and_its_unit_value_holds_the_release() -> None:
    figures = [listed("M31", 28_000, breakdown_type="stream", breakdown_value="groups")]
    _, [leak] = World(stream(7), figures).repair()
    assert leak.name.split("|")[3:5] == ["stream_units", "groups"]


def test_money_that_is_rounded_does_not_leak() -> None:
    rows = [*stream(7), *stream(33, "employment"), cell("M31", 160_000, unit="gbp")]
    assert World(rows).leaks() == []


def test_what_listed_figures_tell_by_themselves_is_no_leak_of_ours() -> None:
    figures = [listed("M31", 132_000, breakdown_type="stream", breakdown_value="groups")]
    assert World(stream(33), figures).leaks() == [], "33 people were known before"


def test_two_releases_together_leak_what_neither_does_and_are_repaired() -> None:
    first, second = World(parts("sex", 52, 47, 9)), World([cell("M04", 108)])
    assert first.leaks() == second.leaks() == []
    assert second.leaks(first.released)
    cells, left = second.repair(first.released)
    assert left == []
    assert cells["status"].tolist() == ["[c]"]


def test_two_releases_of_which_one_rounds_differently_hold_the_release() -> None:
    rows = [cell("M04", 104), *parts("sex", 52, 52)]
    first, second = World(rows), World([rows[0]], [listed("M04", 104)])
    assert first.leaks() == second.leaks() == []
    _, left = second.repair(first.released)
    assert {(leak.kind, leak.low, leak.high) for leak in left} == {("rounded", 52, 52)}


def test_the_value_released_before_is_kept_where_a_change_would_tell() -> None:
    first = World([cell("M04", None, bound_lower=50, bound_upper=150), *parts("sex", 50, 40, 8)])
    assert first.leaks() == []
    cells, left = World([cell("M04", 100), *parts("sex", 50, 40, 8)]).repair(first.released)
    assert left == []
    total = cells[cells["breakdown_type"] == "all"].iloc[0]
    assert (total["status"], total["bound_lower"], total["bound_upper"]) == ("[e]", 50, 150)
    assert total["caveat"].endswith(KEPT)
    assert (cells.loc[cells["breakdown_value"] == "part 0", "value"] == 50).all()


def test_a_contradiction_in_one_place_does_not_blind_the_attacker_in_another() -> None:
    earlier = World([cell("M04", 400), *parts("sex", 210, 190)])
    now = World([cell("M04", 108), *parts("sex", 61, 47), *parts("age_band", 52, 47, 9)])
    assert ["age_band", "part 2"] in [leak.name.split("|")[3:5] for leak in now.leaks(earlier.released)]


def test_what_cannot_be_repaired_is_p03_and_nothing_can_waive_it(toy: Toy) -> None:
    report = judge(toy.write().settings, toy.store, toy.build_id)
    [p03] = [r for r in report.results if r.check_id == "P03"]
    assert (p03.severity, p03.kind, p03.status) == ("release", "protection", "pass")
    assert p03.kind not in WAIVABLE
    leak = Attack([Leak("M08|P08|E08000018|all|all|all|a|b", "small", 7, 7)], 1)
    build = Build(toy.settings, toy.store, toy.build_id)
    [found] = attacked(build, replace(read_figures(build)[1], attack=leak))
    assert (found.status, found.stopped) == ("fail", True)
    assert "M08 P08 E08000018" in found.message
    assert "7" not in found.message, "the message does not say what was found out"


UNKNOWN = {
    "breakdown shoe_size": cell("M04", 50, breakdown_type="shoe_size", breakdown_value="42"),
    "numerator of M99 by all": rate("M99", 50, 100),
    "unit shoes": cell("M04", 50, unit="shoes", period_end="2026-01-31"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_figure_that_the_attacker_cannot_add_up_holds_the_release(toy: Toy, what: str) -> None:
    build = Build(toy.settings, toy.store, toy.build_id)
    toy.write()
    figures = read_figures(build)[1]
    assert [r.status for r in known_to_the_attacker(build, figures)] == ["pass"]
    strange = protect(as_cells([UNKNOWN[what]]), as_figures([]), as_history([]))
    [found] = known_to_the_attacker(build, replace(figures, protected=strange))
    assert (found.check_id, found.stopped) == ("P03_known", True)
    assert what in found.message


def shown(counts: list[int]) -> list[set[int]]:
    """What each number of a table may be, as a reader of its protected form knows it, by enumeration."""
    possible = []
    for n in counts:
        if n == 0:
            possible.append({0})
        elif n < 10:
            possible.append(set(range(1, 10)))
        else:
            centre = 5 * ((2 * n + 5) // 10)
            possible.append({k for k in range(10, 60) if 5 * ((2 * k + 5) // 10) == centre})
    return possible


@settings(max_examples=12, deadline=None)
@given(counts=st.lists(st.integers(0, 14), min_size=2, max_size=3), is_exact=st.booleans())
def test_the_attacker_finds_what_enumeration_finds(counts: list[int], is_exact: bool) -> None:
    total = sum(counts)
    world = World([cell("M04", total), *parts("sex", *counts)], [listed("M04", total)] if is_exact else [])
    leaking = {leak.name.split("|")[4] for leak in world.leaks()}
    whole = {total} if is_exact else shown([total])[0]
    tables = [t for t in itertools.product(*shown(counts)) if sum(t) in whole]
    for i, n in enumerate(counts):
        left = {t[i] for t in tables}
        is_safe = n == 0 or (left >= set(range(1, 10)) if n < 10 else len(left) > 1)
        assert is_safe == (f"part {i}" not in leaking), (counts, is_exact, i)


def test_the_attacker_reads_released_columns_only() -> None:
    world = World([cell("M04", 100), *parts("sex", 50, 45, 5)])
    assert list(read_release(world.released).columns) == RELEASED
    assert set(world.secret.values()) == {"small"}
    assert all("|sex|part 2|" in name for name in world.secret), "names, not values"
