"""Small random regions with all that goes wrong in the field: what the door would have accepted of them.

A world is the programme register once more under its own name, with some returns for it: two registers that
restate everything, one return by month with a gap and late evidence, one that counts without naming and hides
small numbers, one for two programmes of a lifetime, and one for a programme that counts every spell; and of
`turns`, partners that count first and record later, hand over to another, or count month by month.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

from tests.independent.journeys import Journey
from tests.independent.tallies import charity, count, hours_beside_names, spend_and_target
from tests.independent.turns import count_alone, count_first, hand_over, restate
from tests.independent.world import YEAR, Return, Row, World

DISTRICTS_OF_MPT = ("local_mpt_pendle", "local_mpt_central", "local_mpt_west", "unknown", None)


def make_worlds(seed: int, number: int, people: int = 130) -> dict[str, list[Row]]:
    """Rows of every table of `number` worlds; the same seed makes the same worlds."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for n in range(number):
        world = World(random.Random(f"{seed}/{n}"))
        for returned in returns(f"w{n}:", world, people):
            send(world, returned)
        count(world, f"w{n}:")
        count_alone(world, f"w{n}:")
        for returned in (*count_first(world, f"w{n}:", people // 2), *hand_over(f"w{n}:", people // 2)):
            send(world, returned)
        restate(world, f"w{n}:")
        spend_and_target(world, f"w{n}:")
        charity(world, f"w{n}:")
        hours_beside_names(world, f"w{n}:")
        for table, made in world.tables.items():
            rows[table] += made
    return rows


def returns(name: str, world: World, people: int) -> list[Return]:
    """The returns of a world that name people."""
    chance = world.chance
    months = chance.randint(9, 11)
    return [
        Return(f"{name}r", (f"{name}P08",), ("E08000018",), YEAR, months, people),
        Return(
            f"{name}b",
            (f"{name}P07b",),
            ("E08000016", "E08000038"),
            YEAR,
            months,
            people,
            carried=11 - months,
        ),
        Return(
            f"{name}d",
            (f"{name}P07d",),
            ("E08000017", "E08000016", "E08000038", None),
            YEAR,
            chance.randint(8, 10),
            people,
            by_month=True,
            missing=frozenset({chance.randint(2, 6)} if world.maybe(0.5) else ()),
        ),
        Return(f"{name}m", (f"{name}P02", f"{name}P03"), DISTRICTS_OF_MPT, date(2022, 7, 1), 18, people),
        Return(f"{name}f", (f"{name}P04",), ("E07000122", "E07000123"), date(2024, 4, 1), 22, people),
    ]


def send(world: World, returned: Return) -> None:
    """What a return says about its people, and the periods it was due for."""
    for programme in returned.programmes:
        world.tables["returns"].append(
            {
                "return_id": returned.return_id,
                "partner_id": returned.return_id,
                "partner_name": "Partner",
                "programme_id": programme,
                "area_code": "all",
                "grain": "record",
                "frequency": "month",
                "scope": "period" if returned.by_month else "register",
                "is_evidence_of_activity": True,
            }
        )
    owed = returned.months + returned.carried
    for month in range(returned.since, owed + (not returned.is_over)):
        start, end = returned.period(month)
        gone, carried = month in returned.missing or month == owed, month >= returned.months
        world.tables["ledger"].append(
            {
                "return_id": returned.return_id,
                "period_start": start,
                "period_end": end,
                "due_on": end + timedelta(days=14),
                "receipt": "not_due"
                if month == owed
                else "missing"
                if gone
                else "rejected"
                if carried
                else world.chance.choice(("in", "late")),
                "used": "none" if gone else "carried_forward" if carried else "current",
                "submission_id": None if gone else returned.submission(min(month, returned.months - 1)),
            }
        )
    for number in range(returned.people):
        participant(world, returned, number)


def participant(world: World, returned: Return, number: int) -> None:
    """One participant record: sometimes a person whom another record already names."""
    record = f"{returned.return_id}/{number}"
    known = world.people and world.maybe(0.2)
    person = world.chance.choice(world.people[-300:]) if known else f"person {record}"
    world.people.append(person)
    world.tables["person_links"].append({"record_key": record, "person_key": person, "link_rule": "nino"})
    for programme in world.chance.sample(
        returned.programmes, world.chance.randint(1, len(returned.programmes))
    ):
        Journey(world, returned, programme, record, person).go()
