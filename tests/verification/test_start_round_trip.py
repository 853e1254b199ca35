"""A year cut in its middle, written as a record, and started from: it goes on as the year that was not cut did."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.events import EventLog
from sim.experiment import simulate
from sim.experiment.inheriting import inherit, start_calendar
from sim.history import Pseudonyms, fingerprint, observe, open_work
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.measures import LogIndex
from sim.measures import open_work as open_work_of
from sim.measures.clocks import children_clocks
from sim.scenario import load, shipped
from sim.working_time import MINUTES_PER_DAY, OpeningHours
from sim.world.opening import OpenWork

DAY = MINUTES_PER_DAY
COUNTY = load(shipped("leicestershire-2018-19.toml"))
DAYS_ON = (1, 3, 7, 14, 28, 56)
NAMES = ("open_contacts", "unallocated_children", "open_assessments", "unseen_children")
YEARS = 10
MOST_ERRORS = 5.0
"""Student's t of ten pairs exceeds this once in 1,400 times: any of 26 such comparisons, once in some fifty."""


def cut(log: EventLog, day: int, folder: Path) -> OpenWork:
    """What was open after so many days of a log's window, by way of a written extract."""
    moment = log.window_start + day * DAY
    told = journeys_told(replace(log, window_start=0, window_end=moment, watched_until=moment - 1))
    WRITERS["journeys"](told, folder)
    path, hours = extract_in(folder), OpeningHours(log.office_opens_minute, log.office_closes_minute)
    last = log.first_day + timedelta(days=moment // DAY - 1)
    return open_work(observe(path, Pseudonyms(bytes(32)), hours, last), fingerprint(path))


def after(log: EventLog, day: int) -> NDArray[np.float64]:
    """Open work on the days after a day of the window; of contacts since, decided within a day, and days to seen."""
    work = open_work_of(log)
    found = [float(getattr(work, name)[day + on]) for name in NAMES for on in DAYS_ON]
    start = log.window_start + day * DAY
    index = LogIndex(replace(log, window_start=start, window_end=start + 28 * DAY))
    since = index.received_in_window
    within = (index.decided >= 0) & (index.decided - index.received < DAY)
    clocks = children_clocks(index)
    seen = clocks.referred & (clocks.seen >= 0)
    return np.array([*found, within[since].mean(), (clocks.seen - clocks.received)[seen].mean() / DAY])


@pytest.mark.slow
def test_what_was_open_goes_on_as_it_did_in_the_year_it_was_cut_from(tmp_path: Path) -> None:
    differences = []
    for year in range(YEARS):
        day, folder = 120 + 13 * (year % 7), tmp_path / str(year)
        folder.mkdir()
        log = simulate(COUNTY, seed=year, replication=0)
        work = cut(log, day, folder)
        short = {**start_calendar(work), "calendar.horizon_days": 70, "calendar.follow_up_days": 60}
        again = COUNTY.changed(short)
        started = simulate(again, seed=1000 + year, replication=0, start=inherit(work, again, 1000 + year, 0))
        assert [getattr(open_work_of(started), name)[0] for name in NAMES] == [
            getattr(open_work_of(log), name)[day] for name in NAMES
        ]
        differences.append(after(started, 0) - after(log, day))
    found = np.array(differences)
    error = found.std(axis=0, ddof=1) / np.sqrt(YEARS)
    names = [f"{name} after {on} days" for name in NAMES for on in DAYS_ON] + ["decided within a day", "days to seen"]
    apart = found.mean(axis=0) / np.maximum(error, 1e-9)
    assert {name: value for name, value in zip(names, apart.round(1), strict=True) if abs(value) > MOST_ERRORS} == {}
