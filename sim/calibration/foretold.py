"""Learned summaries: of many figures of a run, the best guess at each parameter, and for every run as if it were new.

A regression on a kernel: a straight line in every figure and a smooth bend about it, with widths that leave-one-out
prediction chooses. A guess that had seen its own run would lie closer to the truth than the guess from a record does,
and every interval would be too narrow; one from all runs but itself leans away from its own truth, and gives it away
where the figures tell nothing. So runs are guessed a tenth at a time by the other nine tenths.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Values = NDArray[np.float64]

LANDMARKS: Final = 600
"""Runs that the bend is told by; more make it no better and cost their square."""

_WIDTHS: Final = (0.5, 1.0, 2.0)
"""Of the kernel, in distances between two usual runs."""

_RIDGES: Final = 10.0 ** np.arange(-4.0, 4.5, 0.5)
_MOST_MISSING: Final = 0.5
_FOLDS: Final = 10
_LEAST_SKILL: Final = 0.02
"""Of the variance of a parameter: guesses that take away less of it say nothing."""

_JITTER: Final = 1e-6
_LEAST: Final = 1e-12


class Foretold(NamedTuple):
    """Guesses at the parameters of which the figures tell anything: of every run, (runs, guesses), and of the record.

    `outside` names by its place each figure that no run reached: whatever is said of such a record is a guess beyond
    all that was tried.
    """

    runs: Values
    observed: Values
    outside: tuple[int, ...]


def usable(figures: Values, observed: Values) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which runs, and which of their figures, (runs, figures), can be set beside a record.

    Figures that the record has, that most runs have, and that differ; runs that have all of them, for the record has
    them too, and a run without is not like it.
    """
    is_there = np.isfinite(figures)
    columns = np.asarray(np.isfinite(observed) & (is_there.mean(axis=0) > _MOST_MISSING), dtype=np.bool_)
    rows = np.asarray(is_there[:, columns].all(axis=1), dtype=np.bool_)
    low = figures.min(axis=0, where=rows[:, None], initial=np.inf)
    high = figures.max(axis=0, where=rows[:, None], initial=-np.inf)
    return rows, columns & (high - low > _LEAST)


def foretell(parameters: Values, figures: Values, observed: Values) -> Foretold:
    """Learn each parameter, (runs, parameters), from the figures, (runs, figures), of those runs: all are usable."""
    scaled = _scaled(np.vstack([figures, observed]))
    best = min(_tried(scaled[:-1], parameters), key=lambda found: float(found.wrong.sum()))
    guesses = best.in_turn(parameters)
    wrong = ((guesses - parameters) ** 2).mean(axis=0)
    tells = wrong < (1 - _LEAST_SKILL) * parameters.var(axis=0)
    is_outside = (observed < figures.min(axis=0)) | (observed > figures.max(axis=0))
    of_record = best.at(parameters, scaled[-1:])[0]
    return Foretold(guesses[:, tells], of_record[tells], tuple(np.flatnonzero(is_outside).tolist()))


def _scaled(figures: Values) -> Values:
    """Figures about their middle in usual deviations, far ones drawn in."""
    middle = np.median(figures, axis=0)
    width = np.median(np.abs(figures - middle), axis=0)
    width = np.where(width > _LEAST, width, np.maximum(figures.std(axis=0), _LEAST))
    return np.asarray(np.arcsinh((figures - middle) / width))


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """One width of the kernel: the runs as it sees them, a ridge for each parameter, and how wrong that is."""

    kernel: "_Kernel"
    runs: Values
    ridges: Values
    wrong: Values

    def at(self, parameters: Values, figures: Values) -> Values:
        """The guesses at some figures."""
        return self._guesses(self.runs, parameters, self.kernel(figures))

    def in_turn(self, parameters: Values) -> Values:
        """The guesses at the runs themselves, a tenth at a time by the others."""
        guesses, fold = np.empty_like(parameters), np.arange(len(parameters)) % _FOLDS
        for out in range(_FOLDS):
            known, asked = fold != out, fold == out
            guesses[asked] = self._guesses(self.runs[known], parameters[known], self.runs[asked])
        return guesses

    def _guesses(self, runs: Values, parameters: Values, asked: Values) -> Values:
        middle, level = runs.mean(axis=0), parameters.mean(axis=0)
        about = runs - middle
        gram, moments = about.T @ about, about.T @ (parameters - level)
        slopes = np.empty_like(moments)
        for ridge in np.unique(self.ridges):
            same = self.ridges == ridge
            slopes[:, same] = np.linalg.solve(gram + ridge * np.eye(len(gram)), moments[:, same])
        return np.asarray(level + (asked - middle) @ slopes)


@dataclass(frozen=True, slots=True, eq=False)
class _Kernel:
    """The figures themselves, and bends about some of the runs."""

    landmarks: Values
    root: Values
    width: float

    def __call__(self, figures: Values) -> Values:
        straight = figures / np.sqrt(figures.shape[1])
        bends = np.exp(-0.5 * (cdist(figures, self.landmarks) / self.width) ** 2) @ self.root
        return np.hstack([straight, bends])


def _tried(figures: Values, parameters: Values) -> Iterator[_Regression]:
    landmarks = figures[:LANDMARKS]
    usual = float(np.median(cdist(landmarks[:200], landmarks[:200])))
    for width in _WIDTHS:
        kernel = _kernel(landmarks, max(width * usual, _LEAST))
        runs = kernel(figures)
        yield _Regression(kernel, runs, *_ridges(runs, parameters))


def _kernel(landmarks: Values, width: float) -> _Kernel:
    size, axes = np.linalg.eigh(np.exp(-0.5 * (cdist(landmarks, landmarks) / width) ** 2))
    kept = size > _JITTER * size[-1]
    return _Kernel(landmarks, axes[:, kept] / np.sqrt(size[kept]), width)


def _ridges(runs: Values, parameters: Values) -> tuple[Values, Values]:
    """For each parameter the ridge whose guesses at runs left out are best, and how wrong these are."""
    about = parameters - parameters.mean(axis=0)
    left, size, _ = np.linalg.svd(runs - runs.mean(axis=0), full_matrices=False)
    along = left.T @ about
    wrong = np.empty((len(_RIDGES), parameters.shape[1]))
    for place, ridge in enumerate(_RIDGES.tolist()):
        kept = size**2 / (size**2 + ridge)
        own = (left**2) @ kept + 1 / len(left)
        missed = (about - left @ (kept[:, None] * along)) / np.maximum(1 - own, _JITTER)[:, None]
        wrong[place] = (missed**2).mean(axis=0) / np.maximum(about.var(axis=0), _LEAST)
    best = wrong.argmin(axis=0)
    return _RIDGES[best], wrong.min(axis=0)
