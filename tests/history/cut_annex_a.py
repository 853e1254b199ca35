"""A simulated log cut to what Annex A can hold: each child for itself, dates alone, links by child and date.

The lists are made here a second time, and linked a second time, from the arrays of the log; see `cutting`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.events import Ending, EventKind, EventLog, Outcome
from sim.facts import Fact
from sim.working_time import WorkingDays
from tests.history.cutting import DAY, REFERRALS, Contact, Event, contacts_of, day, log_of

K = EventKind
LINK, PLAN = 30 * DAY, 60 * DAY
CASES = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM)
GOES_ON = (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)

ANNEX_A_FACTS = frozenset({
    Fact.RECEIPT, Fact.SOURCE, Fact.OPEN_CASE, Fact.REFERRAL, Fact.NO_ACTION, Fact.HELP, Fact.STRATEGY, Fact.SECTION_47,
    Fact.CONFERENCE, Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.ENDING, Fact.CLOSURE,
})  # fmt: skip


@dataclass(eq=False)
class Row:
    """A row of one list about one child: its date, what else it says, and the rows taken for what came of it."""

    on: int
    source: int = -1
    no_action: bool = False
    is_open: bool = False
    ended: int | None = None
    ending: int | None = None
    next: dict[str, "Row"] = field(default_factory=dict)


@dataclass
class Lists:
    """The rows about one child, in order of their dates."""

    contacts: list[Row] = field(default_factory=list)
    help: list[Row] = field(default_factory=list)
    referrals: list[Row] = field(default_factory=list)
    assessments: list[Row] = field(default_factory=list)
    enquiries: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    plans: list[Row] = field(default_factory=list)


def as_annex_a(log: EventLog) -> EventLog:
    """What the lists tell of each child alone, without the workers and teams."""
    every = contacts_of(log)
    children: dict[tuple[int, int], list[Contact]] = {}
    for contact in every:
        for child in range(contact.children):
            children.setdefault((contact.family, child), []).append(contact)
    lists = [lists_of(contacts) for contacts in children.values()]
    first = min(contact.on for one in lists for contact in one.contacts)
    last = max(row.on for one in lists for row in (*one.contacts, *one.referrals))
    working_days = WorkingDays(log.first_day, log.window_end // DAY + 1)

    def is_soon(start: int, stop: int) -> bool:
        return int(working_days.between(np.array([start]), np.array([stop]))[0]) <= 1

    told = [_told(one, first, last, is_soon) for one in lists]
    cases = [_as_contact(case, family) for family, one in enumerate(told) for case in one]
    # Those of one day stand as they were received.
    order = {id(row): place for place, row in enumerate(_in_order(every, children, lists))}
    cases.sort(key=lambda pair: order.get(id(pair[0]), -1))
    contacts = [contact for _, contact in cases]
    for number, contact in enumerate(contacts):
        contact.id = number
    return log_of(log, contacts, ANNEX_A_FACTS, since=first)


def _in_order(every: list[Contact], children: dict[tuple[int, int], list[Contact]], lists: list[Lists]) -> list[Row]:
    """The rows of the list of contacts as they stand."""
    rows = {
        (contact.id, child): row
        for ((_, child), contacts), one in zip(children.items(), lists, strict=True)
        for contact, row in zip(contacts, one.contacts, strict=True)
    }
    return [rows[contact.id, child] for contact in every for child in range(contact.children)]


def lists_of(contacts: list[Contact]) -> Lists:
    """The rows about one child of these contacts."""
    lists = Lists()
    for contact in contacts:
        lists.contacts.append(Row(day(contact.received), contact.source))
        if contact.outcome in REFERRALS:
            _refer(contact, lists)
        ended = contact.first(K.ASSESSMENT_AUTHORISED)
        began = contact.first(K.ASSESSMENT_STARTED)
        if began:
            lists.assessments.append(Row(day(began.time), ended=_on(ended), ending=ended.detail if ended else None))
        _protect(contact, lists)
        helped = contact.first(K.HELP_STARTED)
        is_down = ended is not None and ended.detail == Ending.STEP_DOWN
        if helped and (contact.outcome == Outcome.EARLY_HELP or is_down):
            lists.help.append(Row(day(helped.time)))
    for rows in vars(lists).values():
        rows.sort(key=lambda row: row.on)
    for rows in (lists.help, lists.assessments, lists.enquiries, lists.cases, lists.plans):
        rows[:] = _once(rows, by_source=False)
    lists.referrals = _once(lists.referrals, by_source=True)
    return lists


def _on(event: Event | None) -> int | None:
    return None if event is None else day(event.time)


def _once(rows: list[Row], *, by_source: bool) -> list[Row]:
    """One row for each date, the fuller of two."""
    kept: dict[tuple[int, int], Row] = {}
    for row in sorted(rows, key=lambda row: (row.ended is None) + (row.ending is None)):
        kept.setdefault((row.on, row.source if by_source else 0), row)
    return sorted(kept.values(), key=lambda row: row.on)


def _refer(contact: Contact, lists: Lists) -> None:
    decided = contact.first(K.DECIDED)
    assert decided is not None
    on, is_no_action = day(decided.time), contact.outcome == Outcome.REFERRAL_NO_ACTION
    lists.referrals.append(Row(on, contact.source, no_action=is_no_action))
    if contact.outcome in CASES:
        closed = contact.first(K.CLOSED)
        goes_on = contact.outcome == Outcome.OTHER_TEAM or (closed and closed.detail in GOES_ON)
        case = Row(on)
        if closed and not goes_on:
            case.ended, case.ending = day(closed.time), closed.detail
        lists.cases.append(case)


def _protect(contact: Contact, lists: Lists) -> None:
    held, met = contact.first(K.STRATEGY_HELD), contact.first(K.CONFERENCE_HELD)
    if held and contact.first(K.SECTION_47_STARTED):
        lists.enquiries.append(Row(day(held.time), ended=_on(met)))
        if met:
            lists.plans.append(Row(day(met.time)))


def attach(firsts: list[Row], thens: list[Row], name: str, within: int = LINK) -> list[Row]:
    """Give each first row the nearest that followed it; gives those that followed none."""
    alone = []
    for then in thens:
        before = [one for one in firsts if then.on - within <= one.on <= then.on]
        latest = max((one.on for one in before), default=None)
        of_day = [one for one in before if one.on == latest]
        if not of_day or any(name in one.next for one in of_day):
            alone.append(then)
            continue
        alike = [one for one in of_day if one.source == then.source] if name == "referral" else []
        (alike or of_day)[0].next[name] = then
    return alone


def _told(lists: Lists, first: int, last: int, is_soon: Callable[[int, int], bool]) -> list[Row]:
    """The journeys of a child: its contacts, and what no contact led to, received before the list."""
    attach(lists.enquiries, lists.plans, "plan", PLAN)
    for enquiry in lists.enquiries:
        plan = enquiry.next.get("plan")
        if enquiry.ended is None and plan is not None:
            enquiry.ended = plan.on
    alone = attach(lists.referrals, lists.assessments, "assessment")
    alone += attach(lists.referrals, lists.enquiries, "enquiry")
    attach(lists.referrals, lists.cases, "case")
    alone = attach(lists.contacts, lists.referrals, "referral") + alone
    journeys = list(lists.contacts)
    for place, row in enumerate(alone):
        of_lists = {"referral": lists.referrals, "assessment": lists.assessments, "enquiry": lists.enquiries}
        name = next(name for name, rows in of_lists.items() if row in rows)
        journeys.append(Row(first - DAY * (len(alone) - place), row.source, next={name: row}))
    for journey in journeys:
        _flatten(journey)
    for contact in lists.contacts:
        contact.is_open = _was_open(contact, lists.cases)
    _help(journeys, lists)
    for journey in journeys:
        journey.next["decision"] = _decision(journey, lists, last, is_soon)
    return journeys


def _flatten(journey: Row) -> None:
    """All that came of a journey's referral, beside it."""
    journey.next |= {name: row for one in list(journey.next.values()) for name, row in one.next.items()}
    journey.next |= {name: row for one in list(journey.next.values()) for name, row in one.next.items()}


def _was_open(contact: Row, cases: Sequence[Row]) -> bool:
    """Whether a contact without a referral is about an open case: the child's last case before it had not closed."""
    before = [case for case in cases if case.on < contact.on]
    return "referral" not in contact.next and bool(before) and (before[-1].ended or contact.on) >= contact.on


def _help(journeys: list[Row], lists: Lists) -> None:
    """Early help follows a contact without a referral, or the end of an assessment that came to nothing."""
    places = list[tuple[Row, Row]]()
    for journey in journeys:
        assessment, case = journey.next.get("assessment"), journey.next.get("case")
        is_down = bool(assessment and assessment.ended and assessment.ending not in GOES_ON)
        is_down |= bool(case and case.ending == Ending.STEP_DOWN and assessment and assessment.ended)
        if journey in lists.contacts and "referral" not in journey.next and not journey.is_open:
            places.append((Row(journey.on), journey))
        elif is_down and assessment and assessment.ended:
            places.append((Row(assessment.ended), journey))
    attach([place for place, _ in places], lists.help, "help")
    for place, journey in places:
        journey.next |= place.next


def _decision(journey: Row, lists: Lists, last: int, is_soon: Callable[[int, int], bool]) -> Row:
    """When and how a contact was decided; its `ending` is the outcome, none where it is not."""
    referral, enquiry = journey.next.get("referral"), journey.next.get("enquiry")
    if referral is not None:
        soon = enquiry is not None and is_soon(referral.on, enquiry.on)
        outcome = Outcome.STRATEGY_DISCUSSION if soon else Outcome.REFERRAL
        return Row(referral.on, ending=Outcome.REFERRAL_NO_ACTION if referral.no_action else outcome)
    if journey not in lists.contacts:
        return Row(journey.on)
    if journey.is_open:
        return Row(journey.on, ending=Outcome.OPEN_CASE)
    if "help" in journey.next:
        return Row(journey.on, ending=Outcome.EARLY_HELP)
    return Row(journey.on, ending=Outcome.NO_FURTHER_ACTION if last - journey.on >= LINK else None)


def _as_contact(journey: Row, family: int) -> tuple[Row, Contact]:
    decision = journey.next["decision"]
    contact = Contact(0, family, journey.on, journey.source, -1, 1, open_case=decision.ending == Outcome.OPEN_CASE)
    contact.events.append(Event(K.RECEIVED, journey.on))
    if decision.ending is not None:
        contact.events.append(Event(K.DECIDED, decision.on, decision.ending))
    _add(contact, K.HELP_STARTED, journey.next.get("help"))
    enquiry, assessment, case = (journey.next.get(name) for name in ("enquiry", "assessment", "case"))
    _add(contact, K.STRATEGY_HELD, enquiry)
    _add(contact, K.SECTION_47_STARTED, enquiry)
    _add(contact, K.ASSESSMENT_STARTED, assessment)
    if enquiry and enquiry.ended is not None:
        contact.events.append(Event(K.CONFERENCE_HELD, enquiry.ended))
    if assessment and assessment.ended is not None:
        contact.events.append(Event(K.ASSESSMENT_AUTHORISED, assessment.ended, _ending(journey)))
    if case and case.ended is not None:
        known = (Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN)
        contact.events.append(Event(K.CLOSED, case.ended, case.ending if case.ending in known else Ending.TRANSFER))
    return journey, contact


def _add(contact: Contact, kind: EventKind, row: Row | None) -> None:
    if row is not None:
        contact.events.append(Event(kind, row.on))


def _ending(journey: Row) -> int:
    if journey.next["assessment"].ending in GOES_ON:
        return Ending.TRANSFER_AFTER_CONFERENCE if "plan" in journey.next else Ending.TRANSFER
    case = journey.next.get("case")
    is_down = "help" in journey.next or (case is not None and case.ending == Ending.STEP_DOWN)
    return Ending.STEP_DOWN if is_down else Ending.NO_FURTHER_ACTION
