"""Every count that is shown, with all that adds up, and which of them are hidden."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import isnan

import numpy as np

from sim.events import EventKind
from sim.facts import Fact
from sim.measures import AGE_BANDS, MEASURES, Group, Measure, WaitingStage, base, missing
from sim.measures.flow import PUBLISHED_REFERRALS
from sim.measures.measure import (
    DOMESTIC_ABUSE,
    IMMEDIATE,
    NOT_DOMESTIC_ABUSE,
    NOT_IMMEDIATE,
    SECTION_17,
    SECTION_47,
    SOURCES,
)
from sim.report.observed.hiding import HIDDEN, Key, Sum, hidden, is_small
from sim.report.observed.map import OTHERWISE
from sim.report.observed.reading import Reading
from sim.report.observed.sets import (
    ASSESSING,
    BEYOND,
    CLOSED_BEFORE,
    HAPPENED,
    REFERRALS,
    REFERRED,
    UNDATED,
    WITHOUT_WORKER,
    counted_sets,
    within,
)
from sim.report.tables import Cell
from sim.report.wording import SHARE, Number

PARTITIONS: tuple[tuple[Group, ...], ...] = (
    (IMMEDIATE, NOT_IMMEDIATE),
    (SECTION_47, SECTION_17),
    (DOMESTIC_ABUSE, NOT_DOMESTIC_ABUSE),
    SOURCES,
)
"""Groups that, with those of whom it is not known, make up all."""

WORKER_LEVEL = frozenset({"caseload_max"})
"""Measures that say something of a single worker; never shown of a real record."""

_COUNTS = ("contacts_count", "open_case_contacts_count", REFERRED, REFERRALS, CLOSED_BEFORE, *HAPPENED, *BEYOND)
"""Measures that count contacts or children, be it a month; their noughts are shown, whatever they rest on."""

_BANDS, _FROM = "assessment_band_", "referrals_from_"
_IN_TIME = "assessments_within_45_working_days_share"
_LATE = ("46_50", "51_60", "61_plus")


@dataclass(slots=True)
class Tally:
    """Counts by key, and the sums among them."""

    counts: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add_up(self, total: Key, parts: dict[Key, int]) -> None:
        """Take in parts and their total."""
        self.counts |= parts
        self.counts[total] = sum(parts.values())
        self.sums.append(Sum(total, tuple(parts)))

    def nearly_add_up(self, total: Key, parts: tuple[Key, ...], few: int) -> None:
        """Take in that parts that are counted make up a total but for a rest, where that is none or a few.

        A larger rest tells nothing of anybody, and nobody knows how large it is.
        """
        if not self.counts.keys() >= {total, *parts}:
            return
        rest = self.counts[total] - sum(self.counts[part] for part in parts)
        if 0 <= rest <= few:
            more: dict[Key, int] = {("rest", total, parts): rest} if rest else {}
            self.counts |= more
            self.sums.append(Sum(total, (*parts, *more)))


class Counted:
    """The counts of a reading, and what of it must be hidden; `cell` and `measured` give what may be shown."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.small = reading.rules.small_count
        tally = Tally()
        for add in (_add_waiting, _add_teams, _add_months, _add_measures, _add_sets):
            add(reading, tally)
        self.counts, self.sums = tally.counts, tuple(tally.sums)
        self.hidden = hidden(tally.counts, tally.sums, self.small)
        self._hidden_measures = frozenset(self._find_hidden_measures())

    def cell(self, key: Key) -> Cell:
        """A count as it may be shown; what is not among the counts is none."""
        return HIDDEN if key in self.hidden else self.counts.get(key, 0)

    def of_few(self, value: float, unit: str, count: int, times: int = 1) -> Cell:
        """A median or the like of so many children, as it may be shown: of more than `times` the threshold."""
        return HIDDEN if is_small(count, self.small * times) else Number(value, unit)

    def beside(self, key: Key, cell: Cell) -> Cell:
        """A number as it may stand beside a count: beside a hidden one it would say that the count is no small one."""
        return HIDDEN if key in self.hidden else cell

    def is_hidden(self, measure: str, group: str) -> bool:
        """Whether a measure of a group is hidden."""
        return (measure, group) in self._hidden_measures or ("measure", measure, group) in self.hidden

    def shares(self, shares: list[float], whole: list[int]) -> list[Cell]:
        """Shares of wholes that together make up one that is shown: hidden where they would tell a small count."""
        small = frozenset(
            place
            for place, (share, count) in enumerate(zip(shares, whole, strict=True))
            if _tells_few(share, count, self.small)
        )
        counts: dict[Key, int] = {**dict(enumerate(whole)), "all": sum(whole)}
        found = hidden(counts, [Sum("all", tuple(range(len(whole))))], 0, small)
        return [HIDDEN if place in found else Number(share, SHARE) for place, share in enumerate(shares)]

    def _find_hidden_measures(self) -> Iterator[tuple[str, str]]:
        for measure in MEASURES:
            if measure.id not in _COUNTS:
                yield from ((measure.id, group) for group in self._hidden_groups(measure))
        yield from self._hidden_in_families()

    def _hidden_groups(self, measure: Measure) -> Iterator[str]:
        """The groups for which a measure rests on few, and those that would give them away."""
        known = {group.id: group for group in measure.groups if self._is_known(measure, group)}
        bases = {name: base(self.reading.index, measure.id, group) for name, group in known.items()}
        few = {name for name in known if self._is_of_few(measure, name, bases[name])}
        if measure.id in WORKER_LEVEL:
            few = set(known)
        tally = Tally()
        tally.counts.update((name, count) for name, count in bases.items())
        _add_partitions(tally, bases, str)
        found = hidden(tally.counts, tally.sums, self.small, frozenset(few))
        yield from (name for name in known if name in found)

    def _is_known(self, measure: Measure, group: Group) -> bool:
        return not missing(self.reading.index, measure.id, group)

    def _is_of_few(self, measure: Measure, group: str, rests_on: int) -> bool:
        value = self.reading.measures[measure.id, group]
        if measure.unit == SHARE:
            return _tells_few(value, rests_on, self.small)
        is_count = measure.id.endswith("_count")
        return is_small(rests_on, self.small) or (is_count and is_small(value, self.small))

    def _hidden_in_families(self) -> Iterator[tuple[str, str]]:
        """Shares that add up to one: referrals by source, and assessments by how long they took."""
        for start in (_FROM, _BANDS):
            members = [
                m.id for m in MEASURES if m.id.startswith(start) and not isnan(self.reading.measures[m.id, "all"])
            ]
            if not members:
                continue
            whole = base(self.reading.index, members[0])
            counts: dict[Key, int] = {m: round(self.reading.measures[m, "all"] * whole) for m in members}
            tally = Tally()
            tally.add_up("all", {**counts, "rest": whole - sum(counts.values())})
            if start == _BANDS:
                late = tuple(m for m in members if m.endswith(_LATE))
                tally.add_up("late", {m: counts[m] for m in late})
            found = hidden(tally.counts, tally.sums, self.small)
            yield from ((m, "all") for m in members if m in found)
            if "late" in found:
                yield _IN_TIME, "all"


def _tells_few(share: float, whole: int, small: int) -> bool:
    """Whether a share of a whole says that 1 to the threshold are, or are not, among it."""
    if isnan(share):
        return is_small(whole, small)
    return is_small(whole, small) or is_small(share * whole, small) or is_small((1 - share) * whole, small)


def _add_waiting(reading: Reading, tally: Tally) -> None:
    counts, bands = reading.waiting_counts(), range(len(AGE_BANDS))
    for stage in reading.waiting.known:
        tally.add_up(("waiting", stage, None), {("waiting", stage, band): counts[stage, band] for band in bands})
    for band in bands:
        tally.add_up(("waiting", None, band), {("waiting", s, band): counts[s, band] for s in reading.waiting.known})
    stages: dict[Key, int] = {("waiting", s, None): tally.counts["waiting", s, None] for s in reading.waiting.known}
    tally.add_up(("waiting", None, None), stages)
    tally.add_up(
        ("waiting", None, None), {("waiting", None, band): tally.counts["waiting", None, band] for band in bands}
    )
    if WaitingStage.UNSEEN in reading.waiting.known:
        tally.counts[UNDATED] = reading.waiting.seen_undated
    if not isnan(reading.waiting.without_worker):
        tally.counts[WITHOUT_WORKER] = round(reading.waiting.without_worker)


def _add_teams(reading: Reading, tally: Tally) -> None:
    if not reading.teams:
        return
    stage_of = reading.waiting.stage
    for name, places in reading.teams.items():
        counted = np.bincount(stage_of[list(places)], minlength=3).tolist()
        tally.add_up(("team", name, None), {("team", name, s): counted[s] for s in reading.waiting.known})
    for stage in (*reading.waiting.known, None):
        parts = tuple(("team", name, stage) for name in reading.teams)
        tally.sums.append(Sum(("waiting", stage, None), parts))


def _add_months(reading: Reading, tally: Tally) -> None:
    months = {month.first: month for month in reading.months}
    sources = range(len(reading.months[0].sources)) if reading.knows(Fact.SOURCE) and months else ()
    for first, month in months.items():
        tally.counts["contacts", first, None] = month.contacts
        if sources:
            tally.add_up(("contacts", first, None), {("contacts", first, s): month.sources[s] for s in sources})
    for source in sources:
        tally.add_up(("contacts", None, source), {("contacts", m, source): months[m].sources[source] for m in months})
    tally.add_up(("contacts", None, None), {("contacts", m, None): months[m].contacts for m in months})
    if sources:
        tally.sums.append(Sum(("contacts", None, None), tuple(("contacts", None, s) for s in sources)))
    tally.add_up(("referred", None), {("referred", m): months[m].referred for m in months})
    tally.add_up(("still", None), {("still", m): months[m].waiting for m in months})
    tally.add_up(("undecided", None), {("undecided", m): months[m].undecided for m in months})
    tally.add_up(("undated", None), {("undated", m): months[m].seen_undated for m in months})
    _add_stages(reading, tally)


def _add_stages(reading: Reading, tally: Tally) -> None:
    """The months and those who wait by stage, which are the same children but for those of before the window."""
    few, known = reading.rules.small_count, reading.waiting.known
    if WaitingStage.UNSEEN in known:
        stages = [("waiting", stage, None) for stage in known if stage is not WaitingStage.NOT_DECIDED]
        tally.add_up(("waiting", "referred", None), {stage: tally.counts[stage] for stage in stages})
        tally.nearly_add_up(("waiting", "referred", None), (("still", None),), few)
        tally.nearly_add_up(("undated", None), (UNDATED,), few)
    if WaitingStage.NOT_DECIDED in known:
        tally.nearly_add_up(("waiting", WaitingStage.NOT_DECIDED, None), (("undecided", None),), few)


def _add_measures(reading: Reading, tally: Tally) -> None:
    """The counts among the measures, with the groups that make up all, and the months that do."""
    for measure in MEASURES:
        if measure.id not in _COUNTS:
            continue
        times = reading.index.window_months if measure.id in BEYOND else 1.0
        values = {g.id: reading.measures[measure.id, g.id] * times for g in measure.groups}
        counts = {name: round(value) for name, value in values.items() if not isnan(value)}
        tally.counts |= {("measure", measure.id, name): count for name, count in counts.items()}
        _add_partitions(tally, counts, partial(_key, measure.id))
    for name, total in (("contacts_count", ("contacts", None, None)), ("referred_children_count", ("referred", None))):
        if ("measure", name, "all") in tally.counts:
            tally.sums.append(Sum(("measure", name, "all"), (total,)))


def _add_partitions(tally: Tally, counts: dict[str, int], key: Callable[[str], Key]) -> None:
    """The groups that make up all; those who belong to none of them make up the rest, which anybody can work out."""
    for number, groups in enumerate(PARTITIONS):
        names = [group.id for group in groups]
        rest = counts.get("all", 0) - sum(counts.get(name, 0) for name in names)
        if set(names) <= counts.keys() and rest >= 0:
            more: dict[Key, int] = {("rest", number, key("all")): rest} if rest else {}
            tally.counts |= more
            tally.sums.append(Sum(key("all"), (*map(key, names), *more)))


def _key(measure: str, group: str) -> Key:
    return "measure", measure, group


def _add_sets(reading: Reading, tally: Tally) -> None:
    """The steps of the map and every other set of children, by what lies within what."""
    few, sets = reading.rules.small_count, counted_sets(reading)
    tally.counts |= {key: int(np.count_nonzero(which)) for key, which in sets.items()}
    for outer, inner, _ in within(sets):
        tally.nearly_add_up(outer, (inner,), few)
    decided, others = ("step", EventKind.DECIDED), tuple(("outcome", one) for one in OTHERWISE)
    others = tuple(key for key in others if key in sets)
    referred, referrals = _key(REFERRED, "all"), _key(REFERRALS, "all")
    tally.nearly_add_up(decided, others, few)
    tally.nearly_add_up(decided, (*others, referred), few)
    without_action = tuple(("outcome", one) for one in PUBLISHED_REFERRALS if ("outcome", one) in sets)
    tally.nearly_add_up(referrals, (referred, *without_action), few)
    tally.nearly_add_up(("step", EventKind.RECEIVED), (("contacts", None, None),), 0)
    begun, ended = ("step", EventKind.ASSESSMENT_STARTED), ("step", EventKind.ASSESSMENT_AUTHORISED)
    for authorised in (ended, _key("assessments_count", "all")):
        tally.nearly_add_up(begun, (authorised, ASSESSING), few)
