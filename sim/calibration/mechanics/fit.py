"""The fit: two waves of runs of a record, what they say of the latent numbers, and more to check it by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.mechanics.latent import LATENTS, prior, values
from sim.calibration.mechanics.replays import years_at
from sim.calibration.posterior import Box, Posterior, cut_edges, narrowed, posterior, without_cuts
from sim.calibration.years import Years

Values = NDArray[np.float64]

SETS: Final = 100
"""Draws of equal weight that a scenario carries."""

_MENDED: Final = 2
_SECOND, _AGAIN, _CHECKED = 1, 2, 9
"""Added to the seed, so that waves do not share their points."""


class Effort(NamedTuple):
    """How many runs: of the first wave, of each later one, and of those that the record is held against at the end."""

    first: int = 2000
    later: int = 2000
    checked: int = 100

    @property
    def runs(self) -> int:
        """All of them, if no wave has to be run again."""
        return self.first + self.later + self.checked


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """What a record says of the latent numbers.

    `found` is on the scales on which they are fitted, `before` what the first wave alone said. `sets` are draws of
    equal weight, by name and on their own scales; `predicted`, (sets, figures), are runs of some of them beside
    `observed`. `cut` are edges at which the second look may have cut something off, after all was done about it.
    """

    found: Posterior
    before: Posterior
    part: Box
    cut: tuple[tuple[int, bool], ...]
    sets: tuple[dict[str, float], ...]
    observed: Values = field(repr=False)
    predicted: Values = field(repr=False)
    runs: int = 0


def calibrated(years: Years, observed: Sequence[float], effort: Effort, *, seed: int) -> Calibrated:
    """Fit the latent numbers to a record's figures. Raise `ValueError` where the runs or the figures do not suffice."""
    told, whole = np.array(observed, dtype=np.float64), prior()
    first = _Wave.run(years, whole, effort.first, seed, seed, 0)
    before = posterior(whole, first.points, first.figures, told)
    part, done = narrowed(before), effort.first
    found, edges = before, tuple[tuple[int, bool], ...]()
    for again in range(_MENDED + 1):
        later = _Wave.run(years, part, effort.later, seed, seed + _SECOND + again * _AGAIN, done)
        done += effort.later
        every = first.inside(part).and_(later)
        found = posterior(whole, every.points, every.figures, told)
        edges = cut_edges(found, part)
        if not edges:
            break
        if again < _MENDED:
            part = without_cuts(part, whole, edges)
    sets = tuple(values(row) for row in found.alike(SETS))
    checked = years.figures(years_at(_spread(sets, effort.checked), seed + _CHECKED, done))
    return Calibrated(found, before, part, edges, sets, told, checked, done + effort.checked)


def _spread(sets: Sequence[dict[str, float]], count: int) -> list[dict[str, float]]:
    """So many of the sets, evenly among them, or over and over."""
    return [sets[place * len(sets) // count % len(sets)] for place in range(count)]


class _Wave(NamedTuple):
    """Runs at some points."""

    points: Values
    figures: Values

    @classmethod
    def run(cls, years: Years, box: Box, count: int, seed: int, of_points: int, first: int) -> "_Wave":
        """Points that fill a box, and the figures of a run at each."""
        points = box.points(count, of_points)
        return cls(points, years.figures(years_at([values(row) for row in points], seed, first)))

    def inside(self, box: Box) -> "_Wave":
        """Those of the points that lie in a box."""
        some = box.holds(self.points)
        return _Wave(self.points[some], self.figures[some])

    def and_(self, other: "_Wave") -> "_Wave":
        """Both together: even over what they fill evenly each."""
        points, figures = (np.concatenate(pair) for pair in zip(self, other, strict=True))
        return _Wave(points, figures)


def strongest(found: Posterior) -> list[tuple[int, float]]:
    """For each latent number, which other goes with it most closely, and their correlation."""
    correlations = found.correlations - np.eye(len(LATENTS))
    places = np.abs(correlations).argmax(axis=1)
    return [(int(place), float(row[place])) for row, place in zip(correlations, places, strict=True)]
