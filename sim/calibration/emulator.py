"""An emulator: what the model would say of a set of numbers, told in microseconds from years already simulated.

Each figure, a share as its logit and any other as its logarithm so that effects add up, is a quadratic in the knobs: a
slope for every knob, and squares and products along the few directions in which all figures together move most. Slopes
and products have priors whose widths are found from the years themselves (automatic relevance), so that knobs that do
not matter to a figure drop out of it. A replication's luck is a level of its own, shared by all sets that met it. How
wrong the emulator is is measured on years kept from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.calibration.knobs import Points
from sim.experiment.targets import Target

DIRECTIONS = 8
FOLDS = 5
ROUNDS = 12
_EDGE = 1e-3
_NARROWEST = 1e-9
_LEAST_ERROR = 0.05  # half-widths: figures of whole days stand still, and then jump
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
    """A fitted figure: a level a luck, a slope a knob and their covariance, products of the shared directions."""

    levels: Points
    slopes: Points
    spread: Points
    products: Points

    def at(self, offsets: Points, directions: Points) -> Points:
        """The average over luck at some positions."""
        return np.asarray(self.levels.mean() + offsets @ self.slopes + _products(offsets, directions) @ self.products)


Work = tuple[Sample, tuple[Scale, ...], int | None]
Part = tuple[list[_Fit], Points, Points, Points]
Each = Callable[[Callable[[Work], Part], Iterable[Work]], Iterable[Part]]


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
    (fits, directions, _, _), *parts = each(_part, [(sample, scales, fold) for fold in (None, *range(FOLDS))])
    wrong, weights = (np.concatenate([part[side] for part in parts]) for side in (2, 3))
    sets = np.concatenate([sample.sets[sample.sets % FOLDS == fold] for fold in range(FOLDS)])
    errors = [_errors(wrong[:, place], weights, sets, scale) for place, scale in enumerate(scales)]
    return Emulator(
        low=np.array([scale.low for scale in scales]),
        high=np.array([scale.high for scale in scales]),
        level=np.array([fit.levels.mean() for fit in fits]),
        slopes=np.array([fit.slopes for fit in fits]),
        curves=np.array([_curve(fit, directions) for fit in fits]),
        spread=np.array([fit.spread for fit in fits]),
        luck=np.array([fit.levels - fit.levels.mean() for fit in fits]).T,
        shared=np.array([shared for shared, _ in errors]),
        chance=np.array([chance for _, chance in errors]),
    )


def _part(work: Work) -> Part:
    """Fits without one fold of the sets, the directions they share, and how wrong they are on that fold.

    A year far from any target says little of how wrong the emulator is where all are met: last come the weights.
    """
    sample, scales, fold = work
    out = sample.sets % FOLDS == (-1 if fold is None else fold)
    levels = np.equal.outer(sample.luck, np.arange(sample.luck.max() + 1)).astype(float)
    known, lucks, offsets = sample.of(~out), levels[~out], sample.offsets[out]
    places = range(len(scales))
    weights = _weights(known.values, scales)
    none = np.zeros((0, offsets.shape[1]))
    straight = [_fit(known, lucks, place, weights[:, place], none) for place in places]
    weights = _weights(np.column_stack([fit.at(known.offsets, none) for fit in straight]), scales)
    directions = _directions(straight, scales)
    fits = [_fit(known, lucks, place, weights[:, place], directions) for place in places]
    expected = np.column_stack([fit.at(offsets, directions) for fit in fits])
    luck = levels[out] @ np.column_stack([fit.levels - fit.levels.mean() for fit in fits])
    return fits, directions, sample.values[out] - expected - luck, _weights(expected, scales).min(axis=1) ** 2


def _directions(fits: Sequence[_Fit], scales: Sequence[Scale]) -> Points:
    """The directions along which all figures move most, the strongest first, shape (directions, knobs)."""
    slopes = np.array([fit.slopes / scale.half_width for fit, scale in zip(fits, scales, strict=True)])
    _, _, directions = np.linalg.svd(slopes, full_matrices=False)
    return np.asarray(directions[:DIRECTIONS])


def _products(offsets: Points, directions: Points) -> Points:
    """Squares and products of positions along the directions."""
    along = offsets @ directions.T
    first, second = np.triu_indices(len(directions))
    return np.asarray(along[:, first] * along[:, second])


def _curve(fit: _Fit, directions: Points) -> Points:
    """The products as a quadratic form in the knobs."""
    form = np.zeros((len(directions), len(directions)))
    form[np.triu_indices(len(directions))] = fit.products / 2
    return np.asarray(directions.T @ (form + form.T) @ directions)


def _weights(values: Points, scales: Sequence[Scale]) -> Points:
    """Years far from a target count less."""
    low, high, width = (np.array([getattr(scale, name) for scale in scales]) for name in ("low", "high", "half_width"))
    beyond = np.nan_to_num(np.maximum(np.maximum(low - values, values - high), 0.0)) / width
    return np.asarray(1.0 / (1.0 + (beyond / _REACH) ** 2))


def _fit(sample: Sample, levels: Points, target: int, weights: Points, directions: Points) -> _Fit:
    """Evidence maximised over the width of every coefficient's prior and the noise, by MacKay's rounds."""
    values = sample.values[:, target]
    kept = np.isfinite(values)
    features = np.hstack([levels, sample.offsets, _products(sample.offsets, directions)])[kept]
    flat, end = levels.shape[1], levels.shape[1] + sample.offsets.shape[1]
    if not kept.any():
        none = np.zeros(features.shape[1])
        return _Fit(none[:flat], none[flat:end], np.zeros((end - flat, end - flat)), none[end:])
    values, weights = values[kept], weights[kept]
    middle = float(np.average(values, weights=weights))
    gram = (features * weights[:, None]).T @ features
    moments = features.T @ (weights * (values - middle))
    total = max(float(weights @ (values - middle) ** 2), _NARROWEST)
    found, covariance = _evidence(gram, moments, total, len(values), flat)
    return _Fit(found[:flat] + middle, found[flat:end], covariance[flat:end, flat:end], found[end:])


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


def _errors(wrong: Points, weights: Points, sets: NDArray[np.int64], scale: Scale) -> tuple[float, float]:
    """The variance that sets have for good and that of one year of them, from years kept from the fit."""
    kept = np.isfinite(wrong)
    wrong, weights, sets = wrong[kept], weights[kept], sets[kept]
    year = float(weights @ wrong**2 / max(weights.sum(), _NARROWEST))
    within = _within(wrong, sets)
    chance = year / 2 if within is None else min(within, year)
    return max(year - chance, (_LEAST_ERROR * scale.half_width) ** 2), chance


def _within(wrong: Points, sets: NDArray[np.int64]) -> float | None:
    """The pooled variance of a set's years about their mean; None while too few sets have several years."""
    _, place, counts = np.unique(sets, return_inverse=True, return_counts=True)
    several = int(np.sum(counts - 1))
    if int(np.sum(counts > 1)) < FOLDS:
        return None
    means = np.bincount(place, wrong) / counts
    return float(np.sum((wrong - means[place]) ** 2)) / several
