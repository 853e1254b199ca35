"""Strategy discussions, section 47 enquiries and initial child protection conferences."""

from functools import partial

import numpy as np

from sim.events import EventKind, Outcome, Rating
from sim.facts import Fact
from sim.measures.clocks import COHORT, Clock, End, children_clocks, members, waits
from sim.measures.contacts import until
from sim.measures.incidence import Incidence, Spells, finished
from sim.measures.index import MINUTES_PER_HOUR, NEVER, LogIndex, Mask, shared
from sim.measures.measure import ONLY_ALL, Better, Group, Measure

SECTION_47_SEEN_WORKING_DAYS = 1
"""Within what time of the strategy discussion a child is to be seen; usual local practice."""

CONFERENCE_WORKING_DAYS = 15
"""From the strategy discussion to the conference: Working Together to Safeguard Children."""

UNSEEN_HOURS = 48
"""From when a child in a section 47 enquiry counts as long unseen since the contact: any weekend is longer. Ours."""

ACTION_WORKING_DAYS = 10
"""After how long an action of a strategy discussion still not done counts as overdue; ours, no standard says."""


def seen_in_time(index: LogIndex, group: Group) -> float:
    """The share of children in a section 47 enquiry seen within a working day of the discussion that started it."""
    return _seen_in_time(index, members(index, group))


def not_red_seen_in_time(index: LogIndex, group: Group) -> float:
    """The same of those whose contact was not rated red: nobody goes out to them before the discussion."""
    return _seen_in_time(index, members(index, group) & (index.rating != Rating.RED))


def _seen_in_time(index: LogIndex, among: Mask) -> float:
    found, wanted = children_clocks(index), _enquired_into(index, among)
    started = index.first(EventKind.SECTION_47_STARTED)[found.row[wanted]]
    waited = index.working_days.between(started, found.ended[wanted])
    incidence = Spells.of(waited, found.end[wanted]).incidence(End.SEEN, among=(End.SEEN, End.CLOSED_UNSEEN))
    return incidence.within(SECTION_47_SEEN_WORKING_DAYS)


def _enquired_into(index: LogIndex, among: Mask) -> Mask:
    """The children of the window, of some contacts, whose enquiry a discussion decided on the contact has begun."""
    found = children_clocks(index)
    started = index.first(EventKind.SECTION_47_STARTED)[found.row] != NEVER
    wanted: Mask = started & (found.outcome == Outcome.STRATEGY_DISCUSSION) & among[found.row]
    return wanted


def not_red_unseen(index: LogIndex, group: Group) -> float:
    """The share of those children still unseen `UNSEEN_HOURS` hours after their contact."""
    wanted = _enquired_into(index, members(index, group) & (index.rating != Rating.RED))
    spells = waits(index, Clock.MINUTES).only(wanted)
    incidence = spells.incidence(End.SEEN, among=(End.SEEN, End.CLOSED_UNSEEN))
    return 1.0 - incidence.within(UNSEEN_HOURS * MINUTES_PER_HOUR)


def strategy_hours(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed hours from a strategy discussion being asked for to its being held."""
    return _strategy_hours(quantile, index, members(index, group))


def not_red_strategy_hours(quantile: float, index: LogIndex, group: Group) -> float:
    """The same of the discussions that wait for a time of police and health: of contacts not rated red."""
    return _strategy_hours(quantile, index, members(index, group) & (index.rating != Rating.RED))


def _strategy_hours(quantile: float, index: LogIndex, among: Mask) -> float:
    asked, held = index.first(EventKind.STRATEGY_ASKED), index.first(EventKind.STRATEGY_HELD)
    wanted = index.in_window(asked) & among
    return until(index, asked, held, wanted, Clock.MINUTES).quantile(quantile) / MINUTES_PER_HOUR


def actions_overdue(index: LogIndex, group: Group) -> float:
    """The share of strategy discussions' actions not done within `ACTION_WORKING_DAYS`."""
    agreed, done = index.first(EventKind.ACTION_SET), index.first(EventKind.ACTION_DONE)
    wanted = index.in_window(agreed) & members(index, group)
    return 1.0 - until(index, agreed, done, wanted, Clock.WORKING_DAYS).within(ACTION_WORKING_DAYS)


def enquiries(index: LogIndex, group: Group) -> float:
    """Children whose section 47 enquiry started in the window."""
    return _children(EventKind.SECTION_47_STARTED, index, group)


def conferences(index: LogIndex, group: Group) -> float:
    """Children whose conference was held in the window."""
    return _children(EventKind.CONFERENCE_HELD, index, group)


def _children(kind: EventKind, index: LogIndex, group: Group) -> float:
    if not index.records(kind):
        return float("nan")
    return float(index.children[index.in_window(index.first(kind)) & members(index, group)].sum())


@shared
def _to_conference(index: LogIndex, group: Group) -> Incidence:
    """Working days from strategy discussion to conference, of each child of the conferences of the window."""
    held, met = index.first(EventKind.STRATEGY_HELD), index.first(EventKind.CONFERENCE_HELD)
    wanted = index.in_window(met) & (held != NEVER) & members(index, group)
    return finished(np.repeat(index.working_days.between(held[wanted], met[wanted]), index.children[wanted]))


def conferences_in_time(index: LogIndex, group: Group) -> float:
    """The share of conferences held within `CONFERENCE_WORKING_DAYS` of the strategy discussion."""
    return _to_conference(index, group).within(CONFERENCE_WORKING_DAYS)


def conference_working_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Working days from strategy discussion to conference."""
    return _to_conference(index, group).quantile(quantile)


SECTION_47_MEASURES: tuple[Measure, ...] = (
    Measure(
        "section_47_seen_within_1_working_day_share",
        "Children in section 47 enquiries seen within one working day",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        seen_in_time,
        "Seen by the end of the first working day after the strategy discussion that started the enquiry, or before "
        "it. Children of contacts received in the window, those on open cases left out, for whom the contact was "
        "decided as needing that discussion. Enquiries begun at a visit or in an assessment are not among them: those "
        "children have been seen.",
        COHORT | {Fact.STRATEGY, Fact.SECTION_47},
    ),
    Measure(
        "section_47_not_red_seen_within_1_working_day_share",
        "Children in section 47 enquiries whose contact was not rated red seen within one working day",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        not_red_seen_in_time,
        "As section 47 seen within one working day, of those whose contact was not rated red: whose wait the others, "
        "visited at once, would hide.",
        COHORT | {Fact.STRATEGY, Fact.SECTION_47, Fact.RATING},
    ),
    Measure(
        "section_47_not_red_unseen_after_48_hours_share",
        f"Children in section 47 enquiries whose contact was not rated red unseen after {UNSEEN_HOURS} hours",
        "share",
        Better.LOWER,
        ONLY_ALL,
        not_red_unseen,
        "Elapsed hours from receipt of the contact, nights and weekends with the rest. The same children "
        "as those seen within one working day; estimated with those still waiting at the cut-off.",
        COHORT | {Fact.STRATEGY, Fact.SECTION_47, Fact.RATING, Fact.HOURS},
    ),
    Measure(
        "strategy_hours_q90",
        "Hours within which nine in ten strategy discussions are held",
        "hours",
        Better.LOWER,
        ONLY_ALL,
        partial(strategy_hours, 0.9),
        "Elapsed hours from a discussion being asked for, in the window, to its being held. Unknown where so many are "
        "not held that the share is never reached.",
        frozenset({Fact.STRATEGY_ASKED, Fact.STRATEGY, Fact.HOURS}),
    ),
    Measure(
        "strategy_hours_not_red_q90",
        "Hours within which nine in ten strategy discussions of contacts not rated red are held",
        "hours",
        Better.LOWER,
        ONLY_ALL,
        partial(not_red_strategy_hours, 0.9),
        "As for all discussions, of those that wait for a time of police and health.",
        frozenset({Fact.STRATEGY_ASKED, Fact.STRATEGY, Fact.HOURS, Fact.RATING}),
    ),
    Measure(
        "strategy_actions_overdue_share",
        f"Strategy actions not done within {ACTION_WORKING_DAYS} working days",
        "share",
        Better.LOWER,
        ONLY_ALL,
        actions_overdue,
        "Of the actions set in the window, those done later or never; the day they are set is day 0.",
        frozenset({Fact.ACTIONS}),
    ),
    Measure(
        "section_47_count",
        "Section 47 enquiries",
        "children",
        Better.NEITHER,
        ONLY_ALL,
        enquiries,
        "Children whose enquiry started in the window. Unknown where the log records none.",
        frozenset({Fact.SECTION_47}),
    ),
    Measure(
        "conferences_count",
        "Initial child protection conferences",
        "children",
        Better.NEITHER,
        ONLY_ALL,
        conferences,
        "Children whose conference was held in the window. Unknown where the log records none.",
        frozenset({Fact.CONFERENCE}),
    ),
    Measure(
        "conferences_within_15_working_days_share",
        f"Conferences held within {CONFERENCE_WORKING_DAYS} working days",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        conferences_in_time,
        "From the strategy discussion, that day being day 0; children whose conference was held in the window.",
        frozenset({Fact.STRATEGY, Fact.CONFERENCE}),
    ),
    *(
        Measure(
            f"conference_working_days_{name}",
            f"Working days to conference, {share} of the children",
            "working days",
            Better.LOWER,
            ONLY_ALL,
            partial(conference_working_days, quantile),
            "From the strategy discussion, that day being day 0; children whose conference was held in the window.",
            frozenset({Fact.STRATEGY, Fact.CONFERENCE}),
        )
        for quantile, name, share in ((0.25, "q25", "a quarter"), (0.5, "q50", "half"), (0.75, "q75", "three quarters"))
    ),
)
