"""Assessments: how many, how long, how steadily worked at. Per child, as published; duration in working days.

An assessment belongs to the window in which it is authorised, as in the published statistics, so long ones begun before
the window count and unfinished ones do not.
"""

from functools import partial

import numpy as np

from sim.events import Column, Ending, EventKind
from sim.facts import Fact
from sim.measures.clocks import members
from sim.measures.flow import referrals
from sim.measures.incidence import Incidence, finished
from sim.measures.index import NEVER, LogIndex, Mask, is_one_of, ratio, shared, stable_order
from sim.measures.measure import DOMESTIC_ABUSE, ONLY_ALL, Better, Group, Measure
from sim.working_time import MINUTES_PER_DAY

LIMIT_WORKING_DAYS = 45
"""Working Together to Safeguard Children: from the referral; the published figure counts from the start."""

BANDS = (
    ("same_day", 0, 0),
    ("1_10", 1, 10),
    ("11_20", 11, 20),
    ("21_30", 21, 30),
    ("31_40", 31, 40),
    ("41_45", 41, 45),
    ("46_50", 46, 50),
    ("51_60", 51, 60),
    ("61_plus", 61, None),
)
"""The published bands: id, first and last working day."""


@shared
def _authorised(index: LogIndex, group: Group) -> Mask:
    """Which contacts' assessment was authorised in the window."""
    return index.in_window(index.first(EventKind.ASSESSMENT_AUTHORISED)) & members(index, group)


def _children(index: LogIndex, wanted: Mask) -> float:
    return float(index.children[wanted].sum())


def assessments(index: LogIndex, group: Group) -> float:
    """Children whose assessment was authorised in the window."""
    if not index.records(EventKind.ASSESSMENT_AUTHORISED):
        return float("nan")
    return _children(index, _authorised(index, group))


@shared
def _durations(index: LogIndex, group: Group) -> Incidence:
    """Working days from start to authorised, of each child."""
    return _working_days_from(index.first(EventKind.ASSESSMENT_STARTED), index, group)


def _working_days_from(start: Column, index: LogIndex, group: Group) -> Incidence:
    wanted = _authorised(index, group) & (start != NEVER)
    stop = index.first(EventKind.ASSESSMENT_AUTHORISED)
    return finished(np.repeat(index.working_days.between(start[wanted], stop[wanted]), index.children[wanted]))


def in_time(index: LogIndex, group: Group) -> float:
    """The share authorised within 45 working days of their start."""
    return _durations(index, group).within(LIMIT_WORKING_DAYS)


def in_time_from_referral(index: LogIndex, group: Group) -> float:
    """The share authorised within 45 working days of the decision that made the contact a referral."""
    return _working_days_from(index.decided, index, group).within(LIMIT_WORKING_DAYS)


def working_days(quantile: float, index: LogIndex, group: Group) -> float:
    """Working days from start to authorised."""
    return _durations(index, group).quantile(quantile)


def in_band(first: int, last: int | None, index: LogIndex, group: Group) -> float:
    """The share whose working days from start to authorised lie from first to last, both included."""
    durations = _durations(index, group)
    return (1.0 if last is None else durations.within(last)) - durations.within(first - 1)


def not_in_need(index: LogIndex, group: Group) -> float:
    """Children assessed in the window and found not in need, as a share of its referrals, as published."""
    authorised = _authorised(index, group)
    not_needed = is_one_of(
        index.first_detail(EventKind.ASSESSMENT_AUTHORISED), (Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN)
    )
    return ratio(_children(index, authorised & not_needed), referrals(index, group))


def domestic_abuse(index: LogIndex, group: Group) -> float:
    """The share about domestic abuse."""
    authorised = _authorised(index, group)
    return ratio(_children(index, authorised & members(index, DOMESTIC_ABUSE)), _children(index, authorised))


def reviews_done(index: LogIndex, group: Group) -> float:
    """The share of reviews due in the window done before the assessment's next one fell due."""
    events = index.events(EventKind.REVIEW_DUE, EventKind.REVIEWED)
    events = events[stable_order(index.row[events])]
    due = index.kind[events] == EventKind.REVIEW_DUE
    # Each contact's first such event is a review due, so one that another contact's events follow was not done.
    done = due & ~np.roll(due, -1)
    wanted = due & index.in_window(index.time[events]) & members(index, group)[index.row[events]]
    return ratio(float(np.count_nonzero(done & wanted)), float(np.count_nonzero(wanted)))


def untouched_days(index: LogIndex, group: Group) -> float:
    """The longest time nobody worked on an assessment between its start and its end, mean over assessments."""
    start, stop = index.first(EventKind.ASSESSMENT_STARTED), index.first(EventKind.ASSESSMENT_AUTHORISED)
    wanted = _authorised(index, group) & (start != NEVER)
    if not index.records(EventKind.WORK_STARTED) or not wanted.any():
        return float("nan")
    row, time, busy = _worked_on(index, wanted)
    idle_from = np.clip(time[:-1], start[row[:-1]], stop[row[:-1]])
    idle_to = np.clip(time[1:], start[row[:-1]], stop[row[:-1]])
    idle = np.where((row[1:] == row[:-1]) & (busy[:-1] == 0), idle_to - idle_from, 0)
    longest = np.maximum.reduceat(idle, np.flatnonzero(np.diff(row, prepend=-1)))
    return float(longest.mean()) / MINUTES_PER_DAY


def _worked_on(index: LogIndex, wanted: Mask) -> tuple[Column, Column, Column]:
    """For each wanted contact in turn, from receipt to authorised: the times at which work on it began or paused.

    Rows, times and how many were at work from then on, all (k,).
    """
    kinds = (EventKind.RECEIVED, EventKind.WORK_STARTED, EventKind.WORK_ENDED, EventKind.ASSESSMENT_AUTHORISED)
    steps = np.zeros(max(EventKind) + 1, dtype=np.int64)
    steps[EventKind.WORK_STARTED], steps[EventKind.WORK_ENDED] = 1, -1
    events = index.events(*kinds)
    events = events[(index.row[events] >= 0) & wanted[index.row[events]]]
    events = events[stable_order(index.row[events])]
    row, step = index.row[events], steps[index.kind[events]]
    at_work = np.cumsum(step)
    begins = np.diff(row, prepend=-1) != 0
    before = (at_work - step)[begins][np.cumsum(begins) - 1]
    return row, index.time[events], at_work - before


_COUNTED = "Children whose assessment was authorised in the window."
_DURATION = f"Working days from the start of the assessment, that day being day 0, to its being authorised. {_COUNTED}"

ASSESSMENT_MEASURES: tuple[Measure, ...] = (
    Measure(
        "assessments_count",
        "Assessments completed",
        "children",
        Better.NEITHER,
        ONLY_ALL,
        assessments,
        f"{_COUNTED} Unknown where the log records none.",
        frozenset({Fact.AUTHORISATION}),
    ),
    Measure(
        "assessments_within_45_working_days_share",
        f"Assessments completed within {LIMIT_WORKING_DAYS} working days",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        in_time,
        _DURATION,
        frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION}),
    ),
    Measure(
        "assessments_within_45_working_days_of_referral_share",
        f"Assessments completed within {LIMIT_WORKING_DAYS} working days of the referral",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        in_time_from_referral,
        f"From the decision that made the contact a referral, that day being day 0, to authorised. {_COUNTED}",
        frozenset({Fact.REFERRAL, Fact.AUTHORISATION}),
    ),
    *(
        Measure(
            f"assessment_working_days_{name}",
            f"Working days of assessment, {share} of the children",
            "working days",
            Better.NEITHER,
            ONLY_ALL,
            partial(working_days, quantile),
            _DURATION,
            frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION}),
        )
        for quantile, name, share in ((0.25, "q25", "a quarter"), (0.5, "q50", "half"), (0.75, "q75", "three quarters"))
    ),
    *(
        Measure(
            f"assessment_band_{name}_share",
            f"Assessments completed in {first} {'or more' if last is None else f'to {last}'} working days"
            if first
            else "Assessments completed on the day they started",
            "share",
            Better.NEITHER,
            ONLY_ALL,
            partial(in_band, first, last),
            _DURATION,
            frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION}),
        )
        for name, first, last in BANDS
    ),
    Measure(
        "assessed_not_in_need_share",
        "Assessed and found not in need, of referrals",
        "share",
        Better.NEITHER,
        ONLY_ALL,
        not_in_need,
        f"{_COUNTED} Those whose assessment ended in no further action or a step down to early help, for each child "
        "referred in the window; not all of them are the same children.",
        frozenset({Fact.REFERRAL, Fact.AUTHORISATION, Fact.ENDING}),
    ),
    Measure(
        "domestic_abuse_assessed_share",
        "Assessments about domestic abuse",
        "share",
        Better.NEITHER,
        ONLY_ALL,
        domestic_abuse,
        _COUNTED,
        frozenset({Fact.AUTHORISATION, Fact.DOMESTIC_ABUSE}),
    ),
    Measure(
        "reviews_done_share",
        "Progress reviews done before the next was due",
        "share",
        Better.HIGHER,
        ONLY_ALL,
        reviews_done,
        "Of the reviews of assessments that fell due in the window.",
        frozenset({Fact.REVIEWS}),
    ),
    Measure(
        "assessment_untouched_days_mean",
        "Longest time an assessment lay untouched",
        "days",
        Better.LOWER,
        ONLY_ALL,
        untouched_days,
        "Elapsed days, nights and weekends included, in which nobody worked on the case between the start of its "
        "assessment and its being authorised; mean over the assessments authorised in the window, one for a family. "
        "Unknown where the log records no work.",
        frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.WORK}),
    ),
)
