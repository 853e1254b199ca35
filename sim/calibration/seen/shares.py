"""Shares as a record shows them, with Dirichlet posteriors; small cells lean on the parent cell that holds them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from sim.calibration.seen.learned import Setting
from sim.distributions import Discrete

Values = NDArray[np.float64]

JEFFREYS: Final = 0.5
_GRID: Final = 40
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Cells of shares, (cells, categories), each leaning on its parent, and the parents no surer than their own counts.

    A cell given its parent is Dirichlet with weights `counts` + a strength x the parent's shares; parents, of which
    `parent` names each cell's, are Dirichlet with the weights `parents`. How strongly cells lean is not known either:
    `odds` are how likely each of the `strengths` is.
    """

    counts: Values
    parent: NDArray[np.int64]
    parents: Values
    strengths: Values
    odds: Values

    def _means(self) -> Values:
        """The expected shares by strength."""
        leaning = self.strengths[:, None, None] * _shares(self.parents)[self.parent]
        return _shares(self.counts + leaning)

    @property
    def means(self) -> Values:
        """The expected shares."""
        return np.asarray(np.tensordot(self.odds, self._means(), axes=1))

    @property
    def errors(self) -> Values:
        """Their standard errors: a cell's chance, its parent's in the measure that it leans on it, and that measure."""
        means, strength = self._means(), self.strengths[:, None, None]
        total = self.counts.sum(axis=1, keepdims=True) + strength
        own = means * (1 - means) / (total + 1)
        leaning = error(self.parents)[self.parent] * strength / total
        squares = np.tensordot(self.odds, own + leaning**2 + means**2, axes=1)
        return np.asarray(np.sqrt(squares - self.means**2))

    def drawn(self, chance: np.random.Generator, count: int) -> Values:
        """So many draws, (draws, cells, categories): how strongly cells lean first, then parents."""
        strength = self.strengths[chance.choice(len(self.odds), size=count, p=self.odds)]
        parents = _shares(chance.standard_gamma(self.parents, (count, *self.parents.shape)))
        weights = self.counts + strength[:, None, None] * parents[:, self.parent]
        return _shares(np.maximum(chance.standard_gamma(np.maximum(weights, _LEAST)), _LEAST))


def _shares(weights: Values) -> Values:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def shrunk(counts: Values, parent: NDArray[np.int64] | None = None) -> Shrunk:
    """Cells that lean on their parents: on all together, unless `parent` numbers each cell's.

    Before the counts are seen a cell of usual size leans on its parent by any part of its weight as likely as by any
    other; the counts of all cells together say more. The one likeliest strength alone would be too sure.
    """
    parent = np.zeros(len(counts), dtype=np.int64) if parent is None else parent
    parents = np.full((int(parent.max()) + 1, counts.shape[1]), JEFFREYS)
    np.add.at(parents, parent, counts)
    if len(counts) == len(parents):
        return Shrunk(counts + JEFFREYS, parent, parents, np.zeros(1), np.ones(1))
    parts = (np.arange(_GRID) + 0.5) / _GRID
    strengths = parts / (1 - parts) * max(float(np.median(counts.sum(axis=1))), 1.0)
    evidence = np.array([_evidence(counts, strength * _shares(parents)[parent]) for strength in strengths])
    odds = np.exp(evidence - evidence.max())
    return Shrunk(counts, parent, parents, strengths, odds / odds.sum())


def _evidence(counts: Values, weights: Values) -> float:
    """The log-likelihood of counts whose shares are drawn from Dirichlet laws of these weights."""
    total = weights.sum(axis=1)
    whole = gammaln(total) - gammaln(counts.sum(axis=1) + total)
    return float((whole + (gammaln(counts + weights) - gammaln(weights)).sum(axis=1)).sum())


def error(weights: Values) -> Values:
    """The standard deviation of each share under Dirichlet weights, along the last axis."""
    total = weights.sum(axis=-1, keepdims=True)
    shares = weights / total
    return np.asarray(np.sqrt(shares * (1 - shares) / (total + 1)))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The posterior of cells of shares: `paths` of each cell's first categories, fewer than it has."""

    paths: tuple[tuple[str, ...], ...]
    shares: Shrunk

    @property
    def setting(self) -> Setting:
        """The means."""
        return self._at(self.shares.means)

    @property
    def errors(self) -> dict[str, tuple[float, ...]]:
        """Their standard errors."""
        rows = zip(self.paths, self.shares.errors.tolist(), strict=True)
        return {path: (row[place],) for paths, row in rows for place, path in enumerate(paths)}

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """Cells of one parent are drawn about the same parent."""
        return [self._at(one) for one in self.shares.drawn(chance, count)]

    def _at(self, shares: Values) -> Setting:
        rows = zip(self.paths, shares.tolist(), strict=True)
        return {path: row[place] for paths, row in rows for place, path in enumerate(paths)}


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The posterior of a law of a few whole numbers."""

    path: str
    values: tuple[float, ...]
    weights: Values

    @property
    def setting(self) -> Setting:
        """The law at its means."""
        return {self.path: self._law(self.weights / self.weights.sum())}

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """The law with its shares drawn."""
        return [{self.path: self._law(row)} for row in chance.dirichlet(self.weights, size=count)]

    def _law(self, shares: Values) -> Discrete:
        return Discrete(values=self.values, shares=tuple((shares / shares.sum()).tolist()))
