"""A simulated log cut to what a format can hold, from the arrays of the log alone: what a reader has to arrive at.

Nothing of the readers, of their links or of what the writers start from is used here: the rules stand here a second
time, contact by contact, so that one mistake cannot hide the other.
"""

from collections.abc import Iterator
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
    WaitingOn,
)
from sim.facts import Fact

DAY = 1440
YEAR_DAYS = 365
K = EventKind

REFERRALS = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)


@dataclass
class Event:
    """What happened to a contact, or to one child of it."""

    kind: EventKind
    time: int
    detail: int = 0
    person: int = NOBODY
    child: int = EVERY_CHILD
    waiting_on: int = WaitingOn.UNCHANGED


@dataclass
class Contact:
    """A contact of the window and what is known of it at the end.

    `who` are the family's children whom it is about, where they are not the first so many.
    """

    id: int
    family: int
    received: int
    source: int
    abuse: int
    children: int
    open_case: bool
    events: list[Event] = field(default_factory=list)
    who: frozenset[int] = frozenset()

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


def log_of(log: EventLog, contacts: list[Contact], facts: frozenset[Fact], since: int | None = None) -> EventLog:
    """The log of these contacts, those of one time in the order given.

    The window begins on the day of the first of them, or on that of the minute `since`; nothing is known after its end.
    """
    contacts = sorted(contacts, key=lambda contact: contact.received)
    kin = families(contacts)
    rows = [
        (c.id, c.received, c.source, c.abuse, c.children, Need.UNKNOWN, *_before(c, kin[c.family]), int(c.open_case))
        for c in contacts
    ]
    events = [
        (e.time, e.kind, c.id, e.child, e.person, 0, e.detail, e.waiting_on, 0) for c in contacts for e in c.events
    ]
    # A contact's events are in the order in which they happened, which is that of those at one time.
    events.sort(key=lambda event: event[0])
    return EventLog(
        events=np.array(events, dtype=np.int64),
        contacts=np.array(rows, dtype=np.int64),
        people=np.empty((0, 7), dtype=np.int64),
        first_day=log.first_day,
        office_opens_minute=log.office_opens_minute,
        office_closes_minute=log.office_closes_minute,
        window_start=day(contacts[0].received if since is None else since),
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


def _about(contact: Contact) -> frozenset[int]:
    return contact.who or frozenset(range(contact.children))


def _before(contact: Contact, kin: list[Contact]) -> tuple[int, int]:
    """The family's contact before, and whether it was referred within 12 months before."""
    earlier = [c for c in kin[: kin.index(contact)] if _about(c) & _about(contact)]
    referred = [c for c in earlier if c.outcome in REFERRALS]
    near = bool(referred) and contact.received // DAY - referred[-1].received // DAY <= YEAR_DAYS
    return (earlier[-1].id if earlier else -1), int(near)


def day(minute: int) -> int:
    """The midnight before."""
    return minute // DAY * DAY


def last_day(log: EventLog) -> date:
    """The date of an extract made at the end of the window."""
    return log.first_day + timedelta(days=log.window_end // DAY - 1)
