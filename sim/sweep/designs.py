"""Which points of the levers' ranges a sweep runs: every combination, or so many spread over all of them."""

import itertools
import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from scipy.stats import qmc

from sim.scenario import ScenarioError
from sim.sweep.levers import Lever, Value

MOST_POINTS = 100_000
DEFAULT_POINTS = 64

Point = Mapping[str, Value]


class Design(StrEnum):
    """How points are chosen."""

    GRID = "grid"
    """Every combination of the levers' values."""
    SOBOL = "sobol"
    """A scrambled Sobol sequence: even in every lever and every pair of levers; a power of two of points."""
    LATIN_HYPERCUBE = "lhs"
    """A Latin hypercube: each lever's range cut in as many slices as there are points, each met once."""


def points(levers: Sequence[Lever], design: Design, count: int | None, seed: int) -> tuple[Point, ...]:
    """The points of a design, each once, in its order; `count` for those that spread points, `seed` of their places.

    Whole numbers and listed values round what a design would tell apart: there may be fewer points than asked for.
    Raises `ScenarioError` where levers, design and count do not fit.
    """
    paths = [lever.path for lever in levers]
    for path in paths:
        if paths.count(path) > 1:
            raise ScenarioError(f"--vary {path}: is given twice; give it once, with all its values")
    found = _grid(levers, count) if design is Design.GRID else _spread(levers, design, count or DEFAULT_POINTS, seed)
    return tuple(dict(zip(paths, values, strict=True)) for values in dict.fromkeys(found))


def _grid(levers: Sequence[Lever], count: int | None) -> list[tuple[Value, ...]]:
    if count is not None:
        raise ScenarioError("--points: a grid runs every combination; leave it out, or choose --design sobol or lhs")
    for lever in levers:
        if lever.is_range:
            low, high = lever.values
            raise ScenarioError(f"--vary {lever.path}={low}:{high}: a grid needs a step, as {low}:{high}:STEP")
    _refuse_too_many(math.prod(len(lever.values) for lever in levers))
    return list(itertools.product(*(lever.values for lever in levers)))


def _spread(levers: Sequence[Lever], design: Design, count: int, seed: int) -> list[tuple[Value, ...]]:
    _refuse_too_many(count)
    if design is Design.SOBOL:
        if count & (count - 1):
            below = 1 << (count.bit_length() - 1)
            raise ScenarioError(
                f"--points {count}: a Sobol sequence is even for a power of two of points; {below} or {2 * below}"
            )
        places = qmc.Sobol(len(levers), rng=seed).random(count)
    else:
        places = qmc.LatinHypercube(len(levers), rng=seed).random(count)
    return [tuple(lever.at(part) for lever, part in zip(levers, row, strict=True)) for row in places.tolist()]


def _refuse_too_many(count: int) -> None:
    if not 1 <= count <= MOST_POINTS:
        raise ScenarioError(f"{count} points: must be from 1 to {MOST_POINTS}; vary fewer levers, or in larger steps")
