"""Measures of one's own over a plan: the same worlds, read for what the list of measures does not hold."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from sim.experiment.inheriting import inherit
from sim.experiment.later import Key
from sim.experiment.plan import Cell, Plan
from sim.experiment.pools import each_done, engine_for
from sim.experiment.runs import simulate
from sim.measures import MEASURES, Measure, Readings, measure
from sim.model import Engine
from sim.scenario import ScenarioError


class MeasuredCell(NamedTuple):
    """One world: what was measured of every scenario, the baseline's first."""

    cell: Cell
    readings: tuple[Readings, ...]


def measured(
    plan: Plan,
    measures: Sequence[Measure],
    *,
    cells: Iterable[Cell] | None = None,
    processes: int = 1,
    engine: Engine | None = None,
    told: Callable[[int], None] | None = None,
) -> list[MeasuredCell]:
    """Every scenario of a plan in every world, by measures of one's own, in the order of replications.

    The worlds are the plan's unless `cells` names others. `told` hears of every year of a scenario that is done. What a
    measure calls must be found by other processes by its name where there are several: a lambda is not.
    """
    work = partial(_measured, plan, tuple(measures), engine_for(engine, processes=processes))
    found = []
    for each in each_done(work, plan.cells() if cells is None else cells, processes=processes):
        found.append(each)
        if told is not None:
            told(len(each.readings))
    return sorted(found, key=lambda each: (each.cell.replication, each.cell.draw))


def measures_of(keys: Sequence[Key]) -> tuple[Measure, ...]:
    """The measures of the list that some keys name; raises `ScenarioError` for what is not measured."""
    known = {(each.id, group.id) for each in MEASURES for group in each.groups}
    for key in keys:
        if key not in known:
            raise ScenarioError(f"{key[0]}: is not a measure, or not measured for {key[1]}")
    names = {name for name, _ in keys}
    return tuple(each for each in MEASURES if each.id in names)


def _measured(plan: Plan, measures: tuple[Measure, ...], engine: Engine | None, cell: Cell) -> MeasuredCell:
    base, *others = plan.scenarios(cell.draw)
    start = None if plan.opening is None else inherit(plan.opening, base, plan.seed, cell.replication, engine)
    logs = (
        simulate(each, seed=plan.seed, replication=cell.replication, baseline=base, start=start, engine=engine)
        for each in (base, *others)
    )
    return MeasuredCell(cell, tuple(measure(log, measures) for log in logs))
