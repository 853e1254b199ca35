"""A simulated log cut to what a format can hold, from the arrays of the log alone: what a reader has to arrive at.

Nothing of the readers, of their links or of what the writers start from is used here: the rules stand here a second
time, contact by contact, so that one mistake cannot hide the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from sim.events import (
    COLUMNS,
    CONTACT_COLUMNS,
    EVERY_CHILD,
    NOBODY,
    EventKind,
    EventLog,
    Need,
    Outcome,
)
from sim.facts import Fact

DAY = 1440
YEAR_DAYS = 365
K = EventKind

REFERRALS = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)

FIRST_ONLY = (
    K.RECEIVED, K.HANDED_OVER, K.SCREENED, K.INFORMATION_ASKED, K.DECIDED, K.HELP_STARTED, K.STRATEGY_ASKED,
    K.STRATEGY_HELD, K.SECTION_47_STARTED, K.SECTION_47_ENDED, K.CONFERENCE_HELD, K.ALLOCATED, K.ASSESSMENT_STARTED,
    K.ASSESSMENT_AUTHORISED, K.TRANSFERRED, K.CLOSED,
)  # fmt: skip
"""The events of a contact of which a form has one field, for the first."""

JOURNEYS_FACTS = frozenset(Fact) - {
    Fact.SECOND_LOOK, Fact.ACTIONS, Fact.GUIDE, Fact.REVIEWS, Fact.WAITING, Fact.WORK, Fact.STAFF,
}  # fmt: skip
SSD_FACTS = frozenset({
    Fact.RECEIPT, Fact.SOURCE, Fact.OPEN_CASE, Fact.FAMILY, Fact.REFERRAL, Fact.NO_ACTION, Fact.HELP, Fact.STRATEGY,
    Fact.SECTION_47, Fact.CONFERENCE, Fact.ALLOCATION, Fact.SEEN, Fact.ASSESSMENT_START, Fact.AUTHORISATION,
    Fact.ENDING, Fact.CLOSURE,
})  # fmt: skip


@dataclass
class Event:
    """What happened to a contact, or to one child of it."""

    kind: EventKind
    time: int
    detail: int = 0
    person: int = NOBODY
    child: int = EVERY_CHILD


@dataclass
class Contact:
    """A contact of the window and what is known of it at the end."""

    id: int
    family: int
    received: int
    source: int
    abuse: int
    children: int
    open_case: bool
    events: list[Event] = field(default_factory=list)

    def first(self, kind: EventKind) -> Event | None:
        """The first event of a kind."""
        return next((event for event in self.events if event.kind == kind), None)

    @property
    def outcome(self) -> int | None:
        """How it was decided."""
        decided = self.first(K.DECIDED)
        return decided.detail if decided else None


def contacts_of(log: EventLog) -> list[Contact]:
    """The contacts received in the window with their events until its end, in order of receipt."""
    rows = [dict(zip(CONTACT_COLUMNS, row, strict=True)) for row in log.contacts.tolist()]
    parent = {row["contact"]: row["parent"] for row in rows}

    def family(contact: int) -> int:
        while parent[contact] in parent:
            contact = parent[contact]
        return contact

    found = {
        row["contact"]: Contact(
            row["contact"], family(row["contact"]), row["received"], row["source"], row["domestic_abuse"],
            row["children"], bool(row["open_case"]),
        )
        for row in rows
        if log.window_start <= row["received"] < log.window_end
    }  # fmt: skip
    for values in log.events.tolist():
        event = dict(zip(COLUMNS, values, strict=True))
        if event["contact"] in found and event["time"] < log.window_end:
            kind = EventKind(event["kind"])
            entry = Event(kind, event["time"], event["detail"], event["person"], event["child"])
            found[event["contact"]].events.append(entry)
    return sorted(found.values(), key=lambda contact: (contact.received, contact.id))


def seen(contact: Contact) -> Iterator[Event]:
    """When each child was first seen."""
    for child in range(contact.children):
        visits = (event for event in contact.events if event.kind == K.SEEN and event.child in (EVERY_CHILD, child))
        if (visit := next(visits, None)) is not None:
            yield Event(K.SEEN, visit.time, visit.detail, child=child)


def log_of(log: EventLog, contacts: list[Contact], facts: frozenset[Fact]) -> EventLog:
    """The log of these contacts: the window begins with the first of them, and nothing is known after its end."""
    contacts = sorted(contacts, key=lambda contact: (contact.received, contact.id))
    kin = families(contacts)
    rows = [
        (c.id, c.received, c.source, c.abuse, c.children, Need.UNKNOWN, *_before(c, kin[c.family]), int(c.open_case))
        for c in contacts
    ]
    events = [(e.time, e.kind, c.id, e.child, e.person, 0, e.detail, 0, 0) for c in contacts for e in c.events]
    # A contact's events are in the order in which they happened, which is that of those at one time.
    events.sort(key=lambda event: event[0])
    return EventLog(
        events=np.array(events, dtype=np.int64),
        contacts=np.array(rows, dtype=np.int64),
        people=np.empty((0, 7), dtype=np.int64),
        first_day=log.first_day,
        office_opens_minute=log.office_opens_minute,
        office_closes_minute=log.office_closes_minute,
        window_start=contacts[0].received // DAY * DAY,
        window_end=log.window_end,
        watched_until=log.window_end - 1,
        facts=facts,
        dates_at_midnight=True,
    )


def families(contacts: list[Contact]) -> dict[int, list[Contact]]:
    """The contacts of each family, in order of receipt."""
    found: dict[int, list[Contact]] = {}
    for contact in contacts:
        found.setdefault(contact.family, []).append(contact)
    return found


def _before(contact: Contact, kin: list[Contact]) -> tuple[int, int]:
    """The family's contact before, and whether it was referred within 12 months before."""
    earlier = [c for c in kin if c.received < contact.received]
    referred = [c for c in earlier if c.outcome in REFERRALS]
    near = bool(referred) and contact.received // DAY - referred[-1].received // DAY <= YEAR_DAYS
    return (earlier[-1].id if earlier else -1), int(near)


def as_journeys(log: EventLog) -> EventLog:
    """To the minute: one of each kind of event, how a case closed left out."""
    contacts = contacts_of(log)
    for contact in contacts:
        kept = [event for kind in FIRST_ONLY if (event := contact.first(kind)) is not None]
        kept += [event for event in contact.events if event.kind == K.INFORMATION_READY][-1:]
        for event in kept:
            event.detail = 0 if event.kind == K.CLOSED else event.detail
        order = {id(event): place for place, event in enumerate(contact.events)}
        contact.events = sorted(kept, key=lambda event: order[id(event)]) + list(seen(contact))
    return log_of(log, contacts, JOURNEYS_FACTS)


def day(minute: int) -> int:
    """The midnight before."""
    return minute // DAY * DAY


LINK = 30 * DAY


def as_ssd(log: EventLog) -> EventLog:
    """To the date, with referrals, visits and early help taken for the contact that the dates suggest."""
    contacts = contacts_of(log)
    last = max(_decided_on(contact) for contact in contacts if contact.outcome in REFERRALS)
    cases = [case for kin in families(contacts).values() for case in _family_as_ssd(kin, last)]
    return log_of(log, cases, SSD_FACTS)


def _family_as_ssd(contacts: list[Contact], last: int) -> list[Contact]:
    """The contacts of one family, where the last referral of all was decided on the day `last`."""
    referral_of = _referrals_by_date(contacts)
    cases = [_with_referral(contact, referral_of.get(contact.id), contacts, last) for contact in contacts]
    for kind, link in ((K.SEEN, _visits), (K.HELP_STARTED, _help)):
        for case, event in link(contacts, cases):
            if not any(known.kind == kind and known.child == event.child for known in case.events):
                case.events.append(event)
    # Early help that is taken for a contact's own says how the contact was decided, whatever else is said of it.
    for case in (case for case in cases if case.outcome not in REFERRALS and case.first(K.HELP_STARTED)):
        case.events = [event for event in case.events if event.kind != K.DECIDED]
        case.events.insert(1, Event(K.DECIDED, case.received, Outcome.EARLY_HELP))
    return cases


def _silent(contact: Contact) -> bool:
    """Whether the contact's outcome has no flag that is known."""
    return contact.outcome in (None, Outcome.EARLY_HELP)


def _decided_on(contact: Contact) -> int:
    decided = contact.first(K.DECIDED)
    assert decided is not None
    return day(decided.time)


def _referrals_by_date(contacts: list[Contact]) -> dict[int, Contact]:
    """For a contact, the one whose referral is taken for its own."""
    found: dict[int, Contact] = {}
    for referral in sorted((c for c in contacts if c.outcome in REFERRALS), key=_decided_on):
        on = _decided_on(referral)
        may_be = [c for c in contacts if (c.outcome in REFERRALS or _silent(c)) and on - LINK <= day(c.received) <= on]
        if may_be:
            latest = max(day(c.received) for c in may_be)
            of_day = [c for c in may_be if day(c.received) == latest]
            chosen = next((c for c in of_day if c.outcome in REFERRALS), of_day[0])
            found.setdefault(chosen.id, referral)
    return found


def _with_referral(contact: Contact, referral: Contact | None, contacts: list[Contact], last: int) -> Contact:
    """The contact by dates, with the steps of the referral that is taken for its own."""
    case = Contact(
        contact.id, contact.family, day(contact.received), contact.source, -1, contact.children, open_case=False
    )
    case.events.append(Event(K.RECEIVED, case.received))
    if referral is not None:
        case.events += _steps(referral)
        return case
    case.open_case = contact.outcome == Outcome.OPEN_CASE or (_silent(contact) and _was_open(contact, contacts))
    is_past = last - case.received > LINK
    if case.open_case:
        outcome: int | None = Outcome.OPEN_CASE
    elif contact.outcome in REFERRALS or (_silent(contact) and not is_past):
        outcome = None
    elif _silent(contact):
        outcome = Outcome.NO_FURTHER_ACTION
    else:
        outcome = contact.outcome
    if outcome is not None:
        case.events.append(Event(K.DECIDED, case.received, outcome))
    return case


def _was_open(contact: Contact, contacts: list[Contact]) -> bool:
    """Whether the family's last referral before the day of the contact had not closed by then."""
    before = [
        (_decided_on(c), _closed_on(c))
        for c in contacts
        if c.outcome in REFERRALS and _decided_on(c) < day(contact.received)
    ]
    return bool(before) and max(before)[1] >= day(contact.received)


def _closed_on(referral: Contact) -> int:
    closed = referral.first(K.CLOSED)
    return day(closed.time) if closed else 2**62


def _steps(referral: Contact) -> list[Event]:
    """What the dataset dates of a referral, in order."""
    enquired = referral.first(K.SECTION_47_STARTED) is not None
    kept = list[Event]()
    for event in referral.events:
        is_first = referral.first(event.kind) is event
        if event.kind in (K.DECIDED, K.ASSESSMENT_STARTED, K.ASSESSMENT_AUTHORISED, K.CLOSED) and is_first:
            kept.append(Event(event.kind, day(event.time), event.detail))
        elif enquired and event.kind == K.STRATEGY_HELD:
            kept += [Event(kind, day(event.time)) for kind in (K.STRATEGY_HELD, K.SECTION_47_STARTED)]
        elif enquired and event.kind in (K.SECTION_47_ENDED, K.CONFERENCE_HELD):
            kept.append(Event(event.kind, day(event.time)))
        elif event.kind == K.ALLOCATED:
            kept.append(Event(event.kind, day(event.time), person=event.person))
        elif event.kind == K.HOLDER_LEFT and _nobody_took_over(referral, event):
            kept.append(Event(event.kind, day(event.time)))
    return kept


def _nobody_took_over(referral: Contact, left: Event) -> bool:
    """Whether the day ended without a worker: neither another one nor the end of the case came on it."""
    later = [e for e in referral.events if e.kind == K.ALLOCATED and e.time >= left.time]
    return _closed_on(referral) > day(left.time) and all(day(event.time) > day(left.time) for event in later)


def _visits(contacts: list[Contact], cases: list[Contact]) -> Iterator[tuple[Contact, Event]]:
    """Each visit with the family's latest contact before it that has a referral, while that is open."""
    for event in sorted((event for c in contacts for event in seen(c)), key=lambda event: event.time):
        on = day(event.time)
        case = _latest([c for c in cases if c.outcome in REFERRALS and c.received <= on])
        if case is not None and _closed_on(case) >= on:
            yield case, Event(K.SEEN, on, child=event.child)


def _help(contacts: list[Contact], cases: list[Contact]) -> Iterator[tuple[Contact, Event]]:
    """Early help with the family's latest contact in the month before it that has no referral."""
    for on in sorted(day(event.time) for c in contacts if (event := c.first(K.HELP_STARTED)) is not None):
        others = [c for c in cases if c.outcome not in REFERRALS and not c.open_case]
        case = _latest([c for c in others if on - LINK <= c.received <= on])
        if case is not None:
            yield case, Event(K.HELP_STARTED, on)


def _latest(cases: list[Contact]) -> Contact | None:
    """Of those of the last day, the first."""
    last = max((case.received for case in cases), default=None)
    return next((case for case in cases if case.received == last), None)


CUT: Mapping[str, Callable[[EventLog], EventLog]] = {"journeys": as_journeys, "ssd": as_ssd}
"""How each format cuts a log."""


def last_day(log: EventLog) -> date:
    """The date of an extract made at the end of the window."""
    return log.first_day + timedelta(days=log.window_end // DAY - 1)
