"""The likelihood of delays known to the date: start within its day, end within its day, or not ended when last seen.

With F the law, f the density of the start on its day and an end somewhere in [low, high), a spell's chance is the
integral of f(u) [F(high - u) - F(low - u)] du; of one still open at c it is that of f(u) [1 - F(c - u)] du. This is the
"primary event censored" likelihood of epidemiology (Park et al. 2024): taking dates for times instead overstates short
delays by half and more. Spells begin within what was watched, so that none is left-truncated; what was never noted to
end is in as open, so that none is right-truncated.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sim.calibration.seen.laws import Family

Values = NDArray[np.float64]
Numbers = Callable[[Values], Values]
Bounds = tuple[tuple[float, float], ...]

# Eight points of Gauss-Legendre on a day are exact to far below any standard error.
_NODES, _WEIGHTS = (np.asarray(column) / 2 for column in np.polynomial.legendre.leggauss(8))
_LEAST: Final = 1e-300
_HALF: Final = 0.5
_STEP: Final = 1e-3
_MINUTE: Final = 1 / 1440
_LEAST_TOLD: Final = 0.1
"""With less information about a logarithm or a logit its error is above 3: nothing is known of the number."""


class FitError(ValueError):
    """A likelihood without a maximum that can be told from its neighbours."""


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Delays in days since midnight of the day on which each began, as columns of equal length.

    Each began evenly within [`begins`, `begun`], which are one where its minute is known, and ended within
    [`low`, `high`), where `high` is infinite while it is open at `low`. It was watched until `until`; an end is known
    `to_the_day`, or else to the minute. `kind` tells spells with different chances to end at all.
    """

    begins: Values
    begun: Values
    low: Values
    high: Values
    until: Values
    to_the_day: NDArray[np.bool_]
    kind: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.low)

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Which had not ended when last seen."""
        return np.isinf(self.high)

    def told_apart(self) -> tuple["Spells", Values]:
        """One of each that are alike, and how many are."""
        names = ("begins", "begun", "low", "high", "kind")
        columns = np.stack([getattr(self, name) for name in names], axis=1)
        _, first, counts = np.unique(columns, axis=0, return_index=True, return_counts=True)
        return self.where(first), counts.astype(np.float64)

    def where(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Spells":
        """Some of them."""
        return Spells(*(getattr(self, name)[rows] for name in self.__slots__))

    def again(self, delays: Values, chance: np.random.Generator) -> "Spells":
        """The same starts and the same watching with other delays, infinite ones among them."""
        ended = self.begins + (self.begun - self.begins) * chance.random(len(self)) + delays
        is_open = ended >= self.until
        low = np.where(self.to_the_day, np.floor(ended), ended - _MINUTE / 2)
        width = np.where(self.to_the_day, 1.0, _MINUTE)
        low = np.where(is_open, self.until, low)
        return replace(self, low=low, high=np.where(is_open, np.inf, low + width))

    def chances(self, family: Family, at: Values) -> Values:
        """The chance of each, of a delay that does end: that it ended when it did, or later than it was seen open."""
        start, weights = self._starts()
        low, high = np.maximum(self.low[:, None] - start, 0.0), np.maximum(self.high[:, None] - start, 0.0)
        mass = family.below(low, at)
        # In the upper tail the difference of what lies above is the exact one. Neither is asked for where
        # it is not used: of large records these laws are most of what a fit takes.
        upper = mass > _HALF
        mass[~upper] = family.below(high[~upper], at) - mass[~upper]
        mass[upper] = family.above(low[upper], at) - family.above(high[upper], at)
        chances: Values = np.maximum(mass, 0.0) @ weights
        return chances

    def places(self, family: Family, at: Values) -> tuple[Values, Values]:
        """Between which shares of the law each lies."""
        start, weights = self._starts()
        low, high = (family.below(np.maximum(end[:, None] - start, 0.0), at) @ weights for end in (self.low, self.high))
        return np.asarray(low), np.asarray(high)

    def _starts(self) -> tuple[Values, Values]:
        """Starts to average over, (spells, starts), and their weights; one where every start is known."""
        if np.array_equal(self.begins, self.begun):
            return self.begins[:, None], np.ones(1)
        middle, width = (self.begins + self.begun)[:, None] / 2, (self.begun - self.begins)[:, None]
        return middle + width * _NODES, _WEIGHTS


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A maximum of a likelihood: where, the covariance there from the observed information, and Akaike's criterion."""

    at: Values
    covariance: Values
    aic: float

    def error_of(self, numbers: Numbers) -> tuple[float, ...]:
        """The standard errors of numbers made from the parameters, to first order."""
        slopes = jacobian(numbers, self.at)
        return tuple(np.sqrt(np.diag(slopes @ self.covariance @ slopes.T)).tolist())

    def draw(self, chance: np.random.Generator) -> Values:
        """Parameters as likely as the data leave them, normal about the maximum."""
        return np.asarray(chance.multivariate_normal(self.at, self.covariance, method="eigh"))


def log_likelihood(chances: Values, counts: Values) -> float:
    """Of spells with these chances, so many of each."""
    return float(counts @ np.log(np.maximum(chances, _LEAST)))


def maximised(likelihood: Callable[[Values], float], start: Values, bounds: Bounds, scale: float = 1.0) -> Fit:
    """The greatest log-likelihood from a start on. Raise `FitError` where it lies on a bound or on a ridge.

    `scale` is about how many the likelihood is of: it is maximised per spell, so that no search stops early.
    """
    at = place_of_greatest(likelihood, start, bounds, scale)
    low, high = np.array(bounds).T
    if np.any(at <= low + _STEP) or np.any(at >= high - _STEP):
        raise FitError("the best numbers lie at the edge of what is possible")
    information = -_hessian(likelihood, at)
    if not np.all(np.isfinite(information)) or np.linalg.eigvalsh(information)[0] <= _LEAST_TOLD:
        raise FitError("the numbers cannot be told from their neighbours")
    covariance = np.asarray(np.linalg.inv(information))
    return Fit(at, covariance, 2 * len(at) - 2 * likelihood(at))


def place_of_greatest(
    likelihood: Callable[[Values], float], start: Values, bounds: Bounds, scale: float, tolerance: float = 1e-12
) -> Values:
    """Where a search from a start ends, whatever it looks like there."""

    def below(at: Values) -> float:
        return -likelihood(at) / scale

    found = minimize(below, start.tolist(), method="L-BFGS-B", bounds=bounds, tol=tolerance)
    return np.asarray(found.x, dtype=np.float64)


def _hessian(value: Callable[[Values], float], at: Values) -> Values:
    steps = np.eye(len(at)) * _STEP
    centre = value(at)
    found = np.empty((len(at), len(at)))
    for i, one in enumerate(steps):
        found[i, i] = (value(at + one) - 2 * centre + value(at - one)) / _STEP**2
        for j, other in enumerate(steps[:i]):
            corners = value(at + one + other) - value(at + one - other) - value(at - one + other)
            found[i, j] = found[j, i] = (corners + value(at - one - other)) / (4 * _STEP**2)
    return found


def jacobian(numbers: Numbers, at: Values) -> Values:
    """The slopes of numbers in each parameter, (numbers, parameters), by central differences."""
    steps = np.eye(len(at)) * _STEP
    return np.stack([(numbers(at + step) - numbers(at - step)) / (2 * _STEP) for step in steps], axis=1)
