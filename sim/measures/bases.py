"""How many cases each measure rests on: what tells a number about a service from one about a few children."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from sim.events import EventKind, EventLog, Outcome, Rating, Role
from sim.measures.clocks import REFERRED, Clocks, End, children_clocks, members
from sim.measures.flow import PUBLISHED_REFERRALS
from sim.measures.index import NEVER, LogIndex, Mask, indexed, is_one_of
from sim.measures.measure import ALL, IMMEDIATE, NOT_IMMEDIATE, Group
from sim.measures.work import SOCIAL_WORKERS

Base = Callable[[LogIndex, Group], int]


def base(log: EventLog | LogIndex, measure_id: str, group: Group = ALL) -> int:
    """How many children, contacts, events or people of the log a measure is read from, for a group.

    Never more than are truly behind it: a quantile rests on the children whose wait has ended. Raise `KeyError` for a
    measure that is not there.
    """
    return _base_of(measure_id)(indexed(log), group)


def _base_of(measure_id: str) -> Base:
    found = [counted for start, counted in _BASES.items() if measure_id.startswith(start)]
    if not found:
        raise KeyError(measure_id)
    return found[0]


def _children(which: Callable[[LogIndex, Clocks], Mask], index: LogIndex, group: Group) -> int:
    found = children_clocks(index)
    return int(np.count_nonzero(which(index, found) & members(index, group)[found.row]))


def _seen(_: LogIndex, found: Clocks) -> Mask:
    which: Mask = found.referred & (found.end == End.SEEN)
    return which


def _referred(_: LogIndex, found: Clocks) -> Mask:
    return found.referred


def _timed(_: LogIndex, found: Clocks) -> Mask:
    """Those referred of whose wait anything is known."""
    which: Mask = found.referred & (found.end != End.SEEN_UNDATED)
    return which


def _not_immediate(index: LogIndex, found: Clocks) -> Mask:
    which: Mask = _timed(index, found) & members(index, NOT_IMMEDIATE)[found.row]
    return which


def _out_of_hours(index: LogIndex, found: Clocks) -> Mask:
    closed = index.office.open_minutes_by(found.received + 1) == index.office.open_minutes_by(found.received)
    which: Mask = _seen(index, found) & closed
    return which


def _came_before(_: LogIndex, found: Clocks) -> Mask:
    which: Mask = found.referred & (found.first_contact != found.contact)
    return which


def _came_before_and_seen(index: LogIndex, found: Clocks) -> Mask:
    which: Mask = _came_before(index, found) & (found.end == End.SEEN)
    return which


def _discussed(index: LogIndex, found: Clocks) -> Mask:
    started = index.first(EventKind.SECTION_47_STARTED)[found.row] != NEVER
    which: Mask = started & (found.outcome == Outcome.STRATEGY_DISCUSSION) & (found.end != End.SEEN_UNDATED)
    return which


def _discussed_not_red(index: LogIndex, found: Clocks) -> Mask:
    which: Mask = _discussed(index, found) & (found.rating != Rating.RED)
    return which


def _not_red(kind: EventKind, index: LogIndex, _: Group) -> int:
    """Contacts not rated red to which this happened in the window."""
    return int(np.count_nonzero(index.in_window(index.first(kind)) & (index.rating != Rating.RED)))


def _contacts(which: Callable[[LogIndex], Mask], index: LogIndex, group: Group) -> int:
    return int(np.count_nonzero(which(index) & index.received_in_window & members(index, group)))


def _received(index: LogIndex) -> Mask:
    return index.received_in_window


def _decided(index: LogIndex) -> Mask:
    which: Mask = index.decided != NEVER
    return which


def _red(index: LogIndex) -> Mask:
    return members(index, IMMEDIATE)


def _both(first: EventKind, then: EventKind, index: LogIndex) -> Mask:
    which: Mask = (index.first(first) != NEVER) & (index.first(then) != NEVER)
    return which


def _in_window(kind: EventKind, index: LogIndex, _: Group) -> int:
    """Children of the contacts to which this first happened in the window."""
    return int(index.children[index.in_window(index.first(kind))].sum())


def _events(kind: EventKind, index: LogIndex, _: Group) -> int:
    return int(np.count_nonzero(index.in_window(index.time[index.events(kind)])))


def _referrals(index: LogIndex, _: Group) -> int:
    made = is_one_of(index.outcome, PUBLISHED_REFERRALS) & index.in_window(index.decided) & ~index.open_case
    return int(index.children[made].sum())


def _for_assessment(index: LogIndex, _: Group) -> int:
    return int(index.children[is_one_of(index.outcome, REFERRED) & ~index.open_case].sum())


def _people(roles: tuple[Role, ...], index: LogIndex, _: Group) -> int:
    return int(np.count_nonzero(is_one_of(index.log.people_column("role"), roles)))


E = EventKind

_BASES: Mapping[str, Base] = {
    "seen_within_": partial(_children, _timed),
    "beyond_": partial(_children, _referred),
    "referred_children_count": partial(_children, _referred),
    "child_days_unseen": partial(_children, _timed),
    "changes_of_worker": partial(_children, _timed),
    "not_immediate_": partial(_children, _not_immediate),
    "out_of_hours_days": partial(_children, _out_of_hours),
    "closed_then_assessed": partial(_children, _came_before),
    "days_from_first_contact": partial(_children, _came_before_and_seen),
    "days_to_seen_": partial(_children, _seen),
    "working_days_to_seen_": partial(_children, _seen),
    "contacts_decided_": partial(_contacts, _received),
    "contacts_count": partial(_contacts, _received),
    "open_case_contacts": partial(_contacts, lambda index: index.open_case),
    "decision_days_": partial(_contacts, _decided),
    "red_decided": partial(_contacts, _red),
    "in_need_closed": partial(_contacts, _decided),
    "further_work_days": partial(_contacts, partial(_both, E.INFORMATION_ASKED, E.DECIDED)),
    "unclear_to_": partial(_contacts, partial(_both, E.SECOND_LOOK_ASKED, E.DECIDED)),
    "first_help_days": partial(_contacts, partial(_both, E.RECEIVED, E.HELP_STARTED)),
    "monday_handover": partial(_events, E.HANDED_OVER),
    "section_47_not_red": partial(_children, _discussed_not_red),
    "section_47_seen": partial(_children, _discussed),
    "section_47_count": partial(_in_window, E.SECTION_47_STARTED),
    "strategy_hours_not_red": partial(_not_red, E.STRATEGY_HELD),
    "strategy_hours": partial(_events, E.STRATEGY_HELD),
    "strategy_actions": partial(_events, E.ACTION_SET),
    "conference": partial(_in_window, E.CONFERENCE_HELD),
    "assessed_not_in_need": _referrals,
    "assess": partial(_in_window, E.ASSESSMENT_AUTHORISED),
    "domestic_abuse_assessed": partial(_in_window, E.ASSESSMENT_AUTHORISED),
    "reviews_done": partial(_events, E.REVIEW_DUE),
    "referrals_": _referrals,
    "rereferrals_": _referrals,
    "open_contacts_mean": partial(_contacts, _received),
    "unallocated_children_mean": _for_assessment,
    "open_assessments_mean": partial(_in_window, E.ASSESSMENT_STARTED),
    **{f"{kind}_{role.name.lower()}": partial(_people, (role,)) for kind in ("hours", "utilisation") for role in Role},
    "hours_on_no_action": partial(_events, E.WORK_ENDED),
    "over_guide": partial(_events, E.ALLOCATED),
    "caseload_": partial(_people, SOCIAL_WORKERS),
}
"""By how the id of a measure begins; the first that fits."""
