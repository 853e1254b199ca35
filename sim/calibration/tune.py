"""A new centre: the set nearest to the baseline that meets every target with room to spare.

For when the model was mended and its baseline no longer meets its targets. The emulator of the search is asked for
sets that pay a price for every move, at several prices; those most promising are run for all their years, and what was
learnt goes into the next wave.
"""

from collections.abc import Iterator

import numpy as np

from sim.calibration.emulator import Emulator
from sim.calibration.knobs import Points
from sim.calibration.region import Region
from sim.calibration.search import first_years
from sim.calibration.trials import Found, Problem, Trials
from sim.calibration.years import Years

BOXES = (0.05, 0.1, 0.2)
ROOM = 0.75  # half-widths within which every target is to be met
MARGINS = (0.25, 0.5, ROOM)  # half-widths within which the emulator is asked to meet them
PRICES = (0.25, 1.0, 4.0, 16.0)  # of a move over a whole range, against half a squared error of the emulator
PLACES = 33
ROUNDS = 6
BATCH = 48
COMPLETED = 4  # sets a wave
AROUND = 0.1  # of the way to elsewhere: sets tried about the proposals, to learn


class Tuning:
    """A search for a new centre; `best` is the one to take so far, the baseline itself at first."""

    def __init__(self, problem: Problem, years: Years, *, seed: int) -> None:
        self.trials = Trials(problem, years)
        self.best = self.trials.baseline
        self._random = np.random.default_rng(seed)

    def run(self, *, budget: int) -> Iterator[Found]:
        """Search until so many years are run; yields the best so far after each wave. A baseline with room stays."""
        trials = self.trials
        if self._has_room(self.best):
            return
        many = first_years(len(trials.problem.knobs), budget)
        trials.one_year_each(trials.boxes(BOXES, many, self._random))
        while (left := budget - trials.asked) >= 2 * COMPLETED * len(trials.problem.lucks):
            self._wave(left)
            yield self.best

    def moved(self, found: Found) -> float:
        """How far a set is from the baseline: the sum of its moves, each as a share of the knob's range."""
        return float(np.abs(found.position - self.trials.problem.centre).sum())

    def _wave(self, budget: int) -> None:
        trials = self.trials
        emulator = trials.emulator()
        proposals = trials.problem.allowed(trials.problem.centre + self._nearest(emulator))
        proposals = np.unique(proposals, axis=0)
        batch = min(BATCH, budget - COMPLETED * (len(trials.problem.lucks) - 1))
        others = self._around(proposals, max(batch - len(proposals), 0))
        places = trials.one_year_each(np.concatenate([proposals, others])[:batch])
        promising = trials.likely(emulator, places[: len(proposals)], least=0.0)[:COMPLETED]
        self.best = min([self.best, *trials.complete(promising)], key=self._rank)

    def _has_room(self, found: Found) -> bool:
        return found.worst <= ROOM

    def _rank(self, found: Found) -> tuple[bool, float]:
        """Sets with room to spare come first, the nearest of them; of the others that with the smallest misfit."""
        has_room = self._has_room(found)
        return not has_room, self.moved(found) if has_room else found.worst

    def _nearest(self, emulator: Emulator) -> Points:
        """Offsets that the emulator thinks meet every target within a margin at the least cost of moves."""
        pairs = [(margin, price) for margin in MARGINS for price in PRICES]
        prices = np.array([price for _, price in pairs])
        edges = [_inside(emulator, margin) for margin, _ in pairs]
        low, high = (np.array([edge[side] for edge in edges]) for side in (0, 1))
        centre = self.trials.problem.centre
        region = Region(emulator, -centre, 1.0 - centre, len(self.trials.problem.lucks))
        at = np.zeros((len(pairs), len(centre)))
        for _ in range(ROUNDS):
            for knob in self._random.permutation(len(centre)).tolist():
                at[:, knob] = _cheapest(region, at, knob, prices, (low, high))
        return at

    def _around(self, proposals: Points, many: int) -> Points:
        """Positions about the proposals, and about the best so far."""
        centres = np.resize(np.concatenate([self.best.position[None], proposals]), (many, proposals.shape[1]))
        elsewhere = self._random.random(centres.shape)
        return self.trials.problem.allowed(centres + AROUND * (elsewhere - centres))


def _inside(emulator: Emulator, margin: float) -> tuple[Points, Points]:
    """Bounds moved inward; an open side has none."""
    is_open = np.isinf(emulator.low) | np.isinf(emulator.high)
    width = np.where(is_open, 0.0, np.nan_to_num(emulator.high, posinf=0.0) - np.nan_to_num(emulator.low, neginf=0.0))
    inward = (1.0 - margin) * width / 2
    return emulator.low + inward, emulator.high - inward


def _cheapest(region: Region, at: Points, knob: int, prices: Points, bounds: tuple[Points, Points]) -> Points:
    """The best offset of one knob for each set, all else as it is: where it was, none, or one of a grid."""
    grid = np.linspace(region.low[knob], region.high[knob], PLACES)
    places = np.column_stack([at[:, knob], np.zeros(len(at)), np.tile(grid, (len(at), 1))])
    mean, variance = region.with_knob(at, knob, places)
    low, high = (bound[:, None] for bound in bounds)
    beyond = np.maximum(np.maximum(low - mean, mean - high), 0.0)
    cost = (beyond**2 / variance).sum(axis=2) / 2 + prices[:, None] * np.abs(places)
    return np.asarray(places[np.arange(len(at)), np.argmin(cost, axis=1)])
