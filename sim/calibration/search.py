"""Sets of plausible numbers: history matching in waves, by an emulator that every wave makes better.

The first years fill small boxes about the baseline evenly. From then on each wave fits an emulator to all years so far,
samples the region in which all targets are likely to be met, and runs one year of places far apart. Those that still
look likely are run for all their years of luck; a set counts where the average over them meets every target. The first
waves keep to where success is likeliest; while many succeed the next look farther out, until every place of the region
is as likely as its chance of success. In the end the sets wanted are chosen to lie as far apart as may be.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.calibration.emulator import Emulator
from sim.calibration.knobs import Points
from sim.calibration.region import Region, far_apart
from sim.calibration.trials import Found, Problem, Trials
from sim.calibration.years import Years

BOXES = (0.1, 0.2, 0.35)  # of the way from the baseline to the ends of each range
FIRST_A_KNOB, MOST_FIRST_SHARE = 1.5, 0.3  # years for the first boxes: so many a knob, at most this share of all
BATCH = 96
GROUPS, WALKERS = 4, 32  # groups of walkers, which may walk at once, and walkers in each
SWEEPS = 6
SHARPEST = 64.0  # power of the emulator's probability: of the first wave, and at most
OFTEN, SELDOM = 0.25, 0.08  # shares of the sets tried that meet every target
SPARE = 2  # times as many places as sets to try
LEAST_WAVE = 4  # years for each of those on which a set is judged: a smaller wave is not worth it
ENOUGH = 5  # times the sets wanted


class Wave(NamedTuple):
    """What a wave came to: sets tried for a year, sets run in full, and those of them that meet every target."""

    tried: int
    completed: int
    met: int


class Search:
    """A search for plausible sets about one baseline; `met` are those found so far."""

    def __init__(self, problem: Problem, years: Years, *, seed: int) -> None:
        self.trials = Trials(problem, years)
        self._years = years
        self.met: list[Found] = []
        self._random = np.random.default_rng(seed)
        self._walkers = np.zeros((GROUPS, WALKERS, len(problem.knobs)))
        self._sharpness = SHARPEST

    def run(self, *, wanted: int, budget: int) -> Iterator[Wave]:
        """Search until so many years are run, or no wider wave is left and sets are plenty; yields each wave."""
        trials = self.trials
        many = first_years(len(trials.problem.knobs), budget)
        trials.one_year_each(trials.boxes(BOXES, many, self._random))
        least = LEAST_WAVE * len(trials.problem.lucks)
        while budget - trials.asked >= least:
            wave = self._wave(budget)
            yield wave
            if not wave.tried or (self._sharpness <= 1 and len(self.met) >= ENOUGH * wanted):
                return

    def chosen(self, wanted: int) -> list[Found]:
        """So many of the sets found, as far apart as may be."""
        places = far_apart(np.array([found.position for found in self.met]), wanted)
        return [self.met[place] for place in places.tolist()]

    def _wave(self, budget: int) -> Wave:
        trials = self.trials
        emulator = trials.emulator()
        tried = trials.one_year_each(self._proposals(emulator, min(BATCH, (budget - trials.asked) // 2)))
        others = max(len(trials.problem.lucks) - 1, 1)
        likely = trials.likely(emulator, tried)[: max(budget - trials.asked, 0) // others]
        met = [found for found in trials.complete(likely) if found.worst <= 1]
        self.met += met
        self._widen(len(met) / max(len(tried), 1))
        return Wave(len(tried), len(likely), len(met))

    def _widen(self, success: float) -> None:
        """Look farther from where success is sure while many of the sets tried succeed, and nearer while few do."""
        if success > OFTEN:
            self._sharpness = max(self._sharpness / 4, 1.0)
        elif success < SELDOM:
            self._sharpness = min(self._sharpness * 2, SHARPEST)

    def _proposals(self, emulator: Emulator, batch: int) -> Points:
        """Positions of the region far from one another."""
        centre = self.trials.problem.centre
        region = Region(emulator, -centre, 1.0 - centre, len(self.trials.problem.lucks), self._sharpness)
        places: list[Points] = []
        while len(places) * GROUPS * WALKERS < batch * SPARE:
            self._walkers = self._walked(region)
            places.append(np.concatenate(self._walkers))
        found = self.trials.problem.allowed(centre + np.concatenate(places))
        return found[far_apart(found, batch)]

    def _walked(self, region: Region) -> Points:
        """The walkers some sweeps later, each group with chance of its own."""
        chances = self._random.spawn(GROUPS)
        return np.array(
            list(self._years.each(_walk, [(region, *pair) for pair in zip(self._walkers, chances, strict=True)]))
        )


def _walk(work: tuple[Region, Points, np.random.Generator]) -> Points:
    region, walkers, chance = work
    return region.sample(walkers, chance, sweeps=SWEEPS)


def first_years(knobs: int, budget: int) -> int:
    """How many of the years go to the first boxes; the same for every budget that is large enough."""
    return int(min(knobs * FIRST_A_KNOB, budget * MOST_FIRST_SHARE))
