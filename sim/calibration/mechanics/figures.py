"""What is compared of a record and of a run of it: some seventy figures, by the day, from either kind of log.

All are of the day and none of the hour, for most records know no more. What is still open counts as waiting so far.
A figure that a log cannot tell is nan, and so nothing of it is compared.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import EventKind, EventLog, Outcome, Rating
from sim.facts import Fact
from sim.measures.index import NEVER, LogIndex
from sim.working_time import MINUTES_PER_DAY

Values = NDArray[np.float64]
Days = NDArray[np.int64]
Mask = NDArray[np.bool_]
Named = Iterator[tuple[str, float]]

_BLOCKS: Final = 6
_MOMENTS: Final = 8
_WEEK: Final = 7
_FEWEST: Final = 8


class Waits(NamedTuple):
    """From one step to the next, of some contacts: whole days, and whether the next step has come."""

    days: Days
    is_over: Mask
    began: Days

    def of(self, some: Mask) -> "Waits":
        """Some of them."""
        return Waits(self.days[some], self.is_over[some], self.began[some])

    def left(self, horizon: int) -> Values:
        """The share that waits longer than 0, 1, ... days (Kaplan-Meier); nan of few."""
        if len(self.days) < _FEWEST:
            return np.full(horizon + 1, np.nan)
        days = np.clip(self.days, 0, horizon + 1)
        ended = np.bincount(days[self.is_over], minlength=horizon + 2)[: horizon + 1]
        every = np.bincount(days, minlength=horizon + 2)
        at_risk = len(days) - np.concatenate([[0], np.cumsum(every)[:horizon]])
        return np.asarray(np.cumprod(1 - ended / np.maximum(at_risk, 1)))

    def mean(self, horizon: int) -> float:
        """The mean wait, none counting more than the horizon."""
        return float(self.left(horizon)[:-1].sum())


def _shares(name: str, waits: Waits, within: tuple[int, ...], horizon: int) -> Named:
    left = waits.left(horizon)
    yield from ((f"{name}_within_{day}", float(1 - left[day])) for day in within)
    yield f"{name}_mean", waits.mean(horizon)


def _blocks(name: str, waits: Waits, horizon: int, days: int, blocks: int) -> Named:
    block = np.minimum(waits.began * blocks // max(days, 1), blocks - 1)
    yield from ((f"{name}_mean_{number + 1}", waits.of(block == number).mean(horizon)) for number in range(blocks))


class Read:
    """A log's contacts of the window, by day of the window."""

    def __init__(self, log: EventLog) -> None:
        self.index = LogIndex(log)
        self.facts = log.facts
        self.first = -(-log.window_start // MINUTES_PER_DAY)
        self.days = min(log.window_end, log.watched_until + 1) // MINUTES_PER_DAY - self.first
        self.mine = self.index.received_in_window
        self.received = self._day(self.index.received)
        self.decided = self.step(EventKind.DECIDED)
        self.allocated = self.step(EventKind.ALLOCATED)
        self.seen = self.step(EventKind.SEEN)
        self.authorised = self.step(EventKind.ASSESSMENT_AUTHORISED)
        self.started = self.step(EventKind.ASSESSMENT_STARTED)
        self.closed = self.step(EventKind.CLOSED)
        outcome = self.index.outcome
        mine = self.mine & ~self.index.open_case
        self.discussed = mine & (outcome == Outcome.STRATEGY_DISCUSSION)
        self.referred = mine & (outcome == Outcome.REFERRAL)
        self.assessed = self.discussed | self.referred

    def knows(self, *facts: Fact) -> bool:
        """Whether the log tells all of these."""
        return frozenset(facts) <= self.facts

    def step(self, kind: EventKind) -> Days:
        """On which day of the window a step was taken; `NEVER` where it was not by its end."""
        return self._day(self.index.first(kind))

    def last(self, kind: EventKind) -> Days:
        """On which day of the window a step that may come again was taken last; `NEVER` where it was not by its end."""
        minutes = np.full(len(self.index.received), NEVER, dtype=np.int64)
        events = self.index.events(kind)
        is_known = self.index.time[events] // MINUTES_PER_DAY - self.first < self.days
        events = events[is_known & (self.index.row[events] >= 0)]
        # Written from the first to the last, so that the last stands.
        minutes[self.index.row[events]] = self.index.time[events]
        return self._day(minutes)

    def _day(self, minutes: Days) -> Days:
        day = np.where(minutes == NEVER, NEVER, minutes // MINUTES_PER_DAY - self.first)
        return np.where((minutes == NEVER) | (day >= self.days), NEVER, np.maximum(day, 0))

    def waits(self, start: Days, end: Days, some: Mask, given_up: Days | None = None) -> Waits:
        """From one step to another of some contacts that took the first; an end before it is one on that day."""
        some = some & (start != NEVER)
        begins, ends = start[some], end[some]
        until = np.full(len(begins), self.days - 1)
        if given_up is not None:
            until = np.where((given_up[some] != NEVER) & (ends == NEVER), given_up[some], until)
        is_over = ends != NEVER
        return Waits(np.maximum(np.where(is_over, ends, until) - begins, 0), is_over, begins)

    def weekly(self, day: Days, some: Mask) -> Values:
        """How many a week, of whole weeks."""
        weeks = self.days // _WEEK
        taken = day[some & (day != NEVER)] // _WEEK
        return np.bincount(taken[taken < weeks], minlength=weeks).astype(np.float64)[:weeks]

    def open_at(self, start: Days, end: Days, some: Mask, given_up: Days | None = None) -> Values:
        """How many had taken one step and not the other at the ends of eighths of the window."""
        ends = end if given_up is None else np.where(end == NEVER, given_up, end)
        moments = (np.arange(_MOMENTS) + 1) * self.days // _MOMENTS - 1
        some = some & (start != NEVER)
        begun = start[some, None] <= moments
        return np.asarray((begun & ((ends[some, None] == NEVER) | (ends[some, None] > moments))).sum(axis=0), float)


def _decisions(read: Read) -> Named:
    waits = read.waits(read.received, read.decided, read.mine)
    yield from _shares("decision", waits, (0, 1, 2, 3, 5, 8, 14, 21), 30)
    yield from _blocks("decision", waits, 15, read.days, 4)
    yield from _levels("undecided", read.open_at(read.received, read.decided, read.mine))
    yield from _pace("decided", read.weekly(read.decided, read.mine))


def _ratings(read: Read) -> Named:
    for rating, within in ((Rating.RED, (0,)), (Rating.AMBER, (0, 1, 3)), (Rating.GREEN, (0, 1, 3, 5))):
        waits = read.waits(read.received, read.decided, read.mine & (read.index.rating == rating))
        yield from _shares(f"{rating.name.lower()}_decision", waits, within, 15)


def _seen(read: Read) -> Named:
    waits = read.waits(read.decided, read.seen, read.assessed, read.closed)
    yield from _shares("seen", waits, (0, 1, 2, 3, 5, 7, 10, 15, 20), 40)
    discussed, referred = (
        read.waits(read.decided, read.seen, some, read.closed) for some in (read.discussed, read.referred)
    )
    yield from _shares("discussed_seen", discussed, (0, 1, 3, 5), 20)
    yield from _shares("referred_seen", referred, (1, 3, 5, 10, 15), 40)
    yield from _blocks("seen", waits, 30, read.days, _BLOCKS)
    yield from _levels("unseen", read.open_at(read.decided, read.seen, read.assessed, read.closed))
    yield from _pace("seen", read.weekly(read.seen, read.assessed))


def _allocations(read: Read) -> Named:
    # One who was seen or assessed by somebody of whom no date is noted was allocated, nobody knows when.
    undated = (read.allocated == NEVER) & ((read.started != NEVER) | (read.seen != NEVER))
    waits = read.waits(read.decided, read.allocated, read.assessed & ~undated, read.closed)
    yield from _shares("allocation", waits, (0, 1, 2, 3, 5, 10), 20)
    yield from _blocks("allocation", waits, 15, read.days, 4)


def _visits(read: Read) -> Named:
    waits = read.waits(read.allocated, read.seen, read.assessed, read.closed)
    yield from _shares("visit", waits, (0, 1, 2, 3, 5, 8, 12), 30)


def _assessments(read: Read) -> Named:
    started = np.where(read.started == NEVER, read.allocated, read.started)
    waits = read.waits(started, read.authorised, read.assessed)
    yield from _shares("assessment", waits, (5, 15, 30, 45, 60, 75), 120)
    yield from _blocks("assessment", waits, 70, read.days, 2)
    yield from _levels("in_assessment", read.open_at(started, read.authorised, read.assessed))
    yield from _pace("authorised", read.weekly(read.authorised, read.assessed))


def _further_work(read: Read) -> Named:
    # The last answer, for of several a record may keep one, and then the last, with which work goes on.
    asked, answered = read.step(EventKind.INFORMATION_ASKED), read.last(EventKind.INFORMATION_READY)
    settled = read.mine & (read.received < read.days - 14)
    yield "asked_share", _ratio(np.count_nonzero(settled & (asked != NEVER)), np.count_nonzero(settled))
    waits = read.waits(asked, answered, read.mine & (asked != NEVER))
    yield from _shares("answer", waits, (1, 3, 7, 14), 20)


def _levels(name: str, counts: Values) -> Named:
    yield f"{name}_open_mean", float(np.log1p(counts.mean()))
    yield f"{name}_open_spread", float(counts.std() / max(counts.mean(), 1.0))
    yield f"{name}_open_last", float(np.log1p(counts[-1]))


def _pace(name: str, weekly: Values) -> Named:
    if len(weekly) < _FEWEST:
        yield from ((f"{name}_weekly_{what}", float("nan")) for what in ("mean", "cv", "lag"))
        return
    mean, off = weekly.mean(), weekly - weekly.mean()
    yield f"{name}_weekly_mean", float(np.log1p(mean))
    yield f"{name}_weekly_cv", float(weekly.std() / max(mean, 1.0))
    yield f"{name}_weekly_lag", float(off[1:] @ off[:-1] / max(float(off @ off), 1.0))


def _ratio(part: np.intp, whole: np.intp) -> float:
    return float(part / whole) if whole else float("nan")


_STAGES: Final = (
    ("decision", (Fact.RECEIPT, Fact.DECISION), _decisions),
    ("decision by rating", (Fact.RECEIPT, Fact.DECISION, Fact.RATING), _ratings),
    ("seen", (Fact.REFERRAL, Fact.SEEN), _seen),
    ("allocation", (Fact.REFERRAL, Fact.ALLOCATION), _allocations),
    ("first visit", (Fact.REFERRAL, Fact.ALLOCATION, Fact.SEEN), _visits),
    ("assessment", (Fact.ASSESSMENT_START, Fact.AUTHORISATION), _assessments),
    ("further work", (Fact.FURTHER_WORK,), _further_work),
)


def _empty() -> EventLog:
    none = np.empty((0, 9), dtype=np.int64)
    return EventLog(none, none, np.empty((0, 7), dtype=np.int64), date(2020, 1, 6), 0, 1, 0, 10080, 10079)


def _named(log: EventLog) -> Iterator[tuple[str, str, float]]:
    """The stage, name and value of each figure; nan where the log does not tell it."""
    read = Read(log)
    for stage, facts, told in _STAGES:
        knows = read.knows(*facts)
        yield from ((stage, name, value if knows else float("nan")) for name, value in told(read))


FIGURES: Final[tuple[tuple[str, str], ...]] = tuple((stage, name) for stage, name, _ in _named(_empty()))
"""The stage and name of every figure, in order."""


def figures_of(log: EventLog) -> tuple[float, ...]:
    """All figures of a log."""
    return tuple(value for _, _, value in _named(log))
