"""Draws from a density on the unit cube that is told up to a factor, such as what figures say of unknown numbers.

Sequential Monte Carlo: particles fill the cube evenly, and the density is let in little by little. At each step the
particles that it favours are copied and all move about as a random walk that leaves the density as it is. No start can
be unlucky and no step size is chosen by hand; several hills are all found where the particles are many.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Points = NDArray[np.float64]
Density = Callable[[Points], Points]

KEPT = 0.5  # of the particles are worth keeping after a step: it is as long as that allows
MOVES = 8  # of every particle after a step
_GAUSSIAN_STEP = 2.38  # times the spread over the root of the dimensions: the best of a random walk (Roberts, 1997)
_SMALLEST = 1e-9


def tempered(log_density: Density, dimensions: int, many: int, random: np.random.Generator) -> Points:
    """So many draws of equal weight, shape (many, dimensions). `log_density` takes positions, a row each."""
    at = random.random((many, dimensions))
    here, heat = log_density(at), 0.0
    while heat < 1.0:
        step = _step(here, 1.0 - heat)
        heat = min(heat + step, 1.0)
        kept = _copied(step * here, random)
        at, here = at[kept], here[kept]
        for _ in range(MOVES):
            at, here = _moved(log_density, at, here, heat, random)
    return at


def _step(log_weights: Points, most: float) -> float:
    """How much more of the density to let in, so that the weights are worth a share of the particles."""

    def too_few(step: float) -> float:
        weights = np.exp(step * (log_weights - log_weights.max()))
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights)) - KEPT

    if too_few(most) >= 0:
        return most
    return float(brentq(too_few, 0.0, most, xtol=_SMALLEST))


def _copied(log_weights: Points, random: np.random.Generator) -> NDArray[np.int64]:
    """Systematic resampling: a particle is copied within one of as often as its weight asks."""
    weights = np.exp(log_weights - log_weights.max())
    places = (random.random() + np.arange(len(weights))) / len(weights)
    past = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(past, places), len(weights) - 1)


def _moved(
    log_density: Density, at: Points, here: Points, heat: float, random: np.random.Generator
) -> tuple[Points, Points]:
    """One Metropolis move of every particle, as wide as they lie; nobody leaves the cube."""
    many, dimensions = at.shape
    spread = np.atleast_2d(np.cov(at, rowvar=False)) + _SMALLEST * np.eye(dimensions)
    root = np.linalg.cholesky(spread) * _GAUSSIAN_STEP / np.sqrt(dimensions)
    to = at + random.standard_normal(at.shape) @ root.T
    inside = ((to >= 0.0) & (to <= 1.0)).all(axis=1)
    there = np.full(many, -np.inf)
    there[inside] = log_density(to[inside])
    accepted = np.log(random.random(many)) < heat * (there - here)
    return np.where(accepted[:, None], to, at), np.where(accepted, there, here)
