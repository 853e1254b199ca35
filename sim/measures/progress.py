"""How contacts get on: how many children reach each step, and how long it takes from one step to another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.events import Column, EventKind, EventLog, Outcome
from sim.measures.clocks import REFERRED, Clock, elapsed, every_child, members, seen_undated
from sim.measures.incidence import FINISHED, UNFINISHED, Spells
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of
from sim.measures.measure import Group
from sim.working_time import MINUTES_PER_DAY

_ELSEWHERE = FINISHED + 1
_BEFORE_DECISION = (
    EventKind.HANDED_OVER,
    EventKind.SCREENED,
    EventKind.INFORMATION_ASKED,
    EventKind.INFORMATION_READY,
    EventKind.SECOND_LOOK_ASKED,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The way from one step to a later one, of the children of contacts received in the window.

    `children` took it. The days are elapsed days of 24 hours, estimated with those who are still on their way, of all
    who take it sooner or later; nan where too few have come that far.
    """

    before: EventKind
    after: EventKind
    children: int
    days_q50: float
    days_q90: float


def reached(log: EventLog | LogIndex, kind: EventKind) -> int:
    """Children of contacts received in the window to whom this has happened; each child seen counts for itself."""
    return int(np.count_nonzero(came_to(log, kind)))


def came_to(log: EventLog | LogIndex, kind: EventKind) -> Mask:
    """Which of every child of every contact (`every_child`) `reached` counts."""
    index = indexed(log)
    row, times = _times(index, kind)
    found: Mask = index.received_in_window[row] & (times != NEVER)
    return found


def went(log: EventLog | LogIndex, before: EventKind, after: EventKind) -> Mask:
    """Which of every child of every contact went the way from the one step to the other, as a `Passage` counts."""
    index = indexed(log)
    found: Mask = _on_the_way(index, before, after) & (_times(index, after)[1] != NEVER)
    return found


def decided_as(log: EventLog | LogIndex, outcome: Outcome) -> Mask:
    """Which of every child of every contact `outcomes` counts under an outcome."""
    index = indexed(log)
    row = every_child(index)[0]
    found: Mask = (index.received_in_window & (index.decided != NEVER) & (index.outcome == outcome))[row]
    return found


def outcomes(log: EventLog | LogIndex) -> dict[Outcome, int]:
    """Children of contacts received in the window by how the contact was decided."""
    index = indexed(log)
    decided = index.received_in_window & (index.decided != NEVER)
    return {outcome: int(index.children[decided & (index.outcome == outcome)].sum()) for outcome in Outcome}


def passages(log: EventLog | LogIndex, pairs: Sequence[tuple[EventKind, EventKind]]) -> tuple[Passage, ...]:
    """The way from the first to the second of each pair; children to whom the second came first are left out."""
    index = indexed(log)
    return tuple(_passage(index, before, after) for before, after in pairs)


def days_between(before: EventKind, after: EventKind, share: float, index: LogIndex, group: Group) -> float:
    """Elapsed days within which this share of a group's children come from one step to a later one.

    As a `Passage` counts them; nan where the log holds none of either step, or so many never come that far.
    """
    if not index.records(before) or not index.records(after):
        return float("nan")
    spells = _spells(index, before, after, members(index, group)[_times(index, before)[0]])
    return spells.incidence(among=(FINISHED,)).quantile(share) / MINUTES_PER_DAY


def _passage(index: LogIndex, before: EventKind, after: EventKind) -> Passage:
    spells = _spells(index, before, after)
    found = spells.incidence(among=(FINISHED,))
    taken = int(np.count_nonzero(spells.ends == FINISHED))
    return Passage(before, after, taken, *(found.quantile(share) / MINUTES_PER_DAY for share in (0.5, 0.9)))


def _spells(index: LogIndex, before: EventKind, after: EventKind, among: Mask | None = None) -> Spells:
    """The ways from one step to another of those children who have set out, or some of them."""
    row, start = _times(index, before)
    _, stop = _times(index, after)
    wanted = _on_the_way(index, before, after)
    wanted = wanted if among is None else wanted & among
    left = _left(index, after)[row]
    ends = np.select([stop != NEVER, left != NEVER], [FINISHED, _ELSEWHERE], UNFINISHED)
    ended = np.select([stop != NEVER, left != NEVER], [stop, np.maximum(left, start)], index.log.watched_until)
    minutes = np.maximum(elapsed(index, start[wanted], ended[wanted], Clock.MINUTES), 0)
    return Spells.of(minutes, ends[wanted])


def _on_the_way(index: LogIndex, before: EventKind, after: EventKind) -> Mask:
    """Which children have set out, those left out to whom the second came first or on a day that nobody noted."""
    row, start = _times(index, before)
    _, stop = _times(index, after)
    # By dates: on one day a record has no order of minutes.
    in_order = (stop == NEVER) | (stop // MINUTES_PER_DAY >= start // MINUTES_PER_DAY)
    wanted: Mask = index.received_in_window[row] & (start != NEVER) & in_order
    return wanted & ~seen_undated(index) if after is EventKind.SEEN else wanted


def _times(index: LogIndex, kind: EventKind) -> tuple[Column, Column]:
    """For every child of every contact, the contact's row and when this happened to it first."""
    row, _, seen = every_child(index)
    return row, seen if kind is EventKind.SEEN else index.first(kind)[row]


def _left(index: LogIndex, after: EventKind) -> Column:
    """When it was settled that each contact will not come to a step; `NEVER` where it may yet."""
    closed = index.first(EventKind.CLOSED)
    if after in _BEFORE_DECISION:
        return _earlier(index.decided, closed)
    turned_back: Mask = (index.decided != NEVER) & ~is_one_of(index.outcome, REFERRED)
    return _earlier(np.where(turned_back, index.decided, NEVER), closed)


def _earlier(one: Column, other: Column) -> Column:
    return np.where(one == NEVER, other, np.where(other == NEVER, one, np.minimum(one, other)))
