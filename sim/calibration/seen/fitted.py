"""Laws fitted to spells: every family on the same likelihood, weighted by Akaike's criterion, and held to the data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.laws import FAMILIES, Family
from sim.calibration.seen.learned import Setting
from sim.calibration.seen.likelihood import Bounds, Fit, FitError, Spells, log_likelihood, maximised, place_of_greatest

Values = NDArray[np.float64]

LEAST_ENDED: Final = 30
"""Fewer spells that ended than this tell no law."""

_AIC_KEPT: Final = 6.0
_BINS: Final = 10
AGAIN: Final = 39
"""Samples of a fitted law that the data are held against."""

_SPLIT: Final = 1e-12
_NEAR: Final = 1e-9
"""Of a sample only how far it lies off is wanted: a thousandth of a unit of its log-likelihood is near enough."""


class Model(Protocol):
    """What spells are taken to follow, with one family of laws in it."""

    @property
    def family(self) -> Family:
        """The family of the delay."""
        ...  # pragma: no cover

    @property
    def bounds(self) -> Bounds:
        """Of its parameters, those of the family last."""
        ...  # pragma: no cover

    def guess(self, spells: Spells, counts: Values) -> Values:
        """Parameters from which a search finds its way."""
        ...  # pragma: no cover

    def chances(self, spells: Spells, at: Values) -> Values:
        """The chance of each spell."""
        ...  # pragma: no cover

    def places(self, spells: Spells, at: Values) -> tuple[Values, Values]:
        """Between which shares of all spells each lies."""
        ...  # pragma: no cover

    def delays(self, spells: Spells, at: Values, chance: np.random.Generator) -> Values:
        """A delay for each, infinite where it never ends."""
        ...  # pragma: no cover

    def setting(self, at: Values) -> Setting:
        """As a scenario writes it."""
        ...  # pragma: no cover

    def errors(self, fit: Fit) -> Mapping[str, tuple[float, ...]]:
        """The standard errors of the same."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Delayed:
    """Spells that all end, sooner or later."""

    path: str
    family: Family

    @property
    def bounds(self) -> Bounds:
        """The family's."""
        return self.family.bounds

    def guess(self, spells: Spells, counts: Values) -> Values:
        """A law as long as the ended spells are at their middles."""
        ended = ~spells.is_open
        middles = (spells.low + spells.high - spells.begins - spells.begun)[ended] / 2
        size = np.log(max(float(np.average(np.maximum(middles, 0.1), weights=counts[ended])), 0.1))
        return np.array([size, *([0.0] * (len(self.bounds) - 1))])

    def chances(self, spells: Spells, at: Values) -> Values:
        """Those of the law."""
        return spells.chances(self.family, at)

    def places(self, spells: Spells, at: Values) -> tuple[Values, Values]:
        """Those of the law."""
        return spells.places(self.family, at)

    def delays(self, spells: Spells, at: Values, chance: np.random.Generator) -> Values:
        """Drawn from the law."""
        return np.asarray(self.family.made(at).quantile(chance.uniform(_SPLIT, 1 - _SPLIT, len(spells))))

    def setting(self, at: Values) -> Setting:
        """The law at its path."""
        return {self.path: self.family.made(at)}

    def errors(self, fit: Fit) -> Mapping[str, tuple[float, ...]]:
        """Of the law's numbers."""
        return {self.path: fit.error_of(self.family.numbers)}


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One family's fit and its Akaike weight among those kept."""

    model: Model
    fit: Fit
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The families within 6 of the best by Akaike's criterion, the best first."""

    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The family with the greatest weight."""
        return self.candidates[0]

    @property
    def setting(self) -> Setting:
        """The best family's numbers."""
        return self.best.model.setting(self.best.fit.at)

    @property
    def errors(self) -> Mapping[str, tuple[float, ...]]:
        """Their standard errors."""
        return self.best.model.errors(self.best.fit)

    @property
    def weights(self) -> Mapping[str, float]:
        """Akaike weights by family."""
        return {f"weight of {one.model.family.name}": one.weight for one in self.candidates}

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """The family by its weight, then its numbers: which family it is, is not known either."""
        which = chance.choice(len(self.candidates), size=count, p=[one.weight for one in self.candidates])
        return [_drawn(self.candidates[place], chance) for place in which.tolist()]


def _drawn(one: Candidate, chance: np.random.Generator) -> Setting:
    low, high = np.array(one.model.bounds).T
    return one.model.setting(np.clip(one.fit.draw(chance), low, high))


def fitted(spells: Spells, model: Callable[[Family], Model]) -> Fitted:
    """A model with each family fitted to the same spells. Raise `FitError` where none can be."""
    one_each, counts = spells.told_apart()
    fits = list[tuple[Model, Fit]]()
    for one in map(model, FAMILIES.values()):
        try:
            fits.append((one, fit_to(one, one_each, counts)))
        except FitError:
            continue
    if not fits:
        raise FitError("no family of laws has a best fit")
    return Fitted(_weighted(fits))


def _weighted(fits: Sequence[tuple[Model, Fit]]) -> tuple[Candidate, ...]:
    """Those within 6 of the best, the best first, with their weights."""
    least = min(fit.aic for _, fit in fits)
    kept = [(model, fit, float(np.exp((least - fit.aic) / 2))) for model, fit in fits if fit.aic <= least + _AIC_KEPT]
    total = sum(weight for _, _, weight in kept)
    found = [Candidate(model, fit, weight / total) for model, fit, weight in kept]
    return tuple(sorted(found, key=lambda one: -one.weight))


def _likelihood(model: Model, spells: Spells, counts: Values) -> Callable[[Values], float]:
    return lambda at: log_likelihood(model.chances(spells, at), counts)


def fit_to(model: Model, spells: Spells, counts: Values) -> Fit:
    """One model's fit to so many spells of each kind. Raise `FitError` where the numbers cannot be told."""
    first = model.guess(spells, counts)
    return maximised(_likelihood(model, spells, counts), first, model.bounds, counts.sum())


def doubt(one: Candidate, spells: Spells, chance: np.random.Generator, again: int = AGAIN) -> float:
    """The share of samples of the fitted law, fitted in their turn, that lie as far from it as the data do.

    A parametric bootstrap, for the tables of usual tests do not hold where numbers were fitted and stamps are dates.
    Small is doubtful; 39 samples make 0.025 the least, and with none the answer is 1.
    """
    found = _distance(one.model, one.fit.at, spells) if again else 0.0
    further = 0
    for _ in range(again):
        sample = spells.again(one.model.delays(spells, one.fit.at, chance), chance)
        likelihood = _likelihood(one.model, *sample.told_apart())
        at = place_of_greatest(likelihood, one.fit.at, one.model.bounds, len(sample), _NEAR)
        further += _distance(one.model, at, sample) >= found
    return (1 + further) / (1 + again)


def _distance(model: Model, at: Values, spells: Spells) -> float:
    """Chi-squared over tenths of the law; a spell lies evenly between the shares that it may have."""
    one_each, counts = spells.told_apart()
    low, high = model.places(one_each, at)
    edges = np.linspace(0, 1, _BINS + 1)
    width = np.maximum(high - low, _SPLIT)
    reached = np.clip((edges - low[:, None]) / width[:, None], 0, 1)
    shares = counts @ np.diff(reached, axis=1)
    expected = counts.sum() / _BINS
    return float(((shares - expected) ** 2 / expected).sum())
