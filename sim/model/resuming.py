"""A run that begins with open work: every inherited family goes on from where it had come.

The journeys are the same as any contact's, entered from the top: each step passes over what the family's past has done.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.events import Activity, Ending, EventKind, Outcome
from sim.model.case import Case
from sim.model.front_door import FrontDoor
from sim.model.past import past_of
from sim.model.service import Service
from sim.working_time import Calendar
from sim.world import Inherited, PastEvent


class Resuming:
    """Puts the open work of the world on the books as the run begins."""

    def __init__(self, service: Service, front_door: FrontDoor) -> None:
        self._service = service
        self._front_door = front_door

    def begin(self) -> None:
        """Take down what happened before, and let every family go on."""
        inherited = self._service.world.inherited
        self._take_down(inherited)
        cases = [self._case(one) for one in inherited]
        for case in cases:
            self._service.env.process(self._front_door.resume(case))

    def _take_down(self, inherited: tuple[Inherited, ...]) -> None:
        """The steps before the run began, in order of time over all families."""
        for contact, step in steps_before(inherited):
            self._service.record(
                step.time,
                step.kind,
                contact,
                step.child,
                step.person,
                detail=step.detail,
                waiting_on=step.waiting_on,
            )

    def _case(self, one: Inherited) -> Case:
        """A family's case as its past has left it."""
        left = restored(one, self._service.office, self._service.now)
        case = self._front_door.opened(one.contact, left.received_at, past_of(one), is_return=bool(one.is_return))
        case.is_screened, case.is_left_by_the_night = left.is_screened, left.is_left_by_the_night
        case.outcome, case.ending = left.outcome, left.ending
        case.strategy_held_at, case.section_47 = left.strategy_held_at, left.section_47
        case.unseen, case.visits = list(left.unseen), left.visits
        case.started_at, case.reviewed = left.started_at, left.reviewed
        case.help_started, case.reworked = left.help_started, left.reworked
        case.unallocated_since = left.unallocated_since
        if left.is_followed_up:
            self._front_door.casework.follow_up(case)
        holder = self._service.workers.get(one.holder)
        if holder is not None:
            self._front_door.casework.inherit(case, holder)
        return case


def steps_before(inherited: tuple[Inherited, ...]) -> list[tuple[int, PastEvent]]:
    """The steps of all families before the run began, each with its contact's id, in order of time."""
    steps = [(step.time, place, step) for place, one in enumerate(inherited) for step in one.events]
    return [(inherited[place].contact.id, step) for _, place, step in sorted(steps, key=lambda found: found[:2])]


class Restored(NamedTuple):
    """What has become of a family by the time the run begins: the state of its case, under the names it has there.

    `is_followed_up` is whether the actions of its strategy discussion are yet to be finished.
    """

    received_at: int
    is_screened: bool
    is_left_by_the_night: bool
    outcome: Outcome | None
    ending: Ending | None
    strategy_held_at: int
    section_47: bool
    unseen: tuple[int, ...]
    visits: int
    started_at: int
    reviewed: bool
    help_started: bool
    reworked: bool
    unallocated_since: int
    is_followed_up: bool


def restored(one: Inherited, office: Calendar, begins: int) -> Restored:
    """A family's case as its past has left it when the run begins."""
    times = {step.kind: step.time for step in reversed(one.events)}
    steps = {step.kind: step for step in one.events}
    held_at = times.get(EventKind.STRATEGY_HELD, -1)
    seen = {step.child for step in one.events if step.kind is EventKind.SEEN}
    visits = sum(step.kind is EventKind.VISIT_FAILED for step in one.events)
    decided, authorised = steps.get(EventKind.DECIDED), steps.get(EventKind.ASSESSMENT_AUTHORISED)
    return Restored(
        received_at=one.events[0].time,
        is_screened=EventKind.SCREENED in steps,
        is_left_by_the_night=_is_left_by_the_night(steps, office, begins),
        outcome=Outcome(decided.detail) if decided else None,
        ending=Ending(authorised.detail) if authorised else None,
        strategy_held_at=held_at,
        section_47=EventKind.SECTION_47_STARTED in times,
        unseen=tuple(child for child in range(one.contact.children) if child not in seen),
        visits=max(visits, one.contact.failed_visits + 1) if seen else visits,
        started_at=times.get(EventKind.ASSESSMENT_STARTED, -1),
        reviewed=EventKind.REVIEWED in times,
        help_started=EventKind.HELP_STARTED in times,
        reworked=past_of(one).pieces(Activity.REWORKING) > 0,
        unallocated_since=max(times[EventKind.DECIDED], held_at) if decided else -1,
        is_followed_up=EventKind.ACTION_SET in times and EventKind.ACTION_DONE not in times,
    )


def _is_left_by_the_night(steps: Mapping[EventKind, PastEvent], office: Calendar, begins: int) -> bool:
    """Whether the office has not opened since a first look: whoever looked at it was the out-of-hours team."""
    if EventKind.SCREENED not in steps:
        return False
    screened, handed_over = steps[EventKind.SCREENED].time, steps.get(EventKind.HANDED_OVER)
    opens = office.next_open(screened)
    is_to_be_handed_over = handed_over is None or handed_over.time < screened
    return is_to_be_handed_over and opens is not None and opens >= begins
