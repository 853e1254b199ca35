"""Small logs written by hand, and lawful ones drawn at random."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from hypothesis import strategies as st

from sim.events import (
    COLUMNS,
    CONTACT_COLUMNS,
    EVERY_CHILD,
    NOBODY,
    PEOPLE_COLUMNS,
    Ending,
    EventKind,
    EventLog,
    Need,
    Outcome,
    Rating,
    Role,
    WaitingOn,
    check_lifecycle,
)
from sim.measures import measure
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY

# A Monday; the next bank holiday is Monday 27 August, day 84.
FIRST_DAY = date(2018, 6, 4)
OPENS, CLOSES = 510, 1020
SOURCES = list(Source)

Row = tuple[int, ...]


def at(day: int, clock: str = "00:00") -> int:
    """A time of the clock on a day; day 0 is a Monday."""
    hours, minutes = clock.split(":")
    return day * MINUTES_PER_DAY + int(hours) * 60 + int(minutes)


def contact(  # noqa: PLR0913  (the columns of a contact)
    identity: int = 1,
    received: int = 0,
    *,
    source: Source = Source.POLICE,
    domestic_abuse: int = 0,
    children: int = 1,
    need: Need = Need.IN_NEED,
    parent: int = -1,
    is_return: int = 0,
    open_case: int = 0,
) -> Row:
    return (
        identity, received, SOURCES.index(source), domestic_abuse, children, need, parent, is_return, open_case,
    )  # fmt: skip


def event(  # noqa: PLR0913  (the columns of an event)
    time: int,
    kind: EventKind,
    identity: int = 1,
    *,
    child: int = EVERY_CHILD,
    person: int = NOBODY,
    detail: int = 0,
    waiting_on: WaitingOn = WaitingOn.UNCHANGED,
    minutes: int = 0,
) -> Row:
    return (time, kind, identity, child, person, 0, detail, waiting_on, minutes)


def person(identity: int, role: Role, *, starts: int = 0, leaves: int = -1, rostered_minutes: int = 0) -> Row:
    return (identity, role, 0, starts, leaves, 18, rostered_minutes)


def log(
    contacts: Iterable[Row] = (),
    events: Iterable[Row] = (),
    people: Iterable[Row] = (),
    *,
    window_days: tuple[int, int] = (0, 28),
    watched_days: int = 150,
) -> EventLog:
    """A lawful log of these; receipts are added, and screening just before a decision that has none."""
    contacts, events = list(contacts), list(events)
    screened = {row[2] for row in events if row[1] == EventKind.SCREENED}
    decided = [row for row in events if row[1] == EventKind.DECIDED and row[2] not in screened]
    rows = [
        *(event(row[1], EventKind.RECEIVED, row[0]) for row in contacts),
        *(event(row[0], EventKind.SCREENED, row[2], detail=Rating.AMBER) for row in decided),
        *events,
    ]
    rows.sort(key=lambda row: row[0])
    written = EventLog(
        events=_table(rows, len(COLUMNS)),
        contacts=_table(contacts, len(CONTACT_COLUMNS)),
        people=_table(people, len(PEOPLE_COLUMNS)),
        first_day=FIRST_DAY,
        office_opens_minute=OPENS,
        office_closes_minute=CLOSES,
        window_start=window_days[0] * MINUTES_PER_DAY,
        window_end=window_days[1] * MINUTES_PER_DAY,
        watched_until=watched_days * MINUTES_PER_DAY,
    )
    check_lifecycle(written)
    return written


def _table(rows: Iterable[Row], width: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    return np.array(list(rows), dtype=np.int64).reshape(-1, width)


def decided(time: int, identity: int = 1, outcome: Outcome = Outcome.REFERRAL) -> Row:
    return event(time, EventKind.DECIDED, identity, detail=outcome)


def seen(time: int, identity: int = 1, child: int = 0) -> Row:
    return event(time, EventKind.SEEN, identity, child=child)


def closed(time: int, identity: int = 1, ending: Ending = Ending.AT_CONTACT) -> Row:
    return event(time, EventKind.CLOSED, identity, detail=ending)


def reading(written: EventLog, name: str, group: str = "all") -> float:
    return measure(written)[name, group]


WAITS = st.sampled_from([WaitingOn.UNCHANGED, WaitingOn.OUR_STAFF, WaitingOn.OUT_OF_HOURS_STAFF, WaitingOn.OTHERS])
GAPS = st.integers(0, 3 * MINUTES_PER_DAY)


@st.composite
def journeys(draw: st.DrawFn, identity: int) -> tuple[Row, list[Row]]:
    """One family's contact and as much of a lawful journey as chance allows, each step with a wait for somebody."""
    received = draw(st.integers(0, 12 * MINUTES_PER_DAY))
    children = draw(st.integers(1, 3))
    outcome = draw(st.sampled_from(Outcome))
    is_open = int(outcome is Outcome.OPEN_CASE or (outcome is Outcome.STRATEGY_DISCUSSION and draw(st.booleans())))
    now, rows = received, []

    def step(kind: EventKind, *, child: int = EVERY_CHILD, detail: int = 0) -> None:
        nonlocal now
        now += draw(GAPS)
        rows.append(event(now, kind, identity, child=child, person=7, detail=detail, waiting_on=draw(WAITS)))

    early = draw(st.integers(0, children)) if draw(st.booleans()) else 0
    step(EventKind.SCREENED, detail=draw(st.sampled_from(Rating)))
    for child in range(early):
        step(EventKind.SEEN, child=child)
    if draw(st.booleans()) or early:
        step(EventKind.DECIDED, detail=outcome)
        kinds = [EventKind.ALLOCATED] if outcome in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION) else []
        later = draw(st.permutations([*kinds, *([EventKind.SEEN] if kinds else [])]))
        for kind in later:
            if kind is EventKind.ALLOCATED:
                step(kind)
            else:
                for child in range(early, draw(st.integers(early, children))):
                    step(kind, child=child)
        if draw(st.booleans()):
            step(EventKind.CLOSED)
    row = contact(
        identity, received, source=draw(st.sampled_from(Source)), domestic_abuse=draw(st.integers(0, 1)),
        children=children, need=draw(st.sampled_from(Need)), open_case=is_open,
    )  # fmt: skip
    return row, rows


@st.composite
def histories(draw: st.DrawFn, watched_days: int = 60) -> EventLog:
    """Up to eight families; with few days watched, some journeys are cut off."""
    identities = draw(st.lists(st.integers(1, 2**62), min_size=0, max_size=8, unique=True))
    families = [draw(journeys(identity)) for identity in identities]
    kept = [family for family in families if family[0][1] < watched_days * MINUTES_PER_DAY]
    events = [row for _, rows in kept for row in rows if row[0] < watched_days * MINUTES_PER_DAY]
    return log([row for row, _ in kept], events, window_days=(0, 10), watched_days=watched_days)
