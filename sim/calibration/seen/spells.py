"""From a log to spells: which began and ended when, as exactly as its stamps say and no more."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.likelihood import Spells
from sim.events import EventLog
from sim.measures.index import NEVER
from sim.working_time import MINUTES_PER_DAY

Column = NDArray[np.int64]

_HALF_A_MINUTE = 0.5


class Made(NamedTuple):
    """Spells, which of the starts given they are, and how many were left out for ending before they began."""

    spells: Spells
    rows: NDArray[np.intp]
    backwards: int


def known_until(log: EventLog) -> int:
    """The minute up to which all is known: the end of the last day, where dates are."""
    return log.watched_until + 1


def is_date(log: EventLog, minutes: Column) -> NDArray[np.bool_]:
    """Which stamps are dates whose hour nobody noted."""
    return np.asarray((minutes % MINUTES_PER_DAY == 0) & log.dates_at_midnight, dtype=np.bool_)


def spells_between(log: EventLog, starts: Column, ends: Column, kind: Column | None = None) -> Made:
    """Spells of the starts in the reporting window; an end of `NEVER` is open.

    A start known to the date was made by somebody at work: at any minute of opening hours. An end may be at any minute.
    """
    until = known_until(log)
    ends = np.where(ends >= until, NEVER, ends)
    rows = np.flatnonzero((starts != NEVER) & (starts >= log.window_start) & (starts < min(log.window_end, until)))
    start, end = starts[rows], ends[rows]
    unit = np.where(is_date(log, start) | is_date(log, end), MINUTES_PER_DAY, 1)
    lawful = (end == NEVER) | (end // unit >= start // unit)
    rows, start, end = rows[lawful], start[lawful], end[lawful]
    kinds = np.zeros(len(rows), dtype=np.int64) if kind is None else kind[rows]
    return Made(_spells(log, start, end, kinds), rows, int((~lawful).sum()))


def _spells(log: EventLog, start: Column, end: Column, kind: Column) -> Spells:
    midnight = start // MINUTES_PER_DAY * MINUTES_PER_DAY
    undated, is_open = is_date(log, start), end == NEVER
    to_the_day = np.where(is_open, log.dates_at_midnight, is_date(log, end))
    begins = np.where(undated, midnight + log.office_opens_minute, start)
    begun = np.where(undated, midnight + log.office_closes_minute, start)
    until = np.full(len(start), known_until(log))
    low = np.where(is_open, until, np.where(to_the_day, end, end - _HALF_A_MINUTE))
    high = np.where(is_open, np.inf, np.where(to_the_day, end + MINUTES_PER_DAY, end + _HALF_A_MINUTE))
    # What ended before the office closed began before that, and what was last seen then too.
    begun = np.minimum(begun, np.maximum(np.where(is_open, until, high), begins))
    begins, begun, low, high, until = (
        (column - midnight) / MINUTES_PER_DAY for column in (begins, begun, low, high, until)
    )
    return Spells(begins, begun, low, high, until, to_the_day.astype(np.bool_), kind)
