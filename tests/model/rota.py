"""Who serves which work when, worked out from the world and the log alone."""

from typing import NamedTuple

from sim.events import Activity, EventKind, Outcome, Rating, Role
from sim.policies import goes_to_domestic_abuse_team, on_duty, replied_by
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, NEVER, Calendar
from sim.world import DOMESTIC_ABUSE_TEAM, QUALIFIED, Person, has_domestic_abuse_team
from tests.model.jobs import HOLDERS, QUESTIONS, Job, Told

TEAM_MANAGERS = frozenset({Role.TEAM_MANAGER})
NIGHT = frozenset({Role.OUT_OF_HOURS_WORKER})
MANAGERS = frozenset({Role.FRONT_DOOR_MANAGER})
DELEGATED = MANAGERS | {Role.SENIOR_PRACTITIONER}
RESPONDERS = frozenset({Role.FIRST_RESPONSE_WORKER})
ALWAYS = {
    Activity.MORNING_HANDOVER: RESPONDERS,
    Activity.FAMILY_SUPPORT: frozenset({Role.FAMILY_SUPPORT_WORKER}),
}
DECIDED_FIRST = (Activity.SCREENING, Activity.DECIDING, Activity.SECOND_LOOK, Activity.STRATEGY_DISCUSSION)


class Desk(NamedTuple):
    """From when until when a piece of work waits for people of these roles, of the domestic abuse team or not."""

    start: int
    end: int
    roles: frozenset[Role]
    is_own: bool = False


class Rota:
    """Who may do a piece of work at which minutes."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._end = told.world.span.end
        self._allocated = told.first(EventKind.ALLOCATED)
        self._rating = {event.contact: Rating(event.detail) for event in told.of(EventKind.SCREENED)}
        self._holders_visit = {job.contact for job in told.jobs if job.activity is Activity.ARRANGING}
        self._duty = [self._on_duty(day) for day in range(told.world.span.days)]

    def is_holders(self, job: Job) -> bool:
        """Whether only the holder of the case does this: a visit too, where it was arranged or there is no duty."""
        if job.activity is not Activity.VISITING:
            return job.activity in HOLDERS
        return job.contact in self._holders_visit or not self.has_duty(job.queued)

    def must_fit(self, job: Job) -> bool:
        """Whether it must fit into the day it is begun on: a visit or a strategy discussion that is not urgent."""
        is_arranged = job.activity is Activity.VISITING and job.contact in self._holders_visit
        is_discussed_in_time = job.activity is Activity.STRATEGY_DISCUSSION and job.ends == NEVER
        return is_arranged or is_discussed_in_time or job.activity is Activity.WAITING_VISIT

    def has_duty(self, minute: int) -> bool:
        """Whether anybody is to be on duty then."""
        return self._told.in_force(minute).assessment.duty_workers > 0

    def waits_until(self, job: Job) -> int:
        """The last minute at which it surely waits for those it is said to wait for."""
        told = self._told
        until = min(told.log.watched_until if job.started is None else job.started, job.ends)
        if job.withdrawn is not None:
            until = min(until, job.withdrawn)
        if job.started is None and job.activity in QUESTIONS:
            until = min(until, self.limit(job.contact))
        if job.started is None and job.activity is Activity.CHASING:
            until = min(until, self._answered(job))
        if job.activity is Activity.VISITING and self.has_duty(job.queued) != self.has_duty(until):
            until = min(until, told.world.span.levers_start)
        return self._with_holder_until(job, until)

    def limit(self, contact: int) -> int:
        """When further work is over for a contact: so many working days from receipt, or the end of the run."""
        told = self._told
        begun = max(of.get(contact, 0) for of in (told.first(EventKind.SCREENED), told.handed_over))
        days = told.in_force(begun).further_work.limit_working_days
        return max(told.working_days.add(told.received[contact], days), begun) if days else self._end

    def _answered(self, job: Job) -> int:
        """The first minute at which partners may have answered what is to be chased."""
        asked = [e for e in self._told.of(EventKind.INFORMATION_ASKED) if e.contact == job.contact]
        last = max(event for event in asked if event.time <= job.queued)
        rounds = [fate.rounds for fate in self._told.fates[job.contact] if len(fate.rounds) >= last.detail]
        scenarios = (self._told.baseline, self._told.scenario)
        return min(
            replied_by(scenario, each[last.detail - 1], last.time, self._told.office)
            for scenario in scenarios
            for each in rounds
        )

    def _with_holder_until(self, job: Job, until: int) -> int:
        """An overdue visit, or the call to arrange it, may go to duty once the office opens."""
        if not self.is_holders(job) or job.activity not in (Activity.VISITING, Activity.ARRANGING):
            return until
        told, due = self._told, job.queued
        if job.activity is Activity.ARRANGING:
            due = job.queued + MINUTES_PER_DAY
        elif job.contact in self._holders_visit:
            allocated = self._allocated[job.contact]
            due = told.working_days.add(allocated, told.in_force(allocated).assessment.visit_due_working_days)
        elif not self.has_duty(until):
            return until
        opens = told.office.next_open(max(due, job.queued))
        return until if opens is None else min(until, opens)

    def may_serve(self, person: Person, job: Job) -> bool:
        """Whether a person ever serves the desk of a piece of work that is not the holder's."""
        return job.activity is Activity.VISITING or any(person.role in desk.roles for desk in self._desks(job))

    def serves(self, person: Person, job: Job) -> Calendar:
        """The time within which a person serves the desk of a piece of work that is not the holder's."""
        if job.activity is Activity.VISITING:
            return Calendar(_whole(self._duty_days(person)))
        levers, every = self._told.world.span.levers_start, []
        for desk in self._desks(job):
            for start, end, team in ((0, levers, person.team), (levers, self._end, person.team_after)):
                first, last = max(start, desk.start), min(end, desk.end)
                if person.role in desk.roles and (team == DOMESTIC_ABUSE_TEAM) == desk.is_own and first < last:
                    every.append((first, last))
        return Calendar(sorted(every))

    def has_another(self, than: int, job: Job, minute: int) -> bool:
        """Whether anybody else who may do a piece of work is in post."""
        return any(
            person.id != than
            and person.starts <= minute
            and (person.leaves < 0 or minute < person.leaves)
            and self.may_serve(person, job)
            and self.serves(person, job).is_open(minute)
            for person in self._told.world.people
        )

    def keeps_diary(self, person: Person) -> Calendar:
        """When a holder comes to their own cases: not on a reserved day of duty."""
        days = [day for day in self._duty_days(person) if self._scenario(day).assessment.duty_reserved]
        return Calendar([(0, self._end)]).without(_whole(days))

    def _desks(self, job: Job) -> list[Desk]:
        """Where a piece of work that is not the holder's waits, and when it goes over to who covers."""
        own, others = self._roles(job)
        if not own or not self._is_teams(job):
            return [Desk(job.queued, self._end, others)]
        looks = [job.queued, *range(_next_midnight(job.queued), self._end, MINUTES_PER_DAY)]
        covered = next((minute for minute in looks if not self._is_anyone_in(own, minute)), self._end)
        return [Desk(job.queued, covered, own, is_own=True), Desk(covered, self._end, others)]

    def _roles(self, job: Job) -> tuple[frozenset[Role], frozenset[Role]]:
        """Whose work it is in the domestic abuse team, where it is the team's own, and whose elsewhere."""
        nobody: frozenset[Role] = frozenset()
        if job.activity in ALWAYS:
            return nobody, ALWAYS[job.activity]
        if job.ends < NEVER and not self._told.office.is_open(job.queued):
            return nobody, NIGHT
        if job.activity is Activity.STRATEGY_DISCUSSION and self._is_assessment_teams(job):
            return nobody, TEAM_MANAGERS
        if job.activity in DECIDED_FIRST:
            return (nobody, DELEGATED) if self._is_delegated(job) else (MANAGERS, MANAGERS)
        if job.activity in (*QUESTIONS, Activity.CHASING):
            return frozenset(QUALIFIED), RESPONDERS
        return nobody, TEAM_MANAGERS

    def _is_assessment_teams(self, job: Job) -> bool:
        """Whether a discussion is about a case that is already open, or allocated."""
        is_open = self._told.outcome[job.contact] is Outcome.OPEN_CASE
        return is_open or self._allocated.get(job.contact, self._end) <= job.queued

    def _is_delegated(self, job: Job) -> bool:
        is_green = self._rating.get(job.contact) is Rating.GREEN and job.activity is Activity.DECIDING
        return is_green and self._told.in_force(job.queued).front_door.delegate_green

    def _is_teams(self, job: Job) -> bool:
        """Whether the work is the domestic abuse team's: decided once, when the contact is received."""
        told, contact = self._told, self._told.fates[job.contact][0]
        if not goes_to_domestic_abuse_team(contact):
            return False
        return has_domestic_abuse_team(told.scenario, told.baseline, told.world.span, told.received[job.contact])

    def _is_anyone_in(self, roles: frozenset[Role], minute: int) -> bool:
        """Whether one of the team's own is in on the office's day, or its next."""
        opens = self._told.office.next_open(minute)
        return opens is not None and any(
            person.role in roles
            and self.team(person, minute) == DOMESTIC_ABUSE_TEAM
            and is_in_by(person, minute, opens)
            for person in self._told.world.people
        )

    def team(self, person: Person, minute: int) -> int:
        """Where somebody works at a minute."""
        return person.team if minute < self._told.world.span.levers_start else person.team_after

    def _scenario(self, day: int) -> Scenario:
        return self._told.in_force(day * MINUTES_PER_DAY)

    def _duty_days(self, person: Person) -> list[int]:
        return [day for day, ids in enumerate(self._duty) if person.id in ids]

    def _on_duty(self, day: int) -> list[int]:
        team, start = self._scenario(day).assessment, day * MINUTES_PER_DAY
        rostered = [
            (self.team(person, start), person.id)
            for person in self._told.world.people
            if person.role in (Role.EXPERIENCED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
            and self.team(person, start) != DOMESTIC_ABUSE_TEAM
            and person.starts <= start
            and (person.leaves < 0 or start < person.leaves)
            and person.calendar.open_minutes(start, start + MINUTES_PER_DAY) > 0
        ]
        week = (day + self._told.world.span.first_day.weekday()) // 7
        return on_duty(rostered, 1 + week % team.teams, day, team.duty_workers)


def is_in_by(person: Person, minute: int, day_of: int) -> bool:
    """Whether somebody is at work between a minute and the end of the day of another."""
    opens = person.calendar.next_open(minute)
    return opens is not None and opens // MINUTES_PER_DAY <= day_of // MINUTES_PER_DAY


def _next_midnight(minute: int) -> int:
    return minute - minute % MINUTES_PER_DAY + MINUTES_PER_DAY


def _whole(days: list[int]) -> list[tuple[int, int]]:
    return [(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY) for day in days]
