"""Where the days go: each child's wait by stage, and by whom it was spent waiting for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.events import Column, EventLog, WaitingOn
from sim.measures.clocks import End, children_clocks, members
from sim.measures.index import NEVER, LogIndex, Mask, indexed, shared, stable_order
from sim.measures.measure import ALL, Group
from sim.working_time import MINUTES_PER_DAY


class Stage(IntEnum):
    """The stages of a wait. A child seen before being allocated has the last in place of the two before it."""

    RECEIPT_TO_DECISION = 0
    DECISION_TO_ALLOCATION = 1
    ALLOCATION_TO_SEEN = 2
    SEEN_BEFORE_ALLOCATION = 3


class WaitFor(IntEnum):
    """Whom a wait was for."""

    OUR_STAFF = 0
    OTHERS = 1
    CLOSED_HOURS = 2


STAGE_LABELS = {
    Stage.RECEIPT_TO_DECISION: "contact to decision",
    Stage.DECISION_TO_ALLOCATION: "decision to allocation",
    Stage.ALLOCATION_TO_SEEN: "allocation to seen",
    Stage.SEEN_BEFORE_ALLOCATION: "decision to seen, before allocation",
}
WAIT_LABELS = {
    WaitFor.OUR_STAFF: "waiting for our staff, at work",
    WaitFor.OTHERS: "waiting for others",
    WaitFor.CLOSED_HOURS: "waiting for our staff, office closed",
}


@dataclass(frozen=True, slots=True, eq=False)
class StageTable:
    """Mean elapsed days of each stage (rows, as `Stage`) by whom they were spent waiting for (columns, as `WaitFor`).

    Means are over all `children`, those whom a stage does not concern counting nothing, so the twelve numbers sum to
    the mean days to seen of these children. They are the referred children who were seen; `still_waiting` others of the
    cohort were not seen when watching ended, so these means understate.
    """

    mean_days: NDArray[np.float64]
    children: int
    seen_before_allocation: int
    still_waiting: int


def stages(log: EventLog | LogIndex, group: Group = ALL) -> StageTable:
    """Where the days of a group's referred and seen children went; nan where there are none."""
    index = indexed(log)
    wanted, minutes, early = _split(index)
    found = children_clocks(index)
    kept = members(index, group)[found.row]
    chosen = minutes[kept[wanted]]
    children = len(chosen)
    days = chosen.sum(axis=0) / MINUTES_PER_DAY
    return StageTable(
        mean_days=days / children if children else np.full(days.shape, np.nan),
        children=children,
        seen_before_allocation=int(np.count_nonzero(early[kept[wanted]])),
        still_waiting=int(np.count_nonzero(kept & found.referred & (found.end == End.STILL_WAITING))),
    )


def stage_minutes(log: EventLog | LogIndex, group: Group = ALL) -> Column:
    """Whole minutes of each referred and seen child of a group, by stage and whom for: (children, 4, 3).

    Children are in the order of `clocks`. Each child's twelve numbers sum to its minutes from contact to seen.
    """
    index = indexed(log)
    wanted, minutes, _ = _split(index)
    return minutes[members(index, group)[children_clocks(index).row][wanted]]


@shared
def _split(index: LogIndex) -> tuple[Mask, Column, Mask]:
    """Which children of `clocks` were referred and seen; of those their minutes, and who was seen before allocation.

    Time of the office's closed hours spent waiting for our staff is closed hours; for out of hours staff it is ours.
    """
    found = children_clocks(index)
    wanted = found.referred & (found.end == End.SEEN)
    row, seen = found.row[wanted], found.seen[wanted]
    decided = np.minimum(found.decided[wanted], seen)
    allocated = np.where(found.allocated[wanted] == NEVER, seen, np.minimum(found.allocated[wanted], seen))
    early = (found.allocated[wanted] == NEVER) | (found.allocated[wanted] > seen)
    spent = _waiting(index)
    by = [spent.by(row, moment) for moment in _as_known(index, found.received[wanted], decided, allocated, seen)]
    lasted = np.stack([later - earlier for earlier, later in pairwise(by)], axis=1)
    minutes = np.zeros((len(row), len(Stage), len(WaitFor)), dtype=np.int64)
    minutes[:, : Stage.SEEN_BEFORE_ALLOCATION] = lasted
    minutes[early, Stage.SEEN_BEFORE_ALLOCATION] = minutes[early, Stage.DECISION_TO_ALLOCATION]
    minutes[early, Stage.DECISION_TO_ALLOCATION] = 0
    return wanted, minutes, early


def _as_known(index: LogIndex, *moments: Column) -> Sequence[Column]:
    """The moments of each child, (n,) each: dates where one of them is known by its date alone."""
    if not index.log.dates_at_midnight:
        return moments
    by_date = np.any([moment % MINUTES_PER_DAY == 0 for moment in moments], axis=0)
    return [np.where(by_date, moment - moment % MINUTES_PER_DAY, moment) for moment in moments]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Whom each contact waited for, as stretches in order of contact and time, all (k,).

    `key` orders them: contact's row and time in one number. `before` is (k, 3): the minutes spent waiting for each of
    `WaitFor` before the stretch; only the difference of two stretches of one contact has a meaning.
    """

    index: LogIndex
    key: Column
    time: Column
    waiting_on: Column
    before: Column

    def by(self, row: Column, moment: Column) -> Column:
        """The minutes each contact had spent waiting for each of `WaitFor` by a moment, from one origin: (n, 3)."""
        stretch = np.searchsorted(self.key, _key(self.index, row, moment), side="right") - 1
        return self.before[stretch] + _spent(self.index, self.time[stretch], moment, self.waiting_on[stretch])


@shared
def _waiting(index: LogIndex) -> _Waiting:
    """Whom those contacts waited for of which some child was referred and seen; of the others nobody asks."""
    found = children_clocks(index)
    is_asked = np.zeros(len(index.received) + 1, dtype=np.bool_)  # the last is that of an event of no contact
    is_asked[found.row[found.referred & (found.end == End.SEEN)]] = True
    changed = np.flatnonzero((index.waiting_on != WaitingOn.UNCHANGED) & is_asked[index.row])
    opening = np.flatnonzero(is_asked)
    # A wait is for our staff until an event says otherwise.
    row = np.concatenate([opening, index.row[changed]])
    order = stable_order(row)
    row = row[order]
    time = np.concatenate([index.received[opening], index.time[changed]])[order]
    waiting_on = np.concatenate([np.full(len(opening), WaitingOn.OUR_STAFF), index.waiting_on[changed]])[order]
    # On one date the order of a record is that of the steps: a date alone is then no earlier than the step before it.
    time = np.maximum.accumulate(_key(index, row, time)) - _key(index, row, np.zeros_like(row))
    lasted = np.zeros((len(row), len(WaitFor)), dtype=np.int64)
    lasted[1:] = _spent(index, time[:-1], time[1:], waiting_on[:-1])
    return _Waiting(index, _key(index, row, time), time, waiting_on, np.cumsum(lasted, axis=0))


def _key(index: LogIndex, row: Column, time: Column) -> Column:
    return row * (index.log.watched_until + 1) + time


def _spent(index: LogIndex, start: Column, stop: Column, waiting_on: Column) -> Column:
    """The minutes from start to stop by `WaitFor`: (n, 3), when somebody was waited for throughout."""
    lasted = stop - start
    others = np.where(waiting_on == WaitingOn.OTHERS, lasted, 0)
    in_office = index.office.open_minutes_by(stop) - index.office.open_minutes_by(start)
    closed = np.where(waiting_on == WaitingOn.OUR_STAFF, lasted - in_office, 0)
    return np.stack([lasted - others - closed, others, closed], axis=1)
