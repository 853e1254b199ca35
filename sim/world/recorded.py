"""Contacts as a record has them: when each came, from whom, how it was decided. What no record knows is left open."""

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.events import EventKind, EventLog, Outcome
from sim.facts import FACTS, Fact
from sim.working_time import MINUTES_PER_DAY

Values = NDArray[np.int64]

UNTOLD: Final = -1
NEEDED: Final = (Fact.RECEIPT, Fact.DECISION)
"""Without the contacts that led to nothing, nobody knows what the front door had to do."""

_SOON_DAYS: Final = 5
_SETTLED_DAYS: Final = 14


class ReplayError(ValueError):
    """A record that cannot be replayed, and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """The contacts of a record's window, as columns of equal length in order of receipt and source.

    What is unknown is `UNTOLD`. `received` is in minutes since midnight of `first_day`; one `dated` has a day and no
    hour. `outcome` and `rating` are numbers of `Outcome` and `Rating`. `to_section_47` says of those decided for a
    strategy discussion whether an enquiry began. `days` are watched, all of them whole.
    """

    first_day: date
    days: int
    received: Values = field(repr=False)
    dated: Values = field(repr=False)
    source: Values = field(repr=False)
    domestic_abuse: Values = field(repr=False)
    children: Values = field(repr=False)
    open_case: Values = field(repr=False)
    is_return: Values = field(repr=False)
    outcome: Values = field(repr=False)
    rating: Values = field(repr=False)
    to_section_47: Values = field(repr=False)

    def __len__(self) -> int:
        return len(self.received)

    def until(self, day: int) -> "Record":
        """What was received in so many days from the first."""
        kept = self.received < day * MINUTES_PER_DAY
        columns = {one.name: getattr(self, one.name)[kept] for one in fields(self) if one.name not in _PLAIN}
        return Record(first_day=self.first_day, days=min(day, self.days), **columns)


_PLAIN: Final = ("first_day", "days")


def record_of(log: EventLog) -> Record:
    """The contacts of a log's window, observed or simulated. Raise `ReplayError` where it cannot be replayed."""
    for fact in NEEDED:
        if fact not in log.facts:
            raise ReplayError(f"the record does not say {FACTS[fact]}, so its front door cannot be run again")
    first = -(-log.window_start // MINUTES_PER_DAY)
    last = min(log.window_end, log.watched_until + 1) // MINUTES_PER_DAY
    received = log.contact_column("received")
    rows = np.flatnonzero((received >= first * MINUTES_PER_DAY) & (received < last * MINUTES_PER_DAY))
    rows = rows[np.lexsort((log.contact_column("source")[rows], received[rows]))]
    steps = _Steps(log)
    decided, outcome = steps.first(EventKind.DECIDED)
    enquiry, _ = steps.first(EventKind.SECTION_47_STARTED)
    _, rating = steps.first(EventKind.SCREENED)
    outcome = _told_apart(log, outcome, decided, enquiry)
    columns = {name: log.contact_column(name) for name in ("source", "domestic_abuse", "children")}
    columns |= {"open_case": log.contact_column("open_case"), "is_return": log.contact_column("is_return")}
    columns |= {
        "received": received - first * MINUTES_PER_DAY,
        "dated": ((received % MINUTES_PER_DAY == 0) & log.dates_at_midnight).astype(np.int64),
        "outcome": outcome,
        "rating": rating if Fact.RATING in log.facts else np.full_like(rating, UNTOLD),
        "to_section_47": _enquiries(log, decided, enquiry, last * MINUTES_PER_DAY),
    }
    return Record(
        first_day=log.first_day + timedelta(days=first),
        days=last - first,
        **{name: np.ascontiguousarray(column[rows]) for name, column in columns.items()},
    )


class _Steps:
    """The first step of a kind of each contact."""

    def __init__(self, log: EventLog) -> None:
        ids = log.contact_column("contact")
        self._log, self._order = log, np.argsort(ids)
        self._ids = ids[self._order]

    def first(self, kind: EventKind) -> tuple[Values, Values]:
        """When it happened, and its detail; `UNTOLD` where it did not."""
        events = self._log.of_kind(kind)[::-1]
        place = np.minimum(np.searchsorted(self._ids, events[:, 2]), max(len(self._ids) - 1, 0))
        is_there = self._ids[place] == events[:, 2] if len(events) else np.zeros(0, dtype=np.bool_)
        rows = self._order[place[is_there]] if len(events) else place
        found = np.full((2, len(self._ids)), UNTOLD, dtype=np.int64)
        found[0, rows], found[1, rows] = events[is_there, 0], events[is_there, 6]
        return found[0], found[1]


def _told_apart(log: EventLog, outcome: Values, decided: Values, enquiry: Values) -> Values:
    """Outcomes; where no strategy discussion is told from a referral, the enquiry that soon began tells it."""
    if log.facts & {Fact.DECISION, Fact.STRATEGY_ASKED} and (outcome == Outcome.STRATEGY_DISCUSSION).any():
        return outcome
    soon = (enquiry != UNTOLD) & (enquiry - decided <= _SOON_DAYS * MINUTES_PER_DAY)
    return np.where((outcome == Outcome.REFERRAL) & soon, Outcome.STRATEGY_DISCUSSION, outcome)


def _enquiries(log: EventLog, decided: Values, enquiry: Values, end: int) -> Values:
    if Fact.SECTION_47 not in log.facts:
        return np.full(len(decided), UNTOLD, dtype=np.int64)
    none = (decided != UNTOLD) & (decided < end - _SETTLED_DAYS * MINUTES_PER_DAY)
    return np.where(enquiry != UNTOLD, 1, np.where(none, 0, UNTOLD))
