"""What a log says about work and people, put back together without asking the engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.events import Activity, EventKind, EventLog, Role
from sim.policies import goes_to_domestic_abuse_team, on_duty, pieces
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, WorkingDays, opening_calendar
from sim.world import DOMESTIC_ABUSE_TEAM, QUALIFIED, Contact, Person, World, has_domestic_abuse_team

HOLDERS = frozenset(
    {
        Activity.ARRANGING,
        Activity.ASSESSING,
        Activity.ENQUIRING,
        Activity.CONFERENCE,
        Activity.REWORKING,
        Activity.HANDING_OVER,
        Activity.TAKING_OVER,
        Activity.WAITING_VISIT,
    }
)
"""What only the holder of a case does."""


class Event(NamedTuple):
    """A row of a log's events."""

    time: int
    kind: int
    contact: int
    child: int
    person: int
    team: int
    detail: int
    waiting_on: int
    minutes: int


@dataclass(slots=True)
class Job:
    """A piece of work as the log tells of it; None for what had not happened when watching ended, or never did."""

    contact: int
    activity: Activity
    queued: int
    started: int | None = None
    ended: int | None = None
    person: int | None = None
    minutes: int = 0


class Told:
    """A run: what went in and what came out, read once."""

    def __init__(self, baseline: Scenario, scenario: Scenario, world: World, log: EventLog) -> None:
        self.baseline = baseline
        self.scenario = scenario
        self.world = world
        self.log = log
        self.events = [Event(*row) for row in log.events.tolist()]
        self._by_kind: dict[int, list[Event]] = {}
        for event in self.events:
            self._by_kind.setdefault(event.kind, []).append(event)

    def in_force(self, time: int) -> Scenario:
        """The scenario in force at a minute."""
        return self.scenario if time >= self.world.span.levers_start else self.baseline

    @cached_property
    def people(self) -> dict[int, Person]:
        """Everybody, by id."""
        return {person.id: person for person in self.world.people}

    @cached_property
    def fates(self) -> dict[int, list[Contact]]:
        """The fates a contact may have had, by its id: two for a return that may be the baseline's."""
        found: dict[int, list[Contact]] = {}
        for contact in (*self.world.contacts, *self.world.returns_before.values(), *self.world.returns_after.values()):
            found.setdefault(contact.id, []).append(contact)
        return found

    @cached_property
    def jobs(self) -> list[Job]:
        """Every piece of work."""
        return list(jobs(self.events))

    @cached_property
    def efforts(self) -> dict[int, dict[Activity, set[int]]]:
        """The efforts each contact's work may take, whichever fate and scenario is in force."""
        scenarios = [self.baseline] if self.baseline == self.scenario else [self.baseline, self.scenario]
        found: dict[int, dict[Activity, set[int]]] = {}
        for contact in (fate for fates in self.fates.values() for fate in fates):
            for scenario in scenarios:
                for activity, minutes in efforts(scenario, contact).items():
                    found.setdefault(contact.id, {}).setdefault(activity, set()).update(minutes)
        return found

    def of(self, kind: EventKind) -> list[Event]:
        """The events of a kind, in order."""
        return self._by_kind.get(kind, [])

    def first(self, kind: EventKind) -> dict[int, int]:
        """When the kind first happened to each contact it happened to."""
        return {event.contact: event.time for event in reversed(self.of(kind))}


def jobs(events: list[Event]) -> Iterator[Job]:
    """Every piece of work in these events: of those alike, the first to wait is the first to begin."""
    waiting: dict[tuple[int, int], list[Job]] = {}
    doing: dict[int, Job] = {}
    for event in events:
        key = (event.contact, event.detail)
        if event.kind == EventKind.HOLDER_LEFT:
            # What was to be taken over is queued anew for whoever holds the case next.
            waiting.pop((event.contact, Activity.TAKING_OVER), None)
        elif event.kind == EventKind.WORK_QUEUED:
            job = Job(event.contact, Activity(event.detail), event.time)
            waiting.setdefault(key, []).append(job)
            yield job
        elif event.kind == EventKind.WORK_STARTED:
            assert event.person not in doing, f"{event} in the midst of {doing[event.person]}"
            job = doing[event.person] = waiting[key].pop(0)
            job.started, job.person = event.time, event.person
        elif event.kind == EventKind.WORK_ENDED:
            job = doing.pop(event.person)
            assert (job.contact, job.activity) == key, f"{event} ends what was not begun"
            job.ended, job.minutes = event.time, event.minutes


def efforts(scenario: Scenario, contact: Contact) -> dict[Activity, set[int]]:
    """The efforts of each piece of work for a contact under a scenario."""
    team, further, hours = scenario.assessment, scenario.further_work, scenario.out_of_hours
    return {
        Activity.SCREENING: {contact.screening_minutes},
        Activity.DECIDING: {contact.decision_minutes},
        Activity.ASKING: {drawn.ask_minutes for drawn in contact.rounds},
        Activity.CHASING: {further.chase_minutes},
        Activity.SEEKING_CONSENT: {further.consent_minutes},
        Activity.SECOND_LOOK: {contact.second_look_minutes},
        Activity.STRATEGY_DISCUSSION: {contact.strategy_minutes},
        Activity.ALLOCATING: {contact.allocation_minutes},
        Activity.ARRANGING: {team.arrange_minutes},
        Activity.VISITING: {contact.visit_minutes},
        Activity.WAITING_VISIT: {contact.visit_minutes},
        Activity.ASSESSING: {*pieces(contact.work_minutes), *pieces(team.brief_minutes)},
        Activity.ENQUIRING: set(pieces(contact.enquiry_minutes)),
        Activity.CONFERENCE: set(pieces(scenario.strategy.conference_minutes)),
        Activity.REVIEWING: {contact.review_minutes},
        Activity.SUPERVISING: {team.long_supervision_minutes},
        Activity.SIGNING_OFF: {contact.sign_off_minutes},
        Activity.REWORKING: set(pieces(team.rework_minutes)),
        Activity.HANDING_OVER: set(pieces(scenario.ending.handover_minutes)),
        Activity.TAKING_OVER: set(pieces(scenario.workforce.handover_minutes)),
        Activity.FAMILY_SUPPORT: set(pieces(team.family_support_minutes)),
        Activity.OUT_OF_HOURS_SCREENING: {contact.out_of_hours_screening_minutes},
        Activity.OUT_OF_HOURS_VISIT: {contact.out_of_hours_visit_minutes},
        Activity.MORNING_HANDOVER: {hours.handover_minutes},
    }


class Rota:
    """Who serves which work when, worked out from the world alone."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._end = told.world.span.end
        self._fates = told.fates
        self._received = {row[0]: row[1] for row in told.log.contacts.tolist()}
        span, hours = told.world.span, told.scenario.calendar
        self._allocated = told.first(EventKind.ALLOCATED)
        self._working_days = WorkingDays(span.first_day, span.days)
        opening = OpeningHours(hours.office_opens_minute, hours.office_closes_minute)
        self._office = opening_calendar(span.first_day, span.days, opening)
        self._holders_visit = {job.contact for job in told.jobs if job.activity is Activity.ARRANGING}
        self._duty = [self._on_duty(day) for day in range(told.world.span.days)]

    def is_holders(self, job: Job) -> bool:
        """Whether only the holder of the case does this."""
        return job.activity in HOLDERS or (job.activity is Activity.VISITING and job.contact in self._holders_visit)

    def with_holder_until(self, job: Job, until: int) -> int:
        """The last minute at which a holder's work is surely theirs to do: an overdue visit may go to duty."""
        if job.activity is not Activity.VISITING or not self.is_holders(job):
            return until
        allocated = self._allocated[job.contact]
        days = self._told.in_force(allocated).assessment.visit_due_working_days
        opens = self._office.next_open(max(self._working_days.add(allocated, days), job.queued))
        return until if opens is None else min(until, opens)

    def must_fit(self, job: Job) -> bool:
        """Whether it must fit into the day it is begun on."""
        return self.is_holders(job) and job.activity in (Activity.VISITING, Activity.WAITING_VISIT)

    def may_serve(self, person: Person, job: Job) -> bool:
        """Whether a person ever serves the desk of a piece of work that is not the holder's."""
        return job.activity is Activity.VISITING or person.role in self._roles(job)

    def serves(self, person: Person, job: Job) -> Calendar:
        """The time within which a person serves the desk of a piece of work that is not the holder's."""
        if job.activity is Activity.VISITING:
            return Calendar(_whole(self._duty_days(person)))
        if person.role not in self._roles(job):
            return Calendar()
        in_team = self._is_teams(job)
        joins = self._joins(person)
        if person.role is Role.FRONT_DOOR_MANAGER or person.role in QUALIFIED:
            span = (joins, self._end) if in_team else (0, joins)
        else:
            span = (0, self._end)
        return Calendar([span] if span[0] < span[1] else [])

    def keeps_diary(self, person: Person) -> Calendar:
        """When a holder comes to their own cases: not on a reserved day of duty."""
        days = [day for day in self._duty_days(person) if self._scenario(day).assessment.duty_reserved]
        return Calendar([(0, self._end)]).without(
            [(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY) for day in days]
        )

    def _roles(self, job: Job) -> frozenset[Role]:
        match job.activity:
            case Activity.OUT_OF_HOURS_SCREENING | Activity.OUT_OF_HOURS_VISIT:
                return frozenset({Role.OUT_OF_HOURS_WORKER})
            case Activity.MORNING_HANDOVER:
                return frozenset({Role.FIRST_RESPONSE_WORKER})
            case Activity.ASKING | Activity.CHASING | Activity.SEEKING_CONSENT:
                return frozenset(QUALIFIED if self._is_teams(job) else {Role.FIRST_RESPONSE_WORKER})
            case Activity.ALLOCATING | Activity.REVIEWING | Activity.SUPERVISING | Activity.SIGNING_OFF:
                return frozenset({Role.TEAM_MANAGER})
            case Activity.FAMILY_SUPPORT:
                return frozenset({Role.FAMILY_SUPPORT_WORKER})
            case _:
                return frozenset({Role.FRONT_DOOR_MANAGER})

    def _is_teams(self, job: Job) -> bool:
        """Whether the work is the domestic abuse team's: decided once, when the contact is received."""
        told, contact = self._told, self._fates[job.contact][0]
        if job.activity is Activity.MORNING_HANDOVER or not goes_to_domestic_abuse_team(contact):
            return False
        received = self._received[job.contact]
        return has_domestic_abuse_team(told.scenario, told.baseline, told.world.span, received)

    def _joins(self, person: Person) -> int:
        """When somebody joins the domestic abuse team, or the end of the run."""
        if person.team == DOMESTIC_ABUSE_TEAM:
            return 0
        if person.team_after == DOMESTIC_ABUSE_TEAM:
            return max(person.starts, self._told.world.span.levers_start)
        return self._end

    def _scenario(self, day: int) -> Scenario:
        return self._told.in_force(day * MINUTES_PER_DAY)

    def _duty_days(self, person: Person) -> list[int]:
        return [day for day, ids in enumerate(self._duty) if person.id in ids]

    def _on_duty(self, day: int) -> list[int]:
        team, start = self._scenario(day).assessment, day * MINUTES_PER_DAY
        rostered = [
            (person.team, person.id)
            for person in self._told.world.people
            if person.role in (Role.EXPERIENCED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
            and start < self._joins(person)
            and person.starts <= start
            and (person.leaves < 0 or start < person.leaves)
            and person.calendar.open_minutes(start, start + MINUTES_PER_DAY) > 0
        ]
        week = (day + self._told.world.span.first_day.weekday()) // 7
        return on_duty(rostered, 1 + week % team.teams, day, team.duty_workers)


def _whole(days: list[int]) -> list[tuple[int, int]]:
    return [(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY) for day in days]
