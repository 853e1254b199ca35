"""For each family that is open in a record, one like it in a simulated half year: at the same step, open for as long.

So what a record does not tell of a family, and how long it will yet take, follows the model's own laws given all that
the record does tell, its age among it.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.events import NOBODY, EventKind, Outcome
from sim.experiment.snapshots import NEVER, Mark, Snapshots
from sim.facts import Fact
from sim.working_time import MINUTES_PER_DAY
from sim.world.opening import OpenJourney, OpenWork

Values = NDArray[np.float64]

UNTOLD = -1
NEAREST = 8
"""Of so many most like it, chance picks one."""

_MARK_WEIGHTS = {
    Mark.DECIDED: 1000.0,
    Mark.AUTHORISED: 300.0,
    Mark.HELD: 300.0,
    Mark.ALL_SEEN: 100.0,
    Mark.OPEN_CASE: 100.0,
    Mark.STRATEGY: 60.0,
    Mark.STRATEGY_HELD: 60.0,
    Mark.SECTION_47: 60.0,
    Mark.ASKED: 30.0,
    Mark.SCREENED: 30.0,
    Mark.ANY_SEEN: 20.0,
    Mark.STARTED: 20.0,
}
"""How much it counts that two families differ in a mark: what matters more for the way ahead counts more."""

_RATING, _CHILDREN, _SOURCE, _ABUSE, _LATEST = 1.0, 0.2, 0.1, 0.1, 2.0
"""Differences that weigh as one of ages does: an age 22% longer differs by 0.2."""

TOLD_BY = {
    EventKind.RECEIVED: Fact.RECEIPT,
    EventKind.SCREENED: Fact.RATING,
    EventKind.DECIDED: Fact.REFERRAL,
    EventKind.STRATEGY_HELD: Fact.STRATEGY,
    EventKind.SECTION_47_STARTED: Fact.SECTION_47,
    EventKind.ALLOCATED: Fact.ALLOCATION,
    EventKind.ASSESSMENT_STARTED: Fact.ASSESSMENT_START,
    EventKind.SEEN: Fact.SEEN,
    EventKind.ASSESSMENT_AUTHORISED: Fact.AUTHORISATION,
}
"""The steps whose date a record may tell, and by which fact."""


def told_at(journey: OpenJourney, facts: frozenset[Fact]) -> dict[EventKind, int]:
    """When a family took the steps of `TOLD_BY`, as far as the record tells; seen once all its children were."""
    at = {kind: journey.at[kind] for kind, fact in TOLD_BY.items() if fact in facts and kind in journey.at}
    if Fact.SEEN in facts and len(journey.seen) >= journey.children:
        at[EventKind.SEEN] = max(time for _, time in journey.seen)
    if marks(journey, facts)[Mark.ASKED] == 1:
        at[EventKind.INFORMATION_ASKED] = journey.at[EventKind.INFORMATION_ASKED]
    return at


def tells_outcomes(facts: frozenset[Fact]) -> bool:
    """Whether a referral for a strategy discussion that was not yet held is told from one for assessment."""
    return bool(facts & {Fact.DECISION, Fact.STRATEGY_ASKED})


def marks(journey: OpenJourney, facts: frozenset[Fact]) -> dict[Mark, int]:
    """What is so of a family, 1, and what is not, 0, or `UNTOLD`."""
    return {mark: (UNTOLD if value is None else int(value)) for mark, value in _marks(journey, facts)}


def _marks(journey: OpenJourney, facts: frozenset[Fact]) -> Iterator[tuple[Mark, bool | None]]:
    at, outcomes = journey.at, tells_outcomes(facts)
    asked, answered = EventKind.INFORMATION_ASKED in at, EventKind.INFORMATION_READY in at
    started = EventKind.ASSESSMENT_STARTED in at
    is_held = journey.holder != NOBODY or EventKind.ALLOCATED in at

    def told(fact: Fact, value: bool) -> bool | None:  # noqa: FBT001  (what is told)
        return value if fact in facts else None

    yield Mark.DECIDED, EventKind.DECIDED in at
    yield Mark.AUTHORISED, told(Fact.AUTHORISATION, EventKind.ASSESSMENT_AUTHORISED in at)
    yield Mark.HELD, told(Fact.ALLOCATION, is_held) if not started else True
    yield Mark.ALL_SEEN, told(Fact.SEEN, len(journey.seen) >= journey.children)
    yield Mark.ANY_SEEN, told(Fact.SEEN, bool(journey.seen))
    is_strategy = journey.outcome == Outcome.STRATEGY_DISCUSSION
    yield Mark.STRATEGY, True if is_strategy else False if outcomes else None
    yield Mark.STRATEGY_HELD, _if_exact(EventKind.STRATEGY_HELD in at, is_exact=outcomes and Fact.STRATEGY in facts)
    yield Mark.SECTION_47, _if_exact(EventKind.SECTION_47_STARTED in at, is_exact=Fact.SECTION_47 in facts)
    yield Mark.STARTED, told(Fact.ASSESSMENT_START, started)
    yield Mark.ASKED, told(Fact.FURTHER_WORK, asked) if not answered else None
    yield Mark.SCREENED, _if_exact(EventKind.SCREENED in at, is_exact=Fact.RATING in facts)
    yield Mark.OPEN_CASE, _if_exact(journey.open_case == 1, is_exact=Fact.OPEN_CASE in facts)


def _if_exact(value: bool, *, is_exact: bool) -> bool | None:  # noqa: FBT001  (what is told)
    """What is so is told; what is not may only not be told."""
    return True if value else False if is_exact else None


class Matching:
    """The simulated families among which those like a recorded one are looked for."""

    def __init__(self, snapshots: Snapshots, work: OpenWork) -> None:
        self._work = work
        was_left = (snapshots.times[EventKind.ALLOCATED] != NEVER) & ~snapshots.marks[:, Mark.HELD]
        self._entries = np.flatnonzero(~was_left)
        self._marks = snapshots.marks[self._entries]
        self._ages = {kind: _age(times[self._entries]) for kind, times in snapshots.times.items()}
        fates = [snapshots.fate(entry) for entry in self._entries.tolist()]
        self._children = np.array([fate.children for fate in fates])
        self._source = np.array([fate.source for fate in fates])
        self._abuse = np.array([fate.domestic_abuse for fate in fates])
        self._rating = np.array([fate.rating for fate in fates])

    def match(self, journey: OpenJourney, u: float) -> tuple[int, bool]:
        """One of the families most like this one, by a uniform; and whether it is at the same step in all is told."""
        apart = self._apart(journey)
        costs = apart + self._distance(journey)
        nearest = np.argpartition(costs, min(NEAREST, len(costs) - 1))[:NEAREST]
        nearest = nearest[np.argsort(costs[nearest], kind="stable")]
        nearest = nearest[apart[nearest] == apart[nearest].min()]
        chosen = nearest[int(u * len(nearest))]
        return int(self._entries[chosen]), bool(apart[chosen] == 0)

    def _apart(self, journey: OpenJourney) -> Values:
        """How far apart in marks that are told."""
        told = marks(journey, self._work.facts)
        known = [mark for mark, value in told.items() if value != UNTOLD]
        differs = self._marks[:, known] != np.array([bool(told[mark]) for mark in known])
        apart: Values = differs @ np.array([_MARK_WEIGHTS[mark] for mark in known])
        return apart

    def _distance(self, journey: OpenJourney) -> Values:
        """How far apart in ages, and in what is told of the family."""
        at = told_at(journey, self._work.facts)
        latest = max(at, key=lambda kind: at[kind])
        weights = {kind: _LATEST if kind is latest else 1.0 for kind in at}
        far = sum(weights[kind] * _apart_in_age(self._ages[kind], time) for kind, time in at.items())
        distance = np.asarray(far) / sum(weights.values())
        distance = distance + _CHILDREN * (self._children != journey.children)
        distance = distance + _SOURCE * (self._source != journey.source) * (journey.source >= 0)
        distance = distance + _ABUSE * (self._abuse != journey.domestic_abuse) * (journey.domestic_abuse >= 0)
        found: Values = distance + _RATING * (self._rating != journey.rating) * (journey.rating >= 0)
        return found


def _age(times: NDArray[np.int64]) -> Values:
    """How long ago, as the logarithm of days and one; nan where it has not happened."""
    days = np.where(times == NEVER, np.nan, -times / MINUTES_PER_DAY)
    return np.log1p(days)


def _apart_in_age(ages: Values, time: int) -> Values:
    apart: Values = np.nan_to_num(np.abs(ages - np.log1p(max(-time, 0) / MINUTES_PER_DAY)), nan=1.0)
    return apart
