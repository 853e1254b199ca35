"""Two engines on one world: where their logs differ, and the cases on which the interpreted twin is tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from hypothesis import Phase, given, seed, settings

from sim.events import EventLog
from sim.experiment.snapshots import Snapshots
from sim.model import run
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world import Known, World
from tests.strategies import LONG, ON_THE_HALF_HOUR, Case, cases, on_the_half_hour
from tests.worlds import REFERRAL

LONG_ASSESSMENTS: Mapping[str, object] = {
    "demand.family_contacts_per_year": 150.0,
    "assessment.outside_days": {"kind": "exponential", "mean": 60.0},
    "assessment.drift_share": 0.5,
    "assessment.review_days": (10,),
    "assessment.review_done_share": 0.5,
    "assessment.long_supervision_days": 5,
    "assessment.unstick_share": 0.5,
    "workforce.turnover_per_year": 0.0,
}
"""Assessments long enough to be supervised for their length."""


def differences(one: EventLog, other: EventLog) -> Sequence[str]:
    """Where two logs differ: nothing, or the first event that does."""
    rows = min(len(one.events), len(other.events))
    differing = np.flatnonzero((one.events[:rows] != other.events[:rows]).any(axis=1))
    if len(differing):
        return [f"event {differing[0]}: {one.events[differing[0]]} and {other.events[differing[0]]}"]
    found = [] if len(one.events) == len(other.events) else [f"{len(one.events)} events and {len(other.events)}"]
    found += [] if np.array_equal(one.contacts, other.contacts) else ["contacts"]
    found += [] if np.array_equal(one.people, other.people) else ["people"]
    return found + ([] if one.watched_until == other.watched_until else ["watched until"])


class Trial:
    """A world for both engines; that of record runs it once."""

    def __init__(self, scenario: Scenario, baseline: Scenario, world: World) -> None:
        self._scenario, self._baseline, self._world = scenario, baseline, world

    @cached_property
    def record(self) -> EventLog:
        """The log of the model of record."""
        return run(self._scenario, self._world, baseline=self._baseline, engine="simpy")

    def differ(self) -> Sequence[str]:
        """Where the two engines differ."""
        return differences(run(self._scenario, self._world, baseline=self._baseline, engine="compiled"), self.record)


def trial(case: Case) -> Trial:
    """A case as its world is drawn."""
    return Trial(case.scenario, case.baseline, case.world())


def tied_trial(case: Case) -> Trial:
    """A case in which all lasts whole half hours."""
    tied = Case({**case.before, **ON_THE_HALF_HOUR}, case.after, case.seed)
    return Trial(tied.scenario, tied.baseline, on_the_half_hour(tied.world()))


def from_open_work(case: Case, day: int) -> Trial:
    """A case that begins with what was open at a midnight of its own run."""
    world, begins = case.world(), day * MINUTES_PER_DAY
    open_then = Snapshots(case.log(world), world, [begins])
    inherited = tuple(open_then.as_it_was(entry, begins) for entry in range(len(open_then.row)))
    later = tuple(contact for contact in world.contacts if contact.received >= begins)
    families = Known(later, world.returns_before, world.returns_after)
    again = replace(world, families=families, begins=begins, inherited=inherited)
    return Trial(case.scenario, case.baseline, again)


def at_the_horizon() -> Trial:
    """A contact comes in the first minute that is no longer looked at."""
    case = Case({"demand.family_contacts_per_year": 0.0}, {}, 1)
    last = REFERRAL._replace(received=case.scenario.calendar.horizon_days * MINUTES_PER_DAY)
    return Trial(case.scenario, case.baseline, replace(case.world(), families=Known((last,), {}, {})))


def found(number: int, *, at_most: int, long: bool = False) -> Sequence[Case]:
    """So many random cases, always the same."""
    taken: list[Case] = []

    @seed(1)
    @settings(max_examples=number, database=None, phases=[Phase.generate])
    @given(cases(at_most=at_most, long=long))
    def take(case: Case) -> None:
        taken.append(case)

    take()
    return taken


def trials() -> Iterator[Trial]:
    """What the interpreted twin is tried on: random and tied, some over months, and one at the horizon."""
    yield at_the_horizon()
    yield trial(Case({**LONG, **LONG_ASSESSMENTS}, {}, 1))
    yield from_open_work(Case({**LONG, **LONG_ASSESSMENTS}, {}, 1), 60)
    yield from (from_open_work(case, 4 + 3 * place) for place, case in enumerate(found(9, at_most=25)))
    yield from map(tied_trial, found(16, at_most=20))
    yield from map(trial, found(14, at_most=25))
    yield from map(trial, found(8, at_most=8, long=True))
