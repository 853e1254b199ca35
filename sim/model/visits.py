"""Being seen: visits by duty, by the holder of a case, and what comes of each."""

from sim.events import EVERY_CHILD, Activity, EventKind, SeenBy, WaitingOn
from sim.model.case import Case
from sim.model.desk import FirstOf, Job, Worker
from sim.model.past import UNKNOWN
from sim.model.service import Service, Story
from sim.policies import SECTION_47_VISIT_WORKING_DAYS, Urgency
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR


class Visits:
    """Who goes out to a family, and when again if somebody was not seen."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._env = service.env

    def at_once(self, case: Case, urgency: Urgency = Urgency.IMMEDIATE) -> Story:
        """By whoever is at work, duty or the out-of-hours team, until every child has been seen.

        By day the holder goes where there is no duty; a family that is not ours to assess is visited by night alone.
        """
        service, contact, due = self._service, case.contact, self._service.now
        yield from self._until_agreed(case)
        while case.unseen and not case.closed:
            is_open = service.office.is_open(service.now)
            if is_open and not case.is_ours():
                return
            duty = service.duty if service.scenario.assessment.duty_workers else None
            by_day = (Activity.VISITING, duty, contact.visit_minutes)
            by_night = (Activity.OUT_OF_HOURS_VISIT, service.out_of_hours, contact.out_of_hours_visit_minutes)
            worker = yield from service.done_by(case, *(by_day if is_open else by_night), due, urgency)
            if worker is not None:
                seen_by_day = SeenBy.DUTY if duty else SeenBy.HOLDER
                yield from self.visited(case, worker, seen_by_day if is_open else SeenBy.OUT_OF_HOURS, urgent=True)

    def for_enquiry(self, case: Case) -> Story:
        """Section 47: by duty in the office's days, or by whoever is at work where the out-of-hours team goes too."""
        if self._service.scenario.out_of_hours.visits_section_47:
            yield from self.at_once(case, Urgency.SECTION_47)
        else:
            yield from self.soon(case)

    def soon(self, case: Case) -> Story:
        """A visit by duty before or without a named worker; by that worker where there is no duty."""
        service = self._service
        due = service.working_days.add(service.now, SECTION_47_VISIT_WORKING_DAYS)
        yield from self._visit(case, Urgency.SECTION_47, due)

    def soon_if_left_unallocated(self, case: Case) -> Story:
        """Duty sees the children of a family that nobody has been given for days."""
        service = self._service
        after = service.scenario.assessment.duty_visit_after_days * MINUTES_PER_DAY
        yield service.last_at(max(case.unallocated_since + after, service.now))
        if not case.allocated.triggered:
            case.visiting = self._env.process(self.soon(case))

    def first(self, case: Case) -> Story:
        """The holder arranges a visit with the family, and makes it."""
        service, team = self._service, self._service.scenario.assessment
        due = service.working_days.add(service.now, team.visit_due_working_days)
        if case.past.visit_arranged != UNKNOWN or case.past.visit_failed != UNKNOWN:
            yield from self._visit(case, Urgency.PROMPT, due)
            return
        soon = service.now + MINUTES_PER_DAY
        job = service.holder_work(case, Activity.ARRANGING, team.arrange_minutes, Urgency.PROMPT, soon)
        yield from self._duty_if_holder_is_away(case, job, soon)
        yield job
        service.milestone(case, EventKind.VISIT_ARRANGED, waiting_on=WaitingOn.OTHERS)
        yield service.others(case.contact.appointment_delay)
        yield from self._visit(case, Urgency.PROMPT, due)

    def _visit(self, case: Case, urgency: Urgency, due: int) -> Story:
        """Visit until every child has been seen: by duty where it is urgent and there is duty, else by the holder."""
        service, effort = self._service, case.contact.visit_minutes
        urgent = urgency is Urgency.SECTION_47
        yield from self._until_agreed(case)
        while case.unseen:
            if urgent and service.scenario.assessment.duty_workers:
                job = service.work(case, Activity.VISITING, service.duty, effort, urgency, due)
            else:
                job = service.holder_work(case, Activity.VISITING, effort, urgency, due, must_fit_day=not urgent)
                yield from self._duty_if_holder_is_away(case, job, due)
            worker = yield job
            seen_by = SeenBy.DUTY if job.desk is service.duty else SeenBy.HOLDER
            yield from self.visited(case, worker, seen_by, urgent=urgent)

    def visited(self, case: Case, worker: Worker, seen_by: SeenBy, *, urgent: bool) -> Story:
        """What a visit comes to, and the wait for the next where somebody is still unseen."""
        service, contact = self._service, case.contact
        case.visits += 1
        if case.visits <= contact.failed_visits:
            by = (EVERY_CHILD, worker.id, worker.team)
            service.record(service.now, EventKind.VISIT_FAILED, case.id, *by, waiting_on=WaitingOn.OTHERS)
            yield service.others(self._retry_delay(case, case.visits - 1, urgent=urgent))
            return
        first = case.visits == contact.failed_visits + 1
        for child in [c for c in case.unseen if not (first and c in contact.missed_children)]:
            case.unseen.remove(child)
            by = (child, worker.id, worker.team)
            service.record(service.now, EventKind.SEEN, case.id, *by, seen_by, WaitingOn.OUR_STAFF)
        if case.unseen:
            service.milestone(case, EventKind.VISIT_ARRANGED, waiting_on=WaitingOn.OTHERS)
            yield service.others(self._retry_delay(case, -1, urgent=urgent))

    def _until_agreed(self, case: Case) -> Story:
        """What was agreed before the run began is kept: the appointment, or when to try again."""
        past, contact = case.past, case.contact
        if past.visit_failed == UNKNOWN and past.visit_arranged == UNKNOWN:
            return
        if past.visit_failed > past.visit_arranged:
            agreed = past.visit_failed + contact.retry_delays[min(case.visits, len(contact.retry_delays)) - 1]
        elif case.visits > contact.failed_visits:
            agreed = past.visit_arranged + contact.retry_delays[-1]
        else:
            agreed = past.visit_arranged + contact.appointment_delay
        yield self._service.until(agreed)

    def _duty_if_holder_is_away(self, case: Case, job: Job, due: int) -> Story:
        """A visit or call that is overdue goes to duty on the first morning its holder is away, or gone."""
        service = self._service
        opens = service.office.next_open(max(due, service.now))
        while opens is not None and not job.is_started():
            yield FirstOf(self._env, job, service.last_at(opens))
            has_duty = service.scenario.assessment.duty_workers > 0
            if has_duty and not job.is_started() and not service.is_in_today(case.holder):
                service.move(job, service.duty)
                return
            opens = service.office.next_open(opens - opens % MINUTES_PER_DAY + MINUTES_PER_DAY)

    def _retry_delay(self, case: Case, number: int, *, urgent: bool) -> int:
        service, delay = self._service, case.contact.retry_delays[number]
        if not urgent:
            return delay
        most = int(service.scenario.assessment.urgent_retry_hours * MINUTES_PER_HOUR)
        if not case.is_ours():
            # Nobody goes again by day.
            most = min(most, (service.office.next_open(service.now) or service.world.span.end) - service.now)
        return min(delay, most)
