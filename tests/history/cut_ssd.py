"""A simulated log cut to what the Standard Safeguarding Dataset can hold, its links made by date; see `cutting`."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.events import Ending, EventKind, EventLog, Outcome
from sim.facts import Fact
from tests.history.cutting import DAY, REFERRALS, Contact, Event, contacts_of, day, families, log_of, seen

K = EventKind

SSD_FACTS = frozenset({
    Fact.RECEIPT, Fact.SOURCE, Fact.OPEN_CASE, Fact.FAMILY, Fact.REFERRAL, Fact.NO_ACTION, Fact.HELP, Fact.STRATEGY,
    Fact.SECTION_47, Fact.CONFERENCE, Fact.ALLOCATION, Fact.SEEN, Fact.ASSESSMENT_START, Fact.AUTHORISATION,
    Fact.ENDING, Fact.CLOSURE, Fact.STAFF,
})  # fmt: skip


LINK = 30 * DAY


def as_ssd(log: EventLog) -> EventLog:
    """To the date, with referrals, visits and early help taken for the contact that the dates suggest."""
    contacts = contacts_of(log)
    last = max(_decided_on(contact) for contact in contacts if contact.outcome in REFERRALS)
    cases = [case for kin in families(contacts).values() for case in _family_as_ssd(kin, last)]
    return replace(log_of(log, cases, SSD_FACTS), people=_people(log, contacts, cases))


def _people(
    log: EventLog, contacts: list[Contact], cases: list[Contact]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Those to whom a referral was allocated, from the day of their first case to that of the end of their last."""
    holders = {event.person for case in cases for event in case.events if event.kind == K.ALLOCATED}
    held = [spell for contact in contacts if contact.outcome in REFERRALS for spell in _holdings(contact)]
    role = dict(zip(log.people_column("person").tolist(), log.people_column("role").tolist(), strict=True))
    rows = []
    for person in sorted(holders):
        starts, ends = zip(*((day(start), end) for who, start, end in held if who == person), strict=True)
        leaves = max(map(day, ends)) + DAY if None not in ends else -1
        rows.append((person, role[person], 0, min(starts), leaves, 0, 0))
    return np.array(rows, dtype=np.int64)


def _holdings(contact: Contact) -> Iterator[tuple[int, int, int | None]]:
    """Who held a contact's case, from when until when: the next change of hands, its closing, or still."""
    changes = [event for event in contact.events if event.kind in (K.ALLOCATED, K.HOLDER_LEFT, K.CLOSED)]
    for event, after in zip(changes, [*changes[1:], None], strict=True):
        if event.kind == K.ALLOCATED:
            yield event.person, event.time, after.time if after else None


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
    """Early help with the family's latest contact without a referral, or step-down, in the month before it."""
    for on in sorted(day(event.time) for c in contacts if (event := early_help(c)) is not None):
        places = [(since, case) for case in cases if (since := _since(case)) is not None and on - LINK <= since <= on]
        if places:
            last = max(since for since, _ in places)
            yield next(case for since, case in places if since == last), Event(K.HELP_STARTED, on)


def early_help(contact: Contact) -> Event | None:
    """When early help began that a contact was decided for, or that it was stepped down to after its assessment."""
    ended = contact.first(K.ASSESSMENT_AUTHORISED)
    is_for_it = contact.outcome == Outcome.EARLY_HELP or (ended is not None and ended.detail == Ending.STEP_DOWN)
    return contact.first(K.HELP_STARTED) if is_for_it else None


def _since(case: Contact) -> int | None:
    """From when early help may follow a contact."""
    if case.outcome not in REFERRALS:
        return None if case.open_case else case.received
    ended = case.first(K.ASSESSMENT_AUTHORISED)
    return ended.time if ended and ended.detail == Ending.STEP_DOWN else None


def _latest(cases: list[Contact]) -> Contact | None:
    """Of those of the last day, the first."""
    last = max((case.received for case in cases), default=None)
    return next((case for case in cases if case.received == last), None)
