"""An emulator: what the model would say of a set of numbers, told in microseconds from years already simulated.

Each figure, a share as its logit and any other as its logarithm so that effects add up, is a quadratic in the knobs: a
slope for every knob, squares and products of the strongest. Slopes and products have priors whose widths are found from
the years themselves (automatic relevance), so that knobs that do not matter to a figure drop out of it. A replication's
luck is a level of its own, shared by all sets that met it. How wrong the emulator is is measured on years kept from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.calibration.knobs import Points
from sim.experiment.targets import Target

STRONGEST = 14
FOLDS = 5
ROUNDS = 12
LEAST_FOR_PRODUCTS = 2.0  # years a coefficient
_EDGE = 1e-3
_NARROWEST = 1e-9
_REACH = 3.0  # half-widths beyond a target at which a year counts half


@dataclass(frozen=True, slots=True)
class Scale:
    """A target's figures on the scale on which effects add up; the target is met from `low` to `high` on it."""

    is_share: bool
    floor: float
    low: float
    high: float
    half_width: float

    def __call__(self, figures: Points) -> Points:
        """Figures on this scale."""
        if self.is_share:
            kept = np.clip(figures, _EDGE, 1.0 - _EDGE)
            return np.log(kept / (1.0 - kept))
        return np.log(np.maximum(figures, self.floor))


def scale_of(target: Target) -> Scale:
    """The scale of a target. A bound that no figure can pass is none."""
    is_share = target.unit == "share"
    floor = max(abs(target.high), 1.0) * _EDGE
    plain = Scale(is_share, floor, 0.0, 0.0, 1.0)
    low, middle, high = plain(np.array([target.low, (target.low + target.high) / 2, target.high])).tolist()
    return Scale(
        is_share,
        floor,
        low if target.low > (_EDGE if is_share else floor) else -np.inf,
        high if not is_share or target.high < 1.0 - _EDGE else np.inf,
        max(min(middle - low, high - middle), _NARROWEST),
    )


class Sample(NamedTuple):
    """Simulated years: positions as offsets from the baseline, the set and the luck of each, figures on their scales.

    Shapes (years, knobs), (years,), (years,), (years, targets).
    """

    offsets: Points
    sets: NDArray[np.int64]
    luck: NDArray[np.int64]
    values: Points

    def of(self, years: NDArray[Any]) -> "Sample":
        """Some of the years, by their places or a mask."""
        return Sample(self.offsets[years], self.sets[years], self.luck[years], self.values[years])

    def with_more(self, more: "Sample") -> "Sample":
        """These years and others after them."""
        return Sample(
            np.concatenate([self.offsets, more.offsets]),
            np.concatenate([self.sets, more.sets]),
            np.concatenate([self.luck, more.luck]),
            np.concatenate([self.values, more.values]),
        )


class _Fit(NamedTuple):
    """A fitted quadratic: a level a luck, slopes, products of some pairs, the spread of the slopes."""

    levels: Points
    slopes: Points
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
    products: Points
    spread: Points

    def at(self, offsets: Points) -> Points:
        """The average over luck at some positions."""
        first, second = self.pairs
        products = (offsets[:, first] * offsets[:, second]) @ self.products
        return np.asarray(self.levels.mean() + offsets @ self.slopes + products)


Work = tuple[Sample, Scale, int]
Each = Callable[[Callable[[Work], tuple[_Fit, tuple[float, float]]], Iterable[Work]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Emulator:
    """Every target's figure as a quadratic in offsets from the baseline, and how wrong that is.

    `luck` is what a replication's luck adds, `shared` the variance that more years of a set do not take away, `chance`
    that of one year about it, `spread` the covariance of the slopes. Shapes (targets,), (targets, knobs),
    (targets, knobs, knobs); that of `luck` is (replications, targets).
    """

    low: Points
    high: Points
    level: Points
    slopes: Points
    curves: Points
    spread: Points
    luck: Points
    shared: Points
    chance: Points

    def mean(self, offsets: Points) -> Points:
        """Expected figures on their scales, shape (positions, targets)."""
        return self.level + offsets @ self.slopes.T + _quadratic(self.curves, offsets)

    def variance(self, offsets: Points, years: int) -> Points:
        """Of the average over so many years about what is expected, shape (positions, targets)."""
        return self.shared + self.chance / years + _quadratic(self.spread, offsets)

    def chance_met(self, mean: Points, variance: Points) -> Points:
        """Logarithm of the probability that all targets are met; targets stand on the last axis."""
        error = np.sqrt(variance)
        inside = ndtr((self.high - mean) / error) - ndtr((self.low - mean) / error)
        return np.asarray(np.log(np.maximum(inside, 1e-12)).sum(axis=-1))


def _quadratic(forms: Points, offsets: Points) -> Points:
    return np.stack([np.einsum("ni,ni->n", offsets @ form, offsets) for form in forms], axis=-1)


def emulate(sample: Sample, scales: tuple[Scale, ...], *, each: Each = map) -> Emulator:
    """An emulator of every target; `each` may be the `map` of several processes."""
    lucks = int(sample.luck.max()) + 1
    work = [(sample._replace(values=sample.values[:, [place]]), scale, lucks) for place, scale in enumerate(scales)]
    fits, errors = zip(*each(_fit_and_errors, work), strict=True)
    return Emulator(
        low=np.array([scale.low for scale in scales]),
        high=np.array([scale.high for scale in scales]),
        level=np.array([fit.levels.mean() for fit in fits]),
        slopes=np.array([fit.slopes for fit in fits]),
        curves=np.array([_symmetric(fit, sample.offsets.shape[1]) for fit in fits]),
        spread=np.array([fit.spread for fit in fits]),
        luck=np.array([fit.levels - fit.levels.mean() for fit in fits]).T,
        shared=np.array([shared for shared, _ in errors]),
        chance=np.array([chance for _, chance in errors]),
    )


def _fit_and_errors(work: Work) -> tuple[_Fit, tuple[float, float]]:
    return _fitted(*work), _errors(*work)


def _symmetric(fit: _Fit, knobs: int) -> Points:
    form = np.zeros((knobs, knobs))
    form[fit.pairs] = fit.products / 2
    return form + form.T


def _fitted(sample: Sample, scale: Scale, lucks: int) -> _Fit:
    """Slopes first, then products of the strongest knobs; years far from the target count less."""
    values = sample.values[:, 0]
    kept = np.isfinite(values)
    offsets, values = sample.offsets[kept], values[kept]
    levels = np.equal.outer(sample.luck[kept], np.arange(lucks)).astype(float)
    none = np.array([], dtype=np.intp)
    fit = _quadratic_fit(offsets, levels, values, np.ones(len(values)), (none, none))
    weights = _weights(fit.at(offsets), scale)
    force = np.abs(fit.slopes) * offsets.std(axis=0)
    many = min(STRONGEST, int(np.sqrt(len(values) / LEAST_FOR_PRODUCTS)), len(force))
    strongest = np.sort(np.argsort(-force, kind="stable")[:many])
    first, second = np.triu_indices(many)
    return _quadratic_fit(offsets, levels, values, weights, (strongest[first], strongest[second]))


def _weights(values: Points, scale: Scale) -> Points:
    beyond = np.maximum(np.maximum(scale.low - values, values - scale.high), 0.0) / scale.half_width
    return np.asarray(1.0 / (1.0 + (beyond / _REACH) ** 2))


def _quadratic_fit(
    offsets: Points,
    levels: Points,
    values: Points,
    weights: Points,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> _Fit:
    """Evidence maximised over the width of every coefficient's prior and the noise, by MacKay's rounds."""
    knobs = offsets.shape[1]
    features = np.hstack([levels, offsets, offsets[:, pairs[0]] * offsets[:, pairs[1]]])
    if not len(values):
        return _Fit(np.zeros(len(levels.T)), np.zeros(knobs), pairs, np.zeros(len(pairs[0])), np.zeros((knobs, knobs)))
    middle = float(np.average(values, weights=weights))
    root = np.sqrt(weights)
    gram = (features * root[:, None]).T @ (features * root[:, None])
    moments = features.T @ (weights * (values - middle))
    total = max(float(weights @ (values - middle) ** 2), _NARROWEST)
    flat = levels.shape[1]
    found, covariance = _evidence(gram, moments, total, len(values), flat)
    slopes = slice(flat, flat + knobs)
    return _Fit(found[:flat] + middle, found[slopes], pairs, found[slopes.stop :], covariance[slopes, slopes])


def _evidence(gram: Points, moments: Points, total: float, many: int, flat: int) -> tuple[Points, Points]:
    """Coefficients and their covariance; the first `flat` coefficients are free."""
    noise = total / many / 2
    widths = np.full(len(gram), total / many)
    widths[:flat] = 1e3 * total / many + 1.0
    for _ in range(ROUNDS):
        root = np.sqrt(widths)
        inner = np.linalg.inv(np.eye(len(gram)) + gram * np.outer(root, root) / noise)
        covariance = inner * np.outer(root, root)
        found = covariance @ moments / noise
        known = np.clip(1.0 - np.diag(inner), 1e-6, 1.0)
        rest = total - 2 * found @ moments + found @ gram @ found
        noise = max(rest / max(many - known.sum(), many / 10), total * 1e-6 / many)
        widths[flat:] = np.maximum(found[flat:] ** 2 / known[flat:], _NARROWEST * total / many)
    return np.asarray(found), np.asarray(covariance)


def _errors(sample: Sample, scale: Scale, lucks: int) -> tuple[float, float]:
    """The variance that sets have for good and that of one year of them, from years kept from the fit."""
    wrong, weights = np.zeros(len(sample.sets)), np.zeros(len(sample.sets))
    kept = np.isfinite(sample.values[:, 0])
    for fold in range(FOLDS):
        out = kept & (sample.sets % FOLDS == fold)
        fit = _fitted(sample.of(kept & ~out), scale, lucks)
        expected = fit.at(sample.offsets[out])
        weights[out] = _weights(expected, scale)
        wrong[out] = sample.values[out, 0] - expected - (fit.levels - fit.levels.mean())[sample.luck[out]]
    year = float(weights @ wrong**2 / max(weights.sum(), _NARROWEST))
    within = _within(wrong[kept], sample.sets[kept])
    chance = year / 2 if within is None else min(within, year)
    return year - chance + _NARROWEST, chance


def _within(wrong: Points, sets: NDArray[np.int64]) -> float | None:
    """The pooled variance of a set's years about their mean; None while too few sets have several years."""
    _, place, counts = np.unique(sets, return_inverse=True, return_counts=True)
    several = int(np.sum(counts - 1))
    if int(np.sum(counts > 1)) < FOLDS:
        return None
    means = np.bincount(place, wrong) / counts
    return float(np.sum((wrong - means[place]) ** 2)) / several
