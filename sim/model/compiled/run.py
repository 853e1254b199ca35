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
from sim.model.tables import people_rows
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world import World

for _decision in AS_THEY_STAND:
    register_jitable(_decision)


def run_compiled(scenario: Scenario, world: World, *, baseline: Scenario | None = None) -> EventLog:
    """The event log of a scenario in a world: event for event that of `sim.model.run`."""
    baseline = baseline or scenario
    start = scenario.calendar.warm_up_days * MINUTES_PER_DAY
    end = start + scenario.calendar.horizon_days * MINUTES_PER_DAY
    room = room_for_world(world)
    while True:
        state = state_of(scenario, baseline, world, room)
        watched = run_all(state.m, state.w, start, end)
        if not state.m[H.overflow]:
            return _log(state, scenario, world, (start, end, watched))
        room = room.twice()


def _log(state: Prepared, scenario: Scenario, world: World, window: tuple[int, int, int]) -> EventLog:
    start, end, watched = window
    return EventLog(
        events=state.m[state.m[H.log] : state.m[H.next_event]].reshape(-1, LOG_COLUMNS).copy(),
        contacts=_contacts(state),
        people=people_rows(world, start, end),
        first_day=world.span.first_day,
        office_opens_minute=scenario.calendar.office_opens_minute,
        office_closes_minute=scenario.calendar.office_closes_minute,
        window_start=start,
        window_end=end,
        watched_until=watched,
    )


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
