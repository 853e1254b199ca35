"""Open work as it stood in a simulated year: every family still open at a midnight, with all it had been through."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.events import EVERY_CHILD, NOBODY, Activity, Column, EventKind, EventLog, Outcome, WaitingOn
from sim.policies import is_assessed
from sim.world import Contact, Inherited, PastEvent, World

NEVER = np.iinfo(np.int64).max
"""Later than any minute: it had not happened."""

WORK = (EventKind.WORK_QUEUED, EventKind.WORK_STARTED, EventKind.WORK_ENDED)
_COUNTED = (
    EventKind.INFORMATION_ASKED,
    EventKind.INFORMATION_READY,
    EventKind.SECOND_LOOK_ASKED,
    EventKind.ALLOCATED,
    EventKind.HOLDER_LEFT,
)
_TIMED = (
    EventKind.RECEIVED,
    EventKind.SCREENED,
    EventKind.INFORMATION_ASKED,
    EventKind.DECIDED,
    EventKind.STRATEGY_HELD,
    EventKind.SECTION_47_STARTED,
    EventKind.ALLOCATED,
    EventKind.ASSESSMENT_STARTED,
    EventKind.ASSESSMENT_AUTHORISED,
    EventKind.CLOSED,
)


class Mark(IntEnum):
    """What is so, or not, of a family whose work is open."""

    DECIDED = 0
    AUTHORISED = 1
    HELD = 2
    ALL_SEEN = 3
    STRATEGY = 4
    STRATEGY_HELD = 5
    SECTION_47 = 6
    ANY_SEEN = 7
    STARTED = 8
    ASKED = 9
    SCREENED = 10
    OPEN_CASE = 11


class Snapshots:
    """The families of one simulated run that were open at some of its midnights: an entry for each family and midnight.

    `row` is the family's place in the log's contacts and `at` the minute, both (n,); `marks` is (n, len(Mark)); and
    `times` maps a kind of event to the minute, counted from `at` and so less than 0, at which it first happened, or to
    `NEVER`, each (n,).
    """

    def __init__(self, log: EventLog, world: World, moments: Sequence[int]) -> None:
        self._log = log
        returns = (*world.returns_before.values(), *world.returns_after.values())
        self._fates = {fate.id: fate for fate in (*returns, *world.contacts)}
        self._fates |= {one.contact.id: one.contact for one in world.inherited}
        self.contacts = log.contacts
        ids = log.contact_column("contact")
        order = np.argsort(ids)
        self._whose = order[np.searchsorted(ids[order], log.column("contact"))]
        self._by_contact = np.argsort(self._whose, kind="stable")
        self._bounds = np.searchsorted(self._whose[self._by_contact], np.arange(len(ids) + 1))
        first = {kind: self._first(kind) for kind in _TIMED}
        first_seen, last_seen = self._seen()
        open_at = [self._open_at(first, moment) for moment in moments]
        self.row = np.concatenate(open_at)
        self.at = np.repeat(np.asarray(moments, dtype=np.int64), [len(rows) for rows in open_at])
        self.times = {kind: self._since(times) for kind, times in first.items()}
        self.times[EventKind.SEEN] = self._since(last_seen)
        self.marks = self._marks(self._since(first_seen))

    def _first(self, kind: EventKind) -> Column:
        found = np.full(len(self.contacts), NEVER, dtype=np.int64)
        events = np.flatnonzero(self._log.column("kind") == kind)
        np.minimum.at(found, self._whose[events], self._log.column("time")[events])
        return found

    def _seen(self) -> tuple[Column, Column]:
        """When the first child of each contact was seen, and when all had been."""
        events = np.flatnonzero(self._log.column("kind") == EventKind.SEEN)
        row, times = self._whose[events], self._log.column("time")[events]
        last = np.full(len(self.contacts), -1, dtype=np.int64)
        np.maximum.at(last, row, times)
        together = np.zeros(len(self.contacts), dtype=np.int64)
        np.add.at(together, row, np.where(self._log.column("child")[events] == EVERY_CHILD, 99, 1))
        return self._first(EventKind.SEEN), np.where(together >= self._log.contact_column("children"), last, NEVER)

    def _open_at(self, first: dict[EventKind, Column], moment: int) -> Column:
        """The contacts open at a minute, decided to need no assessment left out: nothing of those is a wait of ours."""
        decided = first[EventKind.DECIDED]
        outcome = self._outcome()
        going = (decided >= moment) | np.isin(outcome, [kind for kind in Outcome if is_assessed(kind)])
        return np.flatnonzero((first[EventKind.RECEIVED] < moment) & (first[EventKind.CLOSED] >= moment) & going)

    def _outcome(self) -> Column:
        found = np.full(len(self.contacts), -1, dtype=np.int64)
        events = np.flatnonzero(self._log.column("kind") == EventKind.DECIDED)
        found[self._whose[events]] = self._log.column("detail")[events]
        return found

    def _since(self, times: Column) -> Column:
        then = times[self.row]
        return np.where(then < self.at, then - self.at, NEVER)

    def _counts(self, kind: EventKind) -> Column:
        """How often it had happened to each entry."""
        events = np.flatnonzero(self._log.column("kind") == kind)
        key = self._whose[events] * (self._log.watched_until + 2) + self._log.column("time")[events]
        key.sort()
        base = self.row * (self._log.watched_until + 2)
        return np.searchsorted(key, base + self.at) - np.searchsorted(key, base)

    def _marks(self, first_seen: Column) -> NDArray[np.bool_]:
        counts = {kind: self._counts(kind) for kind in _COUNTED}
        asked = counts[EventKind.INFORMATION_ASKED] + counts[EventKind.SECOND_LOOK_ASKED]
        happened = {kind: times != NEVER for kind, times in self.times.items()}
        marks = np.zeros((len(self.row), len(Mark)), dtype=np.bool_)
        marks[:, Mark.DECIDED] = happened[EventKind.DECIDED]
        marks[:, Mark.AUTHORISED] = happened[EventKind.ASSESSMENT_AUTHORISED]
        marks[:, Mark.HELD] = counts[EventKind.ALLOCATED] > counts[EventKind.HOLDER_LEFT]
        marks[:, Mark.ALL_SEEN] = happened[EventKind.SEEN]
        is_strategy = self._outcome()[self.row] == Outcome.STRATEGY_DISCUSSION
        marks[:, Mark.STRATEGY] = is_strategy & happened[EventKind.DECIDED]
        marks[:, Mark.STRATEGY_HELD] = happened[EventKind.STRATEGY_HELD]
        marks[:, Mark.SECTION_47] = happened[EventKind.SECTION_47_STARTED]
        marks[:, Mark.ANY_SEEN] = first_seen != NEVER
        marks[:, Mark.STARTED] = happened[EventKind.ASSESSMENT_STARTED]
        marks[:, Mark.ASKED] = asked > counts[EventKind.INFORMATION_READY]
        marks[:, Mark.SCREENED] = happened[EventKind.SCREENED]
        marks[:, Mark.OPEN_CASE] = self._log.contact_column("open_case")[self.row] == 1
        return marks

    def fate(self, entry: int) -> Contact:
        """The contact of an entry, with all that chance decides about it."""
        return self._fates[int(self.contacts[self.row[entry], 0])]

    def steps(self, entry: int) -> tuple[PastEvent, ...]:
        """The steps of an entry's family before its midnight, in minutes before it."""
        return tuple(
            PastEvent(row[0] - int(self.at[entry]), EventKind(row[1]), row[3], row[6], WaitingOn(row[7]), person=row[4])
            for row in self._events(entry)
            if row[1] not in WORK
        )

    def done(self, entry: int) -> tuple[tuple[Activity, int], ...]:
        """The pieces of work done for an entry's family before its midnight, by kind."""
        ended = [Activity(row[6]) for row in self._events(entry) if row[1] == EventKind.WORK_ENDED]
        return tuple((activity, ended.count(activity)) for activity in sorted(set(ended)))

    def holder(self, entry: int) -> int:
        """Whose case it was."""
        held = NOBODY
        for row in self._events(entry):
            if row[1] == EventKind.ALLOCATED:
                held = row[4]
            elif row[1] == EventKind.HOLDER_LEFT:
                held = NOBODY
        return held

    def _events(self, entry: int) -> list[list[int]]:
        row = self.row[entry]
        rows = self._log.events[self._by_contact[self._bounds[row] : self._bounds[row + 1]]]
        found: list[list[int]] = rows[rows[:, 0] < self.at[entry]].tolist()
        return found

    def as_it_was(self, entry: int, begins: int) -> Inherited:
        """An entry's family for a run that begins at a minute, just as it was at its midnight."""
        steps = tuple(step._replace(time=step.time + begins) for step in self.steps(entry))
        contact = self.fate(entry)._replace(received=steps[0].time)
        is_return = int(self.contacts[self.row[entry], 7])
        return Inherited(contact, steps, self.done(entry), self.holder(entry), is_return)
