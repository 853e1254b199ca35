"""A simulated log cut to what the journeys CSV can hold: to the minute; see `cutting`."""

from sim.events import EventKind, EventLog
from sim.facts import Fact
from tests.history.cutting import contacts_of, log_of, seen

K = EventKind

FIRST_ONLY = (
    K.RECEIVED, K.HANDED_OVER, K.SCREENED, K.INFORMATION_ASKED, K.DECIDED, K.HELP_STARTED, K.STRATEGY_ASKED,
    K.STRATEGY_HELD, K.SECTION_47_STARTED, K.SECTION_47_ENDED, K.CONFERENCE_HELD, K.ALLOCATED, K.ASSESSMENT_STARTED,
    K.ASSESSMENT_AUTHORISED, K.TRANSFERRED, K.CLOSED,
)  # fmt: skip
"""The events of a contact of which a form has one field, for the first."""

JOURNEYS_FACTS = frozenset(Fact) - {
    Fact.SECOND_LOOK, Fact.ACTIONS, Fact.GUIDE, Fact.REVIEWS, Fact.WAITING, Fact.WORK, Fact.STAFF,
}  # fmt: skip


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
