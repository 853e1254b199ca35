"""Running a world: the model of record."""

import numpy as np
import simpy

from sim.events import EventLog
from sim.model.front_door import FrontDoor
from sim.model.resuming import Resuming
from sim.model.service import Service
from sim.model.tables import log_of, window
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world import Contact, World


def run_in_simpy(scenario: Scenario, world: World, *, baseline: Scenario | None = None) -> EventLog:
    """The event log of a scenario in a world, as `sim.model.run` has it."""
    baseline = baseline or scenario
    env = simpy.Environment(world.begins)
    service = Service(env, scenario, baseline, world)
    front_door = FrontDoor(service)
    Resuming(service, front_door).begin()
    env.process(front_door.open())
    start, end = window(scenario)
    watched = end
    env.run(until=watched)
    while watched < world.span.end and service.is_anyone_waiting(start, end):
        watched += MINUTES_PER_DAY
        env.run(until=watched)
    return log_of(scenario, world, watched, service.recorder.events(), _contacts(front_door.received))


def _contacts(received: list[tuple[Contact, int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    rows = [
        (c.id, at, c.source, c.domestic_abuse, c.children, c.need, c.parent, is_return, c.open_case)
        for c, at, is_return in received
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 9)
