"""What a log says about work and people, put back together without asking the engine."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.events import Activity, EventKind, EventLog, Need, Outcome, Rating
from sim.policies import has_history, is_assessed, pieces
from sim.scenario import Scenario
from sim.working_time import NEVER, Calendar, OpeningHours, WorkingDays, opening_calendar
from sim.world import Contact, Person, World

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
    """A piece of work as the log tells of it; None for what had not happened when watching ended, or never did.

    What never began may have been `withdrawn`: by then, if not before. What cannot wait is withdrawn when the shift
    `ends` before which it must be done, and queued anew for the next.
    """

    contact: int
    activity: Activity
    queued: int
    started: int | None = None
    ended: int | None = None
    person: int | None = None
    minutes: int = 0
    withdrawn: int | None = None
    ends: int = NEVER


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
        return list(jobs(self.events, self._ends))

    def _ends(self, job: Event) -> int:
        """When the shift ends before which a piece of work must be done; `NEVER` where it may pause overnight."""
        activity, contact = Activity(job.detail), job.contact
        match activity:
            case Activity.SCREENING | Activity.OUT_OF_HOURS_SCREENING | Activity.OUT_OF_HOURS_VISIT:
                cannot_wait = True
            case Activity.DECIDING:
                cannot_wait = contact in self.red
            case Activity.STRATEGY_DISCUSSION:
                cannot_wait = self.is_discussed_at_once(contact)
            case Activity.VISITING:
                cannot_wait = contact in self.to_be_seen_at_once
            case _:
                cannot_wait = False
        return self.shift_ends(job.time) if cannot_wait else NEVER

    def is_discussed_at_once(self, contact: int) -> bool:
        """Whether a contact's discussion waits for no slot: rated red, and begun for the contact itself."""
        return contact in self.red and self.outcome[contact] is not Outcome.REFERRAL

    def shift_ends(self, time: int) -> int:
        """When those at work at a minute, by day or by night, hand over to the others."""
        return min(self.office.next_change(time), self.world.span.end)

    @cached_property
    def outcome(self) -> dict[int, Outcome]:
        """How each contact was decided."""
        return {event.contact: Outcome(event.detail) for event in self.of(EventKind.DECIDED)}

    @cached_property
    def red(self) -> frozenset[int]:
        """The contacts rated as those that cannot wait."""
        return frozenset(event.contact for event in self.of(EventKind.SCREENED) if event.detail == Rating.RED)

    @cached_property
    def to_be_seen_at_once(self) -> dict[int, int]:
        """From when each family to be assessed is to be visited by whoever is at work.

        Rated red, from the decision; at immediate risk though not rated so, from the discussion that found it; and from
        the discussion that began an enquiry, where the out-of-hours team goes to those too.
        """
        held, found = self.first(EventKind.STRATEGY_HELD), {}
        for contact, decided in self.first(EventKind.DECIDED).items():
            if contact in self.red:
                if is_assessed(self.outcome[contact]):
                    found[contact] = decided
            elif self._is_found_to_be_urgent(contact):
                found[contact] = held.get(contact, self.world.span.end)
        return found

    @cached_property
    def _need(self) -> dict[int, int]:
        return {row[0]: row[5] for row in self.log.contacts.tolist()}

    def _is_found_to_be_urgent(self, contact: int) -> bool:
        """Whether a discussion is to find immediate risk, or began an enquiry that the out-of-hours team goes to."""
        if self.outcome[contact] is not Outcome.STRATEGY_DISCUSSION:
            return False
        started = self.first(EventKind.SECTION_47_STARTED).get(contact)
        is_for_nights = started is not None and self.in_force(started).out_of_hours.visits_section_47
        return self._need[contact] == Need.IMMEDIATE_RISK or is_for_nights

    def visits_rank(self, contact: int) -> int:
        """Which families to be seen at once come first: those at immediate risk."""
        return int(contact not in self.red and self._need[contact] != Need.IMMEDIATE_RISK)

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

    @cached_property
    def office(self) -> Calendar:
        """The hours of the office."""
        hours, span = self.scenario.calendar, self.world.span
        return opening_calendar(
            span.first_day, span.days, OpeningHours(hours.office_opens_minute, hours.office_closes_minute)
        )

    @cached_property
    def working_days(self) -> WorkingDays:
        """The working days of the run."""
        return WorkingDays(self.world.span.first_day, self.world.span.days)

    @cached_property
    def received(self) -> dict[int, int]:
        """When each contact came."""
        return {row[0]: row[1] for row in self.log.contacts.tolist()}

    @cached_property
    def handed_over(self) -> dict[int, int]:
        """When each contact of the night was handed over in the morning, for the last time."""
        return {event.contact: event.time for event in self.of(EventKind.HANDED_OVER)}

    @cached_property
    def _with_the_night(self) -> dict[int, int]:
        """From when each contact was with the out-of-hours team for a first look, for the last time."""
        looks = (e for e in self.of(EventKind.WORK_QUEUED) if e.detail == Activity.OUT_OF_HOURS_SCREENING)
        return {event.contact: event.time for event in looks}

    def is_to_be_handed_over(self, contact: int) -> bool:
        """Whether a contact of the night has still to be handed over to the day service when watching ends."""
        return contact in self._with_the_night and self.handed_over.get(contact, -1) < self._with_the_night[contact]

    def of(self, kind: EventKind) -> list[Event]:
        """The events of a kind, in order."""
        return self._by_kind.get(kind, [])

    def first(self, kind: EventKind) -> dict[int, int]:
        """When the kind first happened to each contact it happened to."""
        return {event.contact: event.time for event in reversed(self.of(kind))}


def jobs(events: list[Event], ends: Callable[[Event], int]) -> Iterator[Job]:
    """Every piece of work in these events: of those alike, the first to wait is the first to begin.

    `ends` tells when the shift ends before which what an event queues must be done, and is withdrawn if not begun.
    """
    waiting: dict[tuple[int, int], list[Job]] = {}
    doing: dict[int, Job] = {}
    for event in events:
        key = (event.contact, event.detail)
        for activity in _withdrawn(event):
            for job in waiting.pop((event.contact, activity), []):
                job.withdrawn = event.time
        if event.kind == EventKind.WORK_QUEUED:
            job = Job(event.contact, Activity(event.detail), event.time, ends=ends(event))
            waiting.setdefault(key, []).append(job)
            yield job
        elif event.kind == EventKind.WORK_STARTED:
            assert event.person not in doing, f"{event} in the midst of {doing[event.person]}"
            left = [job for job in waiting.get(key, []) if event.time < job.ends]
            assert left, f"{event} begins what does not wait"
            job = doing[event.person] = left.pop(0)
            waiting[key] = left
            job.started, job.person = event.time, event.person
        elif event.kind == EventKind.WORK_ENDED:
            job = doing.pop(event.person)
            assert (job.contact, job.activity) == key, f"{event} ends what was not begun"
            job.ended, job.minutes = event.time, event.minutes


QUESTIONS = (Activity.ASKING, Activity.SEEKING_CONSENT)


def _withdrawn(event: Event) -> Iterable[Activity]:
    """What of a contact's waiting work is no more by an event: somebody else's, over, or queued anew."""
    match event.kind:
        case EventKind.CLOSED:
            return Activity
        case EventKind.HOLDER_LEFT:
            return (Activity.TAKING_OVER,)
        case EventKind.INFORMATION_READY:
            return (Activity.CHASING,)
        case EventKind.WORK_QUEUED if event.detail == Activity.DECIDING:
            return QUESTIONS
        case _:
            return ()


def efforts(scenario: Scenario, contact: Contact) -> dict[Activity, set[int]]:
    """The efforts of each piece of work for a contact under a scenario."""
    team, further, hours = scenario.assessment, scenario.further_work, scenario.out_of_hours
    reading = scenario.front_door.history_minutes * has_history(contact)
    return {
        Activity.SCREENING: {contact.screening_minutes},
        Activity.DECIDING: {contact.decision_minutes, contact.decision_minutes + reading},
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
