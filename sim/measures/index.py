"""A log made ready for reading: its columns, grouped once and shared by every measure."""

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar, TypeVarTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import Column, EventKind, EventLog
from sim.facts import Fact
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, WorkingDays, opening_calendar

Mask = NDArray[np.bool_]

NEVER = -1
"""In place of a time or a detail: it did not happen while the log was watched."""

MINUTES_PER_HOUR = 60
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12

# Knuth's multiplicative hashing: the golden ratio in 64 bits; 16 to 32 slots for each id.
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SPARE_BITS = 4

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class LogIndex:
    """A log's columns, and for each event the place of its contact. Read-only; a memory of what was worked out.

    `row` is the place of an event's contact in `log.contacts`, -1 for an event of no contact. The event columns are
    of shape (n,), those of contacts (m,), in the order of the log.
    """

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.memory: dict[tuple[object, ...], Any] = {}
        self.time, self.kind, self.waiting_on, self.detail, self.person, self.child, self.minutes = (
            np.ascontiguousarray(log.column(name))
            for name in ("time", "kind", "waiting_on", "detail", "person", "child", "minutes")
        )
        self.row = places(np.ascontiguousarray(log.column("contact")), log.contact_column("contact"))
        self._by_kind = stable_order(self.kind)
        self._bounds = np.searchsorted(self.kind[self._by_kind], np.arange(max(EventKind) + 2))
        self.received = log.contact_column("received")
        self.children = log.contact_column("children")
        self.open_case = log.contact_column("open_case") == 1

    def from_minute(self, minute: int) -> "LogIndex":
        """The same log with a reporting window that begins later; nothing that was worked out for this one is taken."""
        found = copy(self)
        found.log, found.memory = replace(self.log, window_start=minute), {}
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]:
            delattr(found, name)
        return found

    def events(self, *kinds: EventKind) -> Column:
        """The places of the events of these kinds, in the order they happened."""
        if len(kinds) == 1:
            return self._by_kind[self._bounds[kinds[0]] : self._bounds[kinds[0] + 1]]
        return np.flatnonzero(is_one_of(self.kind, kinds))

    def records(self, kind: EventKind) -> bool:
        """Whether the log holds the kind at all; where it does not, a count of it is unknown rather than none."""
        return bool(self._bounds[kind + 1] > self._bounds[kind])

    def knows(self, facts: frozenset[Fact]) -> bool:
        """Whether the log knows all of these."""
        return facts <= self.log.facts

    def first(self, kind: EventKind) -> Column:
        """When the kind first happened to each contact, in minutes; `NEVER` where it did not."""
        return self._of_first(kind, self.time)

    def first_detail(self, kind: EventKind) -> Column:
        """The detail of the first event of the kind of each contact; `NEVER` where there is none."""
        return self._of_first(kind, self.detail)

    def _of_first(self, kind: EventKind, column: Column) -> Column:
        found = np.full(len(self.received), NEVER, dtype=np.int64)
        events = self.events(kind)[::-1]
        events = events[self.row[events] >= 0]
        # Written from the last to the first, so that the first stands.
        found[self.row[events]] = column[events]
        return found

    @cached_property
    def decided(self) -> Column:
        """When each contact was decided."""
        return self.first(EventKind.DECIDED)

    @cached_property
    def outcome(self) -> Column:
        """How each contact was decided: an `Outcome`."""
        return self.first_detail(EventKind.DECIDED)

    @cached_property
    def rating(self) -> Column:
        """The rating each contact was given at screening: a `Rating`."""
        return self.first_detail(EventKind.SCREENED)

    @cached_property
    def received_in_window(self) -> Mask:
        """Which contacts were received in the reporting window."""
        return self.in_window(self.received)

    def in_window(self, times: Column) -> Mask:
        """Which times lie in the reporting window; `NEVER` does not."""
        found: Mask = (times >= self.log.window_start) & (times < self.log.window_end) & (times != NEVER)
        return found

    def known(self, times: Column) -> Column:
        """The times, with the end of watching in place of `NEVER`."""
        return np.where(times == NEVER, self.log.watched_until, times)

    @property
    def window_minutes(self) -> int:
        """The length of the reporting window."""
        return self.log.window_end - self.log.window_start

    @property
    def window_years(self) -> float:
        """The length of the reporting window in years of 365.25 days."""
        return self.window_minutes / MINUTES_PER_DAY / DAYS_PER_YEAR

    @property
    def window_months(self) -> float:
        """The length of the reporting window in twelfths of such a year."""
        return self.window_years * MONTHS_PER_YEAR

    @property
    def office(self) -> Calendar:
        """The office's opening hours, from the first day to the end of watching."""
        log = self.log
        return _office(log.first_day, self._days, log.office_opens_minute, log.office_closes_minute)

    @property
    def working_days(self) -> WorkingDays:
        """England's working days around the log's days."""
        return _working_days(self.log.first_day, self._days)

    @property
    def _days(self) -> int:
        return self.log.watched_until // MINUTES_PER_DAY + 1


def indexed(log: EventLog | LogIndex) -> LogIndex:
    """The index of a log, for callers who read it more than once and pass the index instead."""
    return log if isinstance(log, LogIndex) else LogIndex(log)


def shared(function: Callable[[LogIndex, *Ts], T]) -> Callable[[LogIndex, *Ts], T]:
    """Work `function` out once for each log and set of arguments, which must be hashable."""

    @wraps(function)
    def once(index: LogIndex, *arguments: *Ts) -> T:
        key = (function, *arguments)
        if key not in index.memory:
            index.memory[key] = function(index, *arguments)
        found: T = index.memory[key]
        return found

    return once


def places(wanted: Column, ids: Column) -> Column:
    """The place of each wanted id among the ids, which are all different; -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    # A search by bisection would be most of the cost of reading a log; a table finds nearly all, and misses the ids
    # that share a slot with a later one.
    bits = len(ids).bit_length() + _SPARE_BITS
    table = np.zeros(2**bits, dtype=np.int64)
    slots = _slots(ids, bits)
    table[slots] = np.arange(len(ids))
    place = table[_slots(wanted, bits)]
    missed = np.flatnonzero(ids[place] != wanted)
    place[missed] = -1
    hidden = np.flatnonzero(table[slots] != np.arange(len(ids)))
    if len(hidden) and len(missed):
        hidden = hidden[np.argsort(ids[hidden])]
        found = hidden[np.minimum(np.searchsorted(ids[hidden], wanted[missed]), len(hidden) - 1)]
        place[missed] = np.where(ids[found] == wanted[missed], found, -1)
    return place


def _slots(ids: Column, bits: int) -> Column:
    mixed = ids.astype(np.uint64) * _MIX
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def stable_order(keys: Column) -> Column:
    """The order that sorts small whole numbers (at least -1), equal ones left as they came."""
    # numpy sorts 16-bit keys by radix, several times faster than wider ones.
    shifted = keys + 1
    narrow = len(keys) == 0 or int(shifted.max()) < 2**16
    return np.argsort(shifted.astype(np.uint16) if narrow else shifted, kind="stable")


def is_one_of(values: Column, wanted: Collection[int]) -> Mask:
    """Which values, small whole numbers from -1 on, are one of some: by a table, since measures ask it of everybody."""
    table = np.zeros(max(int(values.max(initial=0)), *wanted, 0) + 2, dtype=np.bool_)
    table[np.array([*wanted], dtype=np.int64) + 1] = True
    found: Mask = table[values + 1]
    return found


def ratio(part: float, whole: float) -> float:
    """Part of whole; nan where there is no whole."""
    return part / whole if whole else float("nan")


@lru_cache(maxsize=8)
def _office(first_day: date, days: int, opens_minute: int, closes_minute: int) -> Calendar:
    return opening_calendar(first_day, days, OpeningHours(opens_minute, closes_minute))


@lru_cache(maxsize=8)
def _working_days(first_day: date, days: int) -> WorkingDays:
    return WorkingDays(first_day, days)
