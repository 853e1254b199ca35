"""The families of laws that a delay may follow, with parameters on scales where a normal error makes sense."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.calibration.seen.learned import Law
from sim.distributions import Exponential, Gamma, Lognormal, Weibull

Values = NDArray[np.float64]
Two = Callable[[Values, Values], Values]

_P95_NORMAL: Final = float(special.ndtri(0.95))
_LOG_2: Final = math.log(2)
_LOG_20: Final = math.log(20)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of laws of a positive amount.

    The first parameter is the log of its median, or of its mean; the second, where there is one, the log of what
    shapes it. `below` and `above` are the chances of less and of more than each value; `numbers` are those that a
    scenario writes, under the names of `names`.
    """

    name: str
    below: Two
    above: Two
    numbers: Callable[[Values], Values]
    names: tuple[str, ...]
    law: Callable[..., Law]
    bounds: tuple[tuple[float, float], ...]

    def made(self, parameters: Values) -> Law:
        """The law at these parameters, as a scenario writes it."""
        return self.law(**dict(zip(self.names, self.numbers(parameters).tolist(), strict=True)))


def _log(x: Values) -> Values:
    return np.log(np.maximum(x, 1e-300))


def _z(x: Values, at: Values) -> Values:
    return np.asarray((_log(x) - at[0]) / np.exp(at[1]))


def _weibull_hazard(x: Values, at: Values) -> Values:
    return np.asarray(_LOG_2 * np.exp(np.minimum(np.exp(at[1]) * (_log(x) - at[0]), 700.0)))


def _gamma_x(x: Values, at: Values) -> tuple[float, Values]:
    shape = math.exp(-2 * at[1])
    return shape, np.asarray(np.maximum(x, 0) * (shape / math.exp(at[0])))


def _gamma_below(x: Values, at: Values) -> Values:
    return np.asarray(special.gammainc(*_gamma_x(x, at)), dtype=np.float64)


def _gamma_above(x: Values, at: Values) -> Values:
    return np.asarray(special.gammaincc(*_gamma_x(x, at)), dtype=np.float64)


def _exponential_x(x: Values, at: Values) -> Values:
    return np.asarray(np.maximum(x, 0) / math.exp(at[0]))


_SIZE: Final = (-9.0, 9.0)

FAMILIES: Mapping[str, Family] = MappingProxyType({
    family.name: family
    for family in (
        Family(
            "lognormal",
            lambda x, at: special.ndtr(_z(x, at)),
            lambda x, at: special.ndtr(-_z(x, at)),
            lambda at: np.array([math.exp(at[0]), math.exp(at[0] + _P95_NORMAL * math.exp(at[1]))]),
            ("median", "p95"),
            Lognormal,
            (_SIZE, (-4.0, 1.7)),
        ),
        Family(
            "gamma",
            _gamma_below,
            _gamma_above,
            np.exp,
            ("mean", "cv"),
            Gamma,
            (_SIZE, (-4.0, 2.2)),
        ),
        Family(
            "weibull",
            lambda x, at: -np.expm1(-_weibull_hazard(x, at)),
            lambda x, at: np.exp(-_weibull_hazard(x, at)),
            lambda at: np.array([math.exp(at[0]), math.exp(at[0] + math.log(_LOG_20 / _LOG_2) * math.exp(-at[1]))]),
            ("median", "p95"),
            Weibull,
            (_SIZE, (-1.7, 4.0)),
        ),
        Family(
            "exponential",
            lambda x, at: -np.expm1(-_exponential_x(x, at)),
            lambda x, at: np.exp(-_exponential_x(x, at)),
            np.exp,
            ("mean",),
            Exponential,
            (_SIZE,),
        ),
    )
})  # fmt: skip
"""Those of `sim.distributions` that a delay without bounds may follow."""
