"""At which value of an assumed effect one scenario is as good as another: a break-even."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, Range, estimate
from sim.experiment.later import CONFIDENCE, Key
from sim.experiment.one_at_a_time import Runs
from sim.experiment.own_measures import MeasuredCell, measured, measures_of
from sim.experiment.plan import OF, Cell, Plan
from sim.experiment.planning import plan_of_files
from sim.model import Engine
from sim.scenario import ScenarioError, ScenarioFile

_RESAMPLES: Final = 2000
_Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where a scenario, as a number in it is varied, gives what another gives.

    `differences` are the scenario's measure less the other's at each of the `values`, paired by world. `at` is where
    their straight joins cross nought; None where they do not, or cross more than once (`crossings`). `error` is its 95%
    simulation error, from worlds drawn again; an end beyond all values tried is infinite.
    """

    key: Key
    path: str
    title: str
    against: str
    values: tuple[float, ...]
    differences: tuple[Estimate, ...]
    crossings: tuple[float, ...]
    error: Range | None
    years: int

    @property
    def at(self) -> float | None:
        """The break-even, where there is one and no more."""
        return self.crossings[0] if len(self.crossings) == 1 else None


def break_even(  # noqa: PLR0913  (what is compared, and how)
    base: ScenarioFile,
    scenario: ScenarioFile,
    against: ScenarioFile,
    path: str,
    values: Sequence[float],
    keys: Sequence[Key],
    *,
    settings: Mapping[str, object],
    replications: int,
    seed: int,
    processes: int = 1,
    engine: Engine | None = None,
) -> tuple[BreakEven, ...]:
    """The break-evens of two scenarios of a baseline over a number of the first, one a measure, from the same years.

    Raises `ScenarioError`.
    """
    tried = sorted(set(values))
    if len(tried) < 2:  # noqa: PLR2004  (ends)
        raise ScenarioError(f"{path}: give at least two values, between which a break-even may lie")
    each = [_at(scenario, path, value, number) for number, value in enumerate(tried)]
    plan = plan_of_files(base, [against, *each], settings, replications=replications, seed=seed)
    plan = replace(plan, draws=_without(plan, [file.scenario.name for file in each], path))
    found, draws = _differences(plan, keys, processes, engine)
    titles = scenario.scenario.title, against.scenario.title
    return tuple(
        BreakEven(
            key,
            path,
            *titles,
            tuple(tried),
            tuple(estimate(column, draws, confidence=CONFIDENCE) for column in each.T),
            crossings(tried, np.nanmean(each, axis=0)),
            _error(tried, each, seed),
            replications,
        )
        for key, each in zip(keys, found, strict=True)
    )


def _differences(
    plan: Plan, keys: Sequence[Key], processes: int, engine: Engine | None
) -> tuple[_Values, NDArray[np.int64]]:
    """Each later variant less the first, shape (measures, replications, later variants), and the draw of each."""
    found = np.full((len(keys), plan.replications, len(plan.variants) - 1), np.nan)
    draws = np.zeros(plan.replications, dtype=np.int64)
    for cell, readings in measured(plan, measures_of(keys), processes=processes, engine=engine):
        for place, key in enumerate(keys):
            other, *levels = (reading[key] for reading in readings[1:])
            found[place, cell.replication] = np.array(levels) - other
        draws[cell.replication] = cell.draw
    return found, draws


def break_evens_over_sets(
    plan: Plan, number: str, values: Sequence[float], key: Key, *, runs: Runs
) -> tuple[BreakEven, ...]:
    """Where a plan's first scenario is as good as its baseline, and as each other of its scenarios, over a number.

    In the worlds and the sets that a comparison of the plan meets, of which the number alone is moved. The number is
    the baseline's, by its path, and then held against the baseline only, for it moves the others too; or an effect that
    the first scenario assumes, `scenario:path`.
    """
    scenario, *others = plan.variants
    levels, bases, met = _moved(replace(plan, variants=(scenario,)), number, values, key, runs)
    against = [(plan.baseline.title, levels - bases)]
    if OF in number and others:
        found = _levels(replace(plan, variants=tuple(others)), key, runs)
        against += [(other.title, levels - found[:, [place]]) for place, other in enumerate(others)]
    return tuple(
        BreakEven(
            key,
            number.partition(OF)[2] or number,
            scenario.title,
            title,
            tuple(values),
            tuple(estimate(column, met, confidence=CONFIDENCE) for column in differences.T),
            crossings(values, np.nanmean(differences, axis=0)),
            _error(values, differences, plan.seed),
            plan.replications,
        )
        for title, differences in against
    )


def _moved(
    plan: Plan, number: str, values: Sequence[float], key: Key, runs: Runs
) -> tuple[_Values, _Values, NDArray[np.int64]]:
    """The scenario's level and the baseline's, each shape (worlds, values), and the set that each world met."""
    centres = plan.draws[: plan.replications]
    draws = tuple({**centre, number: value} for centre in centres for value in values)
    met = np.arange(plan.replications) % len(centres)
    cells = [
        Cell(int(met[world]) * len(values) + place, world)
        for world in range(plan.replications)
        for place in range(len(values))
    ]
    levels, bases = (np.full((plan.replications, len(values)), np.nan) for _ in range(2))
    for cell, (base, level) in _done(replace(plan, draws=draws), key, runs, cells):
        at = cell.replication, cell.draw % len(values)
        levels[at], bases[at] = level[key], base[key]
    return levels, bases, met


def _levels(plan: Plan, key: Key, runs: Runs) -> _Values:
    """Every scenario's level, shape (worlds, scenarios), without the baseline's."""
    found = np.full((plan.replications, len(plan.variants)), np.nan)
    for cell, (_, *levels) in _done(plan, key, runs, None):
        found[cell.replication] = [level[key] for level in levels]
    return found


def _done(plan: Plan, key: Key, runs: Runs, cells: Sequence[Cell] | None) -> list[MeasuredCell]:
    measures = measures_of([key])
    return measured(plan, measures, cells=cells, processes=runs.processes, engine=runs.engine, told=runs.told)


def _at(scenario: ScenarioFile, path: str, value: float, number: int) -> ScenarioFile:
    """The scenario with a number set, under a name of its own."""
    words = {"name": f"{scenario.scenario.name}-{number}", "title": f"{scenario.scenario.title}, {number}"}
    changed = scenario.scenario.changed({**words, path: value})
    return replace(
        scenario,
        path=Path(words["name"]),
        scenario=changed,
        differences={**scenario.differences, path: value},
    )


def _without(plan: Plan, names: Sequence[str], path: str) -> tuple[Mapping[str, object], ...]:
    """The sets, but for what they say of the number that is varied: it stands where it is put."""
    gone = {f"{name}{OF}{path}" for name in names}
    return tuple({key: value for key, value in each.items() if key not in gone} for each in plan.draws)


def crossings(values: Sequence[float], differences: _Values) -> tuple[float, ...]:
    """Where straight joins of the differences cross nought."""
    found = []
    for place in range(len(values) - 1):
        before, after = differences[place], differences[place + 1]
        if before == 0 or before * after < 0:
            part = 0.0 if before == 0 else before / (before - after)
            found.append(float(values[place] + part * (values[place + 1] - values[place])))
    if len(differences) and differences[-1] == 0:
        found.append(float(values[-1]))
    return tuple(found)


def _error(values: Sequence[float], found: _Values, seed: int) -> Range | None:
    """The middle 95% of break-evens of as many worlds drawn again; None of worlds too few to draw from.

    Where all differences are on one side of nought the break-even lies beyond the end they lead to.
    """
    known = found[~np.isnan(found).any(axis=1)]
    if len(known) < 4:  # noqa: PLR2004  (of fewer a simulation error says nothing)
        return None
    chance = np.random.default_rng([seed, len(known)])
    again = known[chance.integers(len(known), size=(_RESAMPLES, len(known)))].mean(axis=1)
    rises = float(np.sign(known.mean(axis=0)[-1] - known.mean(axis=0)[0])) or 1.0
    tail = (1 - CONFIDENCE) / 2
    ends = np.quantile([_one(values, row, rises) for row in again], [tail, 1 - tail], method="inverted_cdf").tolist()
    return Range(*ends)


def _one(values: Sequence[float], differences: _Values, rises: float) -> float:
    """The first crossing; where there is none, beyond the values on the side to which the differences lead."""
    places = crossings(values, differences)
    if places:
        return places[0]
    return float(-np.inf if differences[0] * rises > 0 else np.inf)
