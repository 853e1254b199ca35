"""Laws: what holds for every scenario, every baseline and every seed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from sim.events import COLUMNS, Activity, Column, EventKind, EventLog, Guide, Outcome, Role, SeenBy
from sim.model import run
from sim.working_time import MINUTES_PER_DAY as DAY
from sim.working_time import NEVER
from sim.world import QUALIFIED
from tests.model import laws, laws_of_slots, laws_of_waiting
from tests.model.jobs import Told
from tests.model.laws import LAWS
from tests.model.laws_of_waiting import Law
from tests.strategies import Case, cases
from tests.worlds import EVERYBODY, SECTION_47, a_contact, a_world, at, plain

TIME, KIND, CONTACT, PERSON, DETAIL, MINUTES = (
    COLUMNS.index(name) for name in ("time", "kind", "contact", "person", "detail", "minutes")
)
E = EventKind
WORK = (E.WORK_QUEUED, E.WORK_STARTED, E.WORK_ENDED)
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


ORDINARY = told(Case({"further_work.limit_working_days": 1}, {}, seed=1))


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


def the_other_shift(seen_by: int) -> int:
    """Say of who was seen by night that it was by day, and of the others that it was by night."""
    return SeenBy.DUTY if seen_by == SeenBy.OUT_OF_HOURS else SeenBy.OUT_OF_HOURS


def seen_before_they_came(events: Column) -> Column:
    """Let every child be seen long before the contact."""
    changed = events.copy()
    changed[events[:, KIND] == E.SEEN, TIME] -= 10**6
    return changed


def in_order(events: Column) -> Column:
    """Events sorted by time again."""
    return events[np.argsort(events[:, TIME], kind="stable")]


def done_by_night_too_late(events: Column) -> Column:
    """Let a piece of work of the out-of-hours team end four days later."""
    night = [who for who, person in ORDINARY.people.items() if person.role is Role.OUT_OF_HOURS_WORKER]
    ends = np.flatnonzero((events[:, KIND] == E.WORK_ENDED) & np.isin(events[:, PERSON], night))
    changed = events.copy()
    changed[ends[-1], TIME] += 4 * DAY
    return in_order(changed)


def done_by_day_too_late(events: Column) -> Column:
    """Let what could not wait, and was done by day, end when the night has come in."""
    done = next(job for job in ORDINARY.jobs if job.ended and job.ends < NEVER and ORDINARY.office.is_open(job.queued))
    changed = events.copy()
    of = (events[:, KIND] == E.WORK_ENDED) & (events[:, PERSON] == done.person) & (events[:, TIME] == done.ended)
    changed[of, TIME] = done.ends + 1
    return changed


def is_free_from(who: int | None, minute: int, days: int) -> bool:
    """Whether somebody begins nothing for so many days."""
    return not any(job.person == who and minute <= (job.started or 0) <= minute + days * DAY for job in ORDINARY.jobs)


def ended_later(activity: Activity, days: int) -> Spoil:
    """Let a piece of work of a kind, after which whoever did it had none for so many days, end that much later."""
    done = next(
        job
        for job in reversed(ORDINARY.jobs)
        if job.activity is activity and job.ended and is_free_from(job.person, job.ended, days)
    )

    def spoil(events: Column) -> Column:
        changed = events.copy()
        of = (events[:, KIND] == E.WORK_ENDED) & (events[:, PERSON] == done.person) & (events[:, TIME] == done.ended)
        changed[of, TIME] += days * DAY
        return in_order(changed)

    return spoil


def first_ready(events: Column) -> int:
    """The place of the first answer to what a contact was asked."""
    asked = events[first(events, E.INFORMATION_ASKED), CONTACT]
    return int(np.flatnonzero((events[:, KIND] == E.INFORMATION_READY) & (events[:, CONTACT] == asked))[0])


def ready_too_late(events: Column) -> Column:
    """Let partners be waited for a week longer."""
    changed = events.copy()
    changed[first_ready(events), TIME] += 7 * DAY
    return in_order(changed)


def held_by_newly_qualified(events: Column) -> Column:
    """Let somebody newly qualified be given the first case that is already section 47."""
    new = next(who for who, p in ORDINARY.people.items() if p.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER)
    enquired = events[first(events, E.SECTION_47_STARTED), CONTACT]
    changed = events.copy()
    changed[(events[:, KIND] == E.ALLOCATED) & (events[:, CONTACT] == enquired), PERSON] = new
    return changed


def given_to_who_is_away(events: Column) -> Column:
    """Let a family be allocated to somebody who is not there for days."""
    changed = events.copy()
    for place in np.flatnonzero(events[:, KIND] == E.ALLOCATED):
        midnight = int(events[place, TIME]) // DAY * DAY
        for who, person in ORDINARY.people.items():
            opens = person.calendar.next_open(midnight)
            if person.role in QUALIFIED and (opens is None or opens > midnight + 5 * DAY):
                changed[place, PERSON] = who
    return changed


def decided_before_anybody_was_told(events: Column) -> Column:
    """Let every decision to hold a strategy discussion be a minute earlier than the visit that follows it."""
    changed = events.copy()
    told_so = (events[:, KIND] == E.DECIDED) & (events[:, DETAIL] == Outcome.STRATEGY_DISCUSSION)
    changed[told_so, TIME] -= 1
    return in_order(changed)


def passed_on_late(events: Column) -> Column:
    """Let the out-of-hours team be told a minute late of the visits that duty has left, and set out late."""
    left = {job.contact: job.ends for job in ORDINARY.jobs if job.started is None and job.activity is Activity.VISITING}
    nights = np.isin(events[:, KIND], (E.WORK_QUEUED, E.WORK_STARTED)) & (
        events[:, DETAIL] == Activity.OUT_OF_HOURS_VISIT
    )
    changed = events.copy()
    for contact, ends in left.items():
        changed[nights & (events[:, CONTACT] == contact) & (events[:, TIME] >= ends), TIME] += 1
    return in_order(changed)


def discussions_that_took_slots(events: Column) -> Column:
    """The places at which discussions that are not about what is rated red begin to wait for who chairs them."""
    queued = (events[:, KIND] == E.WORK_QUEUED) & (events[:, DETAIL] == Activity.STRATEGY_DISCUSSION)
    return np.flatnonzero(queued & ~np.isin(events[:, CONTACT], sorted(ORDINARY.red)))


def two_in_one_slot(events: Column) -> Column:
    """Let a discussion have the slot that the one before it has."""
    changed, (one, other, *_) = events.copy(), discussions_that_took_slots(events)
    changed[other, TIME] = changed[one, TIME]
    return in_order(changed)


def a_slot_that_passes(events: Column) -> Column:
    """Let a discussion have a slot of a week later than it had."""
    changed = events.copy()
    changed[discussions_that_took_slots(events)[0], TIME] += 7 * DAY
    return in_order(changed)


BREACHES: list[tuple[Law, Spoil]] = [
    (laws.events_are_in_lawful_order, without(E.SCREENED)),
    (laws.events_are_in_lawful_order, twice(E.DECIDED)),
    (laws.events_are_in_lawful_order, lambda events: events[::-1]),
    (laws.children_are_conserved, without(E.RECEIVED)),
    (laws.every_child_is_in_one_state, twice(E.SEEN)),
    (laws.every_child_is_in_one_state, lambda events: events[events[:, KIND] != E.SEEN]),
    (laws.every_child_is_in_one_state, with_cell(E.CLOSED, DETAIL, lambda ending: (ending + 1) % 2)),
    (laws.only_qualified_people_see, with_cell(E.SEEN, DETAIL, the_other_shift)),
    (laws.nobody_does_two_things_at_once, without(E.WORK_ENDED)),
    (laws.work_is_done_within_hours_and_in_full, with_cell(E.WORK_ENDED, MINUTES, lambda minutes: minutes + 1)),
    (laws.work_is_done_within_hours_and_in_full, with_cell(E.WORK_ENDED, TIME, lambda time: time + 1)),
    (laws.the_guide_is_exceeded_only_for_a_reason, with_cell(E.ALLOCATED, DETAIL, lambda _: Guide.OVER_FOR_SECTION_47)),
    (laws_of_waiting.nobody_is_idle_while_work_waits, with_a_delay),
    (laws.the_night_leaves_nothing_half_done, done_by_night_too_late),
    (laws.the_night_leaves_nothing_half_done, done_by_day_too_late),
    (laws.no_newly_qualified_worker_leads_an_enquiry, held_by_newly_qualified),
    (laws_of_waiting.immediate_risk_waits_for_whoever_is_at_work, decided_before_anybody_was_told),
    (laws_of_waiting.what_a_shift_leaves_is_the_next_shifts, passed_on_late),
    (
        laws_of_waiting.immediate_risk_waits_for_whoever_is_at_work,
        lambda events: events[~np.isin(events[:, KIND], WORK) | (events[:, DETAIL] != Activity.VISITING)],
    ),
    (laws_of_waiting.nothing_waits_for_further_work_past_the_limit, ready_too_late),
    (
        laws_of_waiting.nothing_waits_for_further_work_past_the_limit,
        lambda events: np.delete(events, first_ready(events), axis=0),
    ),
    (laws_of_waiting.no_work_of_others_is_kept_through_an_absence, ended_later(Activity.SIGNING_OFF, days=28)),
    (laws_of_waiting.no_work_of_others_is_kept_through_an_absence, ended_later(Activity.VISITING, days=1)),
    (laws_of_waiting.families_go_to_who_is_there, given_to_who_is_away),
    (laws_of_slots.no_two_discussions_share_a_slot_and_none_waits_while_one_passes, two_in_one_slot),
    (laws_of_slots.no_two_discussions_share_a_slot_and_none_waits_while_one_passes, a_slot_that_passes),
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


def test_the_law_of_immediate_risk_finds_a_visit_out_of_order() -> None:
    # Duty is there from 11:00 on, and visits first whom it was first asked to: let it have been the other way round.
    *others, worker = EVERYBODY
    late = worker._replace(calendar=worker.calendar.without([(0, at(0, "11:00"))]))
    world = a_world([a_contact(n, at(0, "09:00"), SECTION_47) for n in (1, 2)], [*others, late])
    log = run(plain(), world)
    law = laws_of_waiting.immediate_risk_waits_for_whoever_is_at_work
    law(Told(plain(), plain(), world, log))
    one, other = sorted({int(contact) for contact in log.contact_column("contact")})
    events = log.events.copy()
    done = (events[:, DETAIL] == Activity.VISITING) & np.isin(events[:, KIND], (E.WORK_STARTED, E.WORK_ENDED))
    events[done, CONTACT] = one + other - events[done, CONTACT]

    with pytest.raises(AssertionError, match="was begun before"):
        law(Told(plain(), plain(), world, replace(log, events=events)))
