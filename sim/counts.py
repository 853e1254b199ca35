"""Counts by chance: how many come in a day, as quantiles of keyed uniforms."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.distributions import Counts, DistributionError, Values

_GREATEST_MEAN_COUNT: Final = 1e9
_GREATEST_DISPERSION: Final = 1000.0
# Below this the two laws differ by less than the special functions can tell.
_LEAST_DISPERSION: Final = 1e-9
_SMALL_MEAN, _SMALL_COUNT, _IN_DOUBT = 100.0, 200, 1e-9


def poisson_quantile(u: ArrayLike, mean: ArrayLike) -> Counts:
    """Return the least counts at which Poisson laws of these means reach `u`; the arguments are broadcast."""
    return negative_binomial_quantile(u, mean, 0.0)


def negative_binomial_quantile(u: ArrayLike, mean: ArrayLike, dispersion: float) -> Counts:
    """Return the least counts at which laws of these means, and variances mean + dispersion * mean**2, reach `u`.

    `u` and `mean` are broadcast against each other. A dispersion of 0 is the Poisson law. Raise `DistributionError`
    where a uniform is not strictly between 0 and 1, a mean not from 0 to 1e9, or the dispersion not from 0 to 1,000.
    """
    uniforms, means = (np.array(a, dtype=np.float64) for a in np.broadcast_arrays(u, mean))
    if not ((uniforms > 0) & (uniforms < 1)).all():
        raise DistributionError("uniforms of a count: must lie strictly between 0 and 1")
    if not ((means >= 0) & (means <= _GREATEST_MEAN_COUNT)).all() or not 0 <= dispersion <= _GREATEST_DISPERSION:
        raise DistributionError("mean and dispersion of a count: must be from 0 to 1e9, and from 0 to 1000")
    flat_u, flat_means = uniforms.ravel(), means.ravel()
    counts = _added_up(flat_u, flat_means, dispersion)
    left = np.flatnonzero(counts < 0)
    u, means = flat_u[left], flat_means[left]
    counts[left] = _least_counts(u, _guessed(u, means, dispersion), _cdf(means, dispersion))
    return counts.astype(np.int64).reshape(uniforms.shape)


def _added_up(u: Values, means: Values, dispersion: float) -> Values:
    """The same where adding up probabilities tells it beyond doubt; -1 where it does not.

    Most counts of a day are so small that this takes a tenth of the time of the special functions. Both are right to
    some 1e-13, so where a sum comes as near to `u` as `_IN_DOUBT` they are left to say on which side it is.
    """
    counts = np.full(len(u), -1.0)
    shape = 1 / dispersion if dispersion >= _LEAST_DISPERSION else np.inf
    places = np.flatnonzero((means <= _SMALL_MEAN) & (means > 0))
    u, means = u[places], means[places]
    # The probability of none, and by how much that of one more is that of a count: (a + b * count) / (count + 1).
    if np.isinf(shape):
        probability, a, b = np.exp(-means), means, np.zeros_like(means)
    else:
        b = means / (means + shape)
        probability, a = np.exp(-shape * np.log1p(means / shape)), b * shape
    sums = probability.copy()
    for count in range(_SMALL_COUNT):
        is_over = sums >= u
        is_told = is_over & (sums - u > _IN_DOUBT) & (u - (sums - probability) > _IN_DOUBT)
        counts[places[is_told]] = count
        places = places[~is_over]
        u, sums, probability, a, b = (of[~is_over] for of in (u, sums, probability, a, b))
        if not len(places):
            break
        probability = probability * (a + b * count) / (count + 1)
        sums = sums + probability
    return counts


def _cdf(means: Values, dispersion: float) -> Callable[[Values, NDArray[np.intp]], Values]:
    """Return the probability of at most a count, as a function of counts and of the places of their means."""

    def poisson(counts: Values, places: NDArray[np.intp]) -> Values:
        return np.asarray(special.gammaincc(counts + 1, means[places]), dtype=np.float64)

    def negative_binomial(counts: Values, places: NDArray[np.intp]) -> Values:
        spread = dispersion * means[places]
        return np.asarray(special.betaincc(counts + 1, 1 / dispersion, spread / (1 + spread)), dtype=np.float64)

    return negative_binomial if dispersion >= _LEAST_DISPERSION else poisson


def _guessed(u: Values, means: Values, dispersion: float) -> Values:
    """Return counts near the quantiles: the Wilson-Hilferty cube of a normal, for a gamma of this variance."""
    means = np.maximum(means, 1e-6)
    shapes = means / (1 + dispersion * means)
    roots = 1 - 1 / (9 * shapes) + special.ndtri(u) / (3 * np.sqrt(shapes))
    guesses: Values = np.ceil(np.maximum(means * roots**3 - 0.5, 0))
    return guesses


def _least_counts(u: Values, guesses: Values, cdf: Callable[[Values, NDArray[np.intp]], Values]) -> Values:
    """Return the least counts whose probability reaches `u`: bracketed in doubling steps from the guesses, then halved.

    Only the places still in doubt are worked on, and the guesses decide nothing but the speed.
    """
    below, above = guesses - 1, guesses.copy()
    places, step = np.arange(len(u)), 1
    while (places := places[cdf(above[places], places) < u[places]]).size:
        below[places] = above[places]
        above[places] += step
        step *= 2
    places, step = np.flatnonzero(below >= 0), 1
    while (places := places[(below[places] >= 0) & (cdf(below[places], places) >= u[places])]).size:
        above[places] = below[places]
        below[places] = np.maximum(below[places] - step, -1)
        step *= 2
    while (places := np.flatnonzero(above - below > 1)).size:
        middle = np.floor((below[places] + above[places]) / 2)
        reaches = cdf(middle, places) >= u[places]
        above[places[reaches]] = middle[reaches]
        below[places[~reaches]] = middle[~reaches]
    return above
