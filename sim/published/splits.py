"""Counts that add up to a published whole, some of them hidden: what is left over, and how far it tells them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.published.figures import Figure
from sim.published.values import Code

HIDDEN_MIDDLE: Final = 3.0
"""A count that is hidden for being small is from 1 to 5."""
HIDDEN_HALF_WIDTH: Final = 2.0


@dataclass(frozen=True, slots=True)
class Sum:
    """A count put together from several, and how far suppression leaves it open."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a whole: those published, and `left`, which the hidden ones have between them.

    `guide` gives the weights by which what is left is shared out: what they have elsewhere.
    """

    counts: Mapping[str, float]
    hidden: tuple[str, ...]
    whole: float
    left: float
    guide: Mapping[str, float]

    def of(self, names: Iterable[str]) -> Sum:
        """The sum of some parts: known exactly where all hidden ones, or none, are among them."""
        chosen = set(names)
        known = sum(self.counts.get(name, 0.0) for name in chosen)
        ours = [name for name in self.hidden if name in chosen]
        if not ours:
            return Sum(known, known, known)
        if len(ours) == len(self.hidden):
            return Sum(known + self.left, known + self.left, known + self.left)
        weight = sum(self.guide[name] for name in ours) / sum(self.guide.values())
        return Sum(known + self.left * weight, known, known + self.left)


def split(
    figures: Mapping[str, Figure], parts: Sequence[str], whole: str, elsewhere: Iterable[Mapping[str, Figure]]
) -> Split | None:
    """The parts of a whole; None where it, or a part for another reason than being small, is not published.

    Without hidden parts the whole is what they sum to: a few assessments have no published duration.
    """
    cells = {name: figures[name].cell for name in parts}
    total = figures[whole].value
    hidden = tuple(name for name, cell in cells.items() if cell.code is Code.CONFIDENTIAL)
    counts = {name: cell.value for name, cell in cells.items() if cell.value is not None}
    if total is None or len(counts) + len(hidden) < len(parts):
        return None
    known = sum(counts.values())
    if not hidden:
        return Split(counts, (), known, 0.0, {}) if known else None
    left = total - known
    return Split(counts, hidden, total, left, _guide(hidden, elsewhere)) if left >= 0 else None


def _guide(hidden: Sequence[str], elsewhere: Iterable[Mapping[str, Figure]]) -> dict[str, float]:
    for figures in elsewhere:
        found = {name: figures[name].value for name in hidden}
        if all(value is not None for value in found.values()) and any(found.values()):
            return {name: float(value or 0) for name, value in found.items()}
    return dict.fromkeys(hidden, 1.0)
