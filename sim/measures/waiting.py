"""Who is waiting now: children not yet seen when a log was last watched, by stage and by how long they have waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.events import Column, EventKind, EventLog
from sim.facts import Fact
from sim.measures.assessments import LIMIT_WORKING_DAYS
from sim.measures.clocks import COHORT, REFERRED, every_child, seen_undated
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of, shared
from sim.working_time import MINUTES_PER_DAY


class WaitingStage(IntEnum):
    """How far the contact of a child that waits has come."""

    NOT_DECIDED = 0
    UNALLOCATED = 1
    UNSEEN = 2


WAITING_NEEDS: Mapping[WaitingStage, frozenset[Fact]] = {
    WaitingStage.NOT_DECIDED: frozenset({Fact.RECEIPT, Fact.DECISION}),
    WaitingStage.UNALLOCATED: frozenset({Fact.RECEIPT, Fact.REFERRAL, Fact.ALLOCATION}),
    WaitingStage.UNSEEN: COHORT,
}
"""What a log must know to tell who waits at a stage."""

AGE_BANDS: tuple[tuple[int, int | None], ...] = ((0, 1), (2, 5), (6, 10), (11, 20), (21, None))
"""First and last whole day of each band, the day of receipt being day 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """One entry for each child that waits; all (n,).

    `stage` is a `WaitingStage`, `days` the dates since receipt, `row` the contact's place in the log, `team` the number
    of the last team its events name, -1 for none. `known` are the stages that the log can tell; children at another are
    left out. Where it does not know when children were seen, those of the first two stages may have been; where it does
    not know allocations, all who are referred and unseen stand at the last. `without_worker` counts the children
    referred and without a worker, seen or not; nan where that is unknown. `seen_undated` counts those referred, on a
    case not closed, who were seen or assessed on a day that nobody noted: they do not wait.
    """

    stage: Column
    days: Column
    row: Column
    team: Column
    known: tuple[WaitingStage, ...]
    without_worker: float
    seen_undated: int

    def counts(self) -> Column:
        """Children by stage and band of age: (3, 5), as `WaitingStage` by `AGE_BANDS`."""
        found = np.zeros((len(WaitingStage), len(AGE_BANDS)), dtype=np.int64)
        np.add.at(found, (self.stage, bands(self.days)), 1)
        return found


def bands(days: Column) -> Column:
    """The place in `AGE_BANDS` of whole days, (n,)."""
    return np.searchsorted([first for first, _ in AGE_BANDS], days, side="right") - 1


def waiting_now(log: EventLog | LogIndex) -> Waiting:
    """The children of all contacts, those on an open case left out, who wait at the end of watching.

    A child waits until it is seen, its contact is decided to need no assessment, or its case is closed.
    """
    index = indexed(log)
    row, _, seen = every_child(index)
    waits = (seen == NEVER) & ~seen_undated(index) & _going_on(index)[row]
    row = row[waits]
    referred = is_one_of(index.outcome, REFERRED)[row]
    tells_workers = index.knows(WAITING_NEEDS[WaitingStage.UNALLOCATED])
    allocated = has_worker(index)[row] | (not tells_workers)
    stage = np.select(
        [~referred, ~allocated], [WaitingStage.NOT_DECIDED, WaitingStage.UNALLOCATED], WaitingStage.UNSEEN
    ).astype(np.int64)
    known = tuple(one for one, needs in WAITING_NEEDS.items() if index.knows(needs))
    kept = is_one_of(stage, known)
    row, stage = row[kept], stage[kept]
    days = index.log.watched_until // MINUTES_PER_DAY - index.received[row] // MINUTES_PER_DAY
    without = float(index.children[without_worker(index)].sum()) if tells_workers else float("nan")
    undated = int(np.count_nonzero(undated_and_going_on(index)))
    return Waiting(stage, days, row, last_team(index)[row], known, without, undated)


@shared
def undated_and_going_on(index: LogIndex) -> Mask:
    """Which of every child of every contact `Waiting.seen_undated` counts."""
    going = _going_on(index) & is_one_of(index.outcome, REFERRED)
    found: Mask = seen_undated(index) & going[every_child(index)[0]]
    return found


ASSESSING_NEEDS = frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION})
"""What a log must know to tell which assessments are open."""


@shared
def assessing(index: LogIndex) -> Mask:
    """Which contacts' assessment has begun by the end of watching, and is not authorised, nor the case closed."""
    begun = index.first(EventKind.ASSESSMENT_STARTED) != NEVER
    ended = (index.first(EventKind.ASSESSMENT_AUTHORISED) != NEVER) | (index.first(EventKind.CLOSED) != NEVER)
    found: Mask = begun & ~ended
    return found


@shared
def assessing_late(index: LogIndex) -> Mask:
    """Which of them began more than 45 working days ago."""
    found = assessing(index)
    start = np.where(found, index.first(EventKind.ASSESSMENT_STARTED), index.log.watched_until)
    late: Mask = index.working_days.between(start, np.full_like(start, index.log.watched_until)) > LIMIT_WORKING_DAYS
    return late


@shared
def _going_on(index: LogIndex) -> Mask:
    """Which contacts, not on an open case, are undecided or referred, and not closed."""
    undecided = index.decided == NEVER
    possible = (undecided | is_one_of(index.outcome, REFERRED)) & ~index.open_case
    going: Mask = possible & (index.first(EventKind.CLOSED) == NEVER)
    return going


@shared
def without_worker(index: LogIndex) -> Mask:
    """Which contacts are referred and going on, and have no worker at the end of watching."""
    unheld: Mask = _going_on(index) & is_one_of(index.outcome, REFERRED) & ~has_worker(index)
    return unheld


@shared
def has_worker(index: LogIndex) -> Mask:
    """Which contacts have a worker at the end of watching: allocated, and not left by theirs since."""
    held: Mask = _last_place(index, index.events(EventKind.ALLOCATED)) > _last_place(
        index, index.events(EventKind.HOLDER_LEFT)
    )
    return held


@shared
def last_team(index: LogIndex) -> Column:
    """The last team that the events of each contact name; -1 for none."""
    team = index.log.column("team")
    named = np.flatnonzero((team != NEVER) & (index.row >= 0))
    place = _last_place(index, named)
    return np.where(place == NEVER, NEVER, team[place])


def _last_place(index: LogIndex, events: Column) -> Column:
    """The place of the last of these events of each contact; `NEVER` where it has none."""
    found = np.full(len(index.received), NEVER, dtype=np.int64)
    events = events[index.row[events] >= 0]
    found[index.row[events]] = events
    return found
