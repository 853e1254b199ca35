"""What becomes of the work that was open at the start: children whose contact came before the window, week by week."""

from functools import partial

import numpy as np

from sim.events import EventKind, EventLog
from sim.measures.clocks import COHORT, REFERRED, every_child
from sim.measures.flow import holdings
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of, ratio, shared
from sim.measures.measure import ALL, ONLY_ALL, Better, Group, Measure
from sim.working_time import MINUTES_PER_DAY

WITHIN_WORKING_DAYS = (5, 10, 20)
AFTER_WEEKS = (4, 13)
_WEEK = 7 * MINUTES_PER_DAY


def inherited(log: EventLog | LogIndex) -> dict[str, float]:
    """Every measure of `INHERITED`, by its id."""
    index = indexed(log)
    return {measure.id: measure.function(index, ALL) for measure in INHERITED}


@shared
def _before(index: LogIndex) -> Mask:
    """Which contacts came before the window, those on open cases left out."""
    found: Mask = (index.received < index.log.window_start) & ~index.open_case
    return found


@shared
def _waiting(index: LogIndex) -> tuple[Mask, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Of every child, whether it was referred and not seen at the start, and when it was seen."""
    row, _, seen = every_child(index)
    start = index.log.window_start
    closed = index.first(EventKind.CLOSED)[row]
    referred = is_one_of(index.outcome, REFERRED)[row] & (index.decided[row] < start) & _before(index)[row]
    unseen = ((seen == NEVER) | (seen >= start)) & ((closed == NEVER) | (closed >= start))
    return referred & unseen, seen


def seen_within(working_days: int, index: LogIndex, _: Group) -> float:
    """The share of the children then waiting who are seen within so many working days of the start."""
    waits, seen = _waiting(index)
    by = index.working_days.add(index.log.window_start - 1, working_days)
    return ratio(float((waits & (seen != NEVER) & (seen < by)).sum()), float(waits.sum()))


def days_until_all_seen(index: LogIndex, _: Group) -> float:
    """Days from the start until the last of them is seen; nan where there are none, or somebody never is."""
    waits, seen = _waiting(index)
    if not waits.any() or (seen[waits] == NEVER).any():
        return float("nan")
    return float(seen[waits].max() - index.log.window_start) / MINUTES_PER_DAY


def _moment(index: LogIndex, weeks: int) -> int | None:
    """A minute so many weeks from the start; None where the log was not watched for as long."""
    moment = index.log.window_start + weeks * _WEEK
    return moment if moment <= index.log.watched_until else None


def unseen_after(weeks: int, index: LogIndex, _: Group) -> float:
    """Children of the open work who have been referred and not yet seen, so many weeks on."""
    moment = _moment(index, weeks)
    if moment is None:
        return float("nan")
    row, _child, seen = every_child(index)
    closed = index.first(EventKind.CLOSED)[row]
    referred = is_one_of(index.outcome, REFERRED)[row] & (index.decided[row] < moment) & _before(index)[row]
    unseen = ((seen == NEVER) | (seen >= moment)) & ((closed == NEVER) | (closed >= moment))
    return float((referred & unseen).sum())


def unallocated_after(weeks: int, index: LogIndex, _: Group) -> float:
    """Children of the open work who have been referred and have no worker, so many weeks on."""
    moment = _moment(index, weeks)
    if moment is None:
        return float("nan")
    found = holdings(index)
    then = (found.person == NEVER) & (found.starts <= moment) & (found.stops > moment) & _before(index)[found.row]
    return float(index.children[found.row[then]].sum())


def open_after(weeks: int, index: LogIndex, _: Group) -> float:
    """Children of the open work whose case is still open, so many weeks on."""
    moment = _moment(index, weeks)
    if moment is None:
        return float("nan")
    closed = index.first(EventKind.CLOSED)
    still = _before(index) & ((closed == NEVER) | (closed >= moment))
    return float(index.children[still].sum())


_OF = "Children whose contact came before the start; contacts on open cases left out."
_WAITED = f"{_OF} Those referred and not seen at the start."

INHERITED: tuple[Measure, ...] = (
    *(
        Measure(
            f"inherited_seen_within_{days}_working_days_share",
            f"Of those unseen at the start, seen within {days} working days",
            "share",
            Better.HIGHER,
            ONLY_ALL,
            partial(seen_within, days),
            _WAITED,
            COHORT,
        )
        for days in WITHIN_WORKING_DAYS
    ),
    Measure(
        "inherited_days_until_all_seen",
        "Days until all those unseen at the start are seen",
        "days",
        Better.LOWER,
        ONLY_ALL,
        days_until_all_seen,
        f"{_WAITED} Unknown where one is not seen while the run is watched.",
        COHORT,
    ),
    *(
        Measure(f"inherited_{name}_after_{weeks}_weeks", label, "children", better, ONLY_ALL, function, _OF, COHORT)
        for weeks in AFTER_WEEKS
        for name, label, better, function in (
            ("unseen", f"Referred and unseen after {weeks} weeks", Better.LOWER, partial(unseen_after, weeks)),
            (
                "unallocated",
                f"Referred and without a worker after {weeks} weeks",
                Better.LOWER,
                partial(unallocated_after, weeks),
            ),
            ("open", f"Case still open after {weeks} weeks", Better.NEITHER, partial(open_after, weeks)),
        )
    ),
)
"""What a comparison that starts from open work says of it, beside the measures of those who come later.

How many there are at the start is not among them: that is a count of real children, which may be small.
"""
