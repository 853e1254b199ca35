"""The numbers that differ between plausible sets, and what a measure came to under each set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiment.assumptions import field_of
from sim.experiment.plan import OF, Plan

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Varied:
    """A number that is not the same in every set: its lever, what that means, and its value in each set that was met.

    `scenario` names the one that assumes it, where it is no number of the baseline.
    """

    path: str
    meaning: str
    unit: str
    scenario: str
    values: Values


def varied(plan: Plan, draws: NDArray[np.int64]) -> tuple[Varied, ...]:
    """What differs between the sets that were met, each set once, in the order of their numbers."""
    met = [plan.draws[draw] for draw in np.unique(draws).tolist()]
    found = []
    for key in met[0]:
        numbers = [value for each in met if isinstance(value := each.get(key), int | float)]
        if len(numbers) == len(met) and min(numbers) < max(numbers):
            scenario, of, path = key.partition(OF)
            name, lever = (scenario, path) if of else ("", key)
            found.append(Varied(lever, *field_of(lever), name, np.array(numbers, dtype=np.float64)))
    return tuple(found)


def by_draw(values: Values, draws: NDArray[np.int64]) -> Values:
    """The mean under each set that was met, in the order of their numbers; nan where a replication tells none."""
    return np.array([values[draws == draw].mean() for draw in np.unique(draws)])
