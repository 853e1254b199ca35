"""How many working days after the discussion conferences are booked, from those that were held.

Only who had a conference was going to have one: a recent discussion is known by a quick conference or not at all. So
each is counted among those that could have been known by then, from the longest downwards: the estimate of Lynden-Bell
for right-truncated data, which needs no law.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.delays import missing
from sim.calibration.seen.learned import Learned, NotLearned, Result
from sim.calibration.seen.shares import Counted, error
from sim.calibration.seen.spells import known_until
from sim.events import EventKind
from sim.facts import Fact
from sim.measures.index import NEVER, LogIndex
from sim.working_time import MINUTES_PER_DAY, WorkingDays

Column = NDArray[np.int64]
Values = NDArray[np.float64]

LEAST_HELD: Final = 30
_WHAT: Final = "working days to a conference"
_PATH: Final = "strategy.conference_working_days"
_LONGEST: Final = 120
_MOST_BEYOND: Final = 0.05


def conferences(index: LogIndex) -> Iterator[Result]:
    """The law of the booked day, learned or not."""
    why = missing(index, frozenset({Fact.STRATEGY, Fact.CONFERENCE}), (EventKind.STRATEGY_HELD,))
    yield NotLearned(_WHAT, (_PATH,), why) if why else _counted(index)


def _counted(index: LogIndex) -> Result:
    days, possible = _days(index)
    is_usual = (days >= 0) & (days <= _LONGEST)
    if is_usual.sum() < LEAST_HELD:
        return NotLearned(_WHAT, (_PATH,), f"fewer than {LEAST_HELD} conferences are in the record")
    if (~is_usual).mean() > _MOST_BEYOND:
        why = f"more than {_MOST_BEYOND:.0%} were held before the discussion or over {_LONGEST} working days after it"
        return NotLearned(_WHAT, (_PATH,), why)
    shares = untruncated(days[is_usual], np.minimum(possible[is_usual], _LONGEST))
    n = int(is_usual.sum())
    values = tuple(float(day) for day in np.flatnonzero(shares))
    posterior = Counted(_PATH, values, shares[shares > 0] * n)
    return Learned(
        _WHAT,
        n,
        "conferences held, from the strategy discussion; where a report was late, on the day it was ready",
        posterior.setting,
        {_PATH: tuple(error(posterior.weights).tolist())},
        posterior,
    )


def _days(index: LogIndex) -> tuple[Column, Column]:
    """Working days from each discussion to its conference, and the most that the record could hold."""
    log = index.log
    held, met = index.first(EventKind.STRATEGY_HELD), index.first(EventKind.CONFERENCE_HELD)
    until = known_until(log)
    of = (held != NEVER) & (held >= log.window_start) & (met != NEVER) & (met < until)
    calendar = WorkingDays(log.first_day, until // MINUTES_PER_DAY + 1)
    last = np.full(int(of.sum()), until - 1)
    return calendar.between(held[of], met[of]), calendar.between(held[of], last)


def untruncated(days: Column, possible: Column) -> Values:
    """The share of each number of days from 0, had all been watched for as long as the longest."""
    longest = int(days.max())
    counts = np.bincount(days, minlength=longest + 1).astype(np.float64)
    # At each length: those no longer than it, of which it could have been known had they been as long.
    at_risk = np.array([((days <= day) & (possible >= day)).sum() for day in range(longest + 1)], dtype=np.float64)
    hazard = counts / np.maximum(at_risk, 1.0)
    beyond = np.append(np.cumprod((1 - hazard)[::-1])[::-1][1:], 1.0)
    shares = hazard * beyond
    return np.asarray(shares / shares.sum(), dtype=np.float64)
