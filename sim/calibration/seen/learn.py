"""All that one record tells of a scenario's numbers."""

from sim.calibration.seen.arrivals import arrivals
from sim.calibration.seen.conferences import conferences
from sim.calibration.seen.delays import delays
from sim.calibration.seen.fitted import AGAIN
from sim.calibration.seen.learned import Learned, NotLearned, Result, Value
from sim.calibration.seen.needs import needs
from sim.calibration.seen.returns import returns
from sim.calibration.seen.routing import routing
from sim.events import EventLog
from sim.measures.index import LogIndex
from sim.scenario import Scenario, ScenarioError


def learn(log: EventLog, base: Scenario, again: int = AGAIN) -> tuple[Result, ...]:
    """What can be seen in a log, observed or simulated, and what cannot and why.

    `base` stands for what a record does not tell and the fitted numbers need: its calendar, its multipliers, the share
    of contacts that are returns, and, where less than a year was watched, its months. Each law is held against samples
    of itself, fitted `again`, so many times; 0 leaves that out. What no scenario can hold is not learned.
    """
    index = LogIndex(log)
    found = (
        *arrivals(index, base),
        *routing(index),
        *needs(index, base),
        *delays(index, base, again),
        *conferences(index),
        *returns(index, base, again),
    )
    return tuple(_held(one, base) for one in found)


def _held(one: Result, base: Scenario) -> Result:
    if isinstance(one, Learned):
        try:
            base.changed(dict(one.values))
        except ScenarioError as error:
            return NotLearned(one.what, tuple(one.values), f"the record's own numbers are beyond a scenario's: {error}")
    return one


def learned_values(results: tuple[Result, ...]) -> dict[str, Value]:
    """The learned values of all results by scenario path; no path is learned twice."""
    return {path: value for one in results if isinstance(one, Learned) for path, value in one.values.items()}
