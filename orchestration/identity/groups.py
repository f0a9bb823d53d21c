"""From pairs to people: the best link first, and never two records together that must stay apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[int, int]


def group(count: int, links: Iterable[Pair], apart: Iterable[Pair] = ()) -> list[int]:
    """For each of `count` records, the first record of its group.

    `links` are taken in order; one that would put two records of `apart` into a group is left out.
    """
    parent = list(range(count))
    members: dict[int, set[int]] = {}
    foes: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        foes[one].add(other)
        foes[other].add(one)

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        joining = members.get(second, {second})
        if first == second or not joining.isdisjoint(foes.get(first, ())):
            continue
        parent[second] = first
        members.setdefault(first, {first}).update(joining)
        if second in foes:
            foes[first] |= foes[second]
    return [root(record) for record in range(count)]
