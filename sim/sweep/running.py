"""A sweep: points of some levers' ranges, each a scenario of one baseline, run in the same worlds and stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from sim.experiment.plan import Cell, Plan
from sim.experiment.pools import each_done, engine_for
from sim.experiment.runs import log_hash, simulate
from sim.measures import Readings, measure
from sim.model import Engine
from sim.provenance.model import model_hash
from sim.scenario import Scenario, ScenarioError, flatten, staffing_gaps
from sim.sweep.designs import Point
from sim.sweep.levers import Lever
from sim.sweep.parts import Kept
from sim.sweep.store import Run, RunKey, Store

AT_ONCE: Final = 16
"""Points run one after the other in a world whose contacts are drawn once; a longer turn would leave a core idle."""


class Place(NamedTuple):
    """A run of a sweep: the world, and the point's number; 0 is the baseline, which every point is compared with."""

    cell: Cell
    number: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """A plan of one baseline, and the points at which it is changed, as a scenario of a comparison changes it.

    Every point meets the same draws and replications. Until the levers start everything is the baseline's. Raises
    `ScenarioError` where a point cannot be: work that nobody is left to do, or a value that the rest does not allow.
    """

    plan: Plan
    levers: tuple[Lever, ...]
    points: tuple[Point, ...]
    model: str = field(default_factory=model_hash)

    def __post_init__(self) -> None:
        for number in range(1, len(self.points) + 1):
            for gap in staffing_gaps(self.scenario(0, number)):
                raise ScenarioError(f"--vary, {self.named(number)}: {gap}")

    def named(self, number: int) -> str:
        """A point in words."""
        return (
            ", ".join(f"{path} = {value}" for path, value in self.points[number - 1].items()) if number else "baseline"
        )

    def baseline_levers(self) -> dict[str, object]:
        """What the levers are in the baseline."""
        found = dict(flatten(self.plan.baseline.model_dump(mode="json")))
        return {lever.path: found[lever.path] for lever in self.levers}

    def baseline(self, draw: int) -> Scenario:
        """The baseline under a draw."""
        return self.plan.scenarios(draw)[0]

    def scenario(self, draw: int, number: int) -> Scenario:
        """A point under a draw, whose numbers for the same levers give way."""
        return self.changed(self.baseline(draw), number)

    def changed(self, baseline: Scenario, number: int) -> Scenario:
        """A point of a baseline."""
        try:
            return baseline.changed(self.points[number - 1]) if number else baseline
        except ScenarioError as error:
            raise ScenarioError(f"--vary, {self.named(number)}: {error}") from None

    def keys(self) -> dict[Place, RunKey]:
        """Every run, by world and point, in their order."""
        cells = list(self.plan.cells())
        hashes: dict[int, tuple[str, list[str]]] = {}
        for draw in {cell.draw for cell in cells}:
            baseline = self.baseline(draw)
            numbers = range(len(self.points) + 1)
            hashes[draw] = baseline.content_hash, [self.changed(baseline, n).content_hash for n in numbers]
        return {
            Place(cell, number): RunKey(self.model, hashes[cell.draw][0], point, self.plan.seed, cell.replication)
            for cell in cells
            for number, point in enumerate(hashes[cell.draw][1])
        }


def run_sweep(
    sweep: Sweep,
    store: Store,
    *,
    processes: int,
    engine: Engine | None = None,
    scheduler: str | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> dict[Place, RunKey]:
    """Run whatever of a sweep is not in a store yet, and store it; gives the keys of all its runs.

    Stopped, or failing, it stores what has been done first. `told` gets the number of runs just done, those that were
    stored before among them. With a `scheduler` its cluster runs them, and this process alone writes. Raises
    `StoreError`, and `ClusterError` for a cluster.
    """
    keys = sweep.keys()
    stored = store.ids()
    # A point may be the baseline itself, and is then run once.
    first = {key.id: place for place, key in reversed(keys.items())}
    missing = [place for place, key in keys.items() if key.id not in stored and first[key.id] == place]
    told(len(keys) - len(missing))
    if not missing:
        return keys
    store.refuse_unwritable()
    work = partial(_run, sweep, engine=engine_for(engine, processes=processes, scheduler=scheduler))
    with Kept(store.add) as kept:
        for runs in each_done(work, _turns(missing), processes=processes, scheduler=scheduler):
            kept.take([Run(keys[place], place.cell.draw, found, readings) for place, found, readings in runs])
            told(len(runs))
    return keys


def _turns(places: Sequence[Place]) -> Iterator[tuple[Place, ...]]:
    """Some points of one world at a time."""
    turn: list[Place] = []
    for place in places:
        if turn and (len(turn) == AT_ONCE or place.cell != turn[0].cell):
            yield tuple(turn)
            turn = []
        turn.append(place)
    if turn:
        yield tuple(turn)


def _run(sweep: Sweep, turn: Sequence[Place], engine: Engine | None) -> list[tuple[Place, str, Readings]]:
    """The hash of each place's log, and what was measured."""
    baseline = sweep.baseline(turn[0].cell.draw)
    found: list[tuple[Place, str, Readings]] = []
    for place in turn:
        scenario = sweep.changed(baseline, place.number)
        seed, replication = sweep.plan.seed, place.cell.replication
        log = simulate(scenario, seed=seed, replication=replication, baseline=baseline, engine=engine)
        found.append((place, log_hash(log), dict(measure(log))))
    return found
