"""Averages over draws and replications, and two ranges that are never mixed: simulation error, and what we do not know.

One replication of a year is one observation. Replications within a draw differ by chance alone; draws differ by what
is not known about the county. With y[k, j] the j-th replication of draw k:

- The average is the mean of the draws' means, and estimates the average over the draws that were run.
- Its simulation error is how far it may lie from what endless replications of these same draws would give. Where draws
  were met often enough (`LEAST_DEGREES` more replications than draws) it comes from the pooled spread within draws, by
  Student's t with N - K degrees of freedom. Where they were not, the whole spread with N - 1 stands for it: what draws
  differ by is in it too, so it holds the truth at least as often as it says, and is wider than need be. Either is
  Student's, and so is held less often where rare replications carry the average (tests/experiment/test_coverage.py).
- What we do not know is read from the draws' means, shrunk by the part of their spread that chance explains. That part
  needs some draws met twice (`FEWEST_REPEATS`); without them chance is left in, and the range is wider than need be.
  Nothing is read from fewer than `FEWEST_DRAWS`: the middle 80% of three draws is no range of anything.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

UNKNOWN_SHARE = 0.8
LEAST_DEGREES = 12
FEWEST_REPEATS = 3
FEWEST_DRAWS = 10
"""The middle 80% leaves out a tenth at either end: of fewer there is no tenth to leave out."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Range:
    """A range of plausible values, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """An average, and how sure it is. A range is None where the runs are too few, or the draws, to tell it.

    `simulation` is the confidence interval of the average over the draws that were run, from a finite number of runs.
    `unknown` holds the middle 80% of the average over plausible sets of numbers. `year` holds 80% of what single
    simulated years gave, luck and unknowns together. `below_zero` and `above_zero` are the shares of the same draws as
    `unknown`, shrunk alike, whose average is so; the rest are 0 exactly. They are nan where that range is not told, or
    is a point because chance explains all that draws differ by. `runs` counts the observations used.
    """

    mean: float
    simulation: Range | None
    unknown: Range | None
    year: Range | None
    below_zero: float
    above_zero: float
    runs: int

    @property
    def is_told_from_zero(self) -> bool:
        """Whether the runs tell the average from nothing, or show that there is nothing in any of them."""
        found = self.simulation
        return found is not None and (found.low == found.high == 0.0 or not found.low <= 0.0 <= found.high)


def estimate(values: Values, draws: NDArray[np.int64], *, confidence: float) -> Estimate:
    """The estimate from a value a replication, shape (n,), and the draw each met. Values that are nan are left out."""
    kept = ~np.isnan(values)
    values, draws = values[kept], draws[kept]
    if not len(values):
        return Estimate(float("nan"), None, None, None, float("nan"), float("nan"), 0)
    means, counts, within, repeats = _by_draw(values, draws)
    mean, degrees, spread = float(means.mean()), repeats, within
    if repeats < LEAST_DEGREES and len(means) > 1:
        degrees, spread = len(values) - 1, float(values.var(ddof=1))
    error = np.sqrt(spread * np.sum(1.0 / counts)) / len(means)
    apart = _apart(means, counts, within if repeats >= FEWEST_REPEATS else 0.0)
    below, above = _shares(values, apart)
    return Estimate(
        mean=mean,
        simulation=_interval(mean, float(error), degrees, confidence) if degrees else None,
        unknown=_quantiles(apart),
        year=_quantiles(values),
        below_zero=below,
        above_zero=above,
        runs=len(values),
    )


def _by_draw(values: Values, draws: NDArray[np.int64]) -> tuple[Values, NDArray[np.int64], float, int]:
    """The mean and count of each draw, the pooled variance within draws and its degrees of freedom."""
    _, place, counts = np.unique(draws, return_inverse=True, return_counts=True)
    means = np.bincount(place, values) / counts
    degrees = len(values) - len(means)
    squares = float(np.sum((values - means[place]) ** 2))
    return means, counts, squares / degrees if degrees else 0.0, degrees


def _interval(mean: float, error: float, degrees: int, confidence: float) -> Range:
    half = float(special.stdtrit(degrees, 0.5 + confidence / 2)) * error
    return Range(mean - half, mean + half)


def _apart(means: Values, counts: NDArray[np.int64], within: float) -> Values:
    """The draws' means without what chance adds to their spread."""
    spread = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    chance = within * float(np.mean(1.0 / counts))
    kept = np.sqrt(max(spread - chance, 0.0) / spread) if spread > 0 else 0.0
    apart: Values = means.mean() + (means - means.mean()) * kept
    return apart


def _shares(values: Values, apart: Values) -> tuple[float, float]:
    """The shares of draws below and above nought; nan where too few were met, or none can be told from another."""
    is_chance_alone = bool(np.ptp(values) > 0 and np.ptp(apart) == 0)
    if len(apart) < FEWEST_DRAWS or is_chance_alone:
        return float("nan"), float("nan")
    return float((apart < 0).mean()), float((apart > 0).mean())


def _quantiles(values: Values) -> Range | None:
    """The middle of some values; None of too few."""
    if len(values) < FEWEST_DRAWS:
        return None
    low, high = np.quantile(values, [(1 - UNKNOWN_SHARE) / 2, (1 + UNKNOWN_SHARE) / 2])
    return Range(float(low), float(high))
