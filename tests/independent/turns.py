"""Partners that count first and record later, hand over to another, or count month by month, some untold."""

from __future__ import annotations

from collections import defaultdict

from tests.independent.tallies import owed, state
from tests.independent.world import YEAR, Return, World

CODES = {"referrals": 14, "starts": 9, "evidenced_jobs": 9, "qualifications": 6}
"""What is counted each month, and the most there is of it."""


def count_first(world: World, name: str, people: int) -> list[Return]:
    """Months that a partner counts, and the register that it sends after them or for the last of them too."""
    months, is_so_far = world.chance.randint(2, 7), world.maybe(0.5)
    counting = Return(f"{name}k", (f"{name}P12",), ("E08000018",), YEAR, months, 0, by_month=True)
    owed(world, counting, [("in", month, month) for month in range(months)], "aggregate")
    so_far: dict[str, int] = defaultdict(int)
    for month in range(months):
        first, last = counting.period(month)
        for code, most in CODES.items():
            number = world.chance.randint(0, most)
            so_far[code] += number
            flow = {} if is_so_far else {"flow": first}
            value = so_far[code] if is_so_far else number
            state(world, counting.submission(month), f"{name}P12", "E08000018", code, last, value, **flow)
    since = months - world.chance.randint(0, 1)
    return [Return(f"{name}l", (f"{name}P12",), ("E08000018",), YEAR, 10, people, since=since)]


def hand_over(name: str, people: int) -> list[Return]:
    """A provider that reports four months, and the one that reports after it and now and then of its time."""
    programme, areas = (f"{name}P10",), ("E08000018", None)
    return [
        Return(f"{name}o", programme, areas, YEAR, 4, people, by_month=True, is_over=True),
        Return(f"{name}n", programme, areas, YEAR, 10, people, since=4),
    ]


def restate(world: World, name: str) -> None:
    """What the new provider says again of the old one's people, under its own records."""
    old, new = f"{name}o", f"{name}n"
    links = world.tables["person_links"]
    for link in [link for link in links if link["record_key"].startswith(f"{old}/") and world.maybe(0.4)]:
        own = {"return_id": new, "submission_id": new, "record_key": f"{new}/{link['record_key']}"}
        links.append(link | {"record_key": own["record_key"]})
        for entity in ("participants", "referrals", "starts", "outcomes", "sustainments", "barriers"):
            rows = world.tables[entity]
            said = [row for row in rows if row["record_key"] == link["record_key"]]
            rows += [row | own | {"source_row": len(rows) + n} for n, row in enumerate(said)]


def count_alone(world: World, name: str) -> None:
    """A partner that counts nine months, a file each or a quarter: nil, missing, without jobs or sex."""
    counting = Return(f"{name}a", (f"{name}P01",), (), YEAR, 9, 0, by_month=True)
    each = world.chance.choice((1, 3))
    receipts = world.chance.choices(
        ("in", "late", "nil", "missing"), (12, 2, 2, world.chance.randint(0, 1)), k=9 // each
    )
    periods = [(receipt, n * each, n * each + each - 1) for n, receipt in enumerate(receipts)]
    owed(world, counting, [*periods, ("not_due", 9, 8 + each)], "aggregate")
    for receipt, month, first_of_file in ((r, m, f) for r, f, last in periods for m in range(f, last + 1)):
        first, last = counting.period(month)
        place = (world, counting.submission(first_of_file), f"{name}P01", "E07000125")
        for code, most in CODES.items() if receipt in ("in", "late") else ():
            number = world.chance.randint(0, most)
            if code == "referrals" or world.maybe(0.95):
                state(*place, code, last, number, flow=first)
            if code == "starts" and world.maybe(0.95):
                women = world.chance.randint(0, number)
                for sex, part in (("female", women), ("male", number - women)):
                    state(*place, code, last, part, flow=first, status="exact", sex=sex)
