"""Daily counts by source: a log-linear rate for each day, over-dispersed by day and by week.

The law is the scenario's own: the rate of a source's day is its level times its month's and its weekday's index, times
a Gamma factor of mean 1 that all sources share for a week; about that the count is negative binomial. A bank holiday
is a Sunday. The rates are fitted by quasi-likelihood, whose estimates need no dispersion; the two dispersions solve
the expectations of two sums of squared residuals, in which what the fitted months take out of the weeks is put back.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_ROUNDS: Final = 50
_CLOSE: Final = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Fitted rates: the parameters with their covariance, the variances of day and week, and each row's mean.

    `week` is the square of the coefficient of variation of the weekly factor, `day` the dispersion of a source's day;
    both may come out below 0, by chance. `dispersion_errors` are the standard errors of these two.
    """

    at: Values
    covariance: Values
    week: float
    day: float
    dispersion_errors: tuple[float, float]
    means: Values

    @property
    def variances(self) -> Values:
        """Of each count about its mean."""
        week, day = max(self.week, 0.0), max(self.day, 0.0)
        return self.means + ((1 + week) * (1 + day) - 1) * self.means**2


def rates(counts: Values, design: Values, week: NDArray[np.int64], offset: Values) -> Rates:
    """Fit counts, one for each row of the design (a day of a source), whose weeks are numbered from 0.

    `offset` is what is known of the log of each rate.
    """
    at = _levels(counts, design, offset)
    means = np.exp(design @ at + offset)
    spread, errors = _dispersions(counts, design, means, week)
    covariance = _covariance(design, means, week, spread)
    factor, of_cell = spread
    return Rates(at, covariance, factor, of_cell / (1 + max(factor, 0.0)), errors, means)


def _levels(counts: Values, design: Values, offset: Values) -> Values:
    """The quasi-likelihood's maximum, by iterated weighted least squares."""
    means = (counts + counts.mean()) / 2
    at = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        working = np.log(means) - offset + (counts - means) / means
        weighted = design * means[:, None]
        found = np.linalg.solve(weighted.T @ design, weighted.T @ working)
        is_close = np.abs(found - at).max() < _CLOSE
        at, means = found, np.exp(np.clip(design @ found + offset, -20, 20))
        if is_close:
            break
    return at


def _by_week(values: Values, week: NDArray[np.int64]) -> Values:
    """Sums of rows by week."""
    found = np.zeros((int(week.max()) + 1, *values.shape[1:]))
    np.add.at(found, week, values)
    return found


def _covariance(design: Values, means: Values, week: NDArray[np.int64], spread: tuple[float, float]) -> Values:
    """Of the parameters, under the fitted variances."""
    bread = np.linalg.inv(design.T @ (design * means[:, None]))
    by_week = _by_week(design * means[:, None], week)
    factor, of_cell = (max(part, 0.0) for part in spread)
    meat = design.T @ (design * (means + of_cell * means**2)[:, None]) + factor * by_week.T @ by_week
    covariance: Values = bread @ meat @ bread
    return covariance


def _dispersions(
    counts: Values, design: Values, means: Values, week: NDArray[np.int64]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The week's and the cell's variance over squared mean, and their standard errors from week to week.

    Two sums for each week: of its total residual squared, and of its cells' squared residuals. What each is expected to
    be under the counts' own variance, the weekly factor's and the cell's is exact in the residuals of a fit.
    """
    residuals = counts - means
    totals = _by_week(residuals, week) ** 2
    cells = _by_week(residuals**2, week)
    noise, factor, of_cell = _expected(design, means, week)
    seen = np.stack([totals, cells]) - noise
    slopes = np.stack([factor.sum(axis=1), of_cell.sum(axis=1)], axis=1)
    spread = np.linalg.solve(slopes, seen.sum(axis=1))
    left = seen - spread[0] * factor - spread[1] * of_cell
    inverse = np.linalg.inv(slopes)
    covariance = inverse @ (left @ left.T) @ inverse.T
    week_error, cell_error = np.sqrt(np.diag(covariance)).tolist()
    return (float(spread[0]), float(spread[1])), (week_error, cell_error)


def _expected(design: Values, means: Values, week: NDArray[np.int64]) -> tuple[Values, Values, Values]:
    """By week, (2, weeks): the two sums expected of variance `means`, of a weekly factor, and of cells' squares.

    Residuals are (I - M X K X') of the errors, with M the means and K the inverse information.
    """
    weeks, cells = int(week.max()) + 1, len(means)
    mine = np.zeros((weeks, cells))
    mine[week, np.arange(cells)] = 1.0
    smoothed = (design * means[:, None]) @ np.linalg.inv(design.T @ (design * means[:, None]))
    to_totals = mine - _by_week(smoothed, week) @ design.T
    own = (smoothed * design).sum(axis=1)
    found = []
    for variance in (means, means**2):
        through = design.T @ (design * variance[:, None])
        of_cells = variance * (1 - 2 * own) + ((smoothed @ through) * smoothed).sum(axis=1)
        found.append(np.stack([to_totals**2 @ variance, _by_week(of_cells, week)]))
    shared = (mine * means).T
    shared_left = shared - smoothed @ (design.T @ shared)
    of_week = np.stack([((to_totals @ shared) ** 2).sum(axis=1), _by_week((shared_left**2).sum(axis=1), week)])
    return found[0], of_week, found[1]
