"""Quantiles of the gamma law from a table: near enough to tell nearly every minute, many times as fast as exact ones.

As a function of a normal quantile the logarithm of a gamma quantile is smooth: it bends like a parabola in the lower
tail and hardly at all above. So cubic pieces between a few hundred exact values lie very near it. How near is measured
where they are furthest apart, between the values; a shape for which that is not near enough has no table.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.interpolate import CubicSpline

Values = NDArray[np.float64]

NEAR: Final = 2e-8
"""How far from the exact value one of the table may be, as a share of it."""

_FURTHEST: Final = 6.5
"""The normal quantile up to which there is a table: beyond it lies one value in ten thousand million."""

_PIECES: Final = 1024
_LEAST: Final = 1e-300
_STRICTER: Final = 100.0
"""By how much the table must be nearer at the middles of its pieces than what is promised everywhere."""


class _Table(NamedTuple):
    """The coefficients of the cubic pieces, (4, pieces), highest power first, and the pieces a unit."""

    pieces: Values
    a_unit: float


def standard_gamma(shape: float, u: Values) -> tuple[Values, float]:
    """Return quantiles of the gamma law of scale 1 at uniforms, and how near they are as a share; exact ones are 0."""
    uniforms = np.asarray(u, dtype=np.float64)
    table = _table(shape)
    if table is None:
        return np.asarray(special.gammaincinv(shape, uniforms), dtype=np.float64), 0.0
    at = (special.ndtri(uniforms) + _FURTHEST) * table.a_unit
    piece = np.clip(at, 0, _PIECES - 1).astype(np.int64)
    beyond = np.flatnonzero((at < 0) | (at > _PIECES))
    within = at - piece
    cubed, squared, plain, constant = (row[piece] for row in table.pieces)
    found = np.exp(((cubed * within + squared) * within + plain) * within + constant)
    found[beyond] = special.gammaincinv(shape, uniforms[beyond])
    return found, NEAR


@lru_cache(maxsize=256)
def _table(shape: float) -> _Table | None:
    """The table of a shape; None where it would not be near enough."""
    z = np.linspace(-_FURTHEST, _FURTHEST, 2 * _PIECES + 1)
    exact = _at_normal(shape, z)
    if not np.isfinite(exact).all() or (exact < _LEAST).any():
        return None
    spline = CubicSpline(np.arange(_PIECES + 1), np.log(exact[::2]))
    apart = np.abs(np.exp(spline(np.arange(_PIECES) + 0.5)) / exact[1::2] - 1)
    if not (apart < NEAR / _STRICTER).all():
        return None
    return _Table(np.ascontiguousarray(spline.c), _PIECES / (2 * _FURTHEST))


def _at_normal(shape: float, z: Values) -> Values:
    """The gamma quantile where a normal law has these: from whichever tail is the nearer, so that none is rounded."""
    lower = special.gammaincinv(shape, special.ndtr(np.minimum(z, 0.0)))
    upper = special.gammainccinv(shape, special.ndtr(-np.maximum(z, 0.0)))
    return np.asarray(np.where(z < 0, lower, upper), dtype=np.float64)
