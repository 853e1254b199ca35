"""What either engine writes of a run in the same way."""

import numpy as np

from sim.events import Column, EventLog
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world import World


def window(scenario: Scenario) -> tuple[int, int]:
    """The reporting window: its first minute, and the minute after its last."""
    start = scenario.calendar.warm_up_days * MINUTES_PER_DAY
    return start, start + scenario.calendar.horizon_days * MINUTES_PER_DAY


def log_of(scenario: Scenario, world: World, watched: int, events: Column, contacts: Column) -> EventLog:
    """The log of a run that was watched until a minute, with its events and contacts."""
    start, end = window(scenario)
    return EventLog(
        events=events,
        contacts=contacts,
        people=_people_rows(world, start, end),
        first_day=world.span.first_day,
        office_opens_minute=scenario.calendar.office_opens_minute,
        office_closes_minute=scenario.calendar.office_closes_minute,
        window_start=start,
        window_end=end,
        watched_until=watched,
    )


def _people_rows(world: World, start: int, end: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Everybody who works during a run, as the log's table of people."""
    rows = [
        (p.id, p.role, p.team_after, p.starts, p.leaves, p.guide_after, p.calendar.open_minutes(start, end))
        for p in world.people
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 7)
