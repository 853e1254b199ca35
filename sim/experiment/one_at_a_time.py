"""What each number that nobody knows does to an answer by itself: a tornado.

Each number is set in turn to the low and the high end of what plausible sets of numbers hold, everything else as the
baseline has it, in the same worlds. What numbers do together is not in it; the range over whole sets holds that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, estimate
from sim.experiment.later import CONFIDENCE, Key
from sim.experiment.own_measures import measured, measures_of
from sim.experiment.plan import OF, Plan
from sim.model import Engine
from sim.scenario import ScenarioError, staffing_gaps

LOW, HIGH = 0.1, 0.9
MOST_SHOWN = 12
_SCREENED = 1
"""Worlds in which every number is tried first, to find those that move the answer most."""


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

    `answer` is what it is with every number as the baseline has it. `tried` numbers were tried once to find them, and
    run again in other worlds; `left_out` have an end that makes no scenario by itself. `scenario` names the one whose
    change is the answer; None where it is the baseline's level.
    """

    key: Key
    scenario: str | None
    title: str
    answer: Estimate
    swings: tuple[Swing, ...]
    tried: int
    left_out: tuple[str, ...]
    years: int


@dataclass(frozen=True)
class _Trial:
    """Numbers and their two ends, in a plan of one scenario at most."""

    plan: Plan
    ends: Mapping[str, tuple[float, float]]

    @cached_property
    def draws(self) -> tuple[dict[str, object], ...]:
        """The baseline as it stands, then each number at its low and its high end."""
        moved: list[dict[str, object]] = [{path: end} for path, ends in self.ends.items() for end in ends]
        return ({}, *moved)

    def values(self, key: Key, replications: int, seed: int, processes: int, engine: Engine | None) -> "_Values":
        """The answer in every world, shape (draws, replications)."""
        plan = replace(self.plan, draws=self.draws, replications=replications, seed=seed, is_crossed=True)
        found = np.full((len(self.draws), replications), np.nan)
        for cell, (base, *others) in measured(plan, measures_of([key]), processes=processes, engine=engine):
            found[cell.draw, cell.replication] = others[0][key] - base[key] if others else base[key]
        return found


_Values = NDArray[np.float64]


def tornado(
    plan: Plan,
    key: Key,
    *,
    numbers: Sequence[str] | None = None,
    most: int = MOST_SHOWN,
    processes: int = 1,
    engine: Engine | None = None,
) -> Tornado:
    """The tornado of a measure of a plan: of the change that its one scenario makes, or of the baseline's level.

    `numbers` are those to try, by their paths, beside what the scenario itself assumes; all that differ between the
    plan's sets unless given. Where they are more than `most`, all are tried in one world first, and those that move the
    answer most run in others. Raise `ScenarioError` where the plan has several scenarios, or no number differs.
    """
    if len(plan.variants) > 1:
        raise ScenarioError("a tornado is of one scenario's change; name one")
    ends = _ends(plan, numbers)
    kept = {path: pair for path, pair in ends.items() if all(_is_possible(plan, path, end) for end in pair)}
    if not kept:
        raise ScenarioError("no number differs between sets of plausible numbers: there is nothing to vary")
    trial = _Trial(plan, kept)
    if len(kept) > most:
        first = trial.values(key, _SCREENED, plan.seed + 1, processes, engine)
        trial = _Trial(plan, {path: kept[path] for path in _widest(first, list(kept), most)})
    values = trial.values(key, plan.replications, plan.seed, processes, engine)
    swings = sorted(_swings(values, trial.ends), key=lambda swing: -swing.reach)
    scenario = plan.variants[0] if plan.variants else None
    return Tornado(
        key,
        scenario.name if scenario else None,
        scenario.title if scenario else plan.baseline.title,
        _estimate(values[0]),
        tuple(swings),
        len(kept),
        tuple(sorted(ends.keys() - kept.keys())),
        plan.replications,
    )


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


def _is_possible(plan: Plan, path: str, end: float) -> bool:
    """Whether a number can stand at an end while all others stay."""
    try:
        scenarios = replace(plan, draws=({path: end},), replications=1).scenarios(0)
    except ScenarioError:
        return False
    return not any(list(staffing_gaps(scenario)) for scenario in scenarios)


def _widest(values: _Values, paths: Sequence[str], most: int) -> list[str]:
    apart = np.nan_to_num(np.abs(values[2::2].mean(axis=1) - values[1::2].mean(axis=1)))
    return [paths[place] for place in np.argsort(-apart, kind="stable")[:most].tolist()]


def _swings(values: _Values, ends: Mapping[str, tuple[float, float]]) -> Iterator[Swing]:
    for place, (path, (low, high)) in enumerate(ends.items()):
        at_low, at_high = values[1 + 2 * place], values[2 + 2 * place]
        yield Swing(
            path,
            low,
            high,
            _estimate(at_low - values[0]),
            _estimate(at_high - values[0]),
            _estimate(at_high - at_low),
        )


def _estimate(values: _Values) -> Estimate:
    """An average over worlds of one set of numbers."""
    return estimate(values, np.zeros(len(values), dtype=np.int64), confidence=CONFIDENCE)
