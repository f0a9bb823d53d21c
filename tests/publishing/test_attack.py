"""The attacker sees each kind of leak, and knows no more than what is released."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publishing.columns import ALREADY_PUBLIC, RELEASED
from orchestration.publishing.knowledge import read_release
from tests.publishing.attacking import (
    BARNSLEY,
    QUARTERS,
    REGION,
    YEAR_END,
    World,
    counted,
    listed,
    mixed,
    parts,
    people,
    stream,
    survival,
)
from tests.publishing.toy import cell, rate

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
    "jobs over programmes, should none be shared": (
        [cell("M08", 3, unit="jobs"), cell("M08", 2, unit="jobs", **BARNSLEY),
         cell("M08", 5, unit="jobs", **REGION)], [],
    ),
    "the least of a range, where a source did not say": (
        [*parts("ethnic5", 18), *parts("ethnic5", 6, **BARNSLEY),
         *parts("ethnic5", None, bound_lower=24, **REGION)], [],
    ),
    "the most of a range": (
        [*parts("ethnic5", None, bound_lower=10, bound_upper=30), *parts("ethnic5", 2, **BARNSLEY),
         *parts("ethnic5", None, bound_lower=12, bound_upper=32, **REGION)], [],
    ),
    "the bounds of people, whom records name and others count": (
        [people(428), counted(people(7)), mixed((428, 435), **REGION)], [],
    ),
    "the bounds of people, of whom a partner counts more than records name": (
        [people(7), counted(people(428)), mixed((428, 435), **REGION)], [],
    ),
    "the bounds of people, where a partner counts events": (
        [people(428), counted(cell("M04", 7)), mixed((428, 435), **REGION)], [],
    ),
    "the bounds of people of one programme": ([mixed((430, 434))], []),
    "all whose barriers were assessed, and those of them with three": (
        [cell("M04", 42, breakdown_type="barriers", breakdown_value="three_or_more"),
         cell("M04", 9, breakdown_type="barriers", breakdown_value="fewer_than_three"), rate("M18", 42, 51)],
        [],
    ),
    "jobs due for a check, which are all jobs in the end": (
        [*parts("sex", 32, 7, metric_id="M08", unit="jobs"), rate("M15", 20, 39)], [],
    ),
    "how many people stand behind all streams of social value": (
        [*stream(7), *stream(52, "employment"),
         cell("M31", None, unit="people", bound_lower=52, bound_upper=59,
              breakdown_type="overlap", breakdown_value="people_in_streams")], [],
    ),
    "survival adds up over districts": (
        [survival(13, 150), survival(3, 152, **BARNSLEY), survival(12, 302, **REGION)], [],
    ),
    "a part that is not what a list says any more": (
        [cell("M04", 108), *parts("sex", 52, 49, 7)],
        [listed("M04", 12, breakdown_type="sex", breakdown_value="part 2")],
    ),
    "checks that are not known, by those that are due and those that are known": (
        [rate("M15", 30, 42), rate("M15", 30, 38, breakdown_type="weeks", breakdown_value="13"),
         rate("M15", 4, 42, breakdown_type="sustainment_status", breakdown_value="unknown")], [],
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


def test_money_that_is_rounded_does_not_leak() -> None:
    rows = [*stream(7), *stream(33, "employment"), cell("M31", 160_000, unit="gbp")]
    assert World(rows).leaks() == []


def test_what_listed_figures_tell_by_themselves_is_no_leak_of_ours() -> None:
    figures = [listed("M31", 132_000, breakdown_type="stream", breakdown_value="groups")]
    assert World(stream(33), figures).leaks() == [], "33 people were known before"


SECOND_RELEASES = {
    "says nothing of it: the first and a list tell": ([cell("M01", 150, unit="referrals")], 108, set()),
    "repeats what is listed": ([cell("M04", 108)], 108, set()),
    "repeats one of two parts": (parts("sex", 52), 108, {"once_hidden"}),
    "shows a total by itself": ([cell("M04", 108)], None, {"once_hidden"}),
    "shows an exact total, and rounds as before": (parts("sex", 52, 47), 108, {"once_hidden"}),
    "is enough alone": ([cell("M04", 108), *parts("sex", 52, 47, 9)], None, {"rounded", "small"}),
}


@pytest.mark.parametrize("what", SECOND_RELEASES)
def test_a_second_release_is_repaired_where_it_adds_to_what_is_known(what: str) -> None:
    rows, figure, kinds = SECOND_RELEASES[what]
    first, second = World(parts("sex", 52, 47, 9)), World(rows, [listed("M04", figure)] if figure else [])
    assert first.leaks() == []
    assert {leak.kind for leak in second.leaks(first.released)} == kinds
    cells, left = second.repair(first.released)
    assert left == []
    assert (cells.equals(second.protected.cells)) == (not kinds), "what adds nothing goes out as it is"


def test_what_an_earlier_release_told_is_hidden_and_holds_no_later_one() -> None:
    """As where the attacker knows by now of a tie that was not known when it went out."""
    world = World([cell("M04", 59), *parts("sex", 52, 7)])
    assert world.leaks(world.released), "what it told is not told again"
    cells, left = world.repair(world.released)
    assert (left, cells["status"].tolist()) == ([], ["", "[c]", "[c]"])


def test_what_was_rounded_once_and_is_listed_since_holds_no_release() -> None:
    rows = [cell("M04", 104), *parts("sex", 52, 52)]
    first, second = World(rows), World(rows[:1], [listed("M04", 104)])
    assert first.leaks() == second.leaks(first.released) == []
    [*both] = World(rows, [listed("M04", 104)]).leaks(first.released)
    assert {(leak.kind, leak.low, leak.high) for leak in both} == {("rounded", 52, 52)}


def test_what_earlier_releases_tell_by_themselves_holds_no_later_one() -> None:
    """Twelve were hidden for the sake of others, who are not told any more: nobody can take that back."""
    earlier = World([cell("M04", 60), *parts("sex", 48, 12)])
    twelve = earlier.protected.cells["breakdown_value"] == "part 1"
    earlier.protected.cells.loc[twelve, ["value", "numerator", "status"]] = [None, None, "[c]"]
    later = [cell("M04", 75, **YEAR_END), *parts("sex", 60, 15, **YEAR_END)]
    assert World(later).leaks(earlier.released) == []
    [leak] = World([*later, *parts("age_band", *[10] * 6)]).leaks(earlier.released)
    assert (leak.kind, leak.low, leak.high) == ("once_hidden", 8, 14), (
        "what tells more is a leak all the same"
    )


def test_a_contradiction_in_one_place_does_not_blind_the_attacker_in_another() -> None:
    earlier = World([cell("M04", 400), *parts("sex", 210, 190)])
    now = World([cell("M04", 108), *parts("sex", 61, 47), *parts("age_band", 52, 47, 9)])
    assert ["age_band", "part 2"] in [leak.name.split("|")[3:5] for leak in now.leaks(earlier.released)]


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
