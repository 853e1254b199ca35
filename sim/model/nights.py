"""The out-of-hours team: screens what comes at night, acts on what cannot wait, and hands over in the morning."""

from sim.events import Activity, EventKind, Outcome, SeenBy, WaitingOn
from sim.model.case import Case
from sim.model.casework import Casework
from sim.model.desk import Worker
from sim.model.service import Service, Story
from sim.policies import Urgency, cannot_wait, outcome


class Nights:
    """One or two people for the whole county, while the office is closed."""

    def __init__(self, service: Service, casework: Casework) -> None:
        self._service = service
        self._casework = casework

    def attend(self, case: Case) -> Story:
        """The night of a contact, and its handover; the day service does what the night had no time for."""
        service, contact = self._service, case.contact
        opens = service.office.next_open(service.now)
        morning = service.world.span.end if opens is None else opens
        minutes = contact.out_of_hours_screening_minutes
        if (yield from self._by_morning(case, Activity.OUT_OF_HOURS_SCREENING, minutes, morning)):
            case.is_screened = True
            # What waits now is the day service's; until it opens these are closed hours.
            service.milestone(case, EventKind.SCREENED, contact.rating, WaitingOn.OUR_STAFF)
            if cannot_wait(contact):
                yield from self._act(case, morning)
        yield service.others(morning - service.now)
        minutes, desk = service.scenario.out_of_hours.handover_minutes, service.first_response
        yield service.work(case, Activity.MORNING_HANDOVER, desk, minutes, Urgency.IMMEDIATE, service.now)
        service.milestone(case, EventKind.HANDED_OVER, waiting_on=WaitingOn.OUR_STAFF)

    def _act(self, case: Case, morning: int) -> Story:
        """Immediate risk is decided at once; somebody goes out while police and health are spoken to."""
        service = self._service
        if not (yield from self._by_morning(case, Activity.DECIDING, case.contact.decision_minutes, morning)):
            return
        case.outcome = outcome(case.contact)
        service.milestone(case, EventKind.DECIDED, case.outcome, WaitingOn.OUR_STAFF)
        case.night_visit = service.env.process(self._visit(case, morning))
        delay, minutes = case.contact.strategy_delay, case.contact.strategy_minutes
        if case.outcome is Outcome.STRATEGY_DISCUSSION and service.now + delay + minutes <= morning:
            self._casework.ask_for_discussion(case)
            yield service.others(delay)
            if (yield from self._by_morning(case, Activity.STRATEGY_DISCUSSION, minutes, morning)):
                self._casework.discussed(case)

    def _visit(self, case: Case, morning: int) -> Story:
        """Visits begun while there is time before the morning; duty goes to whoever is then still unseen."""
        minutes = case.contact.out_of_hours_visit_minutes
        while case.unseen and self._service.now < morning:
            worker = yield from self._by_morning(case, Activity.OUT_OF_HOURS_VISIT, minutes, morning)
            if worker is None:
                return
            yield from self._casework.visits.visited(case, worker, SeenBy.OUT_OF_HOURS, urgent=True)

    def _by_morning(self, case: Case, activity: Activity, minutes: int, morning: int) -> Story:
        """Work of this team that ends before the office opens: gives who did it, or None where it was left."""
        service, desk = self._service, self._service.out_of_hours
        job = service.work(case, activity, desk, minutes, Urgency.IMMEDIATE, service.now, ends_by=morning)
        yield job | service.others(morning - service.now)
        if not job.is_started():
            desk.withdraw(job)
            return None
        done: Worker = yield job
        return done
