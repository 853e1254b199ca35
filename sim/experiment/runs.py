"""Running a plan: one cell at a time, on every core, in any order with the same result."""

import gc
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.events import EventLog
from sim.experiment.cluster_workers import ClusterError
from sim.experiment.inheriting import Inheritance, inherit
from sim.experiment.plan import Cell, Plan
from sim.experiment.pools import each_done, engine_for
from sim.measures import (
    SEEN_MEASURES,
    Cohort,
    LogIndex,
    OpenWork,
    Readings,
    StageTable,
    cohort,
    measure,
    open_work,
    stages,
)
from sim.measures.inherited import inherited
from sim.measures.measure import GROUPS
from sim.model import Engine, engine_of, hasten_chance, run
from sim.model.garbage import left_lying
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world import World, draw

STAGE_GROUPS = ("all", "not_immediate")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What is kept of one scenario's run in one cell.

    `later` holds, by day of the year, the measures of days to seen of the children whose contact came from that day on.
    `inherited` is empty where it started from no open work; of what it started from, `unlike` says how many recorded
    families no simulated one was quite like, and `borrowed` how many simulated ones stand for those the record does not
    tell. `engine` is the one that ran it.
    """

    readings: Readings
    cohort: Cohort
    open_work: OpenWork
    stages: dict[str, StageTable]
    log_hash: str
    later: dict[int, Readings]
    inherited: dict[str, float] = field(default_factory=dict)
    engine: Engine = "simpy"
    unlike: int = 0
    borrowed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class CellResult:
    """Every scenario's reading in one cell, the baseline's first; `unlike` and `borrowed` are those of its start."""

    cell: Cell
    readings: tuple[Reading, ...]

    @property
    def unlike(self) -> int:
        """How many recorded families of the open work no simulated one was quite like."""
        return self.readings[0].unlike

    @property
    def borrowed(self) -> int:
        """How many simulated families stand for those that the record does not tell."""
        return self.readings[0].borrowed


def run_cell(plan: Plan, cell: Cell, engine: Engine | None = None) -> CellResult:
    """Run every scenario of a plan in one cell, in an engine as `sim.run` takes it."""
    with left_lying():
        work = None
        if plan.opening is not None:
            work = inherit(plan.opening, plan.scenarios(cell.draw)[0], plan.seed, cell.replication, engine)
        readings = run_readings(plan, cell, range(len(plan.variants) + 1), engine, work)
    return CellResult(cell, tuple(readings))


def run_readings(
    plan: Plan, cell: Cell, numbers: Iterable[int], engine: Engine | None = None, work: Inheritance | None = None
) -> list[Reading]:
    """Run some scenarios of a plan in one cell, by their numbers, the baseline's being nought."""
    days = [start.later for start in plan.starts]
    with left_lying():
        scenarios = plan.scenarios(cell.draw)
        # All are read for whatever contacts one is: those that start at different times are then read for the same.
        return [
            run_once(scenarios[number], scenarios[0], plan.seed, cell.replication, work, later=days, engine=engine)
            for number in numbers
        ]


def run_once(
    scenario: Scenario,
    baseline: Scenario,
    seed: int,
    replication: int,
    start: Inheritance | None = None,
    *,
    later: Sequence[int | None] = (),
    engine: Engine | None = None,
) -> Reading:
    """Draw, run and read one scenario, also for contacts from later days of the year on."""
    hasten_chance(engine)
    with left_lying():
        world = _drawn(scenario, seed, replication, baseline, start)
        ran_in = engine_of(world, engine)
        log = run(scenario, world, baseline=baseline, engine=ran_in)
    if ran_in == "simpy":
        gc.collect(0)  # its stories and what they wait for hold one another; the twin leaves nothing of the kind
    index = LogIndex(log)
    groups = [group for group in GROUPS if group.id in STAGE_GROUPS]
    return Reading(
        readings=dict(measure(index)),
        cohort=cohort(index),
        open_work=open_work(index),
        stages={group.id: stages(index, group) for group in groups},
        log_hash=log_hash(log),
        later={day: received_from(index, day) for day in dict.fromkeys(later) if day is not None},
        inherited=inherited(index) if start is not None else {},
        engine=ran_in,
        unlike=0 if start is None else start.unlike,
        borrowed=0 if start is None else start.borrowed,
    )


def received_from(index: LogIndex, day: int) -> Readings:
    """The measures of days to seen of the children whose contact was received from a day of the year on."""
    return measure(index.from_minute(index.log.window_start + day * MINUTES_PER_DAY), SEEN_MEASURES)


def simulate(
    scenario: Scenario,
    *,
    seed: int,
    replication: int,
    baseline: Scenario | None = None,
    start: Inheritance | None = None,
    engine: Engine | None = None,
) -> EventLog:
    """The event log of one replication of a scenario, begun with open work where there is a `start`."""
    hasten_chance(engine)
    return run(scenario, _drawn(scenario, seed, replication, baseline, start), baseline=baseline, engine=engine)


def _drawn(
    scenario: Scenario, seed: int, replication: int, baseline: Scenario | None, start: Inheritance | None
) -> World:
    if start is None:
        return draw(scenario, seed=seed, replication=replication, baseline=baseline)
    days = scenario.calendar.warm_up_days
    world = draw(scenario, seed=seed, replication=replication, baseline=baseline, begins_day=days)
    return replace(world, inherited=start.inherited)


def log_hash(log: EventLog) -> str:
    """SHA-256 of everything that happened, column by column."""
    digest = hashlib.sha256()
    tables: Sequence[NDArray[np.int64]] = (log.events, log.contacts, log.people)
    for table in tables:
        digest.update(np.ascontiguousarray(table.T, dtype="<i8").data)
    return digest.hexdigest()


def run_plan(
    plan: Plan, *, processes: int, engine: Engine | None = None, scheduler: str | None = None
) -> Iterator[CellResult]:
    """Every cell's result, as each is done. Nothing in it depends on `processes`, on the order or on the engine.

    Only which engine ran it is told. Before there are several processes the engine is made ready for them. With a
    `scheduler` the workers of its cluster run it, each with the engine that it has where that is "auto"; real open work
    never goes there. Raises `ClusterError`.
    """
    if scheduler is not None and plan.opening is not None:
        raise ClusterError("--scheduler: the open work of real children stays on this machine; leave it out")
    ready = engine_for(engine, processes=processes, scheduler=scheduler)
    yield from each_done(partial(run_cell, plan, engine=ready), plan.cells(), processes=processes, scheduler=scheduler)
