"""Who worked how long on what, and how many children each worker held."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.events import Column, EventKind, Guide, Outcome, Role
from sim.facts import Fact
from sim.measures.flow import holdings
from sim.measures.index import MINUTES_PER_HOUR, NEVER, LogIndex, Mask, is_one_of, places, ratio, shared
from sim.measures.measure import ONLY_ALL, Better, Group, Measure

SOCIAL_WORKERS = (Role.EXPERIENCED_SOCIAL_WORKER, Role.NEWLY_QUALIFIED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
"""Those who hold cases."""

NO_ACTION = (Outcome.NO_FURTHER_ACTION, Outcome.ADVICE, Outcome.REFERRAL_NO_ACTION, Outcome.CONSENT_REFUSED)
"""The decisions after which the authority does nothing more for the family."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of work, all (k,): the contact's row or -1, the person's role, the working time it took in minutes."""

    row: Column
    role: Column
    minutes: Column


@shared
def pieces(index: LogIndex) -> Pieces:
    """Everybody's pieces of work that ended in the window."""
    ended = index.events(EventKind.WORK_ENDED)
    ended = ended[index.in_window(index.time[ended])]
    person = places(index.person[ended], index.log.people_column("person"))
    ended, person = ended[person >= 0], person[person >= 0]
    return Pieces(index.row[ended], index.log.people_column("role")[person], index.minutes[ended])


def hours(role: Role, index: LogIndex, _: Group) -> float:
    """Hours worked by everybody in a role in the window."""
    if not index.minutes.any():
        return float("nan")
    found = pieces(index)
    return float(found.minutes[found.role == role].sum()) / MINUTES_PER_HOUR


def utilisation(role: Role, index: LogIndex, group: Group) -> float:
    """Those hours as a share of the hours rostered."""
    people = index.log.people_column("role") == role
    rostered = int(index.log.people_column("rostered_minutes")[people].sum())
    return ratio(hours(role, index, group) * MINUTES_PER_HOUR, rostered)


def hours_on_no_action(index: LogIndex, _: Group) -> float:
    """The share of all hours worked on contacts that were spent on those decided as one of `NO_ACTION`."""
    found = pieces(index)
    on_contacts = found.row >= 0
    in_vain = is_one_of(index.outcome, NO_ACTION)[found.row[on_contacts]]
    minutes = found.minutes[on_contacts]
    return ratio(float(minutes[in_vain].sum()), float(minutes.sum()))


def over_guide(index: LogIndex, _: Group) -> float:
    """The share of allocations in the window that took a worker above the caseload guide."""
    allocations = index.events(EventKind.ALLOCATED)
    reasons = index.detail[allocations[index.in_window(index.time[allocations])]]
    return ratio(float(np.count_nonzero(reasons != Guide.WITHIN)), float(len(reasons)))


@shared
def _held(index: LogIndex) -> tuple[Column, Column, Column, Column]:
    """Social workers' holdings within the window: the place of the person, start, stop and children."""
    found = holdings(index)
    person = places(found.person, index.log.people_column("person"))
    start = np.clip(found.starts, index.log.window_start, index.log.window_end)
    stop = np.clip(found.stops, index.log.window_start, index.log.window_end)
    kept = (person >= 0) & (stop > start)
    kept[kept] = _is_social_worker(index)[person[kept]]
    return person[kept], start[kept], stop[kept], index.children[found.row[kept]]


def _is_social_worker(index: LogIndex) -> Mask:
    return is_one_of(index.log.people_column("role"), SOCIAL_WORKERS)


def caseload_mean(index: LogIndex, _: Group) -> float:
    """Children held by a social worker, average over workers and the time each was there."""
    if not index.records(EventKind.ALLOCATED):
        return float("nan")
    _person, start, stop, children = _held(index)
    log = index.log
    leaves = np.where(log.people_column("leaves") == NEVER, log.window_end, log.people_column("leaves"))
    there = np.clip(leaves, log.window_start, log.window_end)
    there = there - np.clip(log.people_column("starts"), log.window_start, log.window_end)
    return ratio(float((children * (stop - start)).sum()), float(there[_is_social_worker(index)].sum()))


def caseload_max(index: LogIndex, _: Group) -> float:
    """The most children any social worker held at one time."""
    person, start, stop, children = _held(index)
    if not len(person):
        return 0.0 if index.records(EventKind.ALLOCATED) else float("nan")
    # At one minute cases end before others begin: hence the ends first, and a stable sort.
    change = np.concatenate([-children, children])
    order = np.lexsort((np.concatenate([stop, start]), np.concatenate([person, person])))
    return float(np.cumsum(change[order]).max())


_EFFORT = (
    "Working time of the pieces of work that ended in the window; meetings and other booked time are not in it. "
    "Unknown where the log notes no working time."
)

WORK_MEASURES: tuple[Measure, ...] = (
    *(
        Measure(
            f"hours_{role.name.lower()}",
            f"Hours worked: {role.name.lower().replace('_', ' ')}s",
            "hours",
            Better.NEITHER,
            ONLY_ALL,
            partial(hours, role),
            f"All in that role. {_EFFORT}",
            frozenset({Fact.WORK, Fact.STAFF}),
        )
        for role in Role
    ),
    *(
        Measure(
            f"utilisation_{role.name.lower()}",
            f"Share of rostered time worked: {role.name.lower().replace('_', ' ')}s",
            "share",
            Better.NEITHER,
            ONLY_ALL,
            partial(utilisation, role),
            f"Above about 85% waits grow quickly; it is no target. {_EFFORT} Unknown where nobody is in that role.",
            frozenset({Fact.WORK, Fact.STAFF}),
        )
        for role in Role
    ),
    Measure(
        "hours_on_no_action_contacts_share",
        "Working time spent on contacts that end in no action",
        "share",
        Better.LOWER,
        ONLY_ALL,
        hours_on_no_action,
        "Of the time worked on contacts in the window: contacts decided as no further action, advice or universal "
        f"services, referral without action, or consent refused. {_EFFORT}",
        frozenset({Fact.WORK, Fact.DECISION, Fact.STAFF}),
    ),
    Measure(
        "over_guide_allocations_share",
        "Allocations above the caseload guide",
        "share",
        Better.LOWER,
        ONLY_ALL,
        over_guide,
        "Of the allocations in the window, families alone above the guide among them.",
        frozenset({Fact.ALLOCATION, Fact.GUIDE}),
    ),
    Measure(
        "caseload_mean",
        "Children held by a social worker",
        "children",
        Better.LOWER,
        ONLY_ALL,
        caseload_mean,
        "Children allocated and not closed, transferred or passed on: average over all social workers and the time "
        "each was in post in the window.",
        frozenset({Fact.ALLOCATION, Fact.STAFF}),
    ),
    Measure(
        "caseload_max",
        "Most children held by one social worker",
        "children",
        Better.LOWER,
        ONLY_ALL,
        caseload_max,
        "At any time of the window.",
        frozenset({Fact.ALLOCATION, Fact.STAFF}),
    ),
)
