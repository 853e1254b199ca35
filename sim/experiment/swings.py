"""How far each unknown swings a change: read from what the change came to under each plausible set of numbers.

All unknowns differ between the sets at once, and the sets are few, so most of what a set does is other numbers' doing.
The change is regressed on the ranks of each number alone, and only a slope that chance would not give among so many
numbers (Bonferroni over all of them) is told. The ends of a swing are the fitted change at the number's tenth and
ninetieth percentile of the sets that were run. What is told of so few is larger than it is, more often than smaller.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.experiment.comparison import Comparison, ScenarioResult
from sim.experiment.estimates import FEWEST_DRAWS
from sim.experiment.varied import Varied

CONFIDENCE: Final = 0.95
ENDS: Final = (0.1, 0.9)
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Swing:
    """What a number does to a change: its value at either end, and the change fitted there.

    `is_told` where chance would not give such a slope among all numbers that were tried. `turns_at` is the value at
    which the fitted change is nought, where that lies between the ends.
    """

    of: Varied
    values: tuple[float, float]
    changes: tuple[float, float]
    is_told: bool
    turns_at: float | None = None

    @property
    def width(self) -> float:
        """How far the change goes from one end to the other."""
        return abs(self.changes[1] - self.changes[0])


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The swings of a change, the widest first; over how many sets, and how strong a correlation is told.

    No swing is there where too few sets were met, or where nothing differs or the change is the same in all of them.
    """

    swings: tuple[Swing, ...]
    sets: int
    least_correlation: float

    @property
    def told(self) -> tuple[Swing, ...]:
        """Those that chance does not explain."""
        return tuple(swing for swing in self.swings if swing.is_told)


def sensitivity(comparison: Comparison, scenario: ScenarioResult, measure: str) -> Sensitivity:
    """The swings of a scenario's change in a measure that leads, of all children."""
    if measure not in scenario.by_draw or measure not in comparison.baseline.by_draw:
        return Sensitivity((), 0, math.nan)
    changes = scenario.by_draw[measure] - comparison.baseline.by_draw[measure]
    known = ~np.isnan(changes)
    mine = [each for each in comparison.varied if each.scenario in {"", scenario.name}]
    sets = int(known.sum())
    if sets < FEWEST_DRAWS or not mine or not np.ptp(changes[known]):
        return Sensitivity((), sets, math.nan)
    least = _least_correlation(sets, len(mine))
    found = (_swing(each, each.values[known], changes[known], least) for each in mine)
    return Sensitivity(tuple(sorted((s for s in found if s is not None), key=_by_width)), sets, least)


def _by_width(swing: Swing) -> tuple[bool, float, str]:
    return (not swing.is_told, -swing.width, swing.of.path)


def _swing(of: Varied, values: Values, changes: Values, least: float) -> Swing | None:
    places = _ranks(values)
    if not np.ptp(places):
        return None
    slope = float(np.cov(places, changes)[0, 1] / places.var(ddof=1))
    middle, mean = float(places.mean()), float(changes.mean())
    ends = [float(end) for end in np.quantile(places, ENDS)]
    low, high = (mean + slope * (end - middle) for end in ends)
    first, last = (float(end) for end in np.quantile(values, ENDS))
    correlation = abs(float(np.corrcoef(places, changes)[0, 1]))
    turns_at = _value_at(middle - mean / slope, places, values) if low * high < 0 else None
    return Swing(of, (first, last), (low, high), is_told=correlation >= least, turns_at=turns_at)


def _value_at(place: float, places: Values, values: Values) -> float:
    """The value at a place between those that are there."""
    order = np.argsort(places, kind="stable")
    return float(np.interp(place, places[order], values[order]))


def _ranks(values: Values) -> Values:
    """The place of each value among them, equal ones at the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middles: Values = (last - (counts - 1) / 2.0)[place]
    return middles


def _least_correlation(sets: int, numbers: int) -> float:
    """The correlation that one in twenty such comparisons would give by chance, of the strongest among all numbers."""
    degrees = sets - 2
    limit = float(special.stdtrit(degrees, 1 - (1 - CONFIDENCE) / numbers / 2))
    return limit / math.sqrt(degrees + limit**2)
