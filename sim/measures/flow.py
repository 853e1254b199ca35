"""Referrals, and how much work is open."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.events import Column, EventKind, EventLog, Outcome
from sim.facts import Fact
from sim.measures.clocks import REFERRED, every_child, members, seen_undated
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of, ratio, shared, stable_order
from sim.measures.measure import ONLY_ALL, SOURCES, Better, Group, Measure
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY

PUBLISHED_REFERRALS = (*REFERRED, Outcome.REFERRAL_NO_ACTION, Outcome.OTHER_TEAM)
"""The decisions counted as referrals in published statistics: those that lead to no assessment here are among them."""


class StepError(ValueError):
    """A step at which open work cannot be counted."""


def _referred(index: LogIndex, group: Group) -> Mask:
    made = is_one_of(index.outcome, PUBLISHED_REFERRALS) & index.in_window(index.decided)
    referred: Mask = made & ~index.open_case & members(index, group)
    return referred


def _children(index: LogIndex, wanted: Mask) -> float:
    return float(index.children[wanted].sum())


def referrals(index: LogIndex, group: Group) -> float:
    """Children referred in the window."""
    return _children(index, _referred(index, group)) if index.records(EventKind.DECIDED) else float("nan")


def rereferrals(index: LogIndex, group: Group) -> float:
    """The share of them referred before, within 12 months."""
    referred = _referred(index, group)
    again = referred & (index.log.contact_column("is_return") == 1)
    return ratio(_children(index, again), _children(index, referred))


def no_action(index: LogIndex, group: Group) -> float:
    """The share of them that ended in no further action before any assessment."""
    referred = _referred(index, group)
    ended = referred & (index.outcome == Outcome.REFERRAL_NO_ACTION)
    return ratio(_children(index, ended), _children(index, referred))


def from_source(source: Group, index: LogIndex, group: Group) -> float:
    """The share of them from one source."""
    referred = _referred(index, group)
    return ratio(_children(index, referred & members(index, source)), _children(index, referred))


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Times during which something was so, each counted `size` times: `starts`, `stops` and `sizes`, all (k,)."""

    starts: Column
    stops: Column
    sizes: Column

    def at(self, times: Column) -> Column:
        """How many at each of the times; a stretch holds at its start and no longer at its stop."""
        return _running(self.starts, self.sizes, times) - _running(self.stops, self.sizes, times)

    def mean(self, start: int, end: int) -> float:
        """How many on average over the time from start to end; exact."""
        lasted = np.clip(self.stops, start, end) - np.clip(self.starts, start, end)
        return ratio(float((self.sizes * lasted).sum()), end - start)


def _running(moments: Column, sizes: Column, times: Column) -> Column:
    order = np.argsort(moments)
    total = np.append(0, np.cumsum(sizes[order]))
    return total[np.searchsorted(moments[order], times, side="right")]


def _stretches(index: LogIndex, start: Column, stop: Column, sizes: Column) -> Stretches:
    """From start to stop, or to the end of watching; nothing where start is `NEVER` or the stop came first."""
    stop = index.known(stop)
    begun = (start != NEVER) & (stop > start)
    return Stretches(start[begun], stop[begun], sizes[begun])


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """Who was responsible for a family from one change to the next, in the order of the contacts; all (k,).

    `person` is the holder, or `NEVER` while a referred family is unallocated.
    """

    starts: Column
    stops: Column
    row: Column
    person: Column


@shared
def holdings(index: LogIndex) -> Holdings:
    """Every referred family's holdings: by referral, allocations and leavers until closed or transferred."""
    changes = index.events(
        EventKind.DECIDED, EventKind.ALLOCATED, EventKind.HOLDER_LEFT, EventKind.TRANSFERRED, EventKind.CLOSED
    )
    changes = changes[stable_order(index.row[changes])]
    row, time, kind = index.row[changes], index.time[changes], index.kind[changes]
    next_time = np.append(time[1:], index.log.watched_until)
    is_last = np.append(row[1:] != row[:-1], np.ones(min(len(row), 1), dtype=np.bool_))
    stops = np.where(is_last, index.log.watched_until, next_time[: len(row)])
    held = kind == EventKind.ALLOCATED
    waits = (kind == EventKind.HOLDER_LEFT) | ((kind == EventKind.DECIDED) & is_one_of(index.detail[changes], REFERRED))
    kept = (held | waits) & (stops > time) & (row >= 0)
    person = np.where(held, index.person[changes], NEVER)
    return Holdings(time[kept], stops[kept], row[kept], person[kept])


@shared
def open_contacts(index: LogIndex) -> Stretches:
    """Contacts not yet decided."""
    return _stretches(index, index.received, index.decided, np.ones_like(index.received))


@shared
def unallocated_children(index: LogIndex) -> Stretches:
    """Children referred and without a worker, at first or since theirs left."""
    found = holdings(index)
    alone = (found.person == NEVER) & ~index.open_case[found.row]
    return Stretches(found.starts[alone], found.stops[alone], index.children[found.row[alone]])


@shared
def open_assessments(index: LogIndex) -> Stretches:
    """Children whose assessment has started and is not authorised, nor the case closed."""
    authorised, closed = index.first(EventKind.ASSESSMENT_AUTHORISED), index.first(EventKind.CLOSED)
    stop = np.where(authorised == NEVER, closed, authorised)
    return _stretches(index, index.first(EventKind.ASSESSMENT_STARTED), stop, index.children)


@shared
def unseen_children(index: LogIndex) -> Stretches:
    """Children referred and not seen, nor the case closed; without those seen on a day that nobody noted."""
    row, _, seen = every_child(index)
    closed = index.first(EventKind.CLOSED)[row]
    referred = (is_one_of(index.outcome, REFERRED) & ~index.open_case)[row] & ~seen_undated(index)
    start = np.where(referred, index.decided[row], NEVER)
    return _stretches(index, start, np.where(seen == NEVER, closed, seen), np.ones_like(row))


@dataclass(frozen=True, slots=True, eq=False)
class OpenWork:
    """How much was open at each of `times`, minutes; all (k,). Contacts are families, the rest are children."""

    times: Column
    open_contacts: Column
    unallocated_children: Column
    open_assessments: Column
    unseen_children: Column


def open_work(log: EventLog | LogIndex, step_minutes: int = MINUTES_PER_DAY) -> OpenWork:
    """Open work over the window, from its first minute and every `step_minutes` after; by default each midnight."""
    if step_minutes < 1:
        raise StepError(f"open work every {step_minutes} minutes: the step must be at least 1 minute")
    index = indexed(log)
    times = np.arange(index.log.window_start, index.log.window_end, step_minutes)
    return OpenWork(
        times,
        open_contacts(index).at(times),
        unallocated_children(index).at(times),
        open_assessments(index).at(times),
        unseen_children(index).at(times),
    )


def _mean(stretches: Stretches, index: LogIndex, needed: EventKind) -> float:
    known = index.records(needed)
    return stretches.mean(index.log.window_start, index.log.window_end) if known else float("nan")


def open_contacts_mean(index: LogIndex, _: Group) -> float:
    """Undecided contacts, on average over the window."""
    return _mean(open_contacts(index), index, EventKind.DECIDED)


def unallocated_children_mean(index: LogIndex, _: Group) -> float:
    """Referred children without a worker, on average over the window."""
    return _mean(unallocated_children(index), index, EventKind.ALLOCATED)


def open_assessments_mean(index: LogIndex, _: Group) -> float:
    """Children with an open assessment, on average over the window."""
    return _mean(open_assessments(index), index, EventKind.ASSESSMENT_STARTED)


_REFERRALS = (
    "Children whose contact was decided in the window to be a referral, as published: for assessment or to a strategy "
    "discussion, to another team of the authority, or ended without assessment; contacts on open cases left out."
)
_AVERAGE = "Average over every minute of the window."

FLOW_MEASURES: tuple[Measure, ...] = (
    Measure(
        "referrals_count",
        "Referrals",
        "children",
        Better.NEITHER,
        ONLY_ALL,
        referrals,
        _REFERRALS,
        frozenset({Fact.REFERRAL}),
    ),
    Measure(
        "rereferrals_share",
        "Referrals within 12 months of an earlier one",
        "share",
        Better.LOWER,
        ONLY_ALL,
        rereferrals,
        _REFERRALS,
        frozenset({Fact.REFERRAL}),
    ),
    Measure(
        "referrals_no_action_share",
        "Referrals that end before any assessment",
        "share",
        Better.NEITHER,
        ONLY_ALL,
        no_action,
        _REFERRALS,
        frozenset({Fact.REFERRAL, Fact.NO_ACTION}),
    ),
    *(
        Measure(
            f"referrals_from_{source.value}_share",
            f"Referrals: {group.label.removeprefix('children in contacts ')}",
            "share",
            Better.NEITHER,
            ONLY_ALL,
            partial(from_source, group),
            _REFERRALS,
            frozenset({Fact.REFERRAL, Fact.SOURCE}),
        )
        for source, group in zip(Source, SOURCES, strict=True)
    ),
    Measure(
        "open_contacts_mean",
        "Contacts open and undecided",
        "contacts",
        Better.LOWER,
        ONLY_ALL,
        open_contacts_mean,
        f"Families, contacts on open cases among them. {_AVERAGE}",
        frozenset({Fact.RECEIPT, Fact.DECISION}),
    ),
    Measure(
        "unallocated_children_mean",
        "Children referred and without a worker",
        "children",
        Better.LOWER,
        ONLY_ALL,
        unallocated_children_mean,
        f"From the referral to allocation, and again after a worker left. {_AVERAGE}",
        frozenset({Fact.REFERRAL, Fact.ALLOCATION}),
    ),
    Measure(
        "open_assessments_mean",
        "Children with an open assessment",
        "children",
        Better.NEITHER,
        ONLY_ALL,
        open_assessments_mean,
        f"From the start of the assessment to its being authorised. {_AVERAGE}",
        frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION}),
    ),
)
