"""Running a world, compiled."""

import numpy as np
from numba.extending import register_jitable

from sim.events import EventLog
from sim.model.compiled.decisions import AS_THEY_STAND
from sim.model.compiled.engine import run_all
from sim.model.compiled.layout import LOG_COLUMNS, Prepared, Rows
from sim.model.compiled.pack import room_for_world, state_of
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.spare import give_back, memory_of_log
from sim.model.tables import log_of, window
from sim.scenario import Scenario
from sim.world import World

for _decision in AS_THEY_STAND:
    register_jitable(_decision)


def run_compiled(scenario: Scenario, world: World, *, baseline: Scenario | None = None) -> EventLog:
    """The event log of a scenario in a world: event for event that of `sim.model.run`."""
    baseline = baseline or scenario
    room = room_for_world(world)
    while True:
        state = state_of(scenario, baseline, world, room)
        watched = run_all(state.m, state.w, *window(scenario))
        is_whole = not state.m[H.overflow]
        found = (_events(state), _contacts(state)) if is_whole else None
        give_back(state.m)
        if found is not None:
            return log_of(scenario, world, watched, *found)
        room = room.twice()


def _events(state: Prepared) -> Rows:
    """A copy, so that the memory of the run need not be kept for it; each column in one piece, as it is read."""
    first, rows = state.m[H.log], state.m[H.log_rows]
    columns = state.m[first : first + LOG_COLUMNS * rows].reshape(LOG_COLUMNS, rows)
    written = columns[:, : state.m[H.next_event] - first]
    found = memory_of_log(written.size).reshape(written.shape)
    found[:] = written
    return found.T


def _contacts(state: Prepared) -> Rows:
    """The contacts that were received, in their order, as the log's table of contacts."""
    cases = state.m[state.m[H.cases] : state.m[H.next_case]].reshape(-1, C.size)
    rows = cases[:, C.contact]
    drawn = (K.identity, K.source, K.domestic_abuse, K.children, K.need, K.parent, K.open_case)
    of = dict(zip(drawn, state.w[rows + np.array(drawn)[:, None]], strict=True))
    return np.stack(
        [
            of[K.identity],
            cases[:, C.received_at],
            *(of[field] for field in (K.source, K.domestic_abuse, K.children, K.need, K.parent)),
            cases[:, C.is_return],
            of[K.open_case],
        ],
        axis=1,
    )
