"""A simulated year small enough for tests."""

from functools import cache

from sim.events import EventLog
from sim.experiment import simulate
from sim.history.writing.extract import Origin
from sim.scenario import load
from tests.history.cutting import last_day
from tests.worlds import PRIOR

SALT = b"invented, for tests only"

SMALL = {
    "demand.family_contacts_per_year": 600,
    "calendar.warm_up_days": 60,
    "calendar.follow_up_days": 30,
}


@cache
def a_simulated_year(seed: int = 7, times: float = 1.0) -> EventLog:
    """A year of some 600 contacts, or so many times as many."""
    scenario = load(PRIOR).changed({**SMALL, "demand.multiplier": times})
    return simulate(scenario, seed=seed, replication=0)


def an_origin(year: EventLog) -> Origin:
    """What its README says that an extract was made from."""
    return Origin("small", "A small county", 7, last_day(year))
