"""Shares as a record shows them, with Dirichlet posteriors; small cells lean on the parent cell that holds them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from sim.calibration.seen.learned import Setting
from sim.distributions import Discrete

Values = NDArray[np.float64]

JEFFREYS: Final = 0.5
_LOG_KAPPA: Final = (-2.0, 9.0)


def shrunk(counts: Values) -> Values:
    """Dirichlet weights of each cell, (cells, categories): its counts, and the parent's shares times a strength.

    The strength is that under which the counts of all cells are likeliest: great where the cells are alike.
    """
    parent = (counts.sum(axis=0) + JEFFREYS) / (counts.sum() + JEFFREYS * counts.shape[1])
    if len(counts) == 1:
        return counts + JEFFREYS
    found = minimize_scalar(lambda log: -_evidence(counts, np.exp(log) * parent), bounds=_LOG_KAPPA, method="bounded")
    weights: Values = counts + np.exp(float(found.x)) * parent
    return weights


def _evidence(counts: Values, weights: Values) -> float:
    """The log-likelihood of counts whose shares are drawn from one Dirichlet law."""
    whole = gammaln(weights.sum()) - gammaln(counts.sum(axis=1) + weights.sum())
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
    weights: Values

    @property
    def setting(self) -> Setting:
        """The means."""
        return self._at(self.weights / self.weights.sum(axis=1, keepdims=True))

    @property
    def errors(self) -> dict[str, tuple[float, ...]]:
        """Their standard errors."""
        every = error(self.weights).tolist()
        rows = zip(self.paths, every, strict=True)
        return {path: (row[place],) for paths, row in rows for place, path in enumerate(paths)}

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """Each cell drawn by itself."""
        every = np.stack([chance.dirichlet(row, size=count) for row in self.weights], axis=1)
        return [self._at(one) for one in every]

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
