"""A contact's way from receipt to its outcome."""

from collections.abc import Sequence
from operator import attrgetter

import simpy

from sim.events import Activity, Ending, EventKind, Need, Outcome, Rating, SeenBy, WaitingOn
from sim.model.case import Case
from sim.model.casework import Casework
from sim.model.desk import Desk
from sim.model.service import Service, Story
from sim.policies import (
    Urgency,
    decision_due,
    goes_to_domestic_abuse_team,
    is_assessed,
    is_referred,
    must_seek_consent,
    next_batch,
    outcome,
    replies_delay,
    return_class,
    return_lands,
    rounds_of_further_work,
    urgency_of,
)
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR
from sim.world import Contact, Round

_RETURN_WITHIN_DAYS = 365
NEVER_REFERRED = -10 * _RETURN_WITHIN_DAYS * MINUTES_PER_DAY


class FrontDoor:
    """First response: receives, screens, clarifies and decides every contact."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._env = service.env
        self._casework = Casework(service)
        self.received: list[tuple[Contact, int, int]] = []

    def open(self) -> Story:
        """Let the drawn contacts come, each in its minute."""
        for contact in sorted(self._service.world.contacts, key=attrgetter("received", "id")):
            if contact.received > self._service.now:
                yield self._env.timeout(contact.received - self._service.now)
            was_referred = contact.seeded_return and contact.previously_referred
            last = contact.received - contact.return_delay if was_referred else NEVER_REFERRED
            self._env.process(self.journey(contact, last))

    def journey(self, contact: Contact, last_referred: int) -> Story:
        """One contact from receipt to its ending, and to the family's return if it comes back.

        `last_referred` is when an earlier contact of the family's was received that led to a referral.
        """
        service, case = self._service, Case(self._env, contact, self._service.now)
        is_return = service.now - last_referred <= _RETURN_WITHIN_DAYS * MINUTES_PER_DAY
        self.received.append((contact, service.now, int(is_return)))
        service.open_cases[case.id] = case
        is_open = service.office.is_open(service.now)
        service.milestone(
            case, EventKind.RECEIVED, waiting_on=WaitingOn.OUR_STAFF if is_open else WaitingOn.OUT_OF_HOURS_STAFF
        )
        case.by_domestic_abuse_team = goes_to_domestic_abuse_team(contact) and service.has_domestic_abuse_team()
        if not is_open:
            yield from self._out_of_hours(case)
        yield from self._triage(case)
        decided = case.outcome
        if decided is not None and is_assessed(decided):
            yield from self._casework.assess(case)
        elif decided is Outcome.EARLY_HELP:
            self._env.process(self._early_help(case))
        if not case.closed:
            self._casework.close(case, Ending.AT_CONTACT)
        yield from self._return(case, last_referred)

    def _out_of_hours(self, case: Case) -> Story:
        """Screen at night; act on what cannot wait; hand over in the morning."""
        service, contact = self._service, case.contact
        morning = service.office.next_open(service.now)
        desk = service.out_of_hours
        job = service.work(
            case,
            Activity.OUT_OF_HOURS_SCREENING,
            desk,
            contact.out_of_hours_screening_minutes,
            Urgency.IMMEDIATE,
            service.now,
        )
        if morning is None:
            yield job
        else:
            yield job | self._env.timeout(morning - service.now)
            if not job.processed and not desk.withdraw(job):
                yield job
        if job.processed:
            case.is_screened = True
            # What waits now is the day service's; until it opens these are closed hours.
            service.milestone(case, EventKind.SCREENED, contact.rating, WaitingOn.OUR_STAFF)
            if contact.rating is Rating.RED and contact.need is Need.IMMEDIATE_RISK:
                yield from self._casework.visit(
                    case, desk, SeenBy.OUT_OF_HOURS, contact.out_of_hours_visit_minutes, service.now
                )
        if morning is not None and morning > service.now:
            yield self._env.timeout(morning - service.now)
        yield service.work(
            case,
            Activity.MORNING_HANDOVER,
            service.first_response,
            service.scenario.out_of_hours.handover_minutes,
            Urgency.IMMEDIATE,
            service.now,
        )
        service.milestone(case, EventKind.HANDED_OVER, waiting_on=WaitingOn.OUR_STAFF)

    def _triage(self, case: Case) -> Story:
        """Screen and rate; clarify what is unclear; decide."""
        service, contact = self._service, case.contact
        if not case.is_screened:
            yield service.work(
                case,
                Activity.SCREENING,
                self._managers(case, may_delegate=False),
                contact.screening_minutes,
                Urgency.IMMEDIATE,
                case.received_at,
            )
            service.milestone(case, EventKind.SCREENED, contact.rating, WaitingOn.OUR_STAFF)
        due = decision_due(service.scenario, contact.rating, case.received_at, service.working_days)
        asked: Sequence[Round | None] = rounds_of_further_work(contact) or (None,)
        for number, drawn in enumerate(asked, start=1):
            if drawn is not None or must_seek_consent(contact):
                yield from self._further_work(case, drawn, number)
            if number < len(asked):
                yield self._decide(case, due)
        yield self._decide(case, due)
        if contact.threshold_unclear and contact.rating is not Rating.RED and not contact.open_case:
            yield from self._second_look(case)
        case.outcome = outcome(contact)
        service.milestone(case, EventKind.DECIDED, case.outcome, WaitingOn.OUR_STAFF)

    def _managers(self, case: Case, *, may_delegate: bool = True) -> Desk:
        service = self._service
        if case.by_domestic_abuse_team:
            return service.da_managers
        delegates = may_delegate and service.scenario.front_door.delegate_green
        return service.delegated if delegates and case.contact.rating is Rating.GREEN else service.managers

    def _workers(self, case: Case) -> Desk:
        return self._service.da_workers if case.by_domestic_abuse_team else self._service.first_response

    def _decide(self, case: Case, due: int) -> simpy.Event:
        contact = case.contact
        return self._service.work(
            case, Activity.DECIDING, self._managers(case), contact.decision_minutes, urgency_of(contact.rating), due
        )

    def _further_work(self, case: Case, drawn: Round | None, number: int) -> Story:
        """One round: partners and family asked, chased, and waited for, within the limit if there is one."""
        service, contact, further = self._service, case.contact, self._service.scenario.further_work
        seeks_consent = number == 1 and must_seek_consent(contact)
        if drawn is not None:
            yield service.work(
                case,
                Activity.ASKING,
                self._workers(case),
                drawn.ask_minutes,
                Urgency.PROMPT,
                service.now + MINUTES_PER_DAY,
            )
        if seeks_consent:
            yield service.work(
                case,
                Activity.SEEKING_CONSENT,
                self._workers(case),
                further.consent_minutes,
                Urgency.USUAL,
                service.now + MINUTES_PER_DAY,
            )
        service.milestone(case, EventKind.INFORMATION_ASKED, number, WaitingOn.OTHERS)
        ready = service.now + (replies_delay(service.scenario, drawn) if drawn is not None else 0)
        if drawn is not None and self._is_batched(case, drawn):
            ready = next_batch(ready, further.police_batch_days, service.scenario.calendar.office_opens_minute)
        if seeks_consent:
            ready = max(ready, service.now + contact.consent_delay)
        information = self._env.event()
        self._env.process(self._arrive(information, ready))
        if drawn is not None and further.chase_after_days > 0:
            self._env.process(self._chase(case, information, drawn.chased_reply))
        if further.limit_working_days > 0:
            limit = service.working_days.add(case.received_at, further.limit_working_days)
            self._env.process(self._arrive(information, max(limit, service.now)))
        yield information
        service.milestone(case, EventKind.INFORMATION_READY, int(service.now < ready), WaitingOn.OUR_STAFF)

    def _is_batched(self, case: Case, drawn: Round) -> bool:
        """Whether this round waits for police domestic abuse information that is released in batches."""
        removed = case.by_domestic_abuse_team and self._service.scenario.domestic_abuse_team.batching_removed
        return bool(case.contact.domestic_abuse) and drawn.police_reply >= 0 and not removed

    def _arrive(self, information: simpy.Event, at: int) -> Story:
        yield self._env.timeout(at - self._service.now)
        if not information.triggered:
            information.succeed()

    def _chase(self, case: Case, information: simpy.Event, chased_reply: int) -> Story:
        service, further = self._service, self._service.scenario.further_work
        yield self._env.timeout(int(further.chase_after_days * MINUTES_PER_DAY))
        if not information.triggered:
            yield service.work(
                case,
                Activity.CHASING,
                self._workers(case),
                further.chase_minutes,
                Urgency.USUAL,
                service.now + MINUTES_PER_DAY,
            )
            if not information.triggered:
                yield from self._arrive(information, service.now + chased_reply)

    def _second_look(self, case: Case) -> Story:
        """It is unclear whether the section 47 threshold is met: more information, and another manager's view."""
        service, contact, look = self._service, case.contact, self._service.scenario.second_look
        service.milestone(case, EventKind.SECOND_LOOK_ASKED, waiting_on=WaitingOn.OTHERS)
        wait = contact.second_look_delay
        if look.decide_within_hours > 0:
            wait = min(wait, int(look.decide_within_hours * MINUTES_PER_HOUR))
        yield service.others(wait)
        service.milestone(case, EventKind.INFORMATION_READY, waiting_on=WaitingOn.OUR_STAFF)
        due = service.working_days.add(service.now, look.due_working_days)
        urgency = Urgency.SECTION_47 if look.second_manager_on_call else Urgency.USUAL
        desk = self._managers(case, may_delegate=False)
        yield service.work(
            case,
            Activity.SECOND_LOOK,
            desk,
            contact.second_look_minutes,
            urgency,
            service.now if look.second_manager_on_call else due,
        )

    def _early_help(self, case: Case) -> Story:
        """Help from others starts when a place is free; the contact itself closes now."""
        yield self._service.others(case.contact.early_help_delay)
        self._service.milestone(case, EventKind.HELP_STARTED)

    def _return(self, case: Case, last_referred: int) -> Story:
        """The family comes back after its delay, if it does."""
        service, contact = self._service, case.contact
        if case.outcome is None or case.ending is None:
            return
        kind = return_class(case.outcome, case.ending)
        if kind is None or not contact.would_return[kind]:
            return
        after = service.now + contact.return_delay
        back = service.world.return_of(contact.id, after) if after < service.world.span.end else None
        if back is not None:
            lands = return_lands(after, back, service.working_days)
            yield self._env.timeout(lands - service.now)
            yield from self.journey(back, case.received_at if is_referred(case.outcome) else last_referred)
