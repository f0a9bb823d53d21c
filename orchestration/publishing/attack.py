"""An attacker who has this release, all earlier ones and the listed figures, and linear programmes.

What must stay uncertain: a count of 1 to 9 that is hidden can be each of 1 to 9; a count that is shown to
the nearest five can be more than one number; what came in between two figures to date, of which one is
exact, is not known to be small. The attacker is given more than a stranger has: which of the hidden counts
are the small ones, so that what is hidden for their sake protects them or is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.publishing.columns import HIDDEN, NUMBERS
from orchestration.publishing.knowledge import Knowledge
from orchestration.publishing.observed import (
    cell_of,
    exact_counts,
    finder,
    hidden_counts,
    intervals,
    listed_frame,
    listed_parts,
    own_counts,
    rounded_counts,
    with_parts,
)
from orchestration.publishing.others import Others, numbers
from orchestration.publishing.relations import relations
from orchestration.publishing.rounding import LARGEST, SMALLEST, Floats
from orchestration.publishing.system import NEAR, Bounded, Found, Places, Ranges, System, components, tied

Kind = Literal["small", "few", "once_hidden", "rounded", "between", "open"]
KINDS: tuple[Kind, ...] = ("small", "few", "once_hidden", "rounded", "between")
NOTHING = -1
ENOUGH_OF_HIDDEN, ENOUGH_OF_ROUNDED = 9, 2
"""How many whole numbers must be possible."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Leak:
    """A count of which the attacker knows too much: it lies between `low` and `high`.

    `binding`: the counts whose published figures tell it.
    """

    name: str
    kind: Kind
    low: float
    high: float
    binding: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attack:
    """What came of it: `leaks`, and how many counts were attacked."""

    leaks: list[Leak]
    attacked: int


def attack(
    candidate: pd.DataFrame, earlier: Sequence[pd.DataFrame], known: Knowledge, secret: Mapping[str, Kind]
) -> Attack:
    """Attack a candidate and all `earlier` releases (oldest first), each as `read_release` gives it.

    `secret`: which counts are `small`, or stand for many by `few` people, or are `open`: not about people.
    """
    return Attacker(candidate, earlier, known, secret).attack(candidate)


class Attacker:
    """What stays the same while a candidate is repaired: names, relations, earlier releases."""

    def __init__(
        self,
        candidate: pd.DataFrame,
        earlier: Sequence[pd.DataFrame],
        known: Knowledge,
        secret: Mapping[str, Kind],
    ) -> None:
        """Prepare; `candidate` may differ later in what it shows, not in which cells it has."""
        self._secret = secret
        self._cells = with_parts(candidate, known)
        self._earlier = [with_parts(f, known) for f in reversed(earlier)]
        self._listed = with_parts(listed_frame(known), known)
        frames = [self._cells, *self._earlier, self._listed]
        everything = pd.concat(frames, ignore_index=True)
        units = _units(everything, known)
        found, self._between = relations(units, everything, known)
        for relation in found:
            for name in relation.counts:
                units.setdefault(name, "")
        self._names = sorted(units)
        self._place = {name: i for i, name in enumerate(self._names)}
        self._matrix, self._least, self._most = tied(found, self._place)
        self._components = components(self._matrix)
        self._seen: dict[int, tuple[bytes, list[Leak]]] = {}
        self._found: dict[int, tuple[Bounded, Bounded]] = {}

    def attack(self, candidate: pd.DataFrame) -> Attack:
        """What `candidate`, as it now stands, gives away; only what changed is worked out again."""
        now = self._cells.assign(**{c: candidate[c] for c in (*NUMBERS, "status")})
        now = pd.concat([now, _unseen(self._listed, now)], ignore_index=True)
        system = self._system(now)
        kinds = self._kinds(now, system)
        signs = np.column_stack([system.low, system.high, kinds])
        todo = []
        for number, (counts, _) in enumerate(self._components):
            if (kinds[counts] != NOTHING).any():
                sign = signs[counts].tobytes()
                if self._seen.get(number, (b"",))[0] != sign:
                    self._seen[number] = (sign, [])
                    todo.append(number)
            else:
                self._seen.pop(number, None)
        self._work_out(system, kinds, todo)
        ours = own_counts(now) - exact_counts([now])
        leaks = [k for number, (_, own) in self._seen.items() for k in self._told_by_us(number, own, ours)]
        leaks = [leak for leak in leaks if not self._is_told_before(leak, system)]
        return Attack(sorted(leaks, key=lambda leak: leak.name), int((kinds != NOTHING).sum()))

    def _told_by_us(self, number: int, leaks: list[Leak], ours: set[str]) -> list[Leak]:
        """Leaks but those of figures once released that others tell as well: nobody can take them back."""
        rounded = [leak for leak in leaks if leak.kind == "rounded"]
        left = self._listed_only.ranges(number, [self._place[leak.name] for leak in rounded])
        told = [k for k, r in zip(rounded, left, strict=True) if numbers(k.low, k.high) >= numbers(*r)]
        once = [leak for leak in leaks if leak.kind in ("once_hidden", "rounded")]
        told += [leak for leak in once if ours.isdisjoint(map(cell_of, leak.binding))]
        return [leak for leak in leaks if leak not in told]

    def _is_told_before(self, leak: Leak, system: System) -> bool:
        """Whether earlier releases tell as much of a small count, and this one by itself does not."""
        if not self._earlier or leak.kind not in ("small", "few"):
            return False
        place = self._place[leak.name]
        part = next(n for n, (counts, _) in enumerate(self._components) if place in counts)
        [(low, high)] = self._earlier_only.ranges(part, [place])
        if leak.kind == "small":
            low, high = max(low, SMALLEST), min(high, LARGEST)
        if low < leak.low - NEAR or high > leak.high + NEAR:
            return False
        now_only = Others(replace(system, soft_low=system.low, soft_high=system.high), self._components)
        ours = np.array(now_only.ranges(part, [place])[0])
        return bool(_is_safe(np.array([KINDS.index(leak.kind)]), ours[:1], ours[1:])[0])

    @cached_property
    def _listed_only(self) -> Others:
        return self._others([self._listed])

    @cached_property
    def _earlier_only(self) -> Others:
        return self._others(self._earlier)

    def _others(self, said: Sequence[pd.DataFrame]) -> Others:
        size = len(self._names)
        low, high = self._bounds(said, np.zeros(size), np.full(size, np.inf))
        return Others(System(low, high, low, high, self._matrix, self._least, self._most), self._components)

    def _work_out(self, system: System, kinds: Places, todo: list[int]) -> None:
        parts = [self._components[number] for number in todo]
        before = self._found_before(system.bounds, todo)
        found = Ranges(system, parts, lambda counts, low, high: _is_safe(kinds[counts], low, high), before)
        leaking = ~_is_safe(kinds, found.low, found.high) & ~_is_no_small_number(kinds, found.low, found.high)
        for number, part in zip(todo, parts, strict=True):
            self._found.pop(number, None)
            if not found.is_mended(part):
                self._found[number] = _of(system.bounds, part[0]), _of((found.low, found.high), part[0])
            for place in np.flatnonzero(leaking[part[0]]):
                at = part[0][place]
                told = {self._names[i] for i in (*found.told_by(part, int(place)), at)}
                bounds = (float(found.low[at]), float(found.high[at]))
                leak = Leak(self._names[at], KINDS[kinds[at]], *bounds, tuple(sorted(told)))
                self._seen[number][1].append(leak)

    def _found_before(self, bounds: Bounded, todo: list[int]) -> Iterator[Found]:
        """Ranges found earlier: what was possible still is, where nothing is known more narrowly since."""
        for number in todo:
            if number in self._found:
                counts = self._components[number][0]
                (least, most), ranges = self._found[number]
                now_least, now_most = _of(bounds, counts)
                if (now_least <= least).all() and (now_most >= most).all():
                    yield counts, ranges

    def _system(self, now: pd.DataFrame) -> System:
        """Certain: this release, its small hidden counts being 1 to 9. Supposed: all else that is out."""
        size = len(self._names)
        low, high = self._bounds([now], np.zeros(size), np.full(size, np.inf))
        hidden = now.loc[(now["status"] == HIDDEN) & ~now["is_derived"], "name"]
        small = [self._place[n] for n in hidden if self._secret.get(n) == "small"]
        low[small], high[small] = SMALLEST, LARGEST
        soft = self._bounds([*self._earlier, self._listed], low.copy(), high.copy())
        return System(low, high, *soft, self._matrix, self._least, self._most)

    def _bounds(self, said: Sequence[pd.DataFrame], low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Newest first: what contradicts a later release has changed since."""
        for frame in said:
            told = intervals(frame)
            told = told[told["name"].isin(self._place.keys())]  # not the ends of what is tied to nothing
            at = told["name"].map(self._place).to_numpy(dtype=int)
            least = np.maximum(low[at], told["low"].to_numpy())
            most = np.minimum(high[at], told["high"].to_numpy())
            fits = least <= most
            low[at[fits]], high[at[fits]] = least[fits], most[fits]
        return low, high

    def _kinds(self, now: pd.DataFrame, system: System) -> Places:
        """What must stay uncertain of each count; the last kind that fits."""

        def of_kind(kind: Kind) -> set[str]:
            return {name for name, own in self._secret.items() if own == kind}

        frames, (low, high) = [now, *self._earlier], system.bounds
        said = exact_counts([*frames, self._listed])
        exact = {n for n in said if low[self._place[n]] == high[self._place[n]]}  # unless revised since
        hidden_now = hidden_counts(now)
        wanted: list[tuple[set[str], Kind]] = [
            ({n for n, pair in self._between.items() if exact & set(pair)}, "between"),
            ({n for f in frames for n in rounded_counts(f)} - of_kind("open") - listed_parts(now), "rounded"),
            ({n for f in self._earlier for n in hidden_counts(f)} - hidden_now, "once_hidden"),
            (of_kind("few"), "few"),
            (of_kind("small"), "small"),
        ]
        kinds = np.full(len(self._names), NOTHING)
        for names, kind in wanted:
            kinds[[self._place[n] for n in names - exact if n in self._place]] = KINDS.index(kind)
        return kinds


def _of(bounded: Bounded, counts: Places) -> Bounded:
    low, high = bounded
    return low[counts], high[counts]


def _is_safe(kinds: Places, low: Floats, high: Floats) -> Mask:
    """Whether a range that is possible leaves enough in doubt; a wider one only leaves more."""
    enough = np.where(kinds == KINDS.index("rounded"), ENOUGH_OF_ROUNDED, ENOUGH_OF_HIDDEN)
    is_any_small = (low <= SMALLEST + NEAR) & (high >= LARGEST - NEAR)
    safe: Mask = np.where(kinds == KINDS.index("once_hidden"), is_any_small, numbers(low, high) >= enough)
    return safe | (kinds == NOTHING)


def _is_no_small_number(kinds: Places, low: Floats, high: Floats) -> Mask:
    """What turns out to be nought, or ten and more, was not hidden for being small, or is not small."""
    is_open = np.isin(kinds, [KINDS.index("once_hidden"), KINDS.index("between")])
    found: Mask = is_open & ((low > LARGEST + NEAR) | (high < SMALLEST - NEAR))
    return found


def _unseen(listed: pd.DataFrame, candidate: pd.DataFrame) -> pd.DataFrame:
    """Listed figures of which the candidate has no cell."""
    return listed[~listed["name"].isin(candidate["name"])]


def _units(frame: pd.DataFrame, known: Knowledge) -> dict[str, str]:
    """Every count with its unit, by its own figure or as reference data states it of parts."""
    plain = frame[~frame["is_derived"]].drop_duplicates("name")
    units = dict(zip(plain["name"], plain["unit"], strict=True))
    derived = frame[frame["is_derived"]]
    rows_of = finder(derived)
    for stated in known.stated:
        if stated.relation == "own":
            rows = derived.iloc[rows_of(stated.count)]
            units |= dict.fromkeys(rows["top" if stated.count.side == "numerator" else "bottom"], stated.unit)
    usual = dict(zip(plain["metric_id"], plain["unit"], strict=True))
    for name in sorted(set(derived["top"]) | set(derived["bottom"])):
        units.setdefault(name, "" if "#" in name else usual.get(name.partition("|")[0], ""))
    return units
