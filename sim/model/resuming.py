"""A run that begins with open work: every inherited family goes on from where it had come.

The journeys are the same as any contact's, entered from the top: each step passes over what the family's past has done.
"""

from sim.events import Activity, Ending, EventKind, Outcome
from sim.model.case import Case
from sim.model.front_door import FrontDoor
from sim.model.past import past_of
from sim.model.service import Service
from sim.world import Inherited


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
        steps = [(step.time, place, step) for place, one in enumerate(inherited) for step in one.events]
        for _, place, step in sorted(steps, key=lambda found: found[:2]):
            self._service.record(
                step.time,
                step.kind,
                inherited[place].contact.id,
                step.child,
                step.person,
                detail=step.detail,
                waiting_on=step.waiting_on,
            )

    def _case(self, one: Inherited) -> Case:
        """A family's case as its past has left it."""
        received = one.events[0].time
        case = self._front_door.opened(one.contact, received, past_of(one), is_return=bool(one.is_return))
        times = {step.kind: step.time for step in reversed(one.events)}
        self._restore_decision(case, one)
        case.strategy_held_at = times.get(EventKind.STRATEGY_HELD, -1)
        case.section_47 = EventKind.SECTION_47_STARTED in times
        seen = {step.child for step in one.events if step.kind is EventKind.SEEN}
        case.unseen = [child for child in case.unseen if child not in seen]
        case.visits = sum(step.kind is EventKind.VISIT_FAILED for step in one.events)
        if seen:
            case.visits = max(case.visits, one.contact.failed_visits + 1)
        case.started_at = times.get(EventKind.ASSESSMENT_STARTED, -1)
        case.reviewed = EventKind.REVIEWED in times
        case.help_started = EventKind.HELP_STARTED in times
        case.reworked = case.past.pieces(Activity.REWORKING) > 0
        if EventKind.DECIDED in times:
            case.unallocated_since = max(times[EventKind.DECIDED], case.strategy_held_at)
        if EventKind.ACTION_SET in times and EventKind.ACTION_DONE not in times:
            self._front_door.casework.follow_up(case)
        holder = self._service.workers.get(one.holder)
        if holder is not None:
            self._front_door.casework.inherit(case, holder)
        return case

    def _restore_decision(self, case: Case, one: Inherited) -> None:
        steps = {step.kind: step for step in one.events}
        case.is_screened = EventKind.SCREENED in steps
        if EventKind.DECIDED in steps:
            case.outcome = Outcome(steps[EventKind.DECIDED].detail)
        if EventKind.ASSESSMENT_AUTHORISED in steps:
            case.ending = Ending(steps[EventKind.ASSESSMENT_AUTHORISED].detail)
        if case.is_screened:
            screened, handed_over = steps[EventKind.SCREENED].time, steps.get(EventKind.HANDED_OVER)
            opens = self._service.office.next_open(screened)
            is_to_be_handed_over = handed_over is None or handed_over.time < screened
            # The office has not opened since: whoever looked at it was the out-of-hours team.
            case.is_left_by_the_night = is_to_be_handed_over and opens is not None and opens >= self._service.now
