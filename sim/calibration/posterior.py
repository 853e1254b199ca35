"""What a table of runs says of parameters given what was observed: arrays in, weighted draws out.

Reference-table ABC with learned summaries and local-linear adjustment (Beaumont, Zhang and Balding 2002), in two waves.
Every run of the table is a truth of its own: those most like the record, each held out in turn, tell how often
intervals hold their truth, and too narrow ones are widened until nine in ten do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import qmc

from sim.calibration.foretold import Foretold, foretell, usable

Values = NDArray[np.float64]

NEAREST_SHARE: Final = 0.05
_LEAST_A_SLOPE: Final = 15
"""Runs kept at the least for every slope of the adjustment: with few, straight lines fit chance."""

HELD_OUT: Final = 200
LEVEL: Final = 0.9
LEAST_COVERAGE: Final = 0.85
WIDENED_BY: Final = 0.1
OUTERMOST: Final = 0.05
"""The part of a box next to its edge. One that ends so near the prior's own edge is not cut there."""

PILED_UP: Final = 0.08
"""A larger share of the draws in the outermost part of a box that was cut there: the cut took some away."""

PINNED_DOWN, INFORMED = 0.8, 0.5
_EDGE: Final = 1e-9
_LEAST: Final = 1e-12


class Label(Enum):
    """How much was learned of a parameter, in words for a report."""

    PINNED_DOWN = "pinned down"
    INFORMED = "informed"
    NOT_LEARNED = "not learned"


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Between which bounds each parameter lies, any value as likely as another: shape (parameters,) each."""

    low: Values
    high: Values

    def __post_init__(self) -> None:
        if self.low.shape != self.high.shape or not (self.low < self.high).all():
            raise ValueError("every parameter of a box must have a least value below its greatest")

    def __len__(self) -> int:
        return len(self.low)

    def points(self, count: int, seed: int) -> Values:
        """So many points that fill the box evenly, (points, parameters); fewer are the first of more."""
        sobol = qmc.Sobol(len(self), scramble=True, rng=np.random.default_rng(seed))
        cube = sobol.random_base2(max(count - 1, 1).bit_length())[:count]
        return np.asarray(self.low + np.clip(cube, _EDGE, 1 - _EDGE) * (self.high - self.low))

    def to_line(self, values: Values) -> Values:
        """Values on a scale without bounds: the logits of their places in the box."""
        return np.asarray(logit(np.clip((values - self.low) / (self.high - self.low), _EDGE, 1 - _EDGE)))

    def from_line(self, lines: Values) -> Values:
        """The values again."""
        return np.asarray(self.low + expit(lines) * (self.high - self.low))

    def holds(self, values: Values) -> NDArray[np.bool_]:
        """Which rows lie inside."""
        return np.asarray(((values >= self.low) & (values <= self.high)).all(axis=-1))

    @property
    def deviations(self) -> Values:
        """The standard deviation of each parameter over the box."""
        return np.asarray((self.high - self.low) / np.sqrt(12))


class HeldOut(NamedTuple):
    """What intervals did for truths held out near the record, (truths, parameters).

    `ranks` are the shares of the draws below each truth; `reach` is how far it lies from the middle of its draws, in
    ends of its 90% interval.
    """

    ranks: Values
    reach: Values

    @property
    def coverage(self) -> Values:
        """The share of truths inside their 90% intervals."""
        return np.asarray((np.abs(self.ranks - 0.5) <= LEVEL / 2).mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Weighted draws of the parameters, (draws, parameters), from a prior even over a box.

    `coverage` is how often 90% intervals held the truth of runs like the record before they were `widened`, each by
    its factor, 1 where they were honest as they stood. `outside` are places of figures that no run reached.
    """

    prior: Box
    draws: Values
    weights: Values
    coverage: Values
    widened: Values
    outside: tuple[int, ...] = ()

    def quantiles(self, shares: Sequence[float]) -> Values:
        """Weighted quantiles, (shares, parameters)."""
        return np.column_stack([weighted_quantiles(column, self.weights, shares) for column in self.draws.T])

    @property
    def means(self) -> Values:
        """Weighted means."""
        return np.asarray(self.weights @ self.draws)

    @property
    def deviations(self) -> Values:
        """Weighted standard deviations."""
        return np.asarray(np.sqrt(self.weights @ (self.draws - self.means) ** 2))

    @property
    def contraction(self) -> Values:
        """One less the share of the prior's variance that is left: 1 is known exactly, 0 or less is nothing learned."""
        return np.asarray(1 - (self.deviations / self.prior.deviations) ** 2)

    @property
    def labels(self) -> tuple[Label, ...]:
        """What the contraction is called."""
        return tuple(label_of(contraction) for contraction in self.contraction.tolist())

    @property
    def correlations(self) -> Values:
        """Weighted correlations, (parameters, parameters)."""
        off = (self.draws - self.means) / np.maximum(self.deviations, _LEAST)
        return np.asarray((off * self.weights[:, None]).T @ off)

    @property
    def effective_draws(self) -> float:
        """As many draws of equal weight would say as much."""
        return float(1 / np.sum(self.weights**2))

    def alike(self, count: int) -> Values:
        """So many draws of equal weight, (count, parameters): each stands for an equal part of the weight."""
        order = np.argsort(self.draws[:, int(np.argmax(self.contraction))], kind="stable")
        reached = np.cumsum(self.weights[order])
        places = np.searchsorted(reached, (np.arange(count) + 0.5) / count * reached[-1])
        return np.asarray(self.draws[order[np.minimum(places, len(order) - 1)]])


def label_of(contraction: float) -> Label:
    """The label of a contraction."""
    if contraction > PINNED_DOWN:
        return Label.PINNED_DOWN
    return Label.INFORMED if contraction >= INFORMED else Label.NOT_LEARNED


def weighted_quantiles(values: Values, weights: Values, shares: Sequence[float]) -> Values:
    """Quantiles of weighted values, each value standing at the middle of its weight."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) - weights[order] / 2
    return np.asarray(np.interp(np.asarray(shares) * weights.sum(), reached, values[order]))


def posterior(prior: Box, parameters: Values, figures: Values, observed: Values) -> Posterior:
    """What runs at these parameters, (runs, parameters), with these figures, say of a record's figures.

    The runs are even over the prior, or over a part of it outside of which nothing is likely. Raise `ValueError` where
    they are too few, or no figure can be used.
    """
    rows, columns = usable(figures, observed)
    if not columns.any():
        raise ValueError("no figure was observed that the runs have and that differs between them")
    if rows.sum() < 2 * _LEAST_A_SLOPE * (len(prior) + 1):
        raise ValueError(f"{rows.sum()} usable runs are too few for {len(prior)} parameters")
    lines = prior.to_line(parameters[rows])
    told = foretell(lines, figures[rows][:, columns], observed[columns])
    coverage, widened = honesty(held_out(lines, told))
    draws, weights = adjusted(lines, told.runs, told.observed)
    middle = weighted_middle(draws, weights)
    values = prior.from_line(middle + widened * (draws - middle))
    outside = np.flatnonzero(columns)[list(told.outside)]
    return Posterior(prior, values, weights, coverage, widened, tuple(outside.tolist()))


def held_out(lines: Values, told: Foretold, count: int = HELD_OUT) -> HeldOut:
    """Each of the runs most like the record taken for a record in its turn, and asked for with the others."""
    distance = _distances(told.runs, told.observed)
    nearest = np.argsort(distance, kind="stable")[: min(count, len(lines))]
    ranks, reach = np.empty((2, len(nearest), lines.shape[1]))
    for place, row in enumerate(nearest.tolist()):
        others = np.arange(len(lines)) != row
        draws, weights = adjusted(lines[others], told.runs[others], told.runs[row])
        ranks[place] = weights @ (draws < lines[row])
        ends = (1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2
        low, middle, high = np.column_stack([weighted_quantiles(column, weights, ends) for column in draws.T])
        off = lines[row] - middle
        reach[place] = np.abs(off) / np.maximum(np.where(off > 0, high - middle, middle - low), _LEAST)
    return HeldOut(ranks, reach)


def honesty(found: HeldOut) -> tuple[Values, Values]:
    """Coverage by parameter, and by what each interval is to be widened to hold nine truths in ten."""
    needed = np.quantile(found.reach, LEVEL, axis=0)
    return found.coverage, np.where(found.coverage < LEAST_COVERAGE, np.maximum(needed, 1.0), 1.0)


def adjusted(lines: Values, told: Values, observed: Values) -> tuple[Values, Values]:
    """The nearest runs, moved along straight lines to where the record is, with their weights, which sum to 1.

    The residuals of a fitted line are too small by what the line took: that is put back.
    """
    distance = _distances(told, observed)
    slopes = told.shape[1] + 1
    count = min(max(int(np.ceil(NEAREST_SHARE * len(lines))), _LEAST_A_SLOPE * slopes), len(lines) - 1)
    nearest = np.argpartition(distance, count)[: count + 1]
    nearest = nearest[np.argsort(distance[nearest], kind="stable")]
    farthest = max(float(distance[nearest[-1]]), _LEAST)
    nearest = nearest[:-1]
    weights = np.maximum(1 - (distance[nearest] / farthest) ** 2, _LEAST)
    weights = weights / weights.sum()
    scale = np.maximum(told.std(axis=0), _LEAST)
    design = np.hstack([np.ones((len(nearest), 1)), (told[nearest] - observed) / scale])
    root = np.sqrt(weights)[:, None]
    found, *_ = np.linalg.lstsq(design * root, lines[nearest] * root, rcond=1e-8)
    left = lines[nearest] - design @ found
    many = 1 / np.sum(weights**2)
    return np.asarray(found[0] + left * np.sqrt(many / max(many - slopes, 1.0))), weights


def weighted_middle(draws: Values, weights: Values) -> Values:
    """The weighted median of each column."""
    return np.array([float(weighted_quantiles(column, weights, (0.5,))[0]) for column in draws.T])


def _distances(told: Values, observed: Values) -> Values:
    scale = np.maximum(told.std(axis=0), _LEAST)
    return np.asarray(np.sqrt((((told - observed) / scale) ** 2).sum(axis=1)))


def narrowed(found: Posterior) -> Box:
    """The part of the prior that holds all draws, made wider by a tenth of itself on every side: where to look next.

    What is left of the prior beyond that, where it is next to nothing, is looked at too.
    """
    lines = found.prior.to_line(found.draws)
    low, high = lines.min(axis=0), lines.max(axis=0)
    room = WIDENED_BY * (high - low)
    prior = found.prior
    low, high = prior.from_line(low - room), prior.from_line(high + room)
    width = OUTERMOST * (prior.high - prior.low)
    return Box(np.where(low < prior.low + width, prior.low, low), np.where(high > prior.high - width, prior.high, high))


def cut_edges(found: Posterior, part: Box) -> tuple[tuple[int, bool], ...]:
    """The edges, a parameter and whether its upper one, at which a part was cut from the prior and draws pile up."""
    width = OUTERMOST * (part.high - part.low)
    at_low = found.weights @ (found.draws < part.low + width) > PILED_UP
    at_high = found.weights @ (found.draws > part.high - width) > PILED_UP
    at_low &= part.low > found.prior.low
    at_high &= part.high < found.prior.high
    return (
        *((place, False) for place in np.flatnonzero(at_low).tolist()),
        *((place, True) for place in np.flatnonzero(at_high).tolist()),
    )


def without_cuts(part: Box, prior: Box, edges: Sequence[tuple[int, bool]]) -> Box:
    """The part with these edges put back half way to the prior's own."""
    low, high = part.low.copy(), part.high.copy()
    for place, is_upper in edges:
        if is_upper:
            high[place] = (high[place] + prior.high[place]) / 2
        else:
            low[place] = (low[place] + prior.low[place]) / 2
    return Box(low, high)
