"""How soon spells end, and how: the Aalen-Johansen estimator of cumulative incidence, exact on whole numbers.

Each unfinished spell hands its weight on equally to the spells still going when it was last seen. The sums of weights
that result are the Aalen-Johansen estimate (with one kind of end: Kaplan-Meier). Where every spell has ended, each
weighs 1 and the estimate is a plain share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events import Column
from sim.measures.index import Mask, is_one_of

UNFINISHED = 0
"""The end of a spell that was still going when last seen."""

FINISHED = 1
"""The end of a spell, where only one kind is told apart."""

# Sums of weights differ from exact shares in the last places once a spell is unfinished.
_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The share of spells that have ended in one way, by length.

    `lengths` (k,) are those of the spells that ended so, in order; `weights` (k,) the running sums of their weights,
    of `whole`. `known_to` is the length beyond which nothing was seen.
    """

    lengths: Column
    weights: NDArray[np.float64]
    whole: float
    known_to: float

    def within(self, length: float) -> float:
        """The share ended within a length; nan where there are no spells or none was watched so long."""
        if not self.whole or length > self.known_to:
            return float("nan")
        ended = int(np.searchsorted(self.lengths, length, side="right"))
        return float(self.weights[ended - 1]) / self.whole if ended else 0.0

    def ever(self) -> float:
        """The share that ended so, as far as was seen; nan where there are no spells."""
        if not self.whole:
            return float("nan")
        return float(self.weights[-1]) / self.whole if len(self.weights) else 0.0

    def quantile(self, share: float) -> float:
        """The least length within which at least this share had ended so; nan where so many never did."""
        if not self.whole:
            return float("nan")
        place = int(np.searchsorted(self.weights / self.whole, share - _TOLERANCE))
        return float(self.lengths[place]) if place < len(self.lengths) else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Spells in order of length; of equal ones the unfinished come last, so that an end is counted before a loss.

    `lengths` and `ends` (n,): whole numbers, and `UNFINISHED` or a positive kind of end. `order` (n,): the place of
    each in the arrays it was made from.
    """

    lengths: Column
    ends: Column
    order: Column

    @classmethod
    def of(cls, lengths: Column, ends: Column) -> "Spells":
        """The spells of these lengths and ends, both (n,), in any order."""
        order = np.argsort(lengths * 2 + (ends == UNFINISHED), kind="stable")
        return cls(lengths[order], ends[order], order)

    def only(self, wanted: Mask) -> "Spells":
        """Those wanted; the mask is in the order the spells were given in."""
        kept = wanted[self.order]
        return Spells(self.lengths[kept], self.ends[kept], self.order[kept])

    def incidence(self, of: int = FINISHED, among: tuple[int, ...] = ()) -> Incidence:
        """The incidence of one kind of end, as a share of the spells that end as one of `among`; of all if empty."""
        weights = self._weights()
        whole = float(weights[is_one_of(self.ends, among)].sum()) if among else float(len(weights))
        counted = self.ends == of
        lost_last = bool(len(self.ends)) and self.ends[-1] == UNFINISHED
        known_to = float(self.lengths[-1]) if lost_last else float("inf")
        return Incidence(self.lengths[counted], np.cumsum(weights[counted]), whole, known_to)

    def _weights(self) -> NDArray[np.float64]:
        going = np.arange(len(self.ends), 0, -1)
        weights = np.ones(len(self.ends))
        handed_on = np.where(self.ends == UNFINISHED, going / np.maximum(going - 1, 1), 1.0)
        np.cumprod(handed_on[:-1], out=weights[1:])
        return weights


def finished(lengths: Column) -> Incidence:
    """The incidence of spells that have all ended, of these lengths (n,) in any order: plain shares."""
    return Spells.of(lengths, np.full(len(lengths), FINISHED)).incidence()
