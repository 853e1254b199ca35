"""Days from contact to child seen: the headline, and what goes with it.

Quantiles are in elapsed days of 24 hours. "Within d days" counts dates: the day of receipt is day 0, and a child is
seen within d days if seen by the end of the d-th day after it. Working days count the same way, Monday to Friday less
England's bank holidays.
"""

from functools import partial

import numpy as np

from sim.events import Column, EventKind
from sim.facts import Fact
from sim.measures.clocks import (
    COHORT,
    Clock,
    End,
    children_clocks,
    elapsed,
    members,
    minutes_between,
    seen_by,
    waits,
)
from sim.measures.incidence import Spells
from sim.measures.index import NEVER, LogIndex, Mask, is_one_of, ratio, shared
from sim.measures.measure import ALL, GROUPS, NOT_IMMEDIATE, ONLY_ALL, Better, Group, Measure
from sim.working_time import MINUTES_PER_DAY

LIMITS_DAYS = (1, 5, 10, 20)
LONG_DAYS = (10, 20)


def days_to_seen(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days within which this share of the referred children were seen."""
    return seen_by(index, group, Clock.MINUTES).quantile(quantile) / MINUTES_PER_DAY


def longest_days_to_seen(index: LogIndex, group: Group) -> float:
    """The longest wait in elapsed days, of children seen and of those still waiting."""
    found = children_clocks(index)
    waited = minutes_between(index, found.received, found.ended)
    waited = waited[_referred(index, group) & is_one_of(found.end, (End.SEEN, End.STILL_WAITING))]
    return float(waited.max()) / MINUTES_PER_DAY if len(waited) else float("nan")


def working_days_to_seen(quantile: float, index: LogIndex, group: Group) -> float:
    """Working days within which this share of the referred children were seen."""
    return seen_by(index, group, Clock.WORKING_DAYS).quantile(quantile)


def seen_within(days: int, index: LogIndex, group: Group) -> float:
    """The share of the referred children seen by the end of this many days after the day of receipt."""
    return seen_by(index, group, Clock.DATES).within(days)


def not_immediate_seen_after_10_days(index: LogIndex, _: Group) -> float:
    """The share of the referred children not at immediate risk who were seen, but later than 10 days."""
    found = seen_by(index, NOT_IMMEDIATE, Clock.DATES)
    return found.ever() - found.within(LONG_DAYS[0])


def beyond_per_month(days: int, index: LogIndex, group: Group) -> float:
    """Referred children a month still unseen, and not closed, at the end of this many days after the day of receipt."""
    found = children_clocks(index)
    waited = elapsed(index, found.received, found.ended, Clock.DATES)
    return float(np.count_nonzero(_referred(index, group) & (waited > days))) / index.window_months


def referred_children(index: LogIndex, group: Group) -> float:
    """Children of the cohort."""
    return float(np.count_nonzero(_referred(index, group)))


def closed_then_assessed(index: LogIndex, group: Group) -> float:
    """Children of the cohort whose family had been closed without assessment within 12 months before."""
    found = children_clocks(index)
    return float(np.count_nonzero(_referred(index, group) & (found.first_contact != found.contact)))


def days_from_first_contact(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days to seen of those children, counted from the first of their contacts."""
    found = children_clocks(index)
    earlier = minutes_between(index, found.first_received, found.received)
    again = _referred(index, group) & (found.first_contact != found.contact) & (found.end != End.SEEN_UNDATED)
    spells = waits(index, Clock.MINUTES).only(again)
    since_first = Spells.of(spells.lengths + earlier[spells.order], spells.ends)
    found_seen = since_first.incidence(End.SEEN, among=(End.SEEN, End.CLOSED_UNSEEN))
    return found_seen.quantile(quantile) / MINUTES_PER_DAY


def child_days_unseen(index: LogIndex, group: Group) -> float:
    """The waits of the referred children added up, in days, for each year of the window."""
    found = children_clocks(index)
    waited = int(minutes_between(index, found.received, found.ended)[_referred(index, group)].sum())
    return waited / MINUTES_PER_DAY / index.window_years


def changes_of_worker(index: LogIndex, group: Group) -> float:
    """The share of the referred children whose case had passed to another worker before their clock ended."""
    found = children_clocks(index)
    referred = _referred(index, group) & (found.end != End.SEEN_UNDATED)
    changed = _second_holder(index)[found.row]
    passed_on = referred & (changed != NEVER) & (changed < found.ended)
    return ratio(float(np.count_nonzero(passed_on)), float(np.count_nonzero(referred)))


def out_of_hours_days_to_seen(quantile: float, index: LogIndex, group: Group) -> float:
    """Elapsed days to seen of children whose contact came while the office was closed."""
    found = children_clocks(index)
    closed = index.office.open_minutes_by(found.received + 1) == index.office.open_minutes_by(found.received)
    spells = waits(index, Clock.MINUTES).only(closed & members(index, group)[found.row])
    return spells.incidence(End.SEEN, among=(End.SEEN, End.CLOSED_UNSEEN)).quantile(quantile) / MINUTES_PER_DAY


def _referred(index: LogIndex, group: Group) -> Mask:
    found = children_clocks(index)
    return found.referred & members(index, group)[found.row]


@shared
def _second_holder(index: LogIndex) -> Column:
    """When each contact was first allocated to somebody other than its first holder."""
    allocations = index.events(EventKind.ALLOCATED)
    row, person = index.row[allocations], index.person[allocations]
    holder = np.full(len(index.received), NEVER, dtype=np.int64)
    holder[row[::-1]] = person[::-1]
    changed = np.full(len(index.received), NEVER, dtype=np.int64)
    others = allocations[person != holder[row]][::-1]
    changed[index.row[others]] = index.time[others]
    return changed


_QUANTILES = (
    (0.50, "q50", "half"),
    (0.90, "q90", "nine in ten"),
    (0.95, "q95", "19 in 20"),
    (0.99, "q99", "99 in 100"),
)
_COHORT = (
    "Children referred for assessment or to a strategy discussion whose contact was received in the window, those on "
    "open cases, in those passed to another team and, in a record, those seen on a day that it does not tell left out; "
    "estimated with those still waiting at the cut-off."
)
_NEVER_REACHED = "Unknown where so many were closed unseen, or are still waiting, that the share is never reached."

SEEN_MEASURES: tuple[Measure, ...] = (
    *(
        Measure(
            f"days_to_seen_{name}",
            f"Days within which {share} of the children are seen",
            "days",
            Better.LOWER,
            GROUPS,
            partial(days_to_seen, quantile),
            f"Elapsed days of 24 hours from receipt of the contact to the child seen. {_COHORT} {_NEVER_REACHED}",
            COHORT,
        )
        for quantile, name, share in _QUANTILES
    ),
    Measure(
        "days_to_seen_max",
        "Longest wait to be seen",
        "days",
        Better.LOWER,
        GROUPS,
        longest_days_to_seen,
        "Elapsed days of 24 hours; a child still waiting at the cut-off counts with its wait so far, one closed unseen "
        "does not count.",
        COHORT,
    ),
    *(
        Measure(
            f"working_days_to_seen_{name}",
            f"Working days within which {share} of the children are seen",
            "working days",
            Better.LOWER,
            (ALL, NOT_IMMEDIATE),
            partial(working_days_to_seen, quantile),
            f"Working days of England after the day of receipt, which is day 0. {_COHORT} {_NEVER_REACHED}",
            COHORT,
        )
        for quantile, name, share in _QUANTILES[:2]
    ),
    *(
        Measure(
            f"seen_within_{days}_{'day' if days == 1 else 'days'}_share",
            f"Children seen within {days} {'day' if days == 1 else 'days'}",
            "share",
            Better.HIGHER,
            GROUPS,
            partial(seen_within, days),
            f"Seen by the end of calendar day {days}, the day of receipt being day 0. {_COHORT}",
            COHORT,
        )
        for days in LIMITS_DAYS
    ),
    *(
        Measure(
            f"beyond_{days}_days_per_month_count",
            f"Children a month who wait beyond {days} days",
            "children a month",
            Better.LOWER,
            GROUPS,
            partial(beyond_per_month, days),
            f"Referred children received in the window who were still unseen and not closed at the end of calendar day "
            f"{days}, the day of receipt being day 0; a month is a twelfth of 365.25 days.",
            COHORT,
        )
        for days in LONG_DAYS
    ),
    Measure(
        "not_immediate_seen_after_10_days_share",
        "Children not at immediate risk seen after more than 10 days",
        "share",
        Better.LOWER,
        ONLY_ALL,
        not_immediate_seen_after_10_days,
        "Of the referred children not at immediate risk, those seen later than the end of calendar day 10, the day of "
        "receipt being day 0; children never seen are not among them.",
        COHORT | {Fact.RATING},
    ),
    Measure(
        "referred_children_count",
        "Children referred for assessment or to a strategy discussion",
        "children",
        Better.NEITHER,
        GROUPS,
        referred_children,
        "Children in the cohort: by receipt of the contact in the window, contacts on open cases left out.",
        frozenset({Fact.RECEIPT, Fact.REFERRAL}),
    ),
    Measure(
        "child_days_unseen",
        "Days children waited unseen, added up",
        "child-days a year",
        Better.LOWER,
        GROUPS,
        child_days_unseen,
        "Elapsed days from receipt until each referred child was seen or closed, or until the cut-off, summed.",
        COHORT,
    ),
    Measure(
        "out_of_hours_days_to_seen_q90",
        "Days within which nine in ten children of out of hours contacts are seen",
        "days",
        Better.LOWER,
        ONLY_ALL,
        partial(out_of_hours_days_to_seen, 0.9),
        f"As days to seen, for contacts received while the office was closed. {_NEVER_REACHED}",
        COHORT | {Fact.HOURS},
    ),
    Measure(
        "changes_of_worker_before_seen_share",
        "Children whose worker changed before they were seen",
        "share",
        Better.LOWER,
        ONLY_ALL,
        changes_of_worker,
        "Of the referred children, those whose case was allocated to a second worker while they were unseen.",
        COHORT | {Fact.ALLOCATION},
    ),
    Measure(
        "closed_then_assessed_count",
        "Children closed at contact and referred within 12 months",
        "children",
        Better.LOWER,
        ONLY_ALL,
        closed_then_assessed,
        "Referred children of the window whose family had come before, each time within 12 months, and was closed "
        "without assessment each time.",
        frozenset({Fact.RECEIPT, Fact.REFERRAL}),
    ),
    *(
        Measure(
            f"days_from_first_contact_{name}",
            f"Days from their first contact within which {share} of the children closed, then referred, are seen",
            "days",
            Better.LOWER,
            ONLY_ALL,
            partial(days_from_first_contact, quantile),
            f"Elapsed days from receipt of the first of those contacts to the child seen. {_NEVER_REACHED}",
            COHORT,
        )
        for quantile, name, share in _QUANTILES[:2]
    ),
)
