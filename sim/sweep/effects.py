"""How much of what a measure varies over a grid's points each lever accounts for by itself (first-order Sobol shares).

In a grid every value of a lever meets every combination of the others equally often. So what varies over the points
splits without a model into what each lever does by itself, and the rest: levers that act together. Chance in the runs
would be taken for both; it is told from them by how the runs, which met the same worlds, disagree.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.experiment.estimates import Range
from sim.experiment.later import CONFIDENCE, Key
from sim.sweep.designs import Point
from sim.sweep.running import Place, Sweep
from sim.sweep.store import RunKey, Store, column

FEWEST_RUNS: Final = 10
"""With fewer the disagreement of runs is itself too little known for a range that holds."""
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the variance over a grid's points, from 0 to 1, with its 95% simulation error.

    Of the lever with this `path`; of levers together where there is none.
    """

    path: str | None
    share: float
    error: Range


def shares(sweep: Sweep, store: Store, keys: Mapping[Place, RunKey], key: Key) -> tuple[Share, ...]:
    """The shares of a measure's variance that each lever accounts for, in their order, and last of levers together.

    Nothing where they are not to be had: points that are no full grid of two levers or more, fewer than `FEWEST_RUNS`
    runs, a measure that some run does not know, or points that the runs cannot tell apart. Raises `StoreError`.
    """
    if not _is_grid(sweep.points):
        return ()
    runs = store.runs([each.id for each in keys.values()])
    values = runs[column(key)].to_numpy().reshape(-1, len(sweep.points) + 1)[:, 1:]
    paths = [lever.path for lever in sweep.levers if len({point[lever.path] for point in sweep.points}) > 1]
    return split(values, [[point[path] for point in sweep.points] for path in paths], paths)


def _is_grid(points: Sequence[Point]) -> bool:
    """Whether the points are every combination of two levers or more."""
    numbers = [len({point[path] for point in points}) for path in points[0]]
    return sum(number > 1 for number in numbers) > 1 and math.prod(numbers) == len(points)


def split(values: _Floats, levers: Sequence[Sequence[object]], paths: Sequence[str]) -> tuple[Share, ...]:
    """The shares from a measure's values, shape (runs, points), and from each lever's value at every point."""
    count = len(values)
    if count < FEWEST_RUNS or np.isnan(values).any():
        return ()
    centred = values - values.mean(axis=1, keepdims=True)
    parts = [centred, *(_averages(centred, lever) for lever in levers)]
    variances = np.array([_variance(part) for part in parts])
    without = np.array([[_variance(np.delete(part, run, axis=0)) for part in parts] for run in range(count)])
    if variances[0] <= _reach(count) * _jackknife(without[:, 0]):
        return ()
    found, each = _with_rest(variances), np.apply_along_axis(_with_rest, 1, without)
    return tuple(
        Share(path, float(np.clip(share, 0, 1)), _range(share, _reach(count) * _jackknife(each[:, number])))
        for number, (path, share) in enumerate(zip((*paths, None), found, strict=True))
    )


def _averages(centred: _Floats, lever: Sequence[object]) -> _Floats:
    """Each run's average at each value of a lever, over all that the others may be; shape (runs, values)."""
    return np.stack(
        [centred[:, [other == value for other in lever]].mean(axis=1) for value in dict.fromkeys(lever)], axis=1
    )


def _variance(part: _Floats) -> float:
    """The variance of the true averages, whose estimates from so many runs vary by chance besides."""
    return float(np.mean(part.mean(axis=0) ** 2 - part.var(axis=0, ddof=1) / len(part)))


def _with_rest(variances: _Floats) -> _Floats:
    """Shares of the whole, which comes first; at the end what is left of it."""
    found = variances[1:] / variances[0]
    return np.append(found, 1 - found.sum())


def _jackknife(without: _Floats) -> float:
    """The standard error of what was reckoned without each run in turn."""
    count = len(without)
    return float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))


def _reach(count: int) -> float:
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1))


def _range(share: float, half: float) -> Range:
    # Outwards to whole per cent: of a share near nought the range by itself is a little too narrow.
    low, high = np.clip([np.floor(100 * (share - half)) / 100, np.ceil(100 * (share + half)) / 100], 0, 1)
    return Range(float(low), float(high))
