"""Fits an authority's unknowns to its published figures by simulation: draws of them, not one best point.

A first wave of years fills the ranges of the unknowns evenly, every other number anywhere in its own. An emulator of
the figures is learned from them; two more waves close in on where it says that the published figures are likely, and it
is learned anew from all. What the published figures then say of the unknowns is sampled: each counts by how far it lies
from what is expected there, in the light of one year's chance, of how wrong the emulator is, and of how close the model
is asked to come: half a target's tolerance is one standard deviation, for a tolerance is a 95% range. Draws from there,
again with every other number anywhere in its range, are run for a year each. The quarter whose years come nearest to
what is published are the sets: none is a service that does not keep up with its work where the authority did.

This stands in for nearest neighbours in a large table of simulated years, which need thousands for each authority: here
a few hundred must do. How far it can be trusted is tested on years whose unknowns are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.calibration.emulator import Emulator, Sample, Scale, emulate, scale_of
from sim.calibration.knobs import Points, Setting
from sim.calibration.tempered import tempered
from sim.calibration.years import Year, Years
from sim.experiment.targets import Target, TargetRole
from sim.published.drawing import Drawing
from sim.published.unknowns import UNKNOWNS, Unknown
from sim.published.values import PublishedError

LUCKS: Final = 8
"""Replications the years of a fit go round: years that share one differ by their numbers alone."""
PARTICLES: Final = 4000
WIDER: Final = (2.0, 1.4)
"""Times the errors on which each wave that closes in is proposed, so that it surrounds where the figures are likely."""
CAUTION: Final = 1.5
"""Times the errors in what is finally said: an emulator of a few hundred years is surer than it should be. Without it,
nine in ten ranges held 86% of 1,020 known unknowns, with it 89% (60 simulated years of an invented authority)."""
TOLERANCE_ERRORS: Final = 2.0
"""Standard deviations in a target's half-width."""
_LEAST_YEARS: Final = 3 * len(UNKNOWNS)


class Budget(NamedTuple):
    """Years of the first wave, of each of those that close in, and of the last, of which so many become draws."""

    first: int = 96
    closing_in: int = 48
    last: int = 120
    draws: int = 30

    @property
    def years(self) -> int:
        """All of them."""
        return self.first + len(WIDER) * self.closing_in + self.last

    @classmethod
    def of(cls, years: int) -> "Budget":
        """So many years, divided as usual."""
        usual = cls()
        first, last = (round(years * part / usual.years) for part in (usual.first, usual.last))
        return cls(first, (years - first - last) // len(WIDER), last, min(usual.draws, max(last // 4, 2)))


@dataclass(frozen=True, slots=True)
class Tried:
    """Years that were run: the unknowns and others of each, its luck, the figures of the targets."""

    unknowns: Points
    others: Points
    luck: NDArray[np.int64]
    figures: Points

    def of(self, places: NDArray[np.int64]) -> "Tried":
        """Some of them."""
        return Tried(self.unknowns[places], self.others[places], self.luck[places], self.figures[places])

    def and_then(self, more: "Tried") -> "Tried":
        """These and more."""
        return Tried(
            np.concatenate([self.unknowns, more.unknowns]),
            np.concatenate([self.others, more.others]),
            np.concatenate([self.luck, more.luck]),
            np.concatenate([self.figures, more.figures]),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What figures say of the unknowns: `log_likelihood` of positions, by an emulator of the fitted targets.

    `figures` are what is said, on the emulator's scales; `asked` the standard deviation that each is allowed beside
    chance and the emulator's error.
    """

    emulator: Emulator
    figures: Points
    asked: Points

    def log_likelihood(self, unknowns: Points, *, wider: float = 1.0) -> Points:
        """Of each position, up to a constant."""
        offsets = unknowns - _MIDDLE
        variance = (self.emulator.variance(offsets, 1) + self.asked**2) * wider**2
        missed = (self.figures - self.emulator.mean(offsets)) ** 2 / variance
        return np.asarray(-0.5 * (missed + np.log(variance)).sum(axis=1))

    def nearest(self, tried: Tried, targets: Sequence[Target], many: int) -> NDArray[np.int64]:
        """The places of those years whose own figures lie nearest to what is said, in their order."""
        values = np.column_stack(
            [scale_of(targets[place])(tried.figures[:, place]) for place in targets_fitted(targets)]
        )
        missed = (values - self.figures) ** 2 / (self.emulator.chance + self.asked**2)
        return np.sort(np.argsort(np.nan_to_num(missed.sum(axis=1), nan=np.inf), kind="stable")[:many])

    def sample(self, many: int, random: np.random.Generator, *, wider: float = 1.0) -> Points:
        """Positions of equal weight, all ranges being as likely before."""
        return tempered(lambda at: self.log_likelihood(at, wider=wider), len(UNKNOWNS), many, random)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the figures tell of an unknown: its range before, and the 5th, 50th and 95th percentile after.

    `contraction` is the part of the variance that they took away.
    """

    unknown: Unknown
    low: float
    middle: float
    high: float
    contraction: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of it: `draws` as fields changed in the base, a year's figures of each, its luck, and what was learned.

    `centre` are the unknowns of the baseline itself; `many` draws of them have weight alike.
    """

    drawing: Drawing
    centre: Points
    many: Points
    draws: tuple[Setting, ...]
    figures: Points
    luck: NDArray[np.int64]
    learned: tuple[Learned, ...]
    seed: int
    budget: Budget


_MIDDLE: Final = 0.5


def targets_fitted(targets: Sequence[Target]) -> list[int]:
    """The places of the targets that a fit uses; the others are held out."""
    return [place for place, target in enumerate(targets) if target.role is TargetRole.FITTED]


def fit(drawing: Drawing, years: Years, *, seed: int, budget: Budget | None = None) -> Fit:
    """Fit one authority and year. Raise `PublishedError` where hardly any unknowns can meet its figures."""
    budget = Budget() if budget is None else budget
    random = np.random.default_rng(seed)
    runner = _Runner(drawing, years, seed, random)
    targets = drawing.base.held_against
    tried = runner.run(evenly(budget.first, random))
    if len(tried.figures) < min(_LEAST_YEARS, budget.first):
        raise PublishedError(
            f"{drawing.base.scenario.title}: {len(tried.figures)} of {budget.first} sets of numbers tried can meet its "
            "figures"
        )
    for wider in WIDER:
        around = said(tried, targets).sample(PARTICLES, random, wider=wider)
        tried = tried.and_then(runner.run(around[: budget.closing_in], after=len(tried.luck)))
    told = said(tried, targets)
    many = told.sample(PARTICLES, random, wider=CAUTION)
    last = runner.run(many[: budget.last], after=len(tried.luck))
    drawn = last.of(told.nearest(last, targets, budget.draws))
    draws = [drawing.setting(u, o) for u, o in zip(drawn.unknowns, drawn.others, strict=True)]
    return Fit(
        drawing,
        drawn.unknowns.mean(axis=0),
        many,
        tuple(draw for draw in draws if draw is not None),
        drawn.figures,
        drawn.luck,
        tuple(_learned(unknown, many[:, place]) for place, unknown in enumerate(UNKNOWNS)),
        seed,
        budget,
    )


def said(tried: Tried, targets: Sequence[Target], figures: Points | None = None) -> Said:
    """What figures, the published ones or others in their place, say of the unknowns, as learned from these years."""
    places = targets_fitted(targets)
    scales = tuple(scale_of(targets[place]) for place in places)
    values = np.column_stack([s(tried.figures[:, place]) for s, place in zip(scales, places, strict=True)])
    sample = Sample(tried.unknowns - _MIDDLE, np.arange(len(values)), tried.luck, values)
    if figures is None:
        figures = np.array([targets[place].expected for place in places])
    return Said(
        emulate(sample, scales), _on(scales, figures), np.array([s.half_width for s in scales]) / TOLERANCE_ERRORS
    )


def evenly(many: int, random: np.random.Generator) -> Points:
    """So many positions that fill all ranges."""
    return qmc.Sobol(len(UNKNOWNS), rng=random).random_base2((many - 1).bit_length())[:many]


def _on(scales: Sequence[Scale], figures: Points) -> Points:
    return np.array([float(scale(np.array([f]))[0]) for scale, f in zip(scales, figures.tolist(), strict=True)])


def _learned(unknown: Unknown, at: Points) -> Learned:
    low, middle, high = (unknown.value(float(quantile)) for quantile in np.quantile(at, [0.05, 0.5, 0.95]))
    return Learned(unknown, low, middle, high, float(1 - 12 * at.var()))


class _Runner:
    """Runs a year of each position, with every other number anywhere in its range."""

    def __init__(self, drawing: Drawing, years: Years, seed: int, random: np.random.Generator) -> None:
        self._drawing = drawing
        self._years = years
        self._seed = seed
        self._random = random

    def run(self, unknowns: Points, after: int = 0) -> Tried:
        """The years of those positions where there is a scenario."""
        others = self._random.random((len(unknowns), len(self._drawing.others)))
        settings = [self._drawing.setting(u, o) for u, o in zip(unknowns, others, strict=True)]
        kept = [place for place, setting in enumerate(settings) if setting is not None]
        luck = (after + np.arange(len(kept))) % LUCKS
        asked = [
            Year(setting, self._seed, int(one))
            for one, setting in zip(luck, (s for s in settings if s is not None), strict=True)
        ]
        return Tried(unknowns[kept], others[kept], luck, self._years.figures(asked))
