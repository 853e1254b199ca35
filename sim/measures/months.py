"""Month by month: the days to seen of the children whose contact came in each, and contacts by who made them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sim.events import Column, EventLog
from sim.measures.clocks import COHORT, Clock, End, children_clocks, waits
from sim.measures.index import LogIndex, Mask, indexed
from sim.measures.seen import LIMITS_DAYS
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY

UNCERTAIN_FROM = 0.05
"""The share of a month's children still waiting from which its figures may yet move."""


@dataclass(frozen=True, slots=True)
class Month:
    """The contacts received in one calendar month of the window, and their children.

    `is_whole` is false where the window holds part of the month. `seen` and `waiting` count children referred: one that
    waits is unseen and not closed. `seen_undated` are those seen or assessed on a day that nobody noted, whose wait is
    in no figure; `undecided` those whose contact is not decided and not closed, who may yet be referred. Days are
    elapsed days of 24 hours, shares are of the children referred, each estimated as for the whole window, with all who
    wait; nan where the log does not know it or too many wait. `sources` counts contacts by position in `Source`, those
    unknown last.
    """

    first: date
    is_whole: bool
    contacts: int
    sources: tuple[int, ...]
    referred: int
    seen: int
    waiting: int
    undecided: int
    seen_undated: int
    days_q50: float
    days_q90: float
    within: tuple[float, ...]

    @property
    def is_uncertain(self) -> bool:
        """Whether those who wait, be it for a decision, leave the month's figures uncertain."""
        return self.waiting + self.undecided > UNCERTAIN_FROM * max(self.referred, 1)


def by_month(log: EventLog | LogIndex) -> tuple[Month, ...]:
    """Every calendar month that the window touches, in order."""
    index = indexed(log)
    return tuple(_month(index, first, after) for first, after in _months(index.log))


def _months(log: EventLog) -> Iterator[tuple[date, date]]:
    """The first day of each month of the window, and of the month after."""
    last = log.first_day + timedelta(days=(log.window_end - 1) // MINUTES_PER_DAY)
    first = (log.first_day + timedelta(days=log.window_start // MINUTES_PER_DAY)).replace(day=1)
    while first <= last:
        after = (first + timedelta(days=31)).replace(day=1)
        yield first, after
        first = after


def _month(index: LogIndex, first: date, after: date) -> Month:
    log = index.log
    start, end = ((day - log.first_day).days * MINUTES_PER_DAY for day in (first, after))
    received = index.received_in_window & (index.received >= start) & (index.received < end)
    found = children_clocks(index)
    of_month = received[found.row]
    waits_on = of_month & (found.end == End.STILL_WAITING)
    days, within = _days_to_seen(index, of_month)
    return Month(
        first=first,
        is_whole=start >= log.window_start and end <= log.window_end,
        contacts=int(np.count_nonzero(received)),
        sources=_sources(index, received),
        referred=int(np.count_nonzero(of_month & found.referred)),
        seen=int(np.count_nonzero(of_month & found.referred & (found.end == End.SEEN))),
        waiting=int(np.count_nonzero(waits_on & found.referred)),
        undecided=int(np.count_nonzero(waits_on & ~found.referred)),
        seen_undated=int(np.count_nonzero(of_month & found.referred & (found.end == End.SEEN_UNDATED))),
        days_q50=days[0],
        days_q90=days[1],
        within=within,
    )


def _days_to_seen(index: LogIndex, of_month: Mask) -> tuple[tuple[float, float], tuple[float, ...]]:
    """The two quantiles and the shares within `LIMITS_DAYS`, of these children."""
    if not index.knows(COHORT):
        return (float("nan"), float("nan")), (float("nan"),) * len(LIMITS_DAYS)
    among = (End.SEEN, End.CLOSED_UNSEEN)
    minutes = waits(index, Clock.MINUTES).only(of_month).incidence(End.SEEN, among=among)
    dates = waits(index, Clock.DATES).only(of_month).incidence(End.SEEN, among=among)
    half, nine_in_ten = (minutes.quantile(share) / MINUTES_PER_DAY for share in (0.5, 0.9))
    return (half, nine_in_ten), tuple(dates.within(days) for days in LIMITS_DAYS)


def _sources(index: LogIndex, received: Mask) -> tuple[int, ...]:
    counted: Column = np.bincount(index.log.contact_column("source")[received] + 1, minlength=len(Source) + 1)
    return (*counted[1:].tolist(), int(counted[0]))
