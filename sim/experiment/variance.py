"""How much of what simulated years differ by is chance, and how much is what we do not know.

Years that met the same set of plausible numbers differ by chance alone; the averages of sets differ by what is not
known besides. One-way analysis of variance tells the two apart, with Student's and Fisher's laws for how sure that is:
exact where years are normal and every set was met equally often, and near enough where they are not far from it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.experiment.estimates import FEWEST_DRAWS, LEAST_DEGREES, Range, Values

CONFIDENCE = 0.95
_NOT_TOLD = float("nan")


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """The spread of single simulated years, split in two; standard deviations in the measure's unit.

    `chance` is the spread of years that met one set of numbers, `unknown` that of the sets' averages, chance taken out;
    `unknown_share` is the part of the variance of a year that the sets account for, with its 95% error. All are nan,
    and the error None, where there are fewer than `FEWEST_DRAWS` sets, or `LEAST_DEGREES` years more than sets.
    """

    chance: float
    unknown: float
    unknown_share: float
    error: Range | None
    sets: int
    years: int


def split_variance(values: Values, draws: NDArray[np.int64]) -> VarianceSplit:
    """The split of a value a simulated year, shape (n,), by the draw each met; years that are nan are left out."""
    kept = ~np.isnan(values)
    values, draws = values[kept], draws[kept]
    sets, place, counts = np.unique(draws, return_inverse=True, return_counts=True)
    many, years = len(sets), len(values)
    if many < FEWEST_DRAWS or years - many < LEAST_DEGREES:
        return VarianceSplit(_NOT_TOLD, _NOT_TOLD, _NOT_TOLD, None, many, years)
    means = np.bincount(place, values) / counts
    within = float(np.sum((values - means[place]) ** 2)) / (years - many)
    between = float(np.sum(counts * (means - values.mean()) ** 2)) / (many - 1)
    each = (years - float(np.sum(counts.astype(np.float64) ** 2)) / years) / (many - 1)
    unknown = max(between - within, 0.0) / each
    whole = unknown + within
    share = unknown / whole if whole else _NOT_TOLD
    error = _error(between / within, each, many - 1, years - many) if within else None
    return VarianceSplit(within**0.5, unknown**0.5, share, error, many, years)


def _error(ratio: float, each: float, above: int, below: int) -> Range:
    """The confidence interval of the share, from that of the ratio of the two mean squares."""
    tail = (1 - CONFIDENCE) / 2
    ends = (float(special.fdtri(above, below, at)) for at in (1 - tail, tail))
    apart = [max(ratio / end - 1, 0.0) / each for end in ends]
    low, high = (found / (1 + found) for found in apart)
    return Range(low, high)
