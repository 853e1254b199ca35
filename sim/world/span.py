"""The stretch of time that a run is about."""

from datetime import date, timedelta
from typing import NamedTuple

from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY


class Span(NamedTuple):
    """The run: its first day, its length, and the minute at which the levers start."""

    first_day: date
    days: int
    levers_start: int

    @property
    def end(self) -> int:
        """The minute after its last."""
        return self.days * MINUTES_PER_DAY


def span(scenario: Scenario) -> Span:
    """The run a scenario's calendar describes; day 0 of the run is the first day of the warm-up."""
    calendar = scenario.calendar
    days = calendar.warm_up_days + calendar.horizon_days + calendar.follow_up_days
    first = calendar.first_day - timedelta(days=calendar.warm_up_days)
    return Span(first, days, (calendar.warm_up_days + scenario.levers_start_day) * MINUTES_PER_DAY)
