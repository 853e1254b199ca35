"""From contact to decision, for every contact: families, not children, and contacts on open cases too."""

from functools import partial

import numpy as np

from sim.events import Column, Ending, EventKind, Need, Outcome
from sim.facts import Fact
from sim.measures.clocks import REFERRED, Clock, elapsed, members
from sim.measures.incidence import FINISHED, UNFINISHED, Incidence, Spells
from sim.measures.index import MINUTES_PER_HOUR, NEVER, LogIndex, Mask, is_one_of, shared
from sim.measures.measure import ALL, DOMESTIC_ABUSE, IMMEDIATE, NOT_DOMESTIC_ABUSE, ONLY_ALL, Better, Group, Measure
from sim.working_time import DAYS_PER_WEEK, MINUTES_PER_DAY, MONDAY_TO_FRIDAY

RED_HOURS = 4
"""Within what time a contact about immediate risk is to be decided or acted on; the usual target of a red rating."""

MAY_LEAD_TO_HELP = (Outcome.EARLY_HELP, *REFERRED)
"""The decisions after which help may start, even when the case has closed."""

NO_HELP = (Ending.NO_FURTHER_ACTION, Ending.UNSEEN)
"""The endings of a case after which no help starts."""

CLOSED = (Outcome.NO_FURTHER_ACTION, Outcome.ADVICE, Outcome.EARLY_HELP)
"""The decisions that close a contact with no social worker asked for, consent refused left out."""

_NOT_HELPED = FINISHED + 1

# Long enough to find the last working day before any day: the Christmas closure is at most five.
_LOOK_BACK_DAYS = 10


def until(index: LogIndex, start: Column, stop: Column, wanted: Mask, clock: Clock) -> Incidence:
    """The share of the wanted spells that ended, by length: from start to stop, unfinished where stop is `NEVER`."""
    start, stop = start[wanted], stop[wanted]
    ends = np.where(stop == NEVER, UNFINISHED, FINISHED)
    return Spells.of(elapsed(index, start, index.known(stop), clock), ends).incidence()


@shared
def _decisions(index: LogIndex, group: Group, clock: Clock) -> Incidence:
    return until(index, index.received, index.decided, index.received_in_window & members(index, group), clock)


def contacts(index: LogIndex, group: Group) -> float:
    """Contacts received in the window."""
    return float(np.count_nonzero(index.received_in_window & members(index, group)))


def open_case_contacts(index: LogIndex, group: Group) -> float:
    """Those of them about a case already open."""
    return float(np.count_nonzero(index.received_in_window & index.open_case & members(index, group)))


def decided_within_1_working_day(index: LogIndex, group: Group) -> float:
    """The share of contacts decided by the end of the first working day after the day of receipt."""
    return _decisions(index, group, Clock.WORKING_DAYS).within(1)


def decision_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days within which this share of contacts were decided."""
    return _decisions(index, group, Clock.MINUTES).quantile(quantile) / MINUTES_PER_DAY


def red_decided_in_time(index: LogIndex, group: Group) -> float:
    """The share of contacts about immediate risk decided, or a child of them seen, within `RED_HOURS`."""
    decided, saw = index.decided, index.first(EventKind.SEEN)
    acted = np.where(decided == NEVER, saw, np.where(saw == NEVER, decided, np.minimum(decided, saw)))
    wanted = index.received_in_window & members(index, IMMEDIATE) & members(index, group)
    return until(index, index.received, acted, wanted, Clock.MINUTES).within(RED_HOURS * MINUTES_PER_HOUR)


def further_work_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days from the first request for information to the decision."""
    return _days_to_decision(EventKind.INFORMATION_ASKED, quantile, index, group)


def unclear_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days from a second look being asked for to the decision."""
    return _days_to_decision(EventKind.SECOND_LOOK_ASKED, quantile, index, group)


def _days_to_decision(since: EventKind, quantile: float, index: LogIndex, group: Group) -> float:
    start = index.first(since)
    wanted = index.received_in_window & (start != NEVER) & members(index, group)
    return until(index, start, index.decided, wanted, Clock.MINUTES).quantile(quantile) / MINUTES_PER_DAY


def first_help_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days from receipt until help started, of the families helped sooner or later."""
    wanted = index.received_in_window & members(index, group)
    helped, decided, closed = index.first(EventKind.HELP_STARTED), index.decided, index.first(EventKind.CLOSED)
    refused = (decided != NEVER) & ~is_one_of(index.outcome, MAY_LEAD_TO_HELP)
    given_up = is_one_of(index.first_detail(EventKind.CLOSED), NO_HELP)
    cases = (helped != NEVER, refused, given_up)
    ended = np.select(cases, (helped, decided, closed), index.log.watched_until)
    ends = np.select(cases, (FINISHED, _NOT_HELPED, _NOT_HELPED), UNFINISHED)
    spells = Spells.of((ended - index.received)[wanted], ends[wanted])
    return spells.incidence(among=(FINISHED,)).quantile(quantile) / MINUTES_PER_DAY


def monday_handover(index: LogIndex, _: Group) -> float:
    """Contacts handed over, on average, on the first working morning after a weekend."""
    mornings = _mornings_after_a_weekend(index)
    if not len(mornings) or not index.records(EventKind.HANDED_OVER):
        return float("nan")
    dates = index.time[index.events(EventKind.HANDED_OVER)] // MINUTES_PER_DAY
    return float(np.count_nonzero(np.isin(dates, mornings))) / len(mornings)


def _mornings_after_a_weekend(index: LogIndex) -> Column:
    """The days of the window that are the first working day after a Saturday or Sunday."""
    first, last = index.log.window_start // MINUTES_PER_DAY, (index.log.window_end - 1) // MINUTES_PER_DAY
    days = np.arange(first - _LOOK_BACK_DAYS, last + 1)
    is_working = np.diff(index.working_days.index(days * MINUTES_PER_DAY), prepend=0) > 0
    is_working[0] = False
    at_weekend = (index.log.first_day.weekday() + days) % DAYS_PER_WEEK > MONDAY_TO_FRIDAY[-1]
    worked = np.flatnonzero(is_working)
    weekend_days = np.cumsum(at_weekend)[worked]
    mornings = days[worked[1:][np.diff(weekend_days) > 0]]
    return mornings[mornings >= first]


def in_need_closed(index: LogIndex, group: Group) -> float:
    """Children in need whose contact was closed for want of it; nan where need is not known, as in every record."""
    need = index.log.contact_column("need")
    if not np.any(need != Need.UNKNOWN):
        return float("nan")
    closed = is_one_of(index.outcome, CLOSED) & (need >= Need.IN_NEED)
    return float(index.children[closed & index.received_in_window & members(index, group)].sum())


_BY_ABUSE = (ALL, DOMESTIC_ABUSE, NOT_DOMESTIC_ABUSE)
_EVERY_CONTACT = "Every contact received in the window, those on open cases too; families, not children."
_UNDECIDED = "Estimated with those still undecided at the cut-off."

CONTACT_MEASURES: tuple[Measure, ...] = (
    Measure(
        "contacts_count",
        "Contacts",
        "contacts",
        Better.NEITHER,
        _BY_ABUSE,
        contacts,
        _EVERY_CONTACT,
        frozenset({Fact.RECEIPT}),
    ),
    Measure(
        "open_case_contacts_count",
        "Contacts about a case already open",
        "contacts",
        Better.NEITHER,
        ONLY_ALL,
        open_case_contacts,
        "Received in the window; they are screened, go to their worker and are not in the cohort.",
        frozenset({Fact.RECEIPT, Fact.OPEN_CASE}),
    ),
    Measure(
        "contacts_decided_within_1_working_day_share",
        "Contacts decided within one working day",
        "share",
        Better.HIGHER,
        _BY_ABUSE,
        decided_within_1_working_day,
        f"Decided by the end of the first working day after the day of receipt. {_EVERY_CONTACT} {_UNDECIDED}",
        frozenset({Fact.RECEIPT, Fact.DECISION}),
    ),
    *(
        Measure(
            f"decision_days_{name}",
            f"Days within which {share} of the contacts are decided",
            "days",
            Better.LOWER,
            _BY_ABUSE,
            partial(decision_days, quantile),
            f"Elapsed days of 24 hours from receipt to decision. {_EVERY_CONTACT} {_UNDECIDED}",
            frozenset({Fact.RECEIPT, Fact.DECISION}),
        )
        for quantile, name, share in ((0.5, "q50", "half"), (0.9, "q90", "nine in ten"))
    ),
    Measure(
        "red_decided_in_time_share",
        f"Contacts about immediate risk decided or acted on within {RED_HOURS} hours",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        red_decided_in_time,
        "Elapsed hours, at any time of day, from receipt to the decision or to the first child seen. By the risk later "
        f"found, or in a real record contacts rated red. {_EVERY_CONTACT}",
        frozenset({Fact.RECEIPT, Fact.DECISION, Fact.RATING, Fact.HOURS}),
    ),
    Measure(
        "further_work_days_q95",
        "Days of further work within which 19 in 20 contacts that need it are decided",
        "days",
        Better.LOWER,
        ONLY_ALL,
        partial(further_work_days, 0.95),
        f"Elapsed days from the first request for information to the decision. {_UNDECIDED}",
        frozenset({Fact.FURTHER_WORK, Fact.DECISION}),
    ),
    Measure(
        "unclear_to_section_47_decision_days_q90",
        "Days within which nine in ten contacts with an unclear section 47 threshold are decided",
        "days",
        Better.LOWER,
        ONLY_ALL,
        partial(unclear_days, 0.9),
        f"Elapsed days from the second look being asked for to the decision, whatever it was. {_UNDECIDED}",
        frozenset({Fact.SECOND_LOOK, Fact.DECISION}),
    ),
    Measure(
        "first_help_days_q50",
        "Days from contact to first help, half of the families helped",
        "days",
        Better.LOWER,
        ONLY_ALL,
        partial(first_help_days, 0.5),
        "Elapsed days from receipt to help or support starting, for the families of the window helped sooner or later; "
        "estimated with those whose help may yet start at the cut-off.",
        frozenset({Fact.RECEIPT, Fact.DECISION, Fact.HELP}),
    ),
    Measure(
        "monday_handover_count",
        "Contacts handed over on the first working morning after a weekend",
        "contacts",
        Better.NEITHER,
        ONLY_ALL,
        monday_handover,
        "Mean over those mornings of the window, Tuesday after a bank holiday Monday among them. Unknown where the log "
        "records no handovers.",
        frozenset({Fact.HANDOVER}),
    ),
)

MODEL_MEASURES: tuple[Measure, ...] = (
    Measure(
        "in_need_closed_count",
        "Children in need whose contact was closed",
        "children",
        Better.LOWER,
        ONLY_ALL,
        in_need_closed,
        "Children of the contacts received in the window that were decided as no further action, advice or early help "
        "although, as only a model knows, they were in need or at risk of harm. Consent refused is not among them. No "
        "record says it.",
        frozenset({Fact.RECEIPT, Fact.DECISION}),
    ),
)
"""What no record can tell: left out where one is shown."""
