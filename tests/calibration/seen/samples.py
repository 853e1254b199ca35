"""Samples whose law is known, and simulated logs cut to dates."""

from dataclasses import replace
from functools import cache

import numpy as np

from sim.calibration.seen.likelihood import Spells
from sim.distributions import Distribution
from sim.events import EventLog
from sim.experiment import simulate
from sim.scenario import Scenario, load
from sim.working_time import MINUTES_PER_DAY
from tests.worlds import PRIOR

DAY = MINUTES_PER_DAY
OPENS, CLOSES = 9 / 24, 17 / 24


def county(years: int = 1, **changes: object) -> Scenario:
    """A smaller county, watched for so many years; `__` in a name stands for the dot of a path."""
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    small = {
        "demand.family_contacts_per_year": 2400,
        "calendar.warm_up_days": 60,
        "calendar.horizon_days": 365 * years,
        "calendar.follow_up_days": 1,
    }
    return load(PRIOR).changed({**small, **paths})


@cache
def a_record(years: int = 2, seed: int = 3) -> EventLog:
    """A smaller county's log, as a record of dates."""
    return to_dates(simulate(county(years), seed=seed, replication=0))


def to_dates(log: EventLog) -> EventLog:
    """Every stamp cut to its date, and nothing known after the window."""
    events, contacts = log.events[log.events[:, 0] < log.window_end], log.contacts[log.contacts[:, 1] < log.window_end]
    events, contacts = events.copy(), contacts.copy()
    events[:, 0] -= events[:, 0] % DAY
    contacts[:, 1] -= contacts[:, 1] % DAY
    return replace(log, events=events, contacts=contacts, dates_at_midnight=True, watched_until=log.window_end - 1)


def dated(law: Distribution, n: int, watched: float, chance: np.random.Generator) -> Spells:
    """Spells of a law begun in office hours, known to the date, each watched for up to so many days."""
    column = np.ones(n)
    until = np.ceil(chance.uniform(1, watched, n))
    blank = Spells(column * OPENS, column * CLOSES, column, column, until, column > 0, np.zeros(n, dtype=np.int64))
    return blank.again(np.asarray(law.quantile(chance.uniform(1e-9, 1, n))), chance)
