"""Open work as memory: how far each family had come when the run began, and the steps it had taken."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.model.compiled.layout import NONE, Prepared, Rows
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import past as PAST
from sim.model.past import NO_PAST, Past, past_of
from sim.model.resuming import Restored, restored, steps_before
from sim.policies import goes_to_domestic_abuse_team
from sim.working_time import Calendar
from sim.world import NO_TEAM, Inherited, World

_MINUTES = (
    "second_look",
    "strategy_asked",
    "action_set",
    "visit_arranged",
    "visit_failed",
    "outside_wait",
    "section_47_ended",
    "conference_held",
    "authorised",
    "place_asked",
)
_AS_IT_WAS = (
    "received_at",
    "is_screened",
    "is_left_by_the_night",
    "strategy_held_at",
    "section_47",
    "visits",
    "started_at",
    "reviewed",
    "help_started",
    "reworked",
    "unallocated_since",
    "is_followed_up",
)


def past_rows(inherited: Sequence[Inherited]) -> Rows:
    """What was done for each family before the run began, a row each, after one of which nothing is told."""
    rows = np.zeros((1 + len(inherited), PAST.size), dtype=np.int64)
    for row, past in zip(rows, (NO_PAST, *map(past_of, inherited)), strict=True):
        _put_past(row, past)
    return rows


def _put_past(row: Rows, past: Past) -> None:
    for name in _MINUTES:
        row[getattr(PAST, name)] = getattr(past, name)
    row[PAST.answered], row[PAST.is_looked_into] = past.answered, past.is_looked_into
    row[PAST.rounds_asked] = len(past.asked)
    row[PAST.asked : PAST.asked + len(past.asked)] = past.asked
    for activity, pieces in past.done.items():
        row[PAST.done + activity] = pieces


def put_open_work(
    state: Prepared, world: World, first: int, workers: Mapping[int, int], office: Calendar, has_team: bool
) -> None:
    """Write the cases that are open, of contacts from row `first` on, and the steps that their families have taken.

    `workers` says where each person lies; `has_team` whether the domestic abuse team takes contacts as the run begins.
    """
    m, cases = state.m, state.m[H.cases]
    rows = m[cases : cases + len(world.inherited) * C.size].reshape(-1, C.size)
    for place, (row, one) in enumerate(zip(rows, world.inherited, strict=True)):
        is_teams = has_team and goes_to_domestic_abuse_team(one.contact)
        contact = (first + place) * K.size
        row[C.contact] = state.w[contact + K.as_teams] if is_teams else contact
        row[C.identity], row[C.by_domestic_abuse_team], row[C.is_return] = one.contact.id, is_teams, one.is_return
        row[C.past] = m[H.no_past] + (1 + place) * PAST.size
        _put_case(row, restored(one, office, world.begins), workers.get(one.holder, NONE))
    at = cases + np.arange(len(rows)) * C.size
    rows[:, C.previous_open], rows[:, C.next_open] = [NONE, *at[:-1]], [*at[1:], NONE]
    m[H.first_open], m[H.last_open], m[H.next_case] = at[0], at[-1], cases + rows.size
    _put_steps(m, world.inherited)


_NOTHING_YET = (
    "answered_at",
    "team",
    "reserved",
    "kept_jobs",
    "waits_for_allocation",
    "conference",
    "visiting",
    "slot",
    "waits_for_time",
    "waits_for_over",
)


def _put_case(row: Rows, left: Restored, holder: int) -> None:
    for name in _NOTHING_YET:
        row[getattr(C, name)] = NONE
    for name in _AS_IT_WAS:
        row[getattr(C, name)] = getattr(left, name)
    row[C.outcome] = NONE if left.outcome is None else left.outcome
    row[C.ending] = NONE if left.ending is None else left.ending
    row[C.unseen] = sum(1 << child for child in left.unseen)
    row[C.holder] = holder


def _put_steps(m: Rows, inherited: tuple[Inherited, ...]) -> None:
    steps = [
        (step.time, step.kind, contact, step.child, step.person, NO_TEAM, step.detail, step.waiting_on, 0)
        for contact, step in steps_before(inherited)
    ]
    for column, numbers in enumerate(np.array(steps, dtype=np.int64).T):
        first = m[H.log] + column * m[H.log_rows]
        m[first : first + len(steps)] = numbers
    m[H.next_event] = m[H.log] + len(steps)
