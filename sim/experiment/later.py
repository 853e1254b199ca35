"""Scenarios on the same later contacts, and against one another: what a lead over the others is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, estimate
from sim.experiment.runs import CellResult
from sim.experiment.starts import Start
from sim.measures import SEEN_MEASURES

CONFIDENCE = 0.95
Key = tuple[str, str]
LATER_KEYS: tuple[Key, ...] = tuple((m.id, group.id) for m in SEEN_MEASURES for group in m.groups)
BETWEEN: tuple[str, ...] = ("days_to_seen_q50", "days_to_seen_q90")
"""The measures, of all children, by which one scenario is set against another."""

Between = Mapping[tuple[str, str, str], Estimate]
"""By measure and the names of two scenarios: the first less the second."""


@dataclass(frozen=True, slots=True)
class Later:
    """Days to seen of the children whose contact came from `day` of the year on, when all a scenario changes is there.

    `levels` are the scenario's and `base` the baseline's, of the same days; `changes` as a scenario's. Only measures of
    days to seen are read.
    """

    day: int
    levels: Mapping[Key, Estimate]
    base: Mapping[Key, Estimate]
    changes: Mapping[Key, Estimate]


def laters(
    results: Sequence[CellResult], number: int, draws: NDArray[np.int64], confidence: float, start: Start
) -> tuple[Later, ...]:
    """A scenario's later contacts from each day on which some scenario is all there, if it is all there itself by then.

    So scenarios that start at different times can be compared on the same contacts.
    """
    days = (day for day in sorted(results[0].readings[0].later) if start.in_place <= day)
    return tuple(_later(results, number, draws, confidence, day) for day in days)


def _later(results: Sequence[CellResult], number: int, draws: NDArray[np.int64], confidence: float, day: int) -> Later:
    """The children of the later contacts, under a scenario and under the baseline."""
    here, base = (
        {key: np.array([run.readings[of].later[day][key] for run in results]) for key in LATER_KEYS}
        for of in (number, 0)
    )
    return Later(
        day,
        levels={key: estimate(values, draws, confidence=CONFIDENCE) for key, values in here.items()},
        base={key: estimate(values, draws, confidence=CONFIDENCE) for key, values in base.items()},
        changes={key: estimate(here[key] - base[key], draws, confidence=confidence) for key in LATER_KEYS},
    )


def between(results: Sequence[CellResult], names: Sequence[str], draws: NDArray[np.int64]) -> Between:
    """Every scenario less every other, in the same worlds; one statement about all pairs at once (Bonferroni)."""
    pairs = list(permutations(range(1, len(names)), 2))
    confidence = 1 - (1 - CONFIDENCE) / max(len(pairs) // 2, 1)
    values = {
        (measure, number): np.array([result.readings[number].readings[measure, "all"] for result in results])
        for measure in BETWEEN
        for number in range(1, len(names))
    }
    return {
        (measure, names[one], names[other]): estimate(
            values[measure, one] - values[measure, other], draws, confidence=confidence
        )
        for measure in BETWEEN
        for one, other in pairs
    }
