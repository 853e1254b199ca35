"""A contact's way from receipt to its outcome."""

from collections.abc import Sequence
from operator import attrgetter

import simpy

from sim.events import NOBODY, Activity, Ending, EventKind, Outcome, Rating, WaitingOn
from sim.model.case import Case
from sim.model.casework import Casework
from sim.model.desk import Desk, Worker
from sim.model.nights import Nights
from sim.model.past import NO_PAST, UNKNOWN, Past
from sim.model.service import Service, Story
from sim.policies import (
    Urgency,
    cannot_wait,
    decision_due,
    goes_to_domestic_abuse_team,
    has_history,
    is_assessed,
    is_discussed_before_passed_on,
    is_referred,
    must_seek_consent,
    next_batch,
    outcome,
    replied_by,
    return_class,
    return_lands,
    rounds_of_further_work,
    urgency_of,
)
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR, NEVER
from sim.world import Contact, Round

RETURN_WITHIN_DAYS = 365
NEVER_REFERRED = -10 * RETURN_WITHIN_DAYS * MINUTES_PER_DAY


class FrontDoor:
    """First response: receives, screens, clarifies and decides every contact."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._env = service.env
        self.casework = Casework(service)
        self._nights = Nights(service)
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
        service = self._service
        is_return = service.now - last_referred <= RETURN_WITHIN_DAYS * MINUTES_PER_DAY
        case = self.opened(contact, service.now, is_return=is_return)
        is_open = service.office.is_open(service.now)
        service.milestone(
            case, EventKind.RECEIVED, waiting_on=WaitingOn.OUR_STAFF if is_open else WaitingOn.OUT_OF_HOURS_STAFF
        )
        yield from self._first_look(case)
        yield from self.screened(case, last_referred)

    def opened(self, contact: Contact, received_at: int, past: Past = NO_PAST, *, is_return: bool) -> Case:
        """The case of a contact, on the books from now on."""
        service = self._service
        is_teams = goes_to_domestic_abuse_team(contact) and service.has_domestic_abuse_team()
        if is_teams:
            contact = contact._replace(misdirected=contact.misdirected_by_team)
        case = Case(self._env, contact, received_at, past)
        case.by_domestic_abuse_team = is_teams
        self.received.append((contact, received_at, int(is_return)))
        service.open_cases[case.id] = case
        return case

    def resume(self, case: Case) -> Story:
        """The rest of the way of a contact that was open when the run began."""
        if not case.is_screened:
            yield from self._first_look(case)
        elif case.is_left_by_the_night:
            if cannot_wait(case.contact):
                yield from self._act(case)
            yield from self._nights.hand_over(case)
        yield from self.screened(case, NEVER_REFERRED)

    def screened(self, case: Case, last_referred: int) -> Story:
        """From a first look to the contact's ending, and to the family's return."""
        contact = case.contact
        if case.outcome is None:
            yield from self._triage(case)
        decided = case.outcome
        if decided is not None and is_assessed(decided):
            yield from self.casework.assess(case)
        elif decided is Outcome.EARLY_HELP:
            self._env.process(self._early_help(case))
        elif decided is not None and is_discussed_before_passed_on(contact, decided) and case.strategy_held_at < 0:
            yield from self.casework.discuss(case)
        if not case.closed:
            self.casework.close(case, Ending.AT_CONTACT)
        yield from self._return(case, last_referred)

    def _first_look(self, case: Case) -> Story:
        """Screen and rate: what the office has not begun to screen at closing is the night's, and so on in turn."""
        while not case.is_screened:
            if self._service.office.is_open(self._service.now):
                yield from self._screen(case)
            else:
                yield from self._night(case)

    def _night(self, case: Case) -> Story:
        """A contact unscreened while the office is closed: what cannot wait is acted on before the handover."""
        yield from self._nights.screen(case)
        if case.is_screened and cannot_wait(case.contact):
            yield from self._act(case)
        yield from self._nights.hand_over(case)

    def _triage(self, case: Case) -> Story:
        """Clarify what is unclear; decide."""
        service, contact = self._service, case.contact
        if cannot_wait(contact):
            yield from self._act(case)
            return
        due = decision_due(service.scenario, contact.rating, case.received_at, service.working_days)
        limit = self._limit(case)
        time_is_up = None if limit == NEVER else service.others(limit - service.now)
        rounds: Sequence[Round | None] = rounds_of_further_work(contact) or (None,)
        decider: Worker | None = None
        for number, drawn in enumerate(rounds, start=1):
            if number <= case.past.rounds_decided:
                continue
            if drawn is not None or must_seek_consent(contact):
                yield from self._further_work(case, drawn, number, limit, time_is_up)
            decider = yield self._decide(case, due, number, is_escalated=service.now >= limit)
            if service.now >= limit:
                case.was_cut = case.was_cut or number < len(rounds)
                break
        if contact.threshold_unclear and not contact.open_case:
            yield from self._second_look(case, decider)
        self._decided(case)

    def _decided(self, case: Case) -> None:
        case.outcome = outcome(case.contact, case.was_cut, case.has_answered)
        self._service.milestone(case, EventKind.DECIDED, case.outcome, WaitingOn.OUR_STAFF)

    def _act(self, case: Case) -> Story:
        """Immediate risk is decided at once, somebody goes out, and police and health are spoken to meanwhile."""
        if case.outcome is None:
            yield from self._service.at_once(case, Activity.DECIDING, case.contact.decision_minutes)
            self._decided(case)
        yield from self.casework.act(case)

    def _screen(self, case: Case) -> Story:
        """A manager's first look, today or not at all: until then any contact may be one at immediate risk."""
        service, minutes = self._service, case.contact.screening_minutes
        due = decision_due(service.scenario, Rating.RED, case.received_at, service.working_days)
        if (yield from service.done_by(case, Activity.SCREENING, service.managers_of(case), minutes, due)):
            case.is_screened = True
            service.milestone(case, EventKind.SCREENED, case.contact.rating, WaitingOn.OUR_STAFF)

    def _managers(self, case: Case, *, may_delegate: bool = True) -> Desk:
        service = self._service
        if may_delegate and service.scenario.front_door.delegate_green and case.contact.rating is Rating.GREEN:
            return service.delegated
        return service.managers_of(case)

    def _decide(self, case: Case, due: int, number: int, *, is_escalated: bool) -> simpy.Event:
        """A manager's decision; what is escalated is decided before all that can wait."""
        service, contact = self._service, case.contact
        reading = service.scenario.front_door.history_minutes if number == 1 and has_history(contact) else 0
        urgency = min(urgency_of(contact.rating), Urgency.SECTION_47) if is_escalated else urgency_of(contact.rating)
        minutes = contact.decision_minutes + reading
        return service.work(case, Activity.DECIDING, self._managers(case), minutes, urgency, due)

    def _limit(self, case: Case) -> int:
        """From when a manager decides on what there is, or `NEVER`."""
        service, days = self._service, self._service.scenario.further_work.limit_working_days
        return max(service.working_days.add(case.received_at, days), service.now) if days > 0 else NEVER

    def _further_work(
        self, case: Case, drawn: Round | None, number: int, limit: int, time_is_up: simpy.Event | None
    ) -> Story:
        """One round: partners and family asked, chased, and waited for, until the time is up."""
        service, contact = self._service, case.contact
        seeks_consent = number == 1 and must_seek_consent(contact)
        if number <= case.past.answered:
            case.has_answered = True
            return
        if number <= len(case.past.asked):
            asked = case.past.asked[number - 1]
        else:
            yield from self._ask(case, drawn, limit, time_is_up, seeks_consent=seeks_consent)
            if service.now >= limit:
                case.was_cut = drawn is not None
                return
            service.milestone(case, EventKind.INFORMATION_ASKED, number, WaitingOn.OTHERS)
            asked = service.now
        answers = self._answers_at(case, drawn, asked)
        consent = asked + (contact.consent_delay if seeks_consent else 0)
        over = self._env.event()
        yield _unless(time_is_up, self._env.process(self._replies(case, drawn, (asked, answers, consent), over)))
        over.succeed()
        is_up = service.now == limit
        case.was_cut = is_up and service.now < answers and not asked <= case.answered_at < limit
        case.has_answered = case.has_answered or (seeks_consent and service.now >= consent)
        was_ended = is_up and service.now < max(answers, consent)
        service.milestone(case, EventKind.INFORMATION_READY, int(was_ended), WaitingOn.OUR_STAFF)

    def _ask(
        self, case: Case, drawn: Round | None, limit: int, time_is_up: simpy.Event | None, *, seeks_consent: bool
    ) -> Story:
        """The work of putting the questions, to partners and to the family for its consent, while there is time."""
        service, questions = self._service, []
        if drawn is not None:
            questions.append((Activity.ASKING, drawn.ask_minutes, Urgency.PROMPT))
        if seeks_consent:
            minutes = service.scenario.further_work.consent_minutes
            questions.append((Activity.SEEKING_CONSENT, minutes, Urgency.USUAL))
        for activity, minutes, urgency in questions:
            if service.now >= limit:
                return
            due = service.now + MINUTES_PER_DAY
            job = service.work(case, activity, service.workers_of(case), minutes, urgency, due)
            yield _unless(time_is_up, job)
            if not job.is_started():
                service.withdraw(job)
                return
            yield job

    def _answers_at(self, case: Case, drawn: Round | None, asked: int) -> int:
        """When enough partners answer of their own accord, batches waited for."""
        service, further = self._service, self._service.scenario.further_work
        if drawn is None:
            return service.now
        team = service.scenario.domestic_abuse_team
        multiplier = team.information_wait_multiplier if case.by_domestic_abuse_team else 1.0
        ready = replied_by(service.scenario, drawn, asked, service.office, multiplier)
        if not self._is_batched(case, drawn):
            return ready
        return next_batch(ready, further.police_batch_days, service.scenario.calendar.office_opens_minute)

    def _is_batched(self, case: Case, drawn: Round) -> bool:
        """Whether this round waits for police domestic abuse information that is released in batches."""
        removed = case.by_domestic_abuse_team and self._service.scenario.domestic_abuse_team.batching_removed
        return bool(case.contact.domestic_abuse) and drawn.police_reply >= 0 and not removed

    def _replies(self, case: Case, drawn: Round | None, at: tuple[int, int, int], over: simpy.Event) -> Story:
        """Partners answer and the family does, each at its time, since they were asked."""
        asked, answers, consent = at
        yield from self._partners(case, drawn, (asked, max(answers, self._service.now)), over)
        case.answered_at = self._service.now
        if consent > self._service.now:
            yield self._service.others(consent - self._service.now)

    def _partners(self, case: Case, drawn: Round | None, at: tuple[int, int], over: simpy.Event) -> Story:
        """Partners answer: of their own accord, or sooner for being chased, unless it is `over` before."""
        service, further = self._service, self._service.scenario.further_work
        asked, answers = at
        chase_at = asked + int(further.chase_after_days * MINUTES_PER_DAY)
        if chase_at < service.now and drawn is not None:
            # Chased before the run began.
            answers = min(answers, max(chase_at + further.chase_minutes + drawn.chased_reply, service.now))
        if drawn is None or not service.now < chase_at < answers:
            yield service.others(answers - service.now)
            return
        yield service.others(chase_at - service.now)
        # The time may be up in the very minute of the chase.
        yield service.all_taken_in()
        if over.triggered:
            return
        answered = service.others(answers - service.now)
        due = service.now + MINUTES_PER_DAY
        chase = service.work(
            case, Activity.CHASING, service.workers_of(case), further.chase_minutes, Urgency.USUAL, due
        )
        yield chase | answered | over
        if chase.processed:
            yield answered | service.others(drawn.chased_reply)
        elif not chase.is_started():
            service.withdraw(chase)

    def _look_into(self, case: Case) -> Story:
        """More information is waited for before the second look."""
        service, asked, look = self._service, case.past.second_look, self._service.scenario.second_look
        if asked == UNKNOWN:
            asked = service.now
            service.milestone(case, EventKind.SECOND_LOOK_ASKED, waiting_on=WaitingOn.OTHERS)
        wait = case.contact.second_look_delay
        if look.decide_within_hours > 0:
            wait = min(wait, int(look.decide_within_hours * MINUTES_PER_HOUR))
        yield service.until(asked + wait)
        service.milestone(case, EventKind.INFORMATION_READY, waiting_on=WaitingOn.OUR_STAFF)

    def _second_look(self, case: Case, decider: Worker | None) -> Story:
        """It is unclear whether the section 47 threshold is met: more information, and another manager's view."""
        service, contact, look = self._service, case.contact, self._service.scenario.second_look
        first = NOBODY if decider is None else decider.id
        if not case.past.is_looked_into:
            yield from self._look_into(case)
        minutes, now = contact.second_look_minutes, service.now
        if not look.second_manager_on_call:
            due = service.working_days.add(now, look.due_working_days)
            desk = self._managers(case, may_delegate=False)
            yield service.work(case, Activity.SECOND_LOOK, desk, minutes, Urgency.USUAL, due, not_by=first)
        elif service.office.is_open(now):
            desk, urgency = self._managers(case, may_delegate=False), Urgency.SECTION_47
            yield service.work(case, Activity.SECOND_LOOK, desk, minutes, urgency, now, not_by=first)
        else:
            # By telephone from home, outside anybody's rostered hours.
            yield self._env.timeout(minutes)

    def _early_help(self, case: Case) -> Story:
        """Help from others starts when a place is free; the contact itself closes now."""
        team = self._service.scenario.domestic_abuse_team
        is_linked = case.by_domestic_abuse_team and team.early_help_linked
        multiplier = team.early_help_wait_multiplier if is_linked else 1.0
        yield self._service.others(int(case.contact.early_help_delay * multiplier))
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


def _unless(time_is_up: simpy.Event | None, event: simpy.Event) -> simpy.Event:
    """An event, or the end of the time for it where there is one."""
    return event if time_is_up is None else event | time_is_up
