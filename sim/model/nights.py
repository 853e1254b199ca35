"""The out-of-hours team: a first look at what the day has not screened, and the handover in the morning."""

from sim.events import Activity, EventKind, WaitingOn
from sim.model.case import Case
from sim.model.service import Service, Story
from sim.policies import Urgency


class Nights:
    """One or two people for the whole county, while the office is closed."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def screen(self, case: Case) -> Story:
        """A first look and a rating, where there is time before the morning."""
        service, minutes = self._service, case.contact.out_of_hours_screening_minutes
        if (
            yield from service.done_by(
                case, Activity.OUT_OF_HOURS_SCREENING, service.out_of_hours, minutes, service.now
            )
        ):
            case.is_screened = True
            # What waits now is the day service's; until it opens these are closed hours.
            service.milestone(case, EventKind.SCREENED, case.contact.rating, WaitingOn.OUR_STAFF)

    def hand_over(self, case: Case) -> Story:
        """The morning's handover takes the day service's time."""
        service = self._service
        if not service.office.is_open(service.now):
            yield service.others(service.shift_ends() - service.now)
        minutes, desk = service.scenario.out_of_hours.handover_minutes, service.first_response
        yield service.work(case, Activity.MORNING_HANDOVER, desk, minutes, Urgency.IMMEDIATE, service.now)
        service.milestone(case, EventKind.HANDED_OVER, waiting_on=WaitingOn.OUR_STAFF)
