"""Records and counts of a level, area and window together: exact, bounds, at least so many, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.independent.cohorts import is_quarter
from tests.independent.counted import Bounds, Named, Series
from tests.independent.levels import Window
from tests.independent.people import Figure, People, Said, number, share
from tests.independent.sources import COUNT, OWN, april

Counted = Mapping[Named, Series]
Figured = dict[tuple[str, str, str], Figure]
EVENTS = {"M01": "referrals", "M04": "starts", "M08": "evidenced_jobs"}
PEOPLE = {
    "M02": ("people_referred", "referrals"),
    "M05": ("starts",),
    "M11": ("evidenced_jobs",),
    "M22": ("qualifications",),
}
OTHERS = {"M20": "attendances"}
RATES = {"M03": ("M01", "M02"), "M06": ("M04", "M01"), "M12": ("M08", "M04"), "M32": ("M08", "M01")}
BY_GROUP = {
    "M06": ("sex", "age_band", "referral_source"),
    "M12": ("sex", "age_band", "ethnic5", "disability", "cohort"),
    "M32": ("sex", "age_band"),
}
REACHED = ("sex", "age_band", "ethnic5", "disability", "inactivity_reason")


def together(here: People, window: Window, counted: Counted, said: Figured) -> Figured:
    """What records say, with the counts and without what nobody knows."""
    whole = Whole(here, window, counted)
    found = said | dict(whole.events(said)) | dict(whole.others(said))
    if window.kind != "cohort":
        found |= dict(whole.people(said))
    found |= dict(reached(found))
    return found | dict(rates(found, window))


class Whole:
    """What is known of a window besides its records."""

    def __init__(self, here: People, window: Window, counted: Counted) -> None:
        self.here, self.window, self.level, self.counted = here, window, here.level, counted
        self.sources = here.region.sources
        self.is_missing = not here.region.has_all(here.level, window)
        self.counting = [p for p in self.level.parts if any(p == name[0] for name in counted)]
        counts_starts = [p for p in self.level.parts if self.is_counted(p, "starts")]
        self.is_unnamed = bool(counts_starts or (self.level.is_parent and self.counting))

    def is_counted(self, programme: str, code: str) -> bool:
        """Whether a count stands for some of the window."""
        return COUNT in self.sources.turns(programme, code, self.window.start, self.window.end)

    def is_short(self, metric: str) -> bool:
        """Whether a return is missing, or came without a word of it."""
        first, last = self.window.start, self.window.end
        return self.is_missing or any(
            self.sources.is_silent(p, self.said_by(p, metric), first, last) for p in self.level.parts
        )

    def said_by(self, programme: str, metric: str) -> dict[str, set[int]]:
        """The counts that say something of a metric, and whether records alone do."""
        if metric in PEOPLE:
            of_people, of_events = PEOPLE[metric][0], PEOPLE[metric][-1]
            counts_people = COUNT in self.sources.turns(programme, of_people)
            return {of_people: {OWN}} | {of_people if counts_people else of_events: {OWN, COUNT}}
        if metric in EVENTS:
            return {EVENTS[metric]: {OWN, COUNT}}
        return {"evidenced_jobs": {OWN}} if metric == "M09" else {OTHERS[metric]: {OWN, COUNT}}

    def events(self, said: Figured) -> Iterator[Said]:
        """M01, M04, M08 with their groups: sums of records and counts."""
        for metric, code in EVENTS.items():
            if not any(self.sources.turns(p, code) for p in self.level.parts) or self.window.kind == "cohort":
                continue
            groups = {(b, part) for m, b, part in said if m == metric} | {("all", "all")}
            if self.here.is_total and self.window.kind != "quarter":
                groups |= {(b, part) for p, c, b, part in self.counted if p in self.level.parts and c == code}
            for breakdown, part in groups:
                known = int(said.get((metric, breakdown, part), number(0)).value or 0)
                parts = [self.of_counts(p, code, breakdown, part) for p in self.counting]
                low, high = total([(known, known), *parts])
                yield (metric, breakdown, part), bounded(low, None if self.is_short(metric) else high)

    def of_counts(self, programme: str, code: str, breakdown: str, part: str) -> Bounds:
        """What a programme counted of a group; nobody knows where it does not count so."""
        if not self.here.is_total:
            return 0, 0 if not self.is_counted(programme, code) else None
        cut = [one for named, one in self.counted.items() if named[:3] == (programme, code, breakdown)]
        if cut:
            own = self.counted.get((programme, code, breakdown, part), Series())
            low, high = own.within(self.window)
            return low, high + self.counted[programme, code, "all", "all"].besides(cut, self.window)
        is_region = self.level.is_parent and any((programme, code) == named[:2] for named in self.counted)
        return 0, None if is_region or self.is_counted(programme, code) else 0

    def people(self, said: Figured) -> Iterator[Said]:
        """M02, M05, M11, M22: bounds where someone counts without naming."""
        for metric, codes in PEOPLE.items():
            recorded = [int(said.get((metric, "all", "all"), number(0)).value or 0)]
            least, most, is_said = [*recorded], [*recorded], self.here.has_records
            if self.window.kind == "quarter" and metric != "M02":
                continue
            for p in self.counting if self.here.is_total else ():
                code = next((c for c in codes if (p, c, "all", "all") in self.counted), None)
                if code is None:
                    continue
                numbers = self.counted[p, code, "all", "all"]
                low, top = numbers.within(self.window)
                if code == "people_referred":  # who was counted before April to then can have come again
                    top = numbers.until(self.window.end, april(self.window.start))[1]
                # starts are people where re-entry counts once; of referrals and jobs one person can have all
                is_people = code in ("people_referred", "starts", "qualifications")
                if self.level.is_parent or is_people or {OWN} & self.sources.turns(p, codes[-1]):
                    is_said = True
                    least.append(low if is_people else min(low, 1))
                    most.append(top)
            told = [p in self.sources.told[codes[-1]] for p in self.level.parts]
            if is_said and any(told):
                is_known = all(told) and not self.is_short(metric)
                yield (metric, "all", "all"), bounded(max(least), sum(most) if is_known else None)
            elif self.here.has_records:  # nobody would say if there was one
                yield (metric, "all", "all"), Figure()

    def others(self, said: Figured) -> Iterator[Said]:
        """What only records say: at least that, or not available, where some of the level sends none."""
        for (metric, breakdown, part), figure in said.items():
            is_lowest = metric in ("M09", "M20") or (metric == "M24" and part != "permanent_share")
            is_short = self.is_missing
            if metric in ("M09", "M20"):
                is_short = self.is_short(metric)
            if metric in ("M09", "M20", "M24"):
                is_short |= self.level.is_parent and bool(self.counting)
            if metric in ("M17", "M27", "M28"):
                is_short |= self.is_unnamed or self.is_short("M04")
            if is_short and is_lowest and figure.value is not None:
                yield (metric, breakdown, part), Figure(None, int(figure.value), None)
            elif is_short and metric in ("M17", "M19", "M24", "M27", "M28"):
                yield (metric, breakdown, part), Figure()


def reached(found: Figured) -> Iterator[Said]:
    """M27: shares of the groups of M04 while all of them are exact."""
    for breakdown in REACHED:
        starts = {part: f.value for (m, b, part), f in found.items() if (m, b) == ("M04", breakdown)}
        is_known = None not in starts.values()
        for part, value in starts.items():
            whole = sum(int(v or 0) for v in starts.values())
            yield ("M27", breakdown, part), share(int(value or 0), whole) if is_known else Figure()


def rates(found: Figured, window: Window) -> Iterator[Said]:
    """Quotients of two metrics, of the whole and of groups, while both are exact."""
    if is_quarter(window):
        return
    for metric, (above, below) in RATES.items():
        for breakdown in ("all", *BY_GROUP.get(metric, ())):
            for part in {p for m, b, p in found if (m, b) == (above, breakdown)}:
                parts = [found.get((m, breakdown, part), Figure()).value for m in (above, below)]
                is_known = None not in parts
                figure = share(int(parts[0] or 0), int(parts[1] or 0)) if is_known else Figure()
                yield (metric, breakdown, part), figure


def bounded(lower: int, upper: int | None) -> Figure:
    """A number where both bounds are the same, else the bounds."""
    return number(lower) if lower == upper else Figure(None, lower, upper)


def total(parts: list[Bounds]) -> Bounds:
    """Bounds of a sum."""
    uppers = [high for _, high in parts]
    return sum(low for low, _ in parts), None if None in uppers else sum(h for h in uppers if h is not None)
