"""Trials: sets of numbers that were simulated, for some years or for all on which a set is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.calibration.emulator import Emulator, Sample, emulate, scale_of
from sim.calibration.knobs import Knob, Points, Setting, knobs, setting_at
from sim.calibration.years import Year, Years
from sim.experiment.targets import Target, targets_of
from sim.scenario import Scenario, ScenarioError, evidence

LIKELY = 0.25
_LEAST_VARIANCE = 1e-9

Places = NDArray[np.int64]
Luck = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A set of numbers whose every year was run: where it lies, its figures, the worst misfit in half-widths."""

    position: Points
    figures: Points
    worst: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What is searched: knobs, targets, whether the scenario allows a set, and the years on which a set is judged.

    A set is judged on the average over `lucks`, each a seed and a replication.
    """

    knobs: Sequence[Knob]
    targets: Sequence[Target]
    allows: Callable[[Setting], bool]
    lucks: Sequence[Luck]

    @property
    def centre(self) -> Points:
        """Where the baseline stands, inside the ranges."""
        return np.clip([knob.position for knob in self.knobs], 0.0, 1.0)

    def rounded(self, positions: Points) -> Points:
        """Positions of the values that are really set."""
        rows = [[knob.rounded(at) for knob, at in zip(self.knobs, row, strict=True)] for row in positions.tolist()]
        return np.array(rows).reshape(positions.shape)

    def allowed(self, positions: Points) -> Points:
        """The positions, as they are really set, that make a scenario."""
        rounded = self.rounded(positions)
        makes = [self.allows(setting_at(self.knobs, row)) for row in rounded]
        return np.asarray(rounded[np.array(makes, dtype=bool)])

    def worst(self, figures: Points) -> float:
        """The worst misfit of some figures, in half-widths; a figure that is none is beyond all."""
        misfits = [target.misfit(float(f)) for target, f in zip(self.targets, figures, strict=True)]
        return float(np.nan_to_num(misfits, nan=np.inf).max())


def problem_of(baseline_file: Path, baseline: Scenario, lucks: Sequence[Luck]) -> Problem:
    """The problem of a baseline with its sources and targets beside it; raises `ScenarioError` where it has none."""

    def allows(setting: Setting) -> bool:
        try:
            baseline.changed(setting)
        except ScenarioError:
            return False
        return True

    found = knobs(baseline, evidence(baseline_file))
    if not found:
        raise ScenarioError(f"{baseline_file}: no number has a plausible range in its .sources.toml, so none can vary")
    return Problem(found, targets_of(baseline_file), allows, lucks)


class Trials:
    """The sets simulated so far, and what they teach; set 0 is the baseline, run for every year it is judged on."""

    def __init__(self, problem: Problem, years: Years) -> None:
        self.problem = problem
        self._years = years
        self._scales = tuple(scale_of(target) for target in problem.targets)
        none = np.empty(0, dtype=np.int64)
        self.figures: Points = np.empty((0, len(problem.targets)))
        self.sample = Sample(np.empty((0, len(problem.knobs))), none, none, self.figures)
        self._sets = 1
        lucks = np.arange(len(problem.lucks))
        self._simulate(np.tile(problem.centre, (len(lucks), 1)), np.zeros_like(lucks), lucks)

    @property
    def asked(self) -> int:
        """How many years were simulated."""
        return len(self.figures)

    @property
    def baseline(self) -> Found:
        """The baseline as it stands."""
        return self._found(0)

    def boxes(self, sizes: Sequence[float], many: int, random: np.random.Generator) -> Points:
        """Positions that fill boxes about the baseline evenly, each so large a part of the way to the ends."""
        centre = self.problem.centre
        cube = qmc.LatinHypercube(len(centre), rng=random).random(many)
        return self.problem.allowed(centre + np.resize(sizes, many)[:, None] * (cube - centre))

    def emulator(self) -> Emulator:
        """What all years so far teach."""
        return emulate(self.sample, self._scales, each=self._years.each)

    def one_year_each(self, positions: Points) -> Places:
        """Run a year of each position, luck going round; gives their places in the sample."""
        sets = self._sets + np.arange(len(positions))
        self._sets += len(positions)
        return self._simulate(positions, sets, sets % len(self.problem.lucks))

    def likely(self, emulator: Emulator, new: Places, least: float = LIKELY) -> Places:
        """Those of the sets with one year that are likely to meet every target on average, the likeliest first."""
        years = len(self.problem.lucks)
        sample = self.sample.of(new)
        expected = emulator.mean(sample.offsets)
        surprise = sample.values - expected - emulator.luck[sample.luck]
        unsure = emulator.variance(sample.offsets, years) - emulator.chance / years
        lasting = unsure / (unsure + emulator.chance)
        mean = expected + surprise * (lasting + (1 - lasting) / years)
        left = (unsure * (1 - lasting) * (years - 1) ** 2 + emulator.chance * (years - 1)) / years**2
        chance = np.nan_to_num(emulator.chance_met(mean, left + _LEAST_VARIANCE), nan=-np.inf)
        order = np.argsort(-chance, kind="stable")
        return new[order[np.exp(chance[order]) >= least]]

    def complete(self, places: Places) -> list[Found]:
        """Run all other years of sets that had one, and judge each."""
        lucks = range(len(self.problem.lucks))
        pairs = [(place, luck) for place in places.tolist() for luck in lucks if luck != self.sample.luck[place]]
        first = np.array([place for place, _ in pairs], dtype=np.int64)
        positions = self.sample.offsets[first] + self.problem.centre
        self._simulate(positions, self.sample.sets[first], np.array([luck for _, luck in pairs], dtype=np.int64))
        return [self._found(place) for place in places.tolist()]

    def _found(self, place: int) -> Found:
        figures = self.figures[self.sample.sets == self.sample.sets[place]].mean(axis=0)
        return Found(self.sample.offsets[place] + self.problem.centre, figures, self.problem.worst(figures))

    def _simulate(self, positions: Points, sets: Places, lucks: Places) -> Places:
        settings = [setting_at(self.problem.knobs, position) for position in positions]
        years = [Year(setting, *self.problem.lucks[luck]) for setting, luck in zip(settings, lucks, strict=True)]
        figures = self._years.figures(years)
        values = np.column_stack([scale(figures[:, place]) for place, scale in enumerate(self._scales)])
        more = Sample(positions - self.problem.centre, sets, lucks, values)
        first = self.asked
        self.figures = np.concatenate([self.figures, figures])
        self.sample = self.sample.with_more(more)
        return np.arange(first, self.asked)
