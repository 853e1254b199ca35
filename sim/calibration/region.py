"""The region of sets that are likely to meet every target, sampled evenly, and choices from it that lie far apart."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.emulator import Emulator
from sim.calibration.knobs import Points

TRIES = 24
SWEEPS = 12
JOINT_MOVES = 12  # a sweep
_FARTHEST = 1.5  # times the way from one walker to another
_FELT = 0.02  # of a target's error: a knob that moves nothing by more is free
_STILL = 1e-12


class _Line(NamedTuple):
    """Lines through the walkers: ways to go, how far, and first and second order of expectation and variance."""

    ways: Points
    least: Points
    most: Points
    mean: tuple[Points, Points]
    variance: tuple[Points, Points]


class _State(NamedTuple):
    """Where the walkers are, and what the emulator expects there."""

    at: Points
    mean: Points
    variance: Points


@dataclass(frozen=True, slots=True)
class Region:
    """Offsets from `low` to `high`, each as likely as that the average over `years` meets every target.

    `sharpness` is the power of that probability: above 1 it keeps to where success is more likely.
    """

    emulator: Emulator
    low: Points
    high: Points
    years: int
    sharpness: float = 1.0

    def chance_met(self, offsets: Points) -> Points:
        """Logarithm of the probability that all targets are met."""
        state = self._state(offsets)
        return self.emulator.chance_met(state.mean, state.variance)

    def sample(self, starts: Points, random: np.random.Generator, *, sweeps: int = SWEEPS) -> Points:
        """Walkers started somewhere, each at another place of the region afterwards."""
        felt = self.felt()
        at = starts.copy()
        for _ in range(sweeps):
            at[:, ~felt] = random.uniform(self.low[~felt], self.high[~felt], (len(at), int((~felt).sum())))
            state = self._state(at)
            for knob in random.permutation(np.flatnonzero(felt)).tolist():
                state = self._moved(state, self._along_knob(state, knob), random)
            for _ in range(JOINT_MOVES):
                ways = state.at[random.permutation(len(at))] - state.at[random.permutation(len(at))]
                state = self._moved(state, self._along(state, ways), random)
            at = state.at
        return at

    def with_knob(self, at: Points, knob: int, places: Points) -> tuple[Points, Points]:
        """Expectation and variance with one knob at several places, shape (sets, places, targets)."""
        state = self._state(at)
        line = self._along_knob(state, knob)
        return _on(state, line, places - at[:, [knob]])

    def felt(self) -> NDArray[np.bool_]:
        """Which knobs matter to any target; the others are free."""
        emulator = self.emulator
        width = self.high - self.low
        moved = np.abs(emulator.slopes) * width + 2 * np.abs(emulator.curves).sum(axis=2) * width
        error = np.sqrt(emulator.shared + emulator.chance / self.years)
        return np.asarray((moved > _FELT * error[:, None]).any(axis=0))

    def _state(self, at: Points) -> _State:
        return _State(at, self.emulator.mean(at), self.emulator.variance(at, self.years))

    def _along_knob(self, state: _State, knob: int) -> _Line:
        emulator, here = self.emulator, state.at[:, knob]
        ways = np.zeros_like(state.at)
        ways[:, knob] = 1.0
        return _Line(
            ways,
            self.low[knob] - here,
            self.high[knob] - here,
            (
                emulator.slopes[:, knob] + 2 * state.at @ emulator.curves[:, :, knob].T,
                np.tile(emulator.curves[:, knob, knob], (len(here), 1)),
            ),
            (2 * state.at @ emulator.spread[:, :, knob].T, np.tile(emulator.spread[:, knob, knob], (len(here), 1))),
        )

    def _along(self, state: _State, ways: Points) -> _Line:
        """Lines that stay inside the ranges; where a way leads nowhere its line is a point."""
        emulator, at = self.emulator, state.at
        steps = np.where(np.abs(ways) < _STILL, np.inf, ways)
        ends = np.sort(np.stack([(self.low - at) / steps, (self.high - at) / steps]), axis=0)
        ends = np.where(np.isinf(steps), [[[-_FARTHEST]], [[_FARTHEST]]], ends)
        curves, spread = emulator.curves @ ways.T, emulator.spread @ ways.T
        return _Line(
            ways,
            np.minimum(np.maximum(ends[0].max(axis=1), -_FARTHEST), 0.0),
            np.maximum(np.minimum(ends[1].min(axis=1), _FARTHEST), 0.0),
            (ways @ emulator.slopes.T + 2 * _products(curves, at), _products(curves, ways)),
            (2 * _products(spread, at), _products(spread, ways)),
        )

    def _moved(self, state: _State, line: _Line, random: np.random.Generator) -> _State:
        """Each walker at one of several places on its line, or where it was, by their probabilities."""
        many = len(state.at)
        steps = random.uniform(line.least[:, None], line.most[:, None], (many, TRIES + 1))
        steps[:, 0] = 0.0
        mean, variance = _on(state, line, steps)
        score = self.sharpness * self.emulator.chance_met(mean, variance)
        # The largest of scores with Gumbel noise is a choice by their probabilities.
        chosen = np.argmax(score + random.gumbel(size=score.shape), axis=1)
        rows = np.arange(many)
        at = np.clip(state.at + steps[rows, chosen, None] * line.ways, self.low, self.high)
        return _State(at, mean[rows, chosen], variance[rows, chosen])


def _on(state: _State, line: _Line, steps: Points) -> tuple[Points, Points]:
    """Expectation and variance some steps along each line, shape (walkers, steps, targets)."""
    by = steps[:, :, None]
    mean = state.mean[:, None] + by * line.mean[0][:, None] + by**2 * line.mean[1][:, None]
    variance = state.variance[:, None] + by * line.variance[0][:, None] + by**2 * line.variance[1][:, None]
    return mean, np.maximum(variance, _STILL)


def _products(forms: Points, ways: Points) -> Points:
    """Each form, already applied to the walkers, times ways: shape (walkers, targets)."""
    return np.asarray(np.einsum("tkn,nk->nt", forms, ways))


def far_apart(points: Points, many: int) -> NDArray[np.intp]:
    """Places of so many points, each in turn the farthest from those before it; the first is the outermost."""
    if not len(points):
        return np.array([], dtype=np.intp)
    nearest = np.full(len(points), np.inf)
    places: list[int] = []
    for _ in range(min(many, len(points))):
        place = int(np.argmax(nearest)) if np.isfinite(nearest).all() else _outermost(points)
        places.append(place)
        nearest = np.minimum(nearest, np.linalg.norm(points - points[place], axis=1))
        nearest[places] = -1.0
    return np.array(places, dtype=np.intp)


def _outermost(points: Points) -> int:
    return int(np.argmax(np.linalg.norm(points - points.mean(axis=0), axis=1)))
