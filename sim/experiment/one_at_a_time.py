"""What each number that nobody knows does to an answer by itself: a tornado.

Each number is set in turn to the low and the high end of what plausible sets of numbers hold, in the same worlds.
Everything else is as the baseline has it, or as one set after another has it: the answer is then an average over the
sets, as a comparison's is. What numbers do together is not in it; the range over whole sets holds that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, estimate
from sim.experiment.later import CONFIDENCE, Key
from sim.experiment.own_measures import measured, measures_of
from sim.experiment.plan import OF, Cell, Plan
from sim.model import Engine
from sim.scenario import ScenarioError, staffing_gaps

LOW, HIGH = 0.1, 0.9
MOST_SHOWN = 12
SCREENED = 1
"""Worlds in which every number is tried first unless asked otherwise, to find those that move the answer most."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one number does: its two ends, how far each moves the answer from where it is, and how far they are apart.

    `path` is the lever's, or `scenario:path` for an effect that a scenario assumes. `apart` is the answer at the high
    end less that at the low end.
    """

    path: str
    low: float
    high: float
    at_low: Estimate
    at_high: Estimate
    apart: Estimate

    @property
    def reach(self) -> float:
        """How far apart the two ends are, without sign."""
        return abs(self.apart.mean)


@dataclass(frozen=True, slots=True)
class Tornado:
    """The numbers that move an answer most, the largest first.

    `answer` is what it is with every number as the baseline has it, or over the sets. `tried` numbers were tried first
    to find them, in `screened` years (0 where there was no need), and run again in others; `left_out` have an end that
    makes no scenario by itself. `scenario` names the one whose change is the answer; None where it is the baseline's
    level. `sets` is how many sets of numbers all else was as in, one after another; 0 where it was as the baseline.
    """

    key: Key
    scenario: str | None
    title: str
    answer: Estimate
    swings: tuple[Swing, ...]
    tried: int
    left_out: tuple[str, ...]
    years: int
    sets: int = 0
    screened: int = 0


@dataclass(frozen=True)
class Runs:
    """On what years are run: how many cores, in what engine, and what hears of each that is done."""

    processes: int = 1
    engine: Engine | None = None
    told: Callable[[int], None] | None = None


@dataclass(frozen=True)
class _Trial:
    """Numbers and their two ends, in a plan of one scenario at most, about one or several sets of all the others."""

    plan: Plan
    ends: Mapping[str, tuple[float, float]]
    centres: tuple[Mapping[str, object], ...] = ({},)

    @cached_property
    def draws(self) -> tuple[Mapping[str, object], ...]:
        """Of each set of the others: as it stands, then each number at its low and its high end."""
        moved: list[dict[str, object]] = [{path: end} for path, ends in self.ends.items() for end in ends]
        return tuple({**centre, **move} for centre in self.centres for move in ({}, *moved))

    def values(self, key: Key, replications: int, seed: int, runs: Runs) -> "_Values":
        """The answer in every world, shape (arms, replications)."""
        plan = replace(self.plan, draws=self.draws, replications=replications, seed=seed)
        arms, measures = len(self.draws) // len(self.centres), measures_of([key])
        cells = [
            Cell(world % len(self.centres) * arms + arm, world) for world in range(replications) for arm in range(arms)
        ]
        found = np.full((arms, replications), np.nan)
        done = measured(plan, measures, cells=cells, processes=runs.processes, engine=runs.engine, told=runs.told)
        for cell, (base, *others) in done:
            found[cell.draw % arms, cell.replication] = others[0][key] - base[key] if others else base[key]
        return found


_Values = NDArray[np.float64]


def tornado(  # noqa: PLR0913  (what is moved, about what, and how)
    plan: Plan,
    key: Key,
    *,
    numbers: Sequence[str] | None = None,
    most: int = MOST_SHOWN,
    screened: int = SCREENED,
    is_over_sets: bool = False,
    confidence: float = CONFIDENCE,
    runs: Runs = Runs(),
) -> Tornado:
    """The tornado of a measure of a plan: of the change that its one scenario makes, or of the baseline's level.

    `numbers` are those to try, by their paths, beside what the scenario itself assumes; all that differ between the
    plan's sets unless given. Where they are more than `most`, all are tried in `screened` worlds first, and those that
    move the answer most run in others, after what the scenario assumes. With `is_over_sets` all other numbers are as in
    the set that each world meets in a comparison, and the answer is a comparison's. Raise `ScenarioError` where the
    plan has several scenarios, or no number differs.
    """
    if len(plan.variants) > 1:
        raise ScenarioError("a tornado is of one scenario's change; name one")
    centres = tuple(plan.draws[: plan.replications]) if is_over_sets else ({},)
    ends = _ends(plan, numbers)
    kept = {path: pair for path, pair in ends.items() if is_possible(plan, path, pair, ({},))}
    order = list(kept) if len(kept) <= most else _widest(plan, kept, key, screened, runs)
    chosen = _first_possible(plan, {path: kept[path] for path in order}, most, centres)
    if not chosen:
        raise ScenarioError("no number differs between sets of plausible numbers: there is nothing to vary")
    values = _Trial(plan, chosen, centres).values(key, plan.replications, plan.seed, runs)
    met = np.arange(plan.replications) % len(centres)
    reached = order if len(chosen) < most else order[: order.index(list(chosen)[-1])]
    return Tornado(
        key,
        *_whose(plan),
        answer=estimate(values[0], met, confidence=CONFIDENCE),
        swings=tuple(sorted(_swings(values, chosen, met, confidence), key=lambda swing: -swing.reach)),
        tried=len(kept),
        left_out=tuple(sorted((ends.keys() - kept.keys()) | (set(reached) - chosen.keys()))),
        years=plan.replications,
        sets=len(centres) if is_over_sets else 0,
        screened=screened if len(kept) > most else 0,
    )


def _whose(plan: Plan) -> tuple[str | None, str]:
    """The name of the scenario whose change is the answer, and its title, or the baseline's."""
    scenario = plan.variants[0] if plan.variants else None
    return (None, plan.baseline.title) if scenario is None else (scenario.name, scenario.title)


def _ends(plan: Plan, numbers: Sequence[str] | None) -> dict[str, tuple[float, float]]:
    """The low and high end of every number that differs between sets, whole where all of them are."""
    names = [variant.name for variant in plan.variants]
    paths = [path for path in plan.draws[0] if OF not in path or path.partition(OF)[0] in names]
    for path in numbers or ():
        if path not in paths:
            raise ScenarioError(f"{path}: is not a number that sets of plausible numbers vary")
    found = {}
    for path in paths if numbers is None else dict.fromkeys([*numbers, *(path for path in paths if OF in path)]):
        values = [each[path] for each in plan.draws]
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            low, high = np.quantile(np.array(values, dtype=np.float64), [LOW, HIGH]).tolist()
            is_whole = all(isinstance(value, int) for value in values)
            pair = (round(low), round(high)) if is_whole else (low, high)
            if pair[0] < pair[1]:
                found[path] = pair
    return found


def _first_possible(
    plan: Plan, ends: Mapping[str, tuple[float, float]], most: int, centres: Sequence[Mapping[str, object]]
) -> dict[str, tuple[float, float]]:
    """The first `most` that can stand at either end in every set of the others."""
    found: dict[str, tuple[float, float]] = {}
    for path, pair in ends.items():
        if len(found) < most and (centres == ({},) or is_possible(plan, path, pair, centres)):
            found[path] = pair
    return found


def is_possible(plan: Plan, path: str, values: Sequence[float], centres: Sequence[Mapping[str, object]]) -> bool:
    """Whether a number can have each of some values while all others stay, in every set of them."""
    try:
        for centre in centres:
            for value in values:
                scenarios = replace(plan, draws=({**centre, path: value},), replications=1).scenarios(0)
                if any(list(staffing_gaps(scenario)) for scenario in scenarios):
                    return False
    except ScenarioError:
        return False
    return True


def _widest(plan: Plan, ends: Mapping[str, tuple[float, float]], key: Key, years: int, runs: Runs) -> list[str]:
    """All numbers: what the scenario assumes, then the one that moved the answer most in so many years, and so on."""
    values = _Trial(plan, ends).values(key, years, plan.seed + 1, runs)
    apart = np.nan_to_num(np.abs(values[2::2].mean(axis=1) - values[1::2].mean(axis=1)))
    paths = [list(ends)[place] for place in np.argsort(-apart, kind="stable").tolist()]
    return sorted(paths, key=lambda path: OF not in path)


def _swings(
    values: _Values, ends: Mapping[str, tuple[float, float]], met: NDArray[np.int64], confidence: float
) -> Iterator[Swing]:
    for place, (path, (low, high)) in enumerate(ends.items()):
        at_low, at_high = values[1 + 2 * place], values[2 + 2 * place]
        moved = (at_low - values[0], at_high - values[0], at_high - at_low)
        yield Swing(path, low, high, *(estimate(each, met, confidence=confidence) for each in moved))
