"""The clock of every child: from the family's contact until a qualified social worker has seen that child."""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.events import EVERY_CHILD, Column, EventKind, EventLog, Outcome
from sim.facts import Fact
from sim.measures.incidence import UNFINISHED, Incidence, Spells
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of, places, shared
from sim.measures.measure import GROUPS, Group
from sim.working_time import MINUTES_PER_DAY

REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
"""The decisions that put a child's family in the cohort."""

COHORT = frozenset({Fact.RECEIPT, Fact.REFERRAL, Fact.SEEN})
"""What a log must know to time a child from contact to seen."""

LOOK_BACK_MINUTES = 365 * MINUTES_PER_DAY
"""How far apart two contacts may be and the second still be timed from the first: 12 months."""


class End(IntEnum):
    """How a child's clock ended."""

    STILL_WAITING = UNFINISHED
    SEEN = 1
    NOT_ASSESSED = 2
    CLOSED_UNSEEN = 3
    SEEN_UNDATED = 4


class Clock(Enum):
    """How a wait is counted. The day of receipt is day 0 in both kinds of days."""

    MINUTES = "elapsed minutes"
    DATES = "calendar dates"
    WORKING_DAYS = "working days"


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """One entry for each child of a contact received in the window, contacts on an open case left out; all (n,).

    Times are minutes, `NEVER` for what did not happen. `row` is the contact's place in the log. `ended` is when the
    clock stopped and `end` how: when the child was seen; when it was decided not to assess (also where a child had
    been seen before that: it never waited for an assessment); when the case was closed with the child unseen; or
    `watched_until`. Of a child seen on a day that nobody noted no wait is known: its clock ends as it begins, before
    any other, so that it is left out of every estimate and waits in no figure. `first_contact` and `first_received` are
    those of the earliest contact in an unbroken chain of returns in which each contact before this one was closed
    without assessment within 12 months of the next; the contact's own where there is no such chain. `referred` marks
    the cohort.
    """

    contact: Column
    row: Column
    child: Column
    received: Column
    decided: Column
    allocated: Column
    seen: Column
    ended: Column
    end: Column
    outcome: Column
    source: Column
    domestic_abuse: Column
    need: Column
    rating: Column
    section_47: Mask
    is_return: Column
    first_contact: Column
    first_received: Column
    referred: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """The referred children of a log, small enough to keep for pairing with another scenario's; all (n,).

    `contact` and `child` identify a child in every scenario. `seen_minutes` is the wait from receipt, -1 if not seen;
    `end` an `End`; `groups` has bit k set for a member of `GROUPS[k]`. `first_contact` and `earlier_minutes` tell the
    children closed at an earlier contact and now referred, and how long before this contact that one was received.
    """

    contact: Column
    child: NDArray[np.int8]
    first_contact: Column
    earlier_minutes: NDArray[np.int32]
    seen_minutes: NDArray[np.int32]
    end: NDArray[np.int8]
    groups: NDArray[np.uint32]


def clocks(log: EventLog | LogIndex) -> Clocks:
    """The clocks of all children whose contact was received in the window."""
    return children_clocks(indexed(log))


def cohort(log: EventLog | LogIndex) -> Cohort:
    """The referred children of the window."""
    index = indexed(log)
    found = children_clocks(index)
    kept = found.referred
    bits = [members(index, group)[found.row[kept]].astype(np.uint32) << place for place, group in enumerate(GROUPS)]
    waited = np.where(found.end == End.SEEN, found.seen - found.received, NEVER)
    return Cohort(
        contact=found.contact[kept],
        child=found.child[kept].astype(np.int8),
        first_contact=found.first_contact[kept],
        earlier_minutes=(found.received - found.first_received)[kept].astype(np.int32),
        seen_minutes=waited[kept].astype(np.int32),
        end=found.end[kept].astype(np.int8),
        groups=np.bitwise_or.reduce(bits),
    )


@shared
def members(index: LogIndex, group: Group) -> Mask:
    """Which contacts belong to a group."""
    return group.members(index)


@shared
def every_child(index: LogIndex) -> tuple[Column, Column, Column]:
    """Of every child of every contact: the contact's row, the child's number, when it was seen."""
    row = np.repeat(np.arange(len(index.children)), index.children)
    before = np.cumsum(index.children) - index.children
    child = np.arange(len(row)) - before[row]
    visits = index.events(EventKind.SEEN)
    visits = visits[index.row[visits] >= 0]
    together = index.child[visits] == EVERY_CHILD
    seen = np.full(len(index.children), NEVER, dtype=np.int64)
    seen[index.row[visits[together]]] = index.time[visits[together]]
    seen = seen[row]
    # A child seen alone and again with the others was first seen at the earlier time.
    alone = visits[~together]
    place = before[index.row[alone]] + index.child[alone]
    earlier = (seen[place] == NEVER) | (index.time[alone] < seen[place])
    seen[place[earlier]] = index.time[alone[earlier]]
    return row, child, seen


@shared
def seen_undated(index: LogIndex) -> Mask:
    """Which of every child of every contact was seen or assessed, as the log says, and has no date of being seen."""
    row, _, seen = every_child(index)
    first = np.cumsum(index.children) - index.children
    contact, child = index.log.seen_undated.T
    place = places(contact, index.log.contact_column("contact"))
    found = np.zeros(len(row), dtype=np.bool_)
    found[(first[place] + child)[place >= 0]] = True
    found &= seen == NEVER
    return found


@shared
def children_clocks(index: LogIndex) -> Clocks:
    """The clocks of all children whose contact was received in the window."""
    row, child, seen = every_child(index)
    kept = (index.received_in_window & ~index.open_case)[row]
    row, child, seen = row[kept], child[kept], seen[kept]
    first = first_contacts(index)
    ended, end = _ends(index, row, seen, seen_undated(index)[kept])
    column = index.log.contact_column
    return Clocks(
        contact=column("contact")[row],
        row=row,
        child=child,
        received=index.received[row],
        decided=index.decided[row],
        allocated=index.first(EventKind.ALLOCATED)[row],
        seen=seen,
        ended=ended,
        end=end,
        outcome=index.outcome[row],
        source=column("source")[row],
        domestic_abuse=column("domestic_abuse")[row],
        need=column("need")[row],
        rating=index.rating[row],
        section_47=index.outcome[row] == Outcome.STRATEGY_DISCUSSION,
        is_return=column("is_return")[row],
        first_contact=column("contact")[first[row]],
        first_received=index.received[first[row]],
        referred=is_one_of(index.outcome, REFERRED)[row],
    )


def _ends(index: LogIndex, row: Column, seen: Column, undated: Mask) -> tuple[Column, Column]:
    """When and how each child's clock ended."""
    decided = index.decided[row]
    closed = index.first(EventKind.CLOSED)[row]
    turned_back = (decided != NEVER) & ~is_one_of(index.outcome, REFERRED)[row]
    cases = (turned_back, seen != NEVER, undated, closed != NEVER)
    ended = np.select(cases, (decided, seen, index.received[row], closed), index.log.watched_until)
    ends = (End.NOT_ASSESSED, End.SEEN, End.SEEN_UNDATED, End.CLOSED_UNSEEN)
    end = np.select(cases, ends, End.STILL_WAITING)
    return ended, end


@shared
def first_contacts(index: LogIndex) -> Column:
    """For each contact, the row of the first of those closed without assessment that led to it; else its own."""
    own = np.arange(len(index.received))
    parent = _parents(index)
    closed = (index.decided != NEVER) & ~is_one_of(index.outcome, REFERRED) & ~index.open_case
    recent = index.received - index.received[parent] <= LOOK_BACK_MINUTES
    first = np.where((parent >= 0) & closed[parent] & recent, parent, own)
    while not np.array_equal(first[first], first):
        first = first[first]
    return first


def _parents(index: LogIndex) -> Column:
    return places(index.log.contact_column("parent"), index.log.contact_column("contact"))


@shared
def waits(index: LogIndex, clock: Clock) -> Spells:
    """Every child's wait, until its clock ended, in the units of a clock."""
    found = children_clocks(index)
    return Spells.of(elapsed(index, found.received, found.ended, clock), found.end)


def elapsed(index: LogIndex, start: Column, stop: Column, clock: Clock) -> Column:
    """The time from start to stop, both (n,) minutes, in the units of a clock."""
    match clock:
        case Clock.MINUTES:
            return minutes_between(index, start, stop)
        case Clock.DATES:
            return stop // MINUTES_PER_DAY - start // MINUTES_PER_DAY
        case Clock.WORKING_DAYS:
            return index.working_days.between(start, stop)


def minutes_between(index: LogIndex, start: Column, stop: Column) -> Column:
    """The minutes from start to stop, both (n,); whole days where one of them is known by its date alone."""
    if not index.log.dates_at_midnight:
        return stop - start
    by_date = (start % MINUTES_PER_DAY == 0) | (stop % MINUTES_PER_DAY == 0)
    days = stop // MINUTES_PER_DAY - start // MINUTES_PER_DAY
    return np.where(by_date, days * MINUTES_PER_DAY, stop - start)


@shared
def seen_by(index: LogIndex, group: Group, clock: Clock) -> Incidence:
    """The share of a group's referred children seen, by the length of the wait since contact.

    The cumulative incidence of being seen, with "decided not to assess" and "closed unseen" as competing ends, over all
    children of the window, rescaled to those who are referred. Where every clock has ended it is the plain share of
    the cohort.
    """
    found = children_clocks(index)
    spells = waits(index, clock).only(members(index, group)[found.row])
    return spells.incidence(End.SEEN, among=(End.SEEN, End.CLOSED_UNSEEN))
