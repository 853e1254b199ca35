"""A simulated log cut to what the CIN census can hold: each child's referrals, dates alone; see `cutting`."""

from collections.abc import Callable

import numpy as np

from sim.events import Ending, EventKind, EventLog, Outcome
from sim.facts import Fact
from sim.working_time import WorkingDays
from tests.history.cutting import DAY, REFERRALS, Contact, Event, contacts_of, day, log_of

K = EventKind
GOES_ON = (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)
RECENT = 30 * DAY

CIN_FACTS = frozenset({
    Fact.SOURCE, Fact.DOMESTIC_ABUSE, Fact.REFERRAL, Fact.NO_ACTION, Fact.STRATEGY, Fact.SECTION_47, Fact.CONFERENCE,
    Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.ENDING, Fact.CLOSURE,
})  # fmt: skip

IsSoon = Callable[[int, int], bool]


def as_cin(log: EventLog) -> EventLog:
    """The referrals of the year's one return, each of one child; the window is that of the return.

    The simulated year is a census year.
    """
    working_days = WorkingDays(log.first_day, log.window_end // DAY + 1)

    def is_soon(start: int, stop: int) -> bool:
        return int(working_days.between(np.array([start]), np.array([stop]))[0]) <= 1

    cases = list[Contact]()
    numbers: dict[tuple[int, int], int] = {}
    for contact in contacts_of(log):
        for child in range(contact.children if contact.outcome in REFERRALS else 0):
            family = numbers.setdefault((contact.family, child), len(numbers))
            cases.append(_case(contact, family, log.window_end, is_soon))
    for number, case in enumerate(cases):
        case.id = number
    return log_of(log, cases, CIN_FACTS, since=log.window_start)


def _case(contact: Contact, family: int, end: int, is_soon: IsSoon) -> Contact:
    """A referral of one child: received when it was made, for the census begins with it."""
    referred = _on(contact, K.DECIDED)
    assert referred is not None
    authorised = _on(contact, K.ASSESSMENT_AUTHORISED)
    abuse = -1 if authorised is None else contact.abuse
    case = Contact(0, family, referred, contact.source, abuse, 1, open_case=False)
    case.events += [Event(K.RECEIVED, referred), Event(K.DECIDED, referred, _decided(contact, referred, is_soon))]
    if contact.first(K.SECTION_47_STARTED):
        for kind in (K.STRATEGY_HELD, K.SECTION_47_STARTED):
            _dated(case, kind, _on(contact, K.STRATEGY_HELD))
    _dated(case, K.ASSESSMENT_STARTED, _on(contact, K.ASSESSMENT_STARTED))
    _dated(case, K.CONFERENCE_HELD, _on(contact, K.CONFERENCE_HELD))
    closed = contact.first(K.CLOSED)
    reason = closed.detail if closed and closed.detail in (Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN) else None
    is_over = closed is not None and closed.detail not in GOES_ON
    if authorised is not None:
        untold = 0 if authorised >= end - RECENT else Ending.TRANSFER
        _dated(case, K.ASSESSMENT_AUTHORISED, authorised, _known(reason) if is_over else untold)
    if is_over and closed:
        is_needless = contact.outcome == Outcome.REFERRAL_NO_ACTION
        _dated(case, K.CLOSED, day(closed.time), Ending.NO_FURTHER_ACTION if is_needless else _known(reason))
    return case


def _decided(contact: Contact, referred: int, is_soon: IsSoon) -> int:
    if contact.outcome == Outcome.REFERRAL_NO_ACTION:
        return Outcome.REFERRAL_NO_ACTION
    held = _on(contact, K.STRATEGY_HELD) if contact.first(K.SECTION_47_STARTED) else None
    return Outcome.STRATEGY_DISCUSSION if held is not None and is_soon(referred, held) else Outcome.REFERRAL


def _known(reason: int | None) -> int:
    """An ending as its reason tells it: RC8, RC9 or any other."""
    return Ending.TRANSFER if reason is None else reason


def _on(contact: Contact, kind: EventKind) -> int | None:
    event = contact.first(kind)
    return None if event is None else day(event.time)


def _dated(case: Contact, kind: EventKind, on: int | None, detail: int = 0) -> None:
    if on is not None:
        case.events.append(Event(kind, on, detail))
