"""What must not matter: the order of the input, the order in which code happens to run, and what is not used."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappush
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from simpy.events import NORMAL, Event, EventPriority

from sim.events import COLUMNS, Ending, EventKind, EventLog
from sim.model import run
from sim.scenario import Source
from sim.world import Contact, Known, Person, World, draw
from tests.strategies import ON_THE_HALF_HOUR, Case, cases, on_the_half_hour
from tests.worlds import (
    A_ROUND,
    DAY,
    EVERYBODY,
    REFERRAL,
    SECTION_47,
    a_contact,
    a_person,
    a_world,
    at,
    plain,
    staff,
    told,
    work,
)


def same(a: EventLog, b: EventLog) -> bool:
    """Whether two logs hold the same events, contacts and people, whatever the order of the people."""
    ours, theirs = (log.people[np.argsort(log.people[:, 0])] for log in (a, b))
    return all(map(np.array_equal, (a.events, a.contacts, ours), (b.events, b.contacts, theirs)))


BY_SOMEBODY = (
    EventKind.WORK_STARTED,
    EventKind.WORK_ENDED,
    EventKind.ALLOCATED,
    EventKind.SEEN,
    EventKind.VISIT_FAILED,
)
PERSON, TEAM = COLUMNS.index("person"), COLUMNS.index("team")


def minute_by_minute(log: EventLog) -> list[list[int]]:
    """The events with those of one minute in an order of their own: when, whose, what.

    Who holds a case is left out of what nobody does: it may change in that very minute, before or after.
    """
    events = log.events.copy()
    done = np.isin(log.column("kind"), BY_SOMEBODY)
    events[~done, PERSON] = events[~done, TEAM] = 0
    return sorted(events.tolist())


class Scrambled(simpy.Environment):
    """Events of one instant and priority happen in random order, not in that of scheduling."""

    chance = random.Random(0)  # noqa: S311  (shuffling, not secrets)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """As simpy's own, but for what decides between equals."""
        place: Any = (self.chance.random(), next(self._eid))
        heappush(self._queue, (self._now + delay, priority, place, event))


@contextmanager
def scrambled(seed: int) -> Iterator[None]:
    """Run with the events of an instant in random order."""
    Scrambled.chance = random.Random(seed)  # noqa: S311
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simpy, "Environment", Scrambled)
        yield


@settings(max_examples=25)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_contacts_and_people_does_not_matter(case: Case, chance: random.Random) -> None:
    world = case.world()
    contacts, people = list(world.contacts), list(world.people)
    chance.shuffle(contacts)
    chance.shuffle(people)
    shuffled = World(world.span, Known(tuple(contacts), world.returns_before, world.returns_after), tuple(people))

    assert same(case.log(world), case.log(shuffled))


@settings(max_examples=40)
@given(cases(), st.integers(0, 1000))
def test_the_order_in_which_the_events_of_a_minute_run_does_not_matter(case: Case, seed: int) -> None:
    world = case.world()
    plain = case.log(world)
    with scrambled(seed):
        other = case.log(world)

    assert minute_by_minute(plain) == minute_by_minute(other)


@settings(max_examples=40)
@given(cases(at_most=14), st.integers(0, 1000))
def test_it_does_not_matter_either_where_much_happens_in_one_minute(case: Case, seed: int) -> None:
    even = Case({**ON_THE_HALF_HOUR, **case.before}, case.after, case.seed)
    world = on_the_half_hour(even.world())
    plain = even.log(world)
    with scrambled(seed):
        other = even.log(world)

    assert minute_by_minute(plain) == minute_by_minute(other)


@settings(max_examples=15)
@given(cases())
def test_the_same_scenario_and_world_give_the_same_log(case: Case) -> None:
    assert same(case.log(), case.log())


WITHOUT_A_START: dict[str, object] = {
    "domestic_abuse_team.on": False,
    "demand.surge.multiplier": 1.0,
    "workforce.sudden_leavers": 0,
}
"""What is dated from the start of the levers, switched off."""


@settings(max_examples=25)
@given(cases(), st.integers(0, 30))
def test_a_copy_of_the_baseline_differs_from_it_in_nothing(case: Case, start_day: int) -> None:
    alone = Case({**case.before, **WITHOUT_A_START}, {}, case.seed)
    copy = alone.baseline.changed({"name": "a-copy", "title": "The same again", "levers_start_day": start_day})
    drawn = draw(copy, seed=case.seed, replication=0, baseline=alone.baseline)

    assert same(run(copy, drawn, baseline=alone.baseline), alone.log())


def test_a_copy_of_a_baseline_with_the_domestic_abuse_team_differs_from_it_in_nothing() -> None:
    alone = Case({"domestic_abuse_team.on": True}, {}, seed=1)
    copy = alone.baseline.changed({"name": "a-copy", "levers_start_day": 20})
    drawn = draw(copy, seed=1, replication=0, baseline=alone.baseline)

    assert same(run(copy, drawn, baseline=alone.baseline), alone.log())


def before(log: EventLog, minute: int) -> list[list[int]]:
    """What happened before a minute."""
    rows: list[list[int]] = log.events[log.column("time") < minute].tolist()
    return rows


KNOWN_AHEAD = (
    "workforce.absence_share",
    "workforce.part_time_share",
    "workforce.turnover_per_year",
    "workforce.sudden_leavers",
    "assessment.social_workers.experienced",
    "assessment.social_workers.newly_qualified",
    "assessment.social_workers.agency",
    "assessment.managers",
    "assessment.family_support_workers",
    "front_door.managers",
    "front_door.senior_practitioners",
    "front_door.workers",
    "out_of_hours.staff",
    "domestic_abuse_team.on",
)
"""Levers that change when people are at work, known days ahead: nobody is given what they cannot finish."""

NOTICE_DAYS = 12
"""Who leaves after a week's leave was last at work before the weekend before it, or a day or two sooner."""

ACTS_TOO_EARLY = "assessment.caseload_guide"


def unlike_before(case: Case, after: dict[str, object], start_day: int, notice_days: int = 0) -> bool:
    """Whether levers that start on a day change anything before it, less some days of notice."""
    baseline = {**case.before, **WITHOUT_A_START}
    moved = Case(baseline, {**after, "levers_start_day": start_day}, case.seed)
    world = moved.world()
    known = world.span.levers_start - notice_days * DAY
    return before(moved.log(world), known) != before(Case(baseline, {}, case.seed).log(), known)


@settings(max_examples=40)
@given(cases(), st.integers(1, 30))
def test_a_lever_changes_nothing_before_it_starts(case: Case, start_day: int) -> None:
    late = (*KNOWN_AHEAD, ACTS_TOO_EARLY)

    assert not unlike_before(case, {path: case.after[path] for path in case.after if path not in late}, start_day)


@settings(max_examples=20)
@example(Case({}, {"workforce.sudden_leavers": 1}, 3), 13)
@given(cases(), st.integers(NOTICE_DAYS + 1, 25))
def test_a_lever_on_people_changes_nothing_more_than_days_before_it_starts(case: Case, start_day: int) -> None:
    after = {path: value for path, value in case.after.items() if path in KNOWN_AHEAD and value != 0.4}

    assert not unlike_before(case, after, start_day, NOTICE_DAYS)


def test_a_caseload_guide_changes_nothing_before_it_starts() -> None:
    assert not unlike_before(Case({}, {}, seed=1), {"assessment.caseload_guide": 1}, 25)


UNUSED: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"domestic_abuse_team.on": False}, {"domestic_abuse_team.managers": 5, "domestic_abuse_team.posts": "new"}),
    ({"domestic_abuse_team.on": False}, {"domestic_abuse_team.information_wait_multiplier": 0.1}),
    ({"demand.surge.lasts_days": 0}, {"demand.surge.multiplier": 9.0, "demand.surge.source": "schools"}),
    ({"demand.surge.multiplier": 1.0}, {"demand.surge.lasts_days": 20}),
    (
        {"assessment.long_supervision_days": 0},
        {"assessment.unstick_share": 1.0, "assessment.long_supervision_minutes": 99},
    ),
    ({"assessment.review_days": ()}, {"assessment.review_done_share": 1.0, "assessment.drift_share": 1.0}),
    ({"further_work.chase_after_days": 0.0}, {"further_work.chase_minutes": 99}),
    ({"front_door.history_minutes": 0}, {"front_door.history_return_multiplier": 0.0}),
    ({"assessment.brief_share": 0.0}, {"assessment.brief_minutes": 400}),
    ({"front_door.senior_practitioners": 0}, {"front_door.delegate_green": True}),
    ({"workforce.turnover_per_year": 0.0}, {"workforce.vacancy_days": 200.0}),
    ({}, {"workforce.recruitment_days_experienced": 300, "workforce.ramp_up_days": 99}),
]


@pytest.mark.parametrize(("off", "unused"), UNUSED)
def test_what_is_not_used_changes_nothing(off: dict[str, object], unused: dict[str, object]) -> None:
    without, other = Case(off, {}, seed=3), Case({**off, **unused}, {}, seed=3)

    assert same(without.log(), other.log())


def outcomes(contacts: list[Contact], people: list[Person], changes: dict[str, object]) -> list[list[list[int]]]:
    """The different logs that a world has when the events of each instant happen in ten random orders."""
    found = []
    for seed in range(10):
        with scrambled(seed):
            log = minute_by_minute(run(plain(changes), a_world(contacts, people)))
        if log not in found:
            found.append(log)
    return found


def test_a_reply_that_comes_in_the_minute_of_its_chase_is_not_chased() -> None:
    unclear = REFERRAL._replace(rounds=(A_ROUND._replace(health_reply=-1),))
    contacts = [a_contact(1, at(0, "09:00"), unclear)]

    assert len(outcomes(contacts, list(EVERYBODY), {"further_work.chase_after_days": 1.0})) == 1


def test_nothing_is_chased_in_the_minute_in_which_the_time_is_up() -> None:
    # Asked by noon on day 1, to be chased after half a day, which is when the one working day allowed is over.
    manager, responder = staff("manager", "responder")
    away = responder._replace(calendar=responder.calendar.without([(0, at(1, "11:30"))]))
    unclear = REFERRAL._replace(rounds=(A_ROUND,), other_authority=1)
    changes: dict[str, object] = {"further_work.chase_after_days": 0.5, "further_work.limit_working_days": 1}

    assert len(outcomes([a_contact(1, at(0, "09:00"), unclear)], [manager, away], changes)) == 1


def test_a_family_allocated_in_the_minute_of_dutys_visit_has_one_visitor() -> None:
    (manager, team_manager, worker) = staff("manager", "team_manager", "worker")
    away = team_manager._replace(calendar=team_manager.calendar.without([(0, at(1, "09:15"))]))
    contacts = [a_contact(1, at(0, "09:00"))]

    # Decided at 09:30; allocated a day later, when duty comes too.
    assert len(outcomes(contacts, [manager, away, worker], {"assessment.duty_visit_after_days": 1})) == 1


def test_a_family_that_closes_in_the_minute_in_which_it_would_be_allocated_again_is_over() -> None:
    # Left on day 4, and accepted by the receiving team as its manager ends allocating it anew at 09:15.
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=at(4, "09:15") - at(1, "13:55"))
    worker = EVERYBODY[4].role
    people = [*staff("manager", "team_manager"), a_person(worker, 0, leaves=at(4)), a_person(worker, 1)]

    assert len(outcomes([a_contact(1, at(0, "09:00"), like)], people, {})) == 1


def test_a_review_changes_nothing_that_ends_in_the_minute_in_which_it_does() -> None:
    # The first piece of the assessment and the review both end at 13:05 on day 1.
    like = REFERRAL._replace(work_minutes=400, outside_delay=8 * DAY, review_minutes=245, reviews_done=(1,))
    changes = {"assessment.review_days": (1,), "assessment.drift_share": 0.5}

    assert len(outcomes([a_contact(1, at(0, "09:00"), like)], list(EVERYBODY), changes)) == 1


def test_a_case_authorised_in_the_minute_in_which_it_has_been_reviewed_was_not_reviewed() -> None:
    # Signed off by one manager from 13:05 to 13:25 on day 1, looked over by another from 09:00 on.
    like = REFERRAL._replace(review_minutes=265, reviews_done=(1,))
    people = [*EVERYBODY, *staff("team_manager", "team_manager")[1:]]

    assert len(outcomes([a_contact(1, at(0, "09:00"), like)], people, {"assessment.review_days": (1,)})) == 1


def test_the_domestic_abuse_teams_room_is_known_once_all_that_closes_has_closed() -> None:
    # The first family closes at 13:25 on day 1, when the second is decided.
    abuse = REFERRAL._replace(domestic_abuse=1, source=list(Source).index(Source.POLICE))
    own = [a_person(EVERYBODY[place].role, 1, team=0, guide=guide) for place, guide in ((0, 0), (4, 1))]
    contacts = [a_contact(1, at(0, "09:00"), abuse), a_contact(2, at(1, "12:55"), abuse)]
    changes: dict[str, object] = {
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.managers": 1,
        "domestic_abuse_team.social_workers": 1,
    }

    assert len(outcomes(contacts, [*EVERYBODY, *own], changes)) == 1


def test_a_family_allocated_again_in_the_minute_in_which_its_call_is_overdue_keeps_it() -> None:
    # The call to arrange a visit waits from 09:45 on day 0 and is overdue a day later, when its next holder is found.
    worker = EVERYBODY[4].role
    leaver = a_person(worker, 0, leaves=at(1, "09:30"))
    people = [
        *staff("manager", "team_manager"),
        leaver._replace(calendar=leaver.calendar.without([(at(0, "09:40"), at(80))])),
        a_person(worker, 1),
    ]

    contacts = [a_contact(1, at(0, "09:00"))]

    assert len(outcomes(contacts, people, {})) == 1
    # Read until 10:10 first: had the call gone to duty, worker 1 would have made it at 09:45.
    assert ("1 10:10 - 1 10:20", "arranging", "worker 1") in work(told(contacts, people), 1)


def test_a_worker_who_moves_to_the_domestic_abuse_team_is_not_on_duty_that_day() -> None:
    moved = a_person(EVERYBODY[4].role, 1, team_after=0)
    changes: dict[str, object] = {
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.managers": 1,
        "domestic_abuse_team.social_workers": 1,
        "domestic_abuse_team.posts": "existing",
        "levers_start_day": 1,
        "assessment.duty_workers": 2,
    }
    contacts = [a_contact(n, at(1, "09:00"), SECTION_47) for n in (1, 2)]
    found = []
    for seed in range(10):
        with scrambled(seed):
            world = a_world(contacts, [*EVERYBODY, moved], levers_start=DAY)
            log = minute_by_minute(run(plain(changes), world, baseline=plain()))
        if log not in found:
            found.append(log)

    assert len(found) == 1
