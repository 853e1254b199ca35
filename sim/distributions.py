"""Distributions as values: what a scenario file says about an effort, a delay or a count.

Each is an inverse: `quantile(u)` turns keyed uniforms into values, so a child keeps its rank when a number changes.
None carries a unit; that is in the name of the scenario's field. All are of amounts, never negative.

Every law has two means: `mean`, of the law as written, and `capped_mean`, of the values it gives, which differ only
where a `maximum` is set: values beyond it become the maximum.
"""

import math
from abc import ABC, abstractmethod
from typing import Annotated, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy import special

from sim.gammas import standard_gamma

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

SHARES_TOLERANCE = 1e-9

# Beyond this the 95th percentile is a slip of the decimal point, not a law.
GREATEST_P95_RATIO = 10_000.0

_P95_NORMAL: Final = float(special.ndtri(0.95))
_LOG_2: Final = math.log(2)
_LOG_20: Final = math.log(20)
_LARGEST_UNIFORM: Final = 1 - 2.0**-53
_GREATEST_EXPONENT: Final = 700.0
_GREATEST_MINUTES: Final = 2.0**53
_HALF: Final = 0.5
_LEAST_DOUBT: Final = 1e-9

Amount = Annotated[float, Field(ge=0, description="zero or more")]
PositiveAmount = Annotated[float, Field(gt=0, description="more than zero")]
Share = Annotated[float, Field(ge=0, le=1, description="from 0 to 1")]


class DistributionError(ValueError):
    """Numbers from which nothing can be drawn, or values that are no minutes."""


class _Law(BaseModel, ABC):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @abstractmethod
    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms, each strictly between 0 and 1."""

    def nearly(self, u: Values) -> tuple[Values, float]:
        """Return values near those at these uniforms, and how near they are, as a share of the value at most."""
        return self.quantile(u), 0.0


class _LongTailed(_Law):
    maximum: PositiveAmount | None = Field(default=None, description="values beyond it become it; none by default")

    def _capped(self, values: Values) -> Values:
        return values if self.maximum is None else np.minimum(values, self.maximum)


class Fixed(_Law):
    """Always the same value."""

    kind: Literal["fixed"] = "fixed"
    value: Amount

    def quantile(self, u: Values) -> Values:
        """Return the value, once for each uniform."""
        return np.full(np.shape(u), self.value)

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def capped_mean(self) -> float:
        """The value: there is no maximum."""
        return self.value


class Exponential(_LongTailed):
    """Without memory: what is still to come does not depend on what has passed."""

    kind: Literal["exponential"] = "exponential"
    mean: PositiveAmount = Field(description="mean, before any maximum")

    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms, each strictly between 0 and 1."""
        return self._capped(-self.mean * np.log1p(-u))

    @property
    def capped_mean(self) -> float:
        """The mean of the values given, none beyond the maximum."""
        return self.mean if self.maximum is None else -self.mean * math.expm1(-self.maximum / self.mean)


class _MedianAndP95(_LongTailed):
    median: PositiveAmount = Field(description="half the values lie below it")
    p95: PositiveAmount = Field(description="95% of the values lie below it")

    @model_validator(mode="after")
    def _p95_lies_above_the_median(self) -> Self:
        if not self.median < self.p95 <= self.median * GREATEST_P95_RATIO:
            raise DistributionError(
                f"p95 {self.p95:g} with median {self.median:g}: must be greater than the median, "
                f"and at most {GREATEST_P95_RATIO:,.0f} times it"
            )
        return self

    @property
    def _log_ratio(self) -> float:
        return math.log(self.p95) - math.log(self.median)


class Lognormal(_MedianAndP95):
    """Skewed with a heavy tail: most are quick, a few take very long."""

    kind: Literal["lognormal"] = "lognormal"

    @property
    def _sigma(self) -> float:
        return self._log_ratio / _P95_NORMAL

    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms, each strictly between 0 and 1."""
        return self._capped(self.median * np.exp(self._sigma * special.ndtri(u)))

    @property
    def mean(self) -> float:
        """The mean, before any maximum."""
        return self.median * math.exp(self._sigma * self._sigma / 2)

    @property
    def capped_mean(self) -> float:
        """The mean of the values given, none beyond the maximum."""
        if self.maximum is None:
            return self.mean
        z = (math.log(self.maximum) - math.log(self.median)) / self._sigma
        return float(self.mean * special.ndtr(z - self._sigma) + self.maximum * special.ndtr(-z))


class Weibull(_MedianAndP95):
    """Skewed with a lighter tail than the lognormal; its hazard rises or falls throughout."""

    kind: Literal["weibull"] = "weibull"

    @property
    def _shape(self) -> float:
        return math.log(_LOG_20 / _LOG_2) / self._log_ratio

    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms, each strictly between 0 and 1."""
        return self._capped(self.median * (-np.log1p(-u) / _LOG_2) ** (1 / self._shape))

    @property
    def mean(self) -> float:
        """The mean, before any maximum."""
        return self.median * math.gamma(1 + 1 / self._shape) * math.pow(_LOG_2, -1 / self._shape)

    @property
    def capped_mean(self) -> float:
        """The mean of the values given, none beyond the maximum."""
        if self.maximum is None:
            return self.mean
        exponent = self._shape * (math.log(self.maximum) - math.log(self.median))
        hazard = _LOG_2 * math.exp(min(exponent, _GREATEST_EXPONENT))
        return float(self.mean * special.gammainc(1 + 1 / self._shape, hazard) + self.maximum * math.exp(-hazard))


class Gamma(_LongTailed):
    """Skewed with a light tail; `cv` is the standard deviation as a share of the mean."""

    kind: Literal["gamma"] = "gamma"
    mean: PositiveAmount = Field(description="mean, before any maximum")
    cv: float = Field(ge=0.001, le=10, description="standard deviation divided by the mean; a fixed value has none")

    @property
    def _shape(self) -> float:
        return self.cv**-2

    def nearly(self, u: Values) -> tuple[Values, float]:
        """Return values near those at these uniforms, many times as fast, and how near they are."""
        standard, apart = standard_gamma(self._shape, u)
        return self._capped(standard * (self.mean / self._shape)), apart

    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms, each strictly between 0 and 1."""
        standard = special.gammaincinv(self._shape, np.asarray(u, dtype=np.float64))
        return self._capped(np.asarray(standard * (self.mean / self._shape), dtype=np.float64))

    @property
    def capped_mean(self) -> float:
        """The mean of the values given, none beyond the maximum."""
        if self.maximum is None:
            return self.mean
        x = self.maximum / self.mean * self._shape
        return float(
            self.mean * special.gammainc(self._shape + 1, x) + self.maximum * special.gammaincc(self._shape, x)
        )


class Uniform(_Law):
    """Any value between two, all equally likely."""

    kind: Literal["uniform"] = "uniform"
    low: Amount
    high: Amount

    @model_validator(mode="after")
    def _low_lies_below_high(self) -> Self:
        if not self.low < self.high:
            raise DistributionError(f"uniform from {self.low:g} to {self.high:g}: low must be less than high")
        return self

    def quantile(self, u: Values) -> Values:
        """Return the values at these uniforms."""
        return np.minimum(self.low + (self.high - self.low) * u, self.high)

    @property
    def mean(self) -> float:
        """The middle of the two."""
        return self.low + (self.high - self.low) / 2

    @property
    def capped_mean(self) -> float:
        """The mean: there is no maximum."""
        return self.mean


class Discrete(_Law):
    """A few values, each with its share."""

    kind: Literal["discrete"] = "discrete"
    # Text formats have lists where these are tuples.
    values: tuple[Amount, ...] = Field(strict=False, min_length=1, description="in increasing order")
    shares: tuple[Share, ...] = Field(strict=False, min_length=1, description="one for each value, summing to 1")

    @model_validator(mode="after")
    def _shares_fit_values(self) -> Self:
        if len(self.values) != len(self.shares):
            raise DistributionError(f"{len(self.values)} values with {len(self.shares)} shares: must be as many")
        if list(self.values) != sorted(set(self.values)):
            raise DistributionError(f"values {self.values}: must increase")
        total = math.fsum(self.shares)
        if abs(total - 1) > SHARES_TOLERANCE:
            raise DistributionError(f"shares {self.shares} sum to {total:g}: must sum to 1")
        return self

    def quantile(self, u: Values) -> Values:
        """Return the least value at which the shares so far reach each uniform; never one whose share is zero."""
        reached = np.cumsum(self.shares)
        # The last sum may fall short of 1 by a rounding: what lies beyond it belongs to the last value with a share.
        places = np.searchsorted(reached[: int(np.flatnonzero(self.shares)[-1])], u, side="left")
        return np.asarray(self.values)[places]

    @property
    def mean(self) -> float:
        """The sum of value times share."""
        return math.fsum(value * share for value, share in zip(self.values, self.shares, strict=True))

    @property
    def capped_mean(self) -> float:
        """The mean: there is no maximum."""
        return self.mean


Amounts = Annotated[
    Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Discrete,
    Field(discriminator="kind"),
]


class ZeroInflated(_Law):
    """Nothing at all for a share, and another law for the rest."""

    kind: Literal["zero_inflated"] = "zero_inflated"
    zero_share: float = Field(ge=0, lt=1, description="share with the value zero")
    rest: Amounts

    def quantile(self, u: Values) -> Values:
        """Return zero for uniforms up to the zero share, and the rest's values for those above it."""
        # Dividing may round up to 1, where a quantile is infinite.
        above = np.minimum((u - self.zero_share) / (1 - self.zero_share), _LARGEST_UNIFORM)
        is_zero = above <= 0
        values: Values = np.where(is_zero, 0.0, self.rest.quantile(np.where(is_zero, 0.5, above)))
        return values

    def nearly(self, u: Values) -> tuple[Values, float]:
        """Return values near those at these uniforms, and how near they are."""
        above = np.minimum((u - self.zero_share) / (1 - self.zero_share), _LARGEST_UNIFORM)
        is_zero = above <= 0
        values, apart = self.rest.nearly(np.where(is_zero, 0.5, above))
        return np.where(is_zero, 0.0, values), apart

    @property
    def mean(self) -> float:
        """The mean over all, zeros included, before any maximum."""
        return (1 - self.zero_share) * self.rest.mean

    @property
    def capped_mean(self) -> float:
        """The mean over all the values given, zeros included, none beyond the rest's maximum."""
        return (1 - self.zero_share) * self.rest.capped_mean


Distribution = Annotated[
    Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Discrete | ZeroInflated,
    Field(discriminator="kind"),
]


def whole_minutes(values_in_minutes: Values, minimum: int = 0) -> Counts:
    """Return the values rounded to whole minutes, halves up, none less than the minimum."""
    values = np.asarray(values_in_minutes, dtype=np.float64)
    if not (np.abs(values) < _GREATEST_MINUTES).all():
        raise DistributionError("minutes to be rounded: must be finite and less than 2**53")
    whole = np.floor(values)
    rounded: Counts = np.maximum(whole + (values - whole >= _HALF), minimum).astype(np.int64)
    return rounded


def minutes_at(law: Distribution, u: Values, *, unit_minutes: int = 1, minimum: int = 0) -> Counts:
    """Return `whole_minutes` of a law's values at these uniforms, times a unit: the same, and sooner.

    Most values are wanted to the half minute alone. Only where what is near a value does not tell to which minute it
    is rounded is the value itself worked out.
    """
    near, apart = law.nearly(u)
    minutes = near * unit_minutes
    rounded = whole_minutes(minutes, minimum)
    if apart:
        doubtful = np.flatnonzero(np.abs(minutes - np.floor(minutes) - _HALF) <= apart * minutes + _LEAST_DOUBT)
        rounded[doubtful] = whole_minutes(law.quantile(u[doubtful]) * unit_minutes, minimum)
    return rounded
