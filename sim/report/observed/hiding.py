"""Small counts hidden, and with them as many others as keep them from being worked out.

A count of 1 up to a threshold is hidden. So that nobody gets at it by taking other cells from a total, further cells
are hidden until no hidden cell has only one value that fits all that is shown. Noughts are always shown.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

HIDDEN = "[c]"
"""In place of a number that is hidden; the sign for confidential that government statistics use."""

_ROUNDING = 1e-9
_HALF = 0.5

Key = Hashable


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the cells that add up to it, by their keys."""

    total: Key
    parts: tuple[Key, ...]


def is_small(count: float, small_count: int) -> bool:
    """Whether a count is from 1 to the threshold, once rounded."""
    return _HALF <= count < small_count + _HALF


def hidden(
    counts: Mapping[Key, int], sums: Iterable[Sum], small_count: int, also: frozenset[Key] = frozenset()
) -> frozenset[Key]:
    """The keys of the counts that must be hidden, `also` among them, given everything that adds up.

    Of further cells the smallest are hidden first, and totals last: the wider a total, the later.
    """
    found = {key for key, count in counts.items() if is_small(count, small_count)} | (also & counts.keys())
    attack = Attack(counts, sums)
    while exposed := attack.recoverable(found):
        further = _further(attack, found, exposed)
        if further is None:
            break
        found.add(further)
    return frozenset(found)


def recoverable(counts: Mapping[Key, int], sums: Iterable[Sum], hiding: Iterable[Key]) -> set[Key]:
    """Which hidden counts have one value alone that fits the sums and all that is shown.

    Whoever reads knows that a hidden count is at least 1, and no more of it.
    """
    return Attack(counts, sums).recoverable(set(hiding))


class Attack:
    """Working out hidden counts from what adds up; it remembers what it has tried, piece by piece."""

    def __init__(self, counts: Mapping[Key, int], sums: Iterable[Sum]) -> None:
        self.counts = counts
        self.lines = [line for line in sums if all(key in counts for key in (line.total, *line.parts))]
        self.cells = [frozenset((line.total, *line.parts)) for line in self.lines]
        self.levels = _levels(counts, self.lines)
        self._tried: dict[frozenset[Key], set[Key]] = {}

    def recoverable(self, hiding: set[Key]) -> set[Key]:
        """Which hidden counts have one value alone that fits."""
        return {key for piece in self._pieces(hiding) for key in self._of_piece(piece)}

    def _pieces(self, hiding: set[Key]) -> Iterator[frozenset[Key]]:
        """The hidden counts that some sums tie to one another, apart from those that none ties to them."""
        piece_of: dict[Key, set[Key]] = {}
        for cells in self.cells:
            tied = cells & hiding
            joined = set(tied).union(*(piece_of[key] for key in tied if key in piece_of))
            piece_of |= dict.fromkeys(joined, joined)
        yield from {frozenset(piece) for piece in {id(piece): piece for piece in piece_of.values()}.values()}

    def _of_piece(self, piece: frozenset[Key]) -> set[Key]:
        if piece not in self._tried:
            unknown, found = [key for key in self.counts if key in piece], set[Key]()
            while fixed := self._fixed(unknown):
                # What is found out may give away more.
                found |= fixed
                unknown = [key for key in unknown if key not in fixed]
            self._tried[piece] = found
        return self._tried[piece]

    def _fixed(self, unknown: Sequence[Key]) -> set[Key]:
        matrix, shown = _equations(self.counts, self.lines, unknown)
        if not len(matrix):
            return set()
        solved = {key for key, is_fixed in zip(unknown, _fixed_by_equations(matrix), strict=True) if is_fixed}
        if solved:
            return solved
        ones = [place for place, key in enumerate(unknown) if self.counts[key] == 1]
        return {unknown[place] for place in _fixed_at_least(matrix, shown, ones)}


def _further(attack: Attack, found: set[Key], exposed: set[Key]) -> Key | None:
    """The cell to hide next: one that stands in the most sums of which a single cell is hidden, of those the least."""
    left = [key for key, count in attack.counts.items() if count and key not in found]
    lonely = [cells for cells in attack.cells if len(cells & found) == 1]
    lonely = lonely or [cells for cells in attack.cells if cells & exposed]
    beside = [key for key in left if any(key in cells for cells in lonely)] or left
    return min(
        beside,
        key=lambda key: (attack.levels[key], -sum(key in cells for cells in lonely), attack.counts[key]),
        default=None,
    )


def _levels(counts: Mapping[Key, int], lines: Sequence[Sum]) -> dict[Key, int]:
    """How many sums lie below each count: 0 for what is no total."""
    found = dict.fromkeys(counts, 0)
    for _ in range(len(lines)):
        raised = {line.total: max((found[part] + 1 for part in line.parts), default=0) for line in lines}
        higher = {key: level for key, level in raised.items() if level > found[key]}
        if not higher:
            break
        found |= higher
    return found


def _equations(
    counts: Mapping[Key, int], sums: Sequence[Sum], unknown: Sequence[Key]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every sum that holds an unknown, as coefficients of the unknown and what is shown of it."""
    place = {key: number for number, key in enumerate(unknown)}
    rows, shown = [], []
    for line in sums:
        row, rest = np.zeros(len(unknown)), 0.0
        for key, sign in ((line.total, -1.0), *((part, 1.0) for part in line.parts)):
            if key in place:
                row[place[key]] += sign
            else:
                rest -= sign * counts[key]
        if row.any():
            rows.append(row)
            shown.append(rest)
    return np.array(rows), np.array(shown)


def _fixed_by_equations(matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which unknowns can be solved for: those that no solution of the homogeneous equations moves."""
    _, sizes, directions = np.linalg.svd(matrix)
    rank = int(np.count_nonzero(sizes > _ROUNDING * max(matrix.shape) * sizes[0]))
    free = directions[rank:]
    fixed: NDArray[np.bool_] = np.all(np.abs(free) < _ROUNDING**0.5, axis=0)
    return fixed


def _fixed_at_least(matrix: NDArray[np.float64], shown: NDArray[np.float64], places: Sequence[int]) -> Iterator[int]:
    """Which unknowns can be no more than 1, as no unknown is less; only those that are 1 can be so."""
    for place in places:
        goal = np.zeros(matrix.shape[1])
        goal[place] = -1.0
        most = linprog(goal, A_eq=matrix, b_eq=shown, bounds=(1, None))
        if most.fun is not None and -most.fun < 1 + _HALF:
            yield place
