"""Laws: what holds for every scenario, every baseline and every seed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from sim.events import COLUMNS, Column, EventKind, EventLog, Guide, SeenBy
from tests.model import laws
from tests.model.jobs import Told
from tests.model.laws import LAWS, Law
from tests.strategies import Case, cases

TIME, KIND, PERSON, DETAIL, MINUTES = (COLUMNS.index(name) for name in ("time", "kind", "person", "detail", "minutes"))
E = EventKind
Spoil = Callable[[Column], Column]


def told(case: Case) -> Told:
    """The run of a case."""
    world = case.world()
    return Told(case.baseline, case.scenario, world, case.log(world))


@settings(max_examples=50)
@given(cases())
def test_every_log_keeps_every_law(case: Case) -> None:
    run = told(case)
    for law in LAWS:
        law(run)


@pytest.mark.slow
@settings(max_examples=1000)
@given(cases(at_most=30))
def test_every_log_of_stranger_scenarios_keeps_every_law(case: Case) -> None:
    run = told(case)
    for law in LAWS:
        law(run)


@pytest.mark.slow
@settings(max_examples=400)
@given(cases(long=True))
def test_every_log_of_months_with_many_leavers_keeps_every_law(case: Case) -> None:
    run = told(case)
    for law in LAWS:
        law(run)


ORDINARY = told(Case({}, {}, seed=1))


def first(events: Column, kind: EventKind) -> int:
    """The place of the first event of a kind."""
    return int(np.flatnonzero(events[:, KIND] == kind)[0])


def without(kind: EventKind) -> Spoil:
    """Leave out the first event of a kind."""
    return lambda events: np.delete(events, first(events, kind), axis=0)


def twice(kind: EventKind) -> Spoil:
    """Let the first event of a kind happen again, at once."""
    return lambda events: np.insert(events, first(events, kind), events[first(events, kind)], axis=0)


def with_cell(kind: EventKind, column: int, change: Callable[[int], int]) -> Spoil:
    """Change one number of the first event of a kind."""

    def spoil(events: Column) -> Column:
        changed = events.copy()
        place = first(events, kind)
        changed[place, column] = change(int(changed[place, column]))
        return changed

    return spoil


def with_a_delay(events: Column) -> Column:
    """Let the first piece of work begin a minute late and end a minute late."""
    changed = events.copy()
    begun = first(events, E.WORK_STARTED)
    same = (events[:, PERSON] == events[begun, PERSON]) & (events[:, KIND] == E.WORK_ENDED)
    changed[[begun, int(np.flatnonzero(same)[0])], TIME] += 1
    return changed[np.argsort(changed[:, TIME], kind="stable")]


def seen_before_they_came(events: Column) -> Column:
    """Let every child be seen long before the contact."""
    changed = events.copy()
    changed[events[:, KIND] == E.SEEN, TIME] -= 10**6
    return changed


BREACHES: list[tuple[Law, Spoil]] = [
    (laws.events_are_in_lawful_order, without(E.SCREENED)),
    (laws.events_are_in_lawful_order, twice(E.DECIDED)),
    (laws.events_are_in_lawful_order, lambda events: events[::-1]),
    (laws.children_are_conserved, without(E.RECEIVED)),
    (laws.every_child_is_in_one_state, twice(E.SEEN)),
    (laws.every_child_is_in_one_state, lambda events: events[events[:, KIND] != E.SEEN]),
    (laws.every_child_is_in_one_state, with_cell(E.CLOSED, DETAIL, lambda ending: (ending + 1) % 2)),
    (laws.only_qualified_people_see, with_cell(E.SEEN, DETAIL, lambda _: SeenBy.OUT_OF_HOURS)),
    (laws.nobody_does_two_things_at_once, without(E.WORK_ENDED)),
    (laws.work_is_done_within_hours_and_in_full, with_cell(E.WORK_ENDED, MINUTES, lambda minutes: minutes + 1)),
    (laws.work_is_done_within_hours_and_in_full, with_cell(E.WORK_ENDED, TIME, lambda time: time + 1)),
    (laws.the_guide_is_exceeded_only_for_a_reason, with_cell(E.ALLOCATED, DETAIL, lambda _: Guide.OVER_FOR_SECTION_47)),
    (laws.nobody_is_idle_while_work_waits, with_a_delay),
    (
        laws.waits_sum_to_the_total,
        lambda events: events - (events[:, [KIND]] == E.SEEN) * (np.arange(9) == TIME) * 10**6,
    ),
]


@pytest.mark.parametrize(("law", "spoil"), BREACHES)
def test_a_law_finds_a_planted_breach(law: Law, spoil: Spoil) -> None:
    law(ORDINARY)
    log: EventLog = replace(ORDINARY.log, events=spoil(ORDINARY.log.events))

    with pytest.raises((AssertionError, ValueError)):
        law(Told(ORDINARY.baseline, ORDINARY.scenario, ORDINARY.world, log))


def test_every_law_is_shown_a_breach() -> None:
    assert {law for law, _ in BREACHES} == set(LAWS)
