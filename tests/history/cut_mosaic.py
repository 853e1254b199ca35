"""A simulated log cut to what a Mosaic export can hold: what links tell of contacts, persons' tables by date.

Steps and links are the record's own, to the minute. Visits, workers and referrals name a person and a date, and are
put to a contact here a second time; see `cutting`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.events import Ending, EventKind, EventLog, Outcome, WaitingOn
from sim.facts import Fact
from tests.history.cutting import DAY, REFERRALS, Contact, Event, contacts_of, day, log_of, seen

K = EventKind
GOES_ON = (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)
TAKEN_ON = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
LINK = 30 * DAY
PROTECTION = (K.STRATEGY_ASKED, K.STRATEGY_HELD, K.SECTION_47_STARTED, K.SECTION_47_ENDED, K.CONFERENCE_HELD)

MOSAIC_FACTS = frozenset({
    Fact.RECEIPT, Fact.SOURCE, Fact.FAMILY, Fact.HOURS, Fact.HANDOVER, Fact.FURTHER_WORK, Fact.DECISION, Fact.REFERRAL,
    Fact.NO_ACTION, Fact.HELP, Fact.STRATEGY_ASKED, Fact.STRATEGY, Fact.SECTION_47, Fact.CONFERENCE, Fact.ALLOCATION,
    Fact.SEEN, Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.CLOSURE, Fact.WAITING,
})  # fmt: skip

WAITS = {
    K.RECEIVED: WaitingOn.OUR_STAFF, K.HANDED_OVER: WaitingOn.OUR_STAFF, K.INFORMATION_ASKED: WaitingOn.OTHERS,
    K.INFORMATION_READY: WaitingOn.OUR_STAFF, K.DECIDED: WaitingOn.OUR_STAFF, K.STRATEGY_ASKED: WaitingOn.OTHERS,
    K.STRATEGY_HELD: WaitingOn.OUR_STAFF, K.ALLOCATED: WaitingOn.OUR_STAFF,
}  # fmt: skip
"""Whom a contact waits for from a step on; unchanged for the others."""


@dataclass(eq=False)
class Journey:
    """What the export tells of a contact for one child: how it was decided, and when each step was."""

    contact: Contact
    child: int
    outcome: int | None
    at: dict[EventKind, int] = field(default_factory=dict)
    worker: int = -1

    @property
    def on(self) -> int:
        """The day of receipt."""
        return day(self.contact.received)


def as_mosaic(log: EventLog) -> EventLog:
    """What steps and links tell of each contact, and persons' tables of its children."""
    every = contacts_of(log)
    children: dict[tuple[int, int], list[Contact]] = {}
    for contact in every:
        for child in range(contact.children):
            children.setdefault((contact.family, child), []).append(contact)
    with_case = _after_a_case(every)
    journeys: dict[int, list[Journey]] = {}
    for (_, child), contacts in children.items():
        for journey in _of_child(contacts, child, with_case):
            journeys.setdefault(journey.contact.id, []).append(journey)
    return log_of(log, [case for contact in every for case in _as_cases(journeys[contact.id])], MOSAIC_FACTS)


def _after_a_case(contacts: list[Contact]) -> set[int]:
    """The contacts of whose family the export holds an earlier case; a family's first child is in all of them."""
    families, found = set[int](), set[int]()
    for contact in contacts:
        if contact.family in families:
            found.add(contact.id)
        if contact.outcome in TAKEN_ON:
            families.add(contact.family)
    return found


def _of_child(contacts: list[Contact], child: int, with_case: set[int]) -> list[Journey]:
    """The journeys of a child, in order of receipt."""
    journeys = [_of_steps(contact, child, has_case=contact.id in with_case) for contact in contacts]
    _refer(journeys)
    _visit(journeys)
    _allocate(journeys)
    return journeys


def _of_steps(contact: Contact, child: int, *, has_case: bool) -> Journey:
    """What links tell: an open case is one that an earlier contact of the export brought."""
    outcome = contact.outcome
    is_elsewhere = outcome == Outcome.OPEN_CASE and not has_case
    known = (*TAKEN_ON, Outcome.EARLY_HELP, Outcome.OPEN_CASE, Outcome.OTHER_TEAM)
    if outcome is not None and (is_elsewhere or outcome not in known):
        outcome = Outcome.NO_FURTHER_ACTION
    journey = Journey(contact, child, outcome)
    kinds = [K.DECIDED, K.HELP_STARTED, *([] if is_elsewhere else PROTECTION)]
    if contact.outcome in TAKEN_ON:
        kinds += [K.ASSESSMENT_STARTED, K.ASSESSMENT_AUTHORISED]
    for kind in kinds:
        _take(journey, kind, contact.first(kind))
    _before_decision(journey)
    return journey


def _take(journey: Journey, kind: EventKind, event: Event | None) -> None:
    if event is not None:
        journey.at[kind] = event.time


def _before_decision(journey: Journey) -> None:
    """The night's contact that the day took over, and the information that was asked for."""
    contact, decided = journey.contact, journey.at.get(K.DECIDED)
    handed, asked = contact.first(K.HANDED_OVER), contact.first(K.INFORMATION_ASKED)
    if handed and not (decided is not None and decided < handed.time):
        journey.at[K.HANDED_OVER] = handed.time
    if asked:
        journey.at[K.INFORMATION_ASKED] = asked.time
        ready = [event.time for event in contact.events if event.kind == K.INFORMATION_READY]
        # Nobody waits for information any more once the contact is decided.
        if ready or decided is not None:
            journey.at[K.INFORMATION_READY] = ready[-1] if ready else decided or 0


def _refer(journeys: list[Journey]) -> None:
    """Each referral is the closest contact's of the month before: it may say that it was one, and when it closed."""
    told: dict[int, list[Contact]] = {}
    for referral in sorted((j.contact for j in journeys if j.contact.outcome in REFERRALS), key=_decided):
        on = day(_decided(referral))
        before = [place for place, one in enumerate(journeys) if on - LINK <= one.on <= on]
        if before:
            told.setdefault(_last(journeys, before), []).append(referral)
    for place, referrals in told.items():
        journey = journeys[place]
        is_needless = any(referral.outcome == Outcome.REFERRAL_NO_ACTION for referral in referrals)
        if journey.outcome == Outcome.NO_FURTHER_ACTION:
            journey.outcome = Outcome.REFERRAL_NO_ACTION if is_needless else Outcome.OTHER_TEAM
        if journey.outcome in TAKEN_ON:
            ends = (_ended(referral) for referral in referrals)
            _set(journey, K.CLOSED, (end for end in ends if end is not None))


def _set(journey: Journey, kind: EventKind, times: Iterable[int]) -> None:
    """The first of some times, where there is one."""
    for time in times:
        journey.at.setdefault(kind, time)


def _decided(contact: Contact) -> int:
    decided = contact.first(K.DECIDED)
    assert decided is not None
    return decided.time


def _ended(contact: Contact) -> int | None:
    """When a case closed; one that went on to another team has not, as far as the export goes."""
    closed = contact.first(K.CLOSED)
    return None if closed is None or closed.detail in GOES_ON else closed.time


def _last(journeys: list[Journey], places: list[int]) -> int:
    """Of those of the last day, the last."""
    return max(places, key=lambda place: (journeys[place].on, place))


def _case_of(journeys: list[Journey], time: int) -> Journey | None:
    """The closest journey before that was taken on, until it closed."""
    places = [p for p, one in enumerate(journeys) if one.outcome in TAKEN_ON and one.on <= day(time)]
    if not places:
        return None
    journey = journeys[_last(journeys, places)]
    return None if day(journey.at.get(K.CLOSED, time)) < day(time) else journey


def _visit(journeys: list[Journey]) -> None:
    visits = [event.time for j in journeys for event in seen(j.contact) if event.child == j.child]
    for time in sorted(visits):
        journey = _case_of(journeys, time)
        if journey is not None:
            journey.at.setdefault(K.SEEN, time)


def _allocate(journeys: list[Journey]) -> None:
    workers = [event for j in journeys if (event := j.contact.first(K.ALLOCATED)) is not None]
    for event in sorted(workers, key=lambda event: (event.time, event.person)):
        journey = _case_of(journeys, event.time)
        if journey is not None and K.ALLOCATED not in journey.at:
            journey.at[K.ALLOCATED], journey.worker = event.time, event.person


def _as_cases(journeys: list[Journey]) -> list[Contact]:
    """The children of a contact whose course is the same stand as one; others as contacts of their own."""
    courses: dict[object, list[Journey]] = {}
    for journey in journeys:
        course = {kind: time for kind, time in journey.at.items() if kind != K.SEEN}
        courses.setdefault((journey.outcome, journey.worker, *sorted(course.items())), []).append(journey)
    return [_as_case(same, first=place == 0) for place, same in enumerate(courses.values())]


def _as_case(journeys: list[Journey], *, first: bool) -> Contact:
    contact, one = journeys[0].contact, journeys[0]
    number = contact.id if first else -contact.id - journeys[0].child
    who = frozenset(journey.child for journey in journeys)
    case = Contact(
        number, contact.family, contact.received, contact.source, -1, len(journeys), open_case=False, who=who
    )
    case.events.append(_event(K.RECEIVED, contact.received))
    for kind, time in one.at.items():
        if kind != K.SEEN:
            case.events.append(_event(kind, time, one))
    for place, journey in enumerate(journeys):
        if K.SEEN in journey.at:
            case.events.append(Event(K.SEEN, journey.at[K.SEEN], child=place))
    return case


def _event(kind: EventKind, time: int, journey: Journey | None = None) -> Event:
    event = Event(kind, time, waiting_on=WAITS.get(kind, WaitingOn.UNCHANGED))
    if kind == K.DECIDED and journey is not None and journey.outcome is not None:
        event.detail = journey.outcome
    if kind == K.ALLOCATED and journey is not None:
        event.person = journey.worker
    return event
