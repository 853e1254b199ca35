"""The event log: one schema for history and for simulation, and the lawful order of what may happen to a contact.

A log is a table of whole numbers, one row an event, and two small tables of contacts and people. Nothing in it says
whether a model or a council wrote it, so every measure serves both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.facts import ALL_FACTS, Fact
from sim.working_time import MINUTES_PER_DAY

Column = NDArray[np.int64]

NOBODY = -1
EVERY_CHILD = -1


class EventKind(IntEnum):
    """What can happen. Numbers are part of the schema: append only."""

    RECEIVED = 1
    HANDED_OVER = 2
    SCREENED = 3
    INFORMATION_ASKED = 4
    INFORMATION_READY = 5
    SECOND_LOOK_ASKED = 6
    DECIDED = 7
    HELP_STARTED = 8
    STRATEGY_ASKED = 9
    STRATEGY_HELD = 10
    SECTION_47_STARTED = 11
    SECTION_47_ENDED = 12
    CONFERENCE_HELD = 13
    ALLOCATED = 14
    HOLDER_LEFT = 15
    VISIT_ARRANGED = 16
    VISIT_FAILED = 17
    SEEN = 18
    ASSESSMENT_STARTED = 19
    REVIEW_DUE = 20
    REVIEWED = 21
    ASSESSMENT_AUTHORISED = 22
    PLACE_ASKED = 23
    TRANSFERRED = 24
    ACTION_SET = 25
    ACTION_DONE = 26
    CLOSED = 27
    WORK_QUEUED = 28
    WORK_STARTED = 29
    WORK_ENDED = 30
    OUTSIDE_WAIT = 31


class WaitingOn(IntEnum):
    """Whom a contact waits for from an event on, on the path to its next step; UNCHANGED for what happens beside it."""

    UNCHANGED = 0
    OUR_STAFF = 1
    OUT_OF_HOURS_STAFF = 2
    OTHERS = 3
    NOBODY = 4


class Activity(IntEnum):
    """What people work at: the detail of the three WORK events. Append only."""

    SCREENING = 1
    DECIDING = 2
    ASKING = 3
    CHASING = 4
    SEEKING_CONSENT = 5
    SECOND_LOOK = 6
    STRATEGY_DISCUSSION = 7
    ALLOCATING = 8
    ARRANGING = 9
    VISITING = 10
    ASSESSING = 11
    ENQUIRING = 12
    CONFERENCE = 13
    REVIEWING = 14
    SUPERVISING = 15
    SIGNING_OFF = 16
    REWORKING = 17
    HANDING_OVER = 18
    TAKING_OVER = 19
    FAMILY_SUPPORT = 20
    OUT_OF_HOURS_SCREENING = 21
    OUT_OF_HOURS_VISIT = 22
    MORNING_HANDOVER = 23
    WAITING_VISIT = 24


class Need(IntEnum):
    """Risk as later found. Only a model knows it; history holds UNKNOWN."""

    UNKNOWN = -1
    BELOW_THRESHOLD = 0
    EARLY_HELP = 1
    IN_NEED = 2
    SIGNIFICANT_HARM = 3
    IMMEDIATE_RISK = 4


class Rating(IntEnum):
    """The rating given at screening: the detail of SCREENED."""

    GREEN = 0
    AMBER = 1
    RED = 2


class Outcome(IntEnum):
    """How a contact was decided: the detail of DECIDED. Append only."""

    NO_FURTHER_ACTION = 0
    ADVICE = 1
    EARLY_HELP = 2
    REFERRAL = 3
    STRATEGY_DISCUSSION = 4
    OPEN_CASE = 5
    OTHER_TEAM = 6
    OTHER_AUTHORITY = 7
    REFERRAL_NO_ACTION = 8
    CONSENT_REFUSED = 9


class Ending(IntEnum):
    """How an assessment or a contact ended: the detail of ASSESSMENT_AUTHORISED and CLOSED. Append only."""

    AT_CONTACT = 0
    NO_FURTHER_ACTION = 1
    STEP_DOWN = 2
    TRANSFER = 3
    TRANSFER_AFTER_CONFERENCE = 4
    UNSEEN = 5


class Guide(IntEnum):
    """Why an allocation was lawful: the detail of ALLOCATED."""

    WITHIN = 0
    OVER_FOR_SECTION_47 = 1
    OVER_AFTER_WAITING = 2
    LARGE_FAMILY_ALONE = 3


class SeenBy(IntEnum):
    """Who saw a child: the detail of SEEN."""

    HOLDER = 0
    DUTY = 1
    OUT_OF_HOURS = 2


class Role(IntEnum):
    """Who works. Append only."""

    FRONT_DOOR_MANAGER = 0
    SENIOR_PRACTITIONER = 1
    FIRST_RESPONSE_WORKER = 2
    OUT_OF_HOURS_WORKER = 3
    TEAM_MANAGER = 4
    EXPERIENCED_SOCIAL_WORKER = 5
    NEWLY_QUALIFIED_SOCIAL_WORKER = 6
    AGENCY_SOCIAL_WORKER = 7
    FAMILY_SUPPORT_WORKER = 8


class Rule(NamedTuple):
    """When an event is lawful: at least one of `after` came before it; `once` for each child, or each contact."""

    after: frozenset[EventKind]
    once: bool


def _after(*kinds: EventKind, once: bool = True) -> Rule:
    return Rule(frozenset(kinds), once)


E = EventKind

LIFECYCLE: Mapping[EventKind, Rule] = {
    E.RECEIVED: _after(),
    E.HANDED_OVER: _after(E.RECEIVED, once=False),
    E.SCREENED: _after(E.RECEIVED),
    E.INFORMATION_ASKED: _after(E.SCREENED, once=False),
    E.INFORMATION_READY: _after(E.INFORMATION_ASKED, E.SECOND_LOOK_ASKED, once=False),
    E.SECOND_LOOK_ASKED: _after(E.SCREENED),
    E.DECIDED: _after(E.SCREENED),
    E.HELP_STARTED: _after(E.DECIDED),
    E.STRATEGY_ASKED: _after(E.DECIDED),
    E.STRATEGY_HELD: _after(E.STRATEGY_ASKED),
    E.SECTION_47_STARTED: _after(E.STRATEGY_HELD),
    E.SECTION_47_ENDED: _after(E.SECTION_47_STARTED),
    E.CONFERENCE_HELD: _after(E.SECTION_47_ENDED),
    E.ALLOCATED: _after(E.DECIDED, once=False),
    E.HOLDER_LEFT: _after(E.ALLOCATED, once=False),
    E.VISIT_ARRANGED: _after(E.RECEIVED, once=False),
    E.VISIT_FAILED: _after(E.RECEIVED, once=False),
    E.SEEN: _after(E.RECEIVED),
    E.ASSESSMENT_STARTED: _after(E.ALLOCATED),
    E.REVIEW_DUE: _after(E.ASSESSMENT_STARTED, once=False),
    E.REVIEWED: _after(E.REVIEW_DUE, once=False),
    E.ASSESSMENT_AUTHORISED: _after(E.ASSESSMENT_STARTED),
    E.PLACE_ASKED: _after(E.DECIDED, E.ASSESSMENT_AUTHORISED),
    E.TRANSFERRED: _after(E.PLACE_ASKED),
    E.ACTION_SET: _after(E.STRATEGY_HELD),
    E.ACTION_DONE: _after(E.ACTION_SET),
    E.CLOSED: _after(E.DECIDED),
    E.WORK_QUEUED: _after(E.RECEIVED, once=False),
    E.WORK_STARTED: _after(E.WORK_QUEUED, once=False),
    E.WORK_ENDED: _after(E.WORK_STARTED, once=False),
    E.OUTSIDE_WAIT: _after(E.ALLOCATED, once=False),
}
"""The lawful order: every log is checked against it, and the pathway diagram is drawn from it."""

RECORD: Mapping[EventKind, Rule] = {
    kind: Rule(frozenset({E.RECEIVED}) if rule.after else rule.after, rule.once) for kind, rule in LIFECYCLE.items()
} | {
    E.SECTION_47_ENDED: LIFECYCLE[E.SECTION_47_ENDED],
    E.ASSESSMENT_AUTHORISED: LIFECYCLE[E.ASSESSMENT_AUTHORISED],
    E.WORK_ENDED: LIFECYCLE[E.WORK_ENDED],
}
"""The lawful order of a record."""

AFTER_CLOSING = frozenset({E.HELP_STARTED, E.ACTION_DONE, E.WORK_ENDED})
"""What may still happen to a contact that has closed: partners go on without us, and work begun beside is finished."""


class UnlawfulEventError(ValueError):
    """An event that cannot follow what came before it."""


COLUMNS = ("time", "kind", "contact", "child", "person", "team", "detail", "waiting_on", "minutes")
CONTACT_COLUMNS = (
    "contact",
    "received",
    "source",
    "domestic_abuse",
    "children",
    "need",
    "parent",
    "is_return",
    "open_case",
)
PEOPLE_COLUMNS = ("person", "role", "team", "starts", "leaves", "guide", "rostered_minutes")


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """Events, contacts and people, with the window they were watched in.

    `events` is int64 of shape (n, 9), columns as `COLUMNS`, sorted by time and, within a minute, in the order things
    happened; its `minutes` is the working time that a WORK_ENDED took, 0 where nobody noted it. `contacts` is (m, 9) as
    `CONTACT_COLUMNS` (`source` is the position in `Source`, `parent` -1 for none); `people` is (p, 7) as
    `PEOPLE_COLUMNS`, where `leaves` is -1 for nobody's departure and `rostered_minutes` counts those of the reporting
    window. Times are minutes since midnight of `first_day`. The reporting window is [window_start, window_end); what
    happened up to `watched_until` is known; anything unfinished then is censored.

    A record knows less than a model. `facts` are what it knows; a measure that needs more is unknown. Where
    `dates_at_midnight`, a time at midnight is a date whose hour nobody noted, and events are in order of their dates
    and, on one date, in lawful order for each contact, not in order of minutes. `teams` names the numbers in `team`.
    `seen_undated` is (k, 2), contact and number of each child that by the end of watching was seen or assessed, nobody
    noted on which day: there is no event of it, for an event has a time.
    """

    events: Column = field(repr=False)
    contacts: Column = field(repr=False)
    people: Column = field(repr=False)
    first_day: date
    office_opens_minute: int
    office_closes_minute: int
    window_start: int
    window_end: int
    watched_until: int
    facts: frozenset[Fact] = ALL_FACTS
    dates_at_midnight: bool = False
    teams: tuple[str, ...] = ()
    seen_undated: Column = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64), repr=False)

    def column(self, name: str) -> Column:
        """One column of the events."""
        return self.events[:, COLUMNS.index(name)]

    def contact_column(self, name: str) -> Column:
        """One column of the contacts."""
        return self.contacts[:, CONTACT_COLUMNS.index(name)]

    def people_column(self, name: str) -> Column:
        """One column of the people."""
        return self.people[:, PEOPLE_COLUMNS.index(name)]

    def of_kind(self, *kinds: EventKind) -> Column:
        """The events of these kinds, in order."""
        return self.events[np.isin(self.column("kind"), kinds)]


def check_lifecycle(log: EventLog) -> None:
    """Raise `UnlawfulEventError` at the first event that breaks `LIFECYCLE`; a lawful log passes silently.

    A record need not hold every kind of step, and its steps are dated by different people: of its order no more is
    demanded than that receipt comes first and that what ends has begun.
    """
    times = log.column("time")
    if np.any(np.diff(times // MINUTES_PER_DAY if log.dates_at_midnight else times) < 0):
        raise UnlawfulEventError("the events are not in order of time")
    rules = LIFECYCLE if log.facts == ALL_FACTS else RECORD
    happened: dict[int, set[EventKind]] = {}
    once: set[tuple[int, int, int]] = set()
    for row in log.events.tolist():
        time, number, contact, child = row[:4]
        kind = EventKind(number)
        before = happened.setdefault(contact, set())
        for broken in _breaches(kind, rules[kind], before, repeated=(contact, child, number) in once):
            raise UnlawfulEventError(f"contact {contact}, minute {time}: {kind.name} {broken}")
        once.add((contact, child, number))
        before.add(kind)


def _breaches(kind: EventKind, rule: Rule, before: set[EventKind], *, repeated: bool) -> Iterator[str]:
    if rule.after and not rule.after & before:
        yield f"needs one of {', '.join(sorted(k.name for k in rule.after))} before it"
    if not rule.after and before:
        yield "must come first"
    if rule.once and repeated:
        yield "happened twice"
    if E.CLOSED in before and kind not in AFTER_CLOSING:
        yield "came after the contact closed"
