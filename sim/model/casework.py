"""From a decision to assess, through being seen, to the end of the case."""

from sim.events import Activity, Ending, EventKind, Need, Outcome, WaitingOn
from sim.model.case import Case
from sim.model.desk import Worker
from sim.model.past import UNKNOWN
from sim.model.service import Service, Story
from sim.model.slots import Slots
from sim.model.unallocated import Unallocated
from sim.model.visits import Visits
from sim.policies import (
    ASSESSMENT_WORKING_DAYS,
    Urgency,
    cannot_wait,
    drift_left,
    hurried,
    is_discussed_before_passed_on,
    pieces,
    team_for,
)
from sim.working_time import MINUTES_PER_DAY
from sim.world import DOMESTIC_ABUSE_TEAM


class Casework:
    """Strategy discussion, allocation, visits, assessment, and what follows."""

    def __init__(self, service: Service) -> None:
        self._unallocated = Unallocated(service)
        self._slots = Slots(service)
        self.visits = Visits(service)
        self._service = service
        self._env = service.env

    def assess(self, case: Case) -> Story:
        """The whole of an assessment, from the decision to assess to the case's ending."""
        yield from self._to_allocation(case)
        self._start_support(case, during=True)
        if not case.is_brief():
            self._start(case)
        if case.visiting is not None:
            yield case.visiting
        elif case.unseen:
            yield from self.visits.first(case)
        if case.ending is None:
            yield from self._trigger(case, bool(case.contact.section_47_at_visit))
            if case.is_brief():
                yield from self._record_briefly(case)
            else:
                if case.started_at < 0:
                    self._start(case)
                if case.section_47:
                    yield from self._enquire(case)
                yield from self._work(case)
            yield from self._sign_off(case)
        elif self._is_to_confer(case):
            case.conference = self._env.process(self._confer(case))
        yield from self._end(case, self._ending(case))

    @staticmethod
    def _is_to_confer(case: Case) -> bool:
        """Whether an enquiry that ended before the run began leads to a conference that was not yet held."""
        past = case.past
        is_due = past.section_47_ended != UNKNOWN and past.conference_held == UNKNOWN
        return is_due and bool(case.contact.to_conference)

    def act(self, case: Case) -> Story:
        """What follows at once from a decision that could not wait: somebody goes out while it is discussed."""
        case.visiting = self._env.process(self.visits.at_once(case))
        if case.strategy_held_at < 0:
            if case.outcome is Outcome.STRATEGY_DISCUSSION:
                yield from self._strategy_discussion(case)
            elif case.outcome is not None and is_discussed_before_passed_on(case.contact, case.outcome):
                yield from self.discuss(case)
        if not case.is_ours():
            yield case.visiting

    def _to_allocation(self, case: Case) -> Story:
        """Discussed where it must be, seen at once where it cannot wait, and on the list until there is a worker.

        A family that came with a worker, or to the list, before the run began keeps its place.
        """
        if case.outcome is Outcome.STRATEGY_DISCUSSION and case.strategy_held_at < 0:
            yield from self._strategy_discussion(case)
        if case.by_domestic_abuse_team:
            # Whether its workers have room is known once all that closes in this minute has closed.
            yield self._service.last_at(self._service.now)
        if case.unseen and case.visiting is None:
            self._send_somebody(case)
        if case.allocated.triggered:
            return
        since = self._service.now if case.unallocated_since < 0 else case.unallocated_since
        case.team = self._team(case, since)
        self._unallocated.join(case, since)
        if case.unseen and case.visiting is None:
            self._env.process(self.visits.soon_if_left_unallocated(case))
        yield case.allocated

    def _send_somebody(self, case: Case) -> None:
        """What the discussion found may not wait for a named worker, nor what was rated so before the run began."""
        if case.contact.need is Need.IMMEDIATE_RISK or cannot_wait(case.contact):
            case.visiting = self._env.process(self.visits.at_once(case))
        elif case.section_47:
            case.visiting = self._env.process(self.visits.for_enquiry(case))

    def inherit(self, case: Case, holder: Worker) -> None:
        """A case comes with its worker, as it was when the run began."""
        case.holder, case.team = holder, holder.team
        holder.open_children += case.children
        case.allocated.succeed()
        self._service.take_in_hand(case)

    def follow_up(self, case: Case) -> None:
        """The actions of a discussion held before the run began are still to be finished."""
        self._env.process(self._action(case))

    def _start(self, case: Case) -> None:
        if case.started_at < 0:
            case.started_at = self._service.now
            self._service.milestone(case, EventKind.ASSESSMENT_STARTED)
        self._env.process(self._reviews(case))

    def _record_briefly(self, case: Case) -> Story:
        """The visit has shown that its record is assessment enough: begun and written up at once."""
        service = self._service
        if case.started_at < 0:
            case.started_at = service.now
            service.milestone(case, EventKind.ASSESSMENT_STARTED)
        minutes = service.scenario.assessment.brief_minutes
        yield from self._in_pieces(case, Activity.ASSESSING, minutes, Urgency.PROMPT, service.now)

    def _in_pieces(self, case: Case, activity: Activity, effort: int, urgency: Urgency, due: int) -> Story:
        """Work by the holder too long for one sitting; the pieces done before the run began are not done again."""
        for piece in pieces(effort)[case.past.pieces(activity) :]:
            yield self._service.holder_work(case, activity, piece, urgency, due)

    def _team(self, case: Case, since: int) -> int:
        service, team = self._service, self._service.scenario.assessment
        if case.by_domestic_abuse_team and self._unallocated.has_room(DOMESTIC_ABUSE_TEAM, case):
            return DOMESTIC_ABUSE_TEAM
        week = (since // MINUTES_PER_DAY + service.world.span.first_day.weekday()) // 7
        return team_for(team.arrangement, team.teams, week, section_47=case.section_47, contact_id=case.id)

    def discuss(self, case: Case) -> Story:
        """A contact raises the risk on an open case: a discussion, and any enquiry is then its own team's."""
        yield from self._hold(case)
        self._agreed(case)

    def _strategy_discussion(self, case: Case) -> Story:
        """Chaired where the case is: by the front door's managers, or by the assessment teams' once it is theirs."""
        yield from self._hold(case)
        self._discussed(case)

    def _hold(self, case: Case) -> Story:
        """Find a time and discuss: in one sitting, or at once where it cannot wait."""
        service, minutes = self._service, case.contact.strategy_minutes
        is_urgent = cannot_wait(case.contact) and not case.allocated.triggered
        yield from self._bring_together(case, is_urgent=is_urgent)
        if is_urgent:
            yield from service.at_once(case, Activity.STRATEGY_DISCUSSION, minutes)
        else:
            desk, urgency = service.chairs_of(case), Urgency.SECTION_47
            yield service.work(
                case, Activity.STRATEGY_DISCUSSION, desk, minutes, urgency, service.now, must_fit_day=True
            )

    def _bring_together(self, case: Case, *, is_urgent: bool) -> Story:
        """Social care, police and health find a time: a slot of the office's day, or any hour where it cannot wait.

        What cannot wait takes no slot: police and health are spoken to by telephone.
        """
        service, delay, asked = self._service, case.contact.strategy_delay, case.past.strategy_asked
        if asked == UNKNOWN:
            asked = service.now
            service.milestone(case, EventKind.STRATEGY_ASKED, waiting_on=WaitingOn.OTHERS)
        at = asked + delay if is_urgent or delay == 0 else service.office.after(asked, delay)
        yield service.until(service.world.span.end if at is None else at)
        if not is_urgent:
            yield from self._slots.wait(case.id, case.contact.strategy_minutes)

    def _discussed(self, case: Case) -> None:
        """What the discussion decides: actions, and an enquiry, which a newly qualified worker does not lead."""
        service = self._service
        self._agreed(case)
        if case.contact.to_section_47:
            case.section_47 = True
            service.milestone(case, EventKind.SECTION_47_STARTED)
            self._unallocated.becomes_section_47(case)

    def _agreed(self, case: Case) -> None:
        service, contact = self._service, case.contact
        service.milestone(case, EventKind.STRATEGY_HELD, contact.to_section_47, WaitingOn.OUR_STAFF)
        service.milestone(case, EventKind.ACTION_SET, contact.action_timed)
        case.strategy_held_at = service.now
        self._env.process(self._action(case))

    def _action(self, case: Case) -> Story:
        """A strategy action is finished by others; without an owner and a date it drifts."""
        contact, since = case.contact, max(case.past.action_set, case.strategy_held_at)
        yield self._service.until(since + contact.action_delay + (0 if contact.action_timed else contact.drift_delay))
        self._service.milestone(case, EventKind.ACTION_DONE)

    def _trigger(self, case: Case, happens: bool) -> Story:  # noqa: FBT001  (the fate that decides)
        """A section 47 enquiry begun from what a visit or the assessment finds."""
        if (
            happens
            and not case.section_47
            and case.strategy_held_at < 0
            and case.outcome is not Outcome.STRATEGY_DISCUSSION
        ):
            yield from self._strategy_discussion(case)

    def _enquire(self, case: Case) -> Story:
        """The enquiry's own work, then the conference where there is to be one."""
        service, contact = self._service, case.contact
        due = service.now + MINUTES_PER_DAY
        if case.past.section_47_ended == UNKNOWN:
            yield from self._in_pieces(case, Activity.ENQUIRING, contact.enquiry_minutes, Urgency.SECTION_47, due)
            service.milestone(case, EventKind.SECTION_47_ENDED, contact.to_conference)
        if contact.to_conference:
            case.conference = self._env.process(self._confer(case))

    def _confer(self, case: Case) -> Story:
        """The conference is on its booked day, or after the report if that is later."""
        service = self._service
        if case.past.conference_held != UNKNOWN:
            return
        booked = service.working_days.due_at(
            case.strategy_held_at,
            case.contact.conference_working_days,
            service.scenario.calendar.office_opens_minute + 90,
        )
        minutes = service.scenario.strategy.conference_minutes
        yield from self._in_pieces(case, Activity.CONFERENCE, minutes, Urgency.SECTION_47, booked)
        if booked > service.now:
            yield service.others(booked - service.now)
        service.milestone(case, EventKind.CONFERENCE_HELD)

    def _work(self, case: Case) -> Story:
        """The assessment in pieces, with waits for partners and family between them."""
        service, contact, team = self._service, case.contact, self._service.scenario.assessment
        deadline = service.working_days.add(case.started_at, ASSESSMENT_WORKING_DAYS)
        by = service.working_days.add(case.started_at, ASSESSMENT_WORKING_DAYS - team.deadline_margin_working_days)
        parts, done = pieces(contact.work_minutes), case.past.pieces(Activity.ASSESSING)
        gap, strength = contact.outside_delay // len(parts), 0.0 if contact.unhurried else team.deadline_strength
        for number, piece in enumerate(parts):
            if number < done - 1:
                continue
            is_done = number < done
            if not is_done:
                yield service.holder_work(case, Activity.ASSESSING, piece, Urgency.USUAL, deadline)
            since = case.past.outside_wait if is_done and case.past.outside_wait != UNKNOWN else service.now
            left = len(parts) - number
            wait = hurried(gap, since, since + gap * left, by, strength)
            wait = drift_left(wait, team.drift_share, reviewed=case.reviewed)
            if wait > 0:
                if not is_done:
                    service.milestone(case, EventKind.OUTSIDE_WAIT, waiting_on=WaitingOn.OTHERS)
                yield service.until(since + wait)
            if number == len(parts) // 2:
                yield from self._half_way(case, deadline)

    def _half_way(self, case: Case, deadline: int) -> Story:
        service, support = self._service, self._service.scenario.assessment.family_support_minutes
        for piece in pieces(support)[case.past.pieces(Activity.FAMILY_SUPPORT) :]:
            yield service.work(case, Activity.FAMILY_SUPPORT, service.family_support, piece, Urgency.USUAL, deadline)
        was = case.section_47
        yield from self._trigger(case, bool(case.contact.section_47_in_assessment))
        if case.section_47 and not was:
            yield from self._enquire(case)

    def _reviews(self, case: Case) -> Story:
        """Reviews of progress at set working days, and supervision of long assessments: each is a manager's work."""
        service, team, contact = self._service, self._service.scenario.assessment, case.contact
        points = [
            (day, done, contact.review_minutes)
            for day, done in zip(team.review_days, contact.reviews_done, strict=False)
        ]
        for day, done, minutes in points:
            at = service.working_days.due_at(case.started_at, day, service.scenario.calendar.office_opens_minute)
            if at < service.world.begins:
                continue
            yield self._env.timeout(max(at - service.now, 0))
            if case.is_over():
                return
            service.milestone(case, EventKind.REVIEW_DUE, day)
            if done:
                yield from self._look_over(case, Activity.REVIEWING, minutes)
                if case.is_over():
                    return
                case.reviewed = True
                service.milestone(case, EventKind.REVIEWED, day)
        yield from self._long_supervision(case)

    def _long_supervision(self, case: Case) -> Story:
        service, team = self._service, self._service.scenario.assessment
        if team.long_supervision_days == 0:
            return
        day = 20
        for unstuck in case.contact.unstuck:
            at = service.working_days.due_at(case.started_at, day, service.scenario.calendar.office_opens_minute)
            if at < service.world.begins:
                day += team.long_supervision_days
                continue
            yield self._env.timeout(max(at - service.now, 0))
            if case.is_over():
                return
            yield from self._look_over(case, Activity.SUPERVISING, team.long_supervision_minutes)
            case.reviewed = case.reviewed or bool(unstuck)
            day += team.long_supervision_days

    def _look_over(self, case: Case, activity: Activity, minutes: int) -> Story:
        """A manager's look at an assessment; what ends in the minute in which it ends is not changed by it."""
        service = self._service
        due = service.now + MINUTES_PER_DAY
        yield service.work(case, activity, service.team_managers, minutes, Urgency.USUAL, due)
        yield service.all_taken_in()

    def _start_support(self, case: Case, *, during: bool) -> None:
        """Support for a family that is to have it: once the assessment has ended, or `during` it."""
        is_early = during and self._service.scenario.assessment.support_from_allocation
        is_wanted = self._ending(case) is not Ending.NO_FURTHER_ACTION
        if not case.help_started and is_wanted and (is_early or not during):
            case.help_started = True
            self._env.process(self._support(case))

    def _support(self, case: Case) -> Story:
        past = case.past
        has_begun = past.place_asked != UNKNOWN
        since = max(past.authorised, past.conference_held) if has_begun else self._service.now
        yield self._service.until(since + case.contact.support_delay)
        self._service.milestone(case, EventKind.HELP_STARTED)

    def _sign_off(self, case: Case) -> Story:
        """A manager authorises the assessment, sending some back once."""
        service, contact, team = self._service, case.contact, self._service.scenario.assessment
        due = service.now if case.is_brief() else service.working_days.add(case.started_at, ASSESSMENT_WORKING_DAYS)
        for _ in range(1 + contact.sign_off_returned):
            yield service.work(
                case, Activity.SIGNING_OFF, service.team_managers, contact.sign_off_minutes, Urgency.PROMPT, due
            )
            if contact.sign_off_returned and not case.reworked:
                case.reworked = True
                yield from self._in_pieces(case, Activity.REWORKING, team.rework_minutes, Urgency.PROMPT, due)
        case.ending = self._ending(case)
        service.milestone(case, EventKind.ASSESSMENT_AUTHORISED, case.ending)

    def _ending(self, case: Case) -> Ending:
        if case.ending is not None:
            return case.ending
        if case.conference is not None:
            return Ending.TRANSFER_AFTER_CONFERENCE
        if case.section_47:
            return Ending.NO_FURTHER_ACTION if case.contact.close_after_section_47 else Ending.TRANSFER
        return case.contact.ending

    def _end(self, case: Case, ending: Ending) -> Story:
        """Close, or wait for whoever takes the family on; until then it stays on the caseload."""
        service, contact = self._service, case.contact
        if case.conference is not None:
            yield case.conference
        if ending is not Ending.NO_FURTHER_ACTION:
            self._start_support(case, during=False)
            due = service.now + MINUTES_PER_DAY
            minutes = service.scenario.ending.handover_minutes
            yield from self._in_pieces(case, Activity.HANDING_OVER, minutes, Urgency.USUAL, due)
            asked = case.past.place_asked
            if asked == UNKNOWN:
                asked = service.now
                service.milestone(case, EventKind.PLACE_ASKED, ending, WaitingOn.OTHERS)
            delay = contact.step_down_delay if ending is Ending.STEP_DOWN else contact.transfer_delay
            yield from self._wait_for_place(case, max(asked + delay - service.now, 0))
            service.milestone(case, EventKind.TRANSFERRED, ending)
        self.close(case, ending)

    def _wait_for_place(self, case: Case, delay: int) -> Story:
        service, every = self._service, self._service.scenario.ending.waiting_visit_days * MINUTES_PER_DAY
        while every and delay > every:
            yield service.others(every)
            delay -= every
            service.holder_work(
                case,
                Activity.WAITING_VISIT,
                case.contact.visit_minutes,
                Urgency.USUAL,
                service.now + MINUTES_PER_DAY,
                must_fit_day=True,
            )
        yield service.others(delay)

    def close(self, case: Case, ending: Ending) -> None:
        """The case is over."""
        case.closed = True
        case.ending = ending
        self._unallocated.let_go(case)
        self._service.drop_what_is_beside(case)
        del self._service.open_cases[case.id]
        self._service.milestone(case, EventKind.CLOSED, ending, WaitingOn.NOBODY)
