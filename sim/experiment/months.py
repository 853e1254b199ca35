"""Open work month by month: what the trajectory of a plan is drawn from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, estimate
from sim.experiment.runs import CellResult

FEWEST_DAYS = 7
"""Of less than a week a weekend decides: no such part of a month is told."""


@dataclass(frozen=True, slots=True)
class MonthOfWork:
    """What was open on an average night of a calendar month, or of the `days` of it from `first` on that are told.

    `levels` and `changes` map an open-work count to its estimate; changes are empty for the baseline.
    """

    first: date
    days: int
    levels: Mapping[str, Estimate]
    changes: Mapping[str, Estimate]


def months_of_work(
    results: Sequence[CellResult],
    number: int,
    draws: NDArray[np.int64],
    confidence: tuple[float, float],
    first_day: date,
    hidden: int = 0,
) -> tuple[MonthOfWork, ...]:
    """The months of a scenario, by its number, without the `hidden` first days.

    `confidence` is that of a level and that of a change.
    """
    counts = ("open_contacts", "unallocated_children", "unseen_children", "open_assessments")
    nights, nights_base = ({name: _nights(results, of, name) for name in counts} for of in (number, 0))
    found = []
    for start, end in _months(first_day, hidden, nights["open_contacts"].shape[1]):
        here = {name: each[:, start:end].mean(axis=1) for name, each in nights.items()}
        base = {name: each[:, start:end].mean(axis=1) for name, each in nights_base.items()}
        levels = {name: estimate(values, draws, confidence=confidence[0]) for name, values in here.items()}
        changes = {name: estimate(here[name] - base[name], draws, confidence=confidence[1]) for name in counts}
        found.append(MonthOfWork(first_day + timedelta(days=start), end - start, levels, changes if number else {}))
    return tuple(found)


def _months(first_day: date, hidden: int, days: int) -> Iterator[tuple[int, int]]:
    """The days on which each calendar month starts and ends, those of too few days left out."""
    start = hidden
    while start < days:
        day = first_day + timedelta(days=start)
        after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        end = min((after - first_day).days, days)
        if end - start >= FEWEST_DAYS:
            yield start, end
        start = end


def _nights(results: Sequence[CellResult], number: int, name: str) -> NDArray[np.float64]:
    """A count at each midnight, a row a world."""
    return np.array([getattr(result.readings[number].open_work, name) for result in results], dtype=np.float64)
