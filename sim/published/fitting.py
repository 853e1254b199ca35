"""Fits an authority's unknowns to its published figures by simulation: draws of them, not one best point.

A first wave of years fills the ranges of the unknowns evenly, every other number anywhere in its own. An emulator of
the figures is learned from them; two more waves close in on where it says that the published figures are likely, and it
is learned anew from all. What the published figures then say of the unknowns is sampled: each counts by how far it lies
from what is expected there, in the light of one year's chance, of how wrong the emulator is, and of how close the model
is asked to come: half a target's tolerance is one standard deviation, for a tolerance is a 95% range. Draws from there,
again with every other number anywhere in its range, are run for a year each. Those whose years come nearest to
what is published, thirty and a quarter at most, are the sets: none is a service that does not keep up with its work
where the authority did. Where patterns are known too, ranges that a figure lies in, only years that meet them all are
chosen from.

This stands in for nearest neighbours in a large table of simulated years, which need thousands for each authority: here
a few hundred must do. How far it can be trusted is tested on years whose unknowns are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr
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
_MOST_WAVES: Final = 12
_STAY: Final = 0.25
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

    def most_years(self, targets: Sequence[Target]) -> int:
        """All of them at most."""
        return self.years - self.last + self.most_of_last(targets)

    def most_of_last(self, targets: Sequence[Target]) -> int:
        """Years that the last wave has at most: there may have to be many, where patterns are to be met too."""
        return min(self.last * _MOST_WAVES, PARTICLES) if _patterns(targets) else self.last

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

    What is said lies from `low` to `high`, on the emulator's scales: both are the figure where there is one, and of a
    pattern, which is a range from the start, its ends. `asked` is the standard deviation that each is allowed beside
    chance and the emulator's error.
    """

    emulator: Emulator
    low: Points
    high: Points
    asked: Points

    def _of_figures_and_patterns(self, unknowns: Points, wider: float) -> tuple[Points, Points]:
        """What the figures say of each position, up to a constant, and what the patterns do, in logarithms."""
        offsets = unknowns - _MIDDLE
        variance = (self.emulator.variance(offsets, 1) + self.asked**2) * wider**2
        low, high = ((end - self.emulator.mean(offsets)) / np.sqrt(variance) for end in (self.low, self.high))
        exact = self.low == self.high
        figures = -0.5 * (low**2 + np.log(variance))[:, exact]
        patterns = _log_between(low[:, ~exact], high[:, ~exact])
        return np.asarray(figures.sum(axis=1)), np.asarray(patterns.sum(axis=1))

    def log_likelihood(self, unknowns: Points, *, wider: float = 1.0) -> Points:
        """Of each position, up to a constant."""
        figures, patterns = self._of_figures_and_patterns(unknowns, wider)
        return figures + patterns

    def patterns_once(self, met: Tried, random: np.random.Generator) -> Tried:
        """Some of the years that meet the patterns, so that these count once.

        Positions were sampled where the emulator thinks that a year meets them, and of those years only some did: to
        undo the former each is left out the sooner, the likelier it was thought. The least likely quarter all stay.
        """
        _, thought = self._of_figures_and_patterns(met.unknowns, CAUTION)
        return met.of(np.flatnonzero(random.random(len(thought)) <= np.exp(np.quantile(thought, _STAY) - thought)))

    def nearest(self, tried: Tried, targets: Sequence[Target], many: int) -> NDArray[np.int64]:
        """The places of those years, of which all meet the patterns, whose figures lie nearest to what is said."""
        values = np.column_stack(
            [scale_of(targets[place])(tried.figures[:, place]) for place in targets_fitted(targets)]
        )
        exact = self.low == self.high
        missed = ((values - self.low) ** 2)[:, exact] / (self.emulator.chance + self.asked**2)[exact]
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

    `centre` are the unknowns of the baseline itself; `many` draws of them have weight alike, and are what is said to
    be learned: where there are patterns those of the years that meet them.
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
    targets = runner.targets
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
    last = _last(runner, many, budget, after=len(tried.luck))
    if _patterns(targets):
        last = told.patterns_once(last, np.random.default_rng([seed, 1]))
        many = last.unknowns
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
    """What figures, those of the targets or others in their place, say of the unknowns, as learned from these years."""
    places = targets_fitted(targets)
    scales = tuple(scale_of(targets[place]) for place in places)
    values = np.column_stack([s(tried.figures[:, place]) for s, place in zip(scales, places, strict=True)])
    sample = Sample(tried.unknowns - _MIDDLE, np.arange(len(values)), tried.luck, values)
    low, high = _ends([targets[place] for place in places], scales)
    if figures is not None:
        low = high = _on(scales, figures)
    asked = np.where(low == high, np.array([s.half_width for s in scales]) / TOLERANCE_ERRORS, 0.0)
    return Said(emulate(sample, scales), low, high, asked)


def evenly(many: int, random: np.random.Generator) -> Points:
    """So many positions that fill all ranges."""
    return qmc.Sobol(len(UNKNOWNS), rng=random).random_base2((many - 1).bit_length())[:many]


def _ends(targets: Sequence[Target], scales: Sequence[Scale]) -> tuple[Points, Points]:
    """Between which figures each target is said to lie: its own where it has one."""
    figures = _on(scales, np.array([np.nan if t.expected is None else t.expected for t in targets]))
    is_pattern = np.isnan(figures)
    low, high = (np.array([getattr(scale, end) for scale in scales]) for end in ("low", "high"))
    return np.where(is_pattern, low, figures), np.where(is_pattern, high, figures)


def _log_between(low: Points, high: Points) -> Points:
    """The logarithm of what part of a standard normal law lies between these, however far out."""
    turned = low > 0
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    return np.asarray(log_ndtr(high) + np.log1p(-np.exp(log_ndtr(low) - log_ndtr(high))))


def _on(scales: Sequence[Scale], figures: Points) -> Points:
    return np.array([float(scale(np.array([f]))[0]) for scale, f in zip(scales, figures.tolist(), strict=True)])


def _learned(unknown: Unknown, at: Points) -> Learned:
    low, middle, high = (unknown.value(float(quantile)) for quantile in np.quantile(at, [0.05, 0.5, 0.95]))
    return Learned(unknown, low, middle, high, float(1 - 12 * at.var()))


def _last(runner: "_Runner", many: Points, budget: Budget, after: int) -> Tried:
    """The years that draws are chosen from, where there are patterns as many as usual that meet them all.

    Numbers that nothing fits have a part in whether a year does: the years themselves have to show it.
    """
    found = _meeting(runner.run(many[: budget.last], after), runner.targets)
    for start in range(budget.last, budget.most_of_last(runner.targets), budget.last):
        if len(found.luck) >= budget.last:
            return found
        found = found.and_then(_meeting(runner.run(many[start : start + budget.last], after + start), runner.targets))
    if _patterns(runner.targets) and len(found.luck) < budget.draws:
        tried = budget.most_of_last(runner.targets)
        raise PublishedError(
            f"{runner.title}: {len(found.luck)} of {tried} sets of numbers tried give a year that meets every pattern; "
            f"{budget.draws} are needed"
        )
    return found


def _patterns(targets: Sequence[Target]) -> list[int]:
    return [place for place in targets_fitted(targets) if targets[place].expected is None]


def _meeting(tried: Tried, targets: Sequence[Target]) -> Tried:
    """Those that meet every pattern."""
    places = _patterns(targets)
    low, high = (np.array([getattr(targets[place], end) for place in places]) for end in ("low", "high"))
    figures = tried.figures[:, places]
    return tried.of(np.flatnonzero(((low <= figures) & (figures <= high)).all(axis=1)))


class _Runner:
    """Runs a year of each position, with every other number anywhere in its range."""

    def __init__(self, drawing: Drawing, years: Years, seed: int, random: np.random.Generator) -> None:
        self.title = drawing.base.scenario.title
        self.targets = drawing.base.held_against
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
