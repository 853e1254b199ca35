"""The sets of children that are counted, and which lie within which: what both counts tell, their difference tells too.

Whoever sees that 300 children were allocated and 297 of them seen knows of three who were not. So the difference of two
sets of which one lies within the other is a count like any other, though no table holds it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import EventKind
from sim.measures import LogIndex, WaitingStage, came_to, decided_as, missing, went
from sim.measures.clocks import Clock, children_clocks, elapsed, every_child, members, seen_undated
from sim.measures.flow import PUBLISHED_REFERRALS
from sim.measures.index import NEVER, Mask
from sim.measures.measure import ALL, GROUPS, ONLY_ALL
from sim.measures.seen import LONG_DAYS
from sim.measures.waiting import ASSESSING_NEEDS, assessing, assessing_late, undated_and_going_on, without_worker
from sim.report.observed.hiding import Key
from sim.report.observed.map import OTHERWISE, boxes, links
from sim.report.observed.reading import Reading

WITHOUT_WORKER = "without worker"
UNDATED = "seen or assessed, undated"
ASSESSING, ASSESSING_LATE = "assessment open", "assessment open beyond its limit"
REFERRED, REFERRALS = "referred_children_count", "referrals_count"
CLOSED_BEFORE = "closed_then_assessed_count"
BEYOND = {f"beyond_{days}_days_per_month_count": days for days in LONG_DAYS}
HAPPENED = {
    "section_47_count": EventKind.SECTION_47_STARTED,
    "conferences_count": EventKind.CONFERENCE_HELD,
    "assessments_count": EventKind.ASSESSMENT_AUTHORISED,
}
"""Measures that count the children to whom something first happened in the window."""

_AT_ONCE = 200_000


class Within(NamedTuple):
    """A set that lies within another, and how many of the other are outside it."""

    outer: Key
    inner: Key
    outside: int


def counted_sets(reading: Reading) -> dict[Key, Mask]:
    """Which of every child of every contact each shown count counts; empty sets, which tell nothing, left out."""
    found = dict(_steps(reading.index)) | dict(_waiting(reading)) | dict(_measured(reading.index))
    return {key: which for key, which in found.items() if which.any()}


def within(sets: Mapping[Key, Mask]) -> Iterator[Within]:
    """Every pair of sets of which one lies within the other, once for two that are the same."""
    keys = list(sets)
    both = _in_both(list(sets.values()))
    for outer, one in enumerate(keys):
        for inner, other in enumerate(keys):
            same = both[outer, outer] == both[inner, inner]
            if outer != inner and both[outer, inner] == both[inner, inner] and (outer < inner or not same):
                yield Within(one, other, int(both[outer, outer] - both[inner, inner]))


def _in_both(sets: list[Mask]) -> NDArray[np.int64]:
    """How many children are in both of any two sets: (n, n)."""
    found = np.zeros((len(sets), len(sets)), dtype=np.int64)
    for start in range(0, len(sets[0]) if sets else 0, _AT_ONCE):
        some = np.array([which[start : start + _AT_ONCE] for which in sets], dtype=np.float32)
        found += np.rint(some @ some.T).astype(np.int64)
    return found


def _steps(index: LogIndex) -> Iterator[tuple[Key, Mask]]:
    shown = boxes(index)
    for kind in shown:
        yield ("step", kind), came_to(index, kind)
    if EventKind.DECIDED in shown:
        for outcome in OTHERWISE:
            yield ("outcome", outcome), decided_as(index, outcome)
    for before, after in links(shown):
        yield ("way", before, after), went(index, before, after)


def _waiting(reading: Reading) -> Iterator[tuple[Key, Mask]]:
    index, waiting = reading.index, reading.waiting
    row, _, seen = every_child(index)
    stage_of = np.full(len(index.children), NEVER, dtype=np.int64)
    stage_of[waiting.row] = waiting.stage
    stage = np.where((seen == NEVER) & ~seen_undated(index), stage_of[row], NEVER)
    for one in waiting.known:
        yield ("waiting", one, None), stage == one
    yield ("waiting", None, None), stage != NEVER
    if WaitingStage.UNSEEN in waiting.known:
        yield UNDATED, undated_and_going_on(index)
    if WaitingStage.UNALLOCATED in waiting.known:
        yield WITHOUT_WORKER, without_worker(index)[row]
    if index.knows(ASSESSING_NEEDS):
        yield ASSESSING, assessing(index)[row]
        yield ASSESSING_LATE, assessing_late(index)[row]


def _measured(index: LogIndex) -> Iterator[tuple[Key, Mask]]:
    found, row = children_clocks(index), every_child(index)[0]
    timed = (index.received_in_window & ~index.open_case)[row]
    days = elapsed(index, found.received, found.ended, Clock.DATES)
    among = {REFERRED: found.referred, CLOSED_BEFORE: found.referred & (found.first_contact != found.contact)}
    among |= {name: found.referred & (days > most) for name, most in BEYOND.items()}
    for name, which in among.items():
        for group in ONLY_ALL if name == CLOSED_BEFORE else GROUPS:
            if not missing(index, name, group):
                of_all = np.zeros(len(row), dtype=np.bool_)
                of_all[timed] = which & members(index, group)[found.row]
                yield ("measure", name, group.id), of_all
    for name, kind in HAPPENED.items():
        if not missing(index, name, ALL) and index.records(kind):
            yield ("measure", name, ALL.id), index.in_window(index.first(kind))[row]
    if not missing(index, REFERRALS, ALL):
        made = np.isin(index.outcome, PUBLISHED_REFERRALS) & index.in_window(index.decided) & ~index.open_case
        yield ("measure", REFERRALS, ALL.id), made[row]
