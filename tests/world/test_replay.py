"""A record run again: what it tells is so in every replay, and only the rest is chance."""

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pytest

import sim
from sim.events import EventKind, EventLog, Outcome, Role
from sim.facts import Fact
from sim.measures import LogIndex
from sim.model import Engine, run
from sim.scenario import Scenario, shipped
from sim.working_time import MINUTES_PER_DAY
from sim.world import (
    PostHeld,
    Record,
    ReplayError,
    World,
    draw,
    expected_per_day,
    posts_held,
    record_of,
    replay_calendar,
    replayed,
)
from sim.world.in_post import FOREVER
from sim.world.people import STAYS

DAYS, WARM_UP = 35, 70


@lru_cache
def _truth() -> tuple[Scenario, World, EventLog]:
    """Five weeks of the county, as a record would have them."""
    county = sim.load(shipped("leicestershire-2018-19.toml"))
    scenario = county.changed(
        {
            "calendar.warm_up_days": WARM_UP,
            "calendar.horizon_days": DAYS,
            "calendar.follow_up_days": 0,
            "workforce.turnover_per_year": 0.9,
        }
    )
    world = draw(scenario, seed=4, replication=0)
    return scenario, world, run(scenario, world)


def _posts() -> list[PostHeld]:
    _, world, _ = _truth()
    return list(posts_held(world.people, world.span, day_0=WARM_UP))


@lru_cache
def _again(replication: int = 1) -> EventLog:
    truth, _, log = _truth()
    record, posts = record_of(log), _posts()
    scenario = truth.changed(replay_calendar(record, posts, run_in_days=28))
    return run(scenario, replayed(scenario, record, posts, seed=9, replication=replication))


def _same(one: Record, other: Record, name: str) -> bool:
    return np.array_equal(getattr(one, name), getattr(other, name))


def test_every_contact_comes_again_when_and_as_it_came_and_nobody_else() -> None:
    told, again = record_of(_truth()[2]), record_of(_again())
    assert (told.first_day, told.days, len(told)) == (again.first_day, again.days, len(again))
    assert len(told) > 600
    for name in ("received", "source", "domestic_abuse", "children", "is_return"):
        assert _same(told, again, name), name


def test_every_contact_is_decided_as_it_was() -> None:
    told, again = record_of(_truth()[2]), record_of(_again())
    decided = (told.outcome >= 0) & (again.outcome >= 0)
    assert decided.mean() > 0.8
    assert set(told.outcome[decided].tolist()) == {outcome.value for outcome in Outcome}
    assert np.array_equal(told.outcome[decided], again.outcome[decided])
    assert np.array_equal((told.outcome == Outcome.OPEN_CASE) & decided, (again.open_case == 1) & decided)
    both = (told.to_section_47 == 1) & (again.to_section_47 != -1)
    assert (again.to_section_47[both] == 1).mean() > 0.9
    discussed = told.outcome == Outcome.STRATEGY_DISCUSSION
    assert not (again.to_section_47[discussed & (told.to_section_47 == 0)] == 1).any()


def test_when_it_is_decided_and_who_is_seen_when_are_chance_and_mechanics() -> None:
    one, other = (LogIndex(_again(replication)).decided for replication in (1, 2))
    assert not np.array_equal(one, other)


def test_a_replay_says_nothing_that_the_lifecycle_forbids() -> None:
    sim.check_lifecycle(_again())


def test_both_engines_run_a_replay_alike() -> None:
    truth, _, log = _truth()
    record, posts = record_of(log).until(14), _posts()
    scenario = truth.changed(replay_calendar(record, posts, run_in_days=14))
    engines: tuple[Engine, ...] = ("simpy", "compiled")
    logs = [
        run(scenario, replayed(scenario, record, posts, seed=9, replication=3, capacity_sd=0.1), engine=engine)
        for engine in engines
    ]
    assert np.array_equal(logs[0].events, logs[1].events)
    assert np.array_equal(logs[0].contacts, logs[1].contacts)


def test_dates_without_hours_keep_their_dates_and_are_given_hours_of_the_profile() -> None:
    truth, _, log = _truth()
    record = record_of(log)
    dated = replace(
        record, received=record.received // MINUTES_PER_DAY * MINUTES_PER_DAY, dated=np.ones_like(record.dated)
    )
    scenario = truth.changed(replay_calendar(dated, run_in_days=0))
    came = replayed(scenario, dated, seed=9, replication=1).families.contacts
    days = np.array([contact.received // MINUTES_PER_DAY for contact in came])
    assert np.array_equal(days, record.received // MINUTES_PER_DAY)
    hours = np.array([contact.received % MINUTES_PER_DAY // 60 for contact in came])
    assert 0.8 < np.mean((hours >= 8) & (hours < 17)) < 0.99


def test_the_rating_given_stands_and_risk_is_drawn_given_it() -> None:
    truth, _, log = _truth()
    told = record_of(log)
    known = replace(told, rating=np.full_like(told.rating, 1))
    scenario = truth.changed(replay_calendar(known, run_in_days=0))
    contacts = replayed(scenario, known, seed=9, replication=1).families.contacts
    assert {contact.rating for contact in contacts} == {1}
    discussed = [
        c.need for c, o in zip(contacts, known.outcome.tolist(), strict=True) if o == Outcome.STRATEGY_DISCUSSION
    ]
    # An amber rating leaves immediate risk to one in two dozen: 0.15 x 0.02 / (0.15 x 0.02 + 0.85 x 0.50).
    assert np.mean([need == 4 for need in discussed]) < 0.15
    assert min(discussed) == 3


def test_what_is_undecided_in_the_record_is_drawn_and_what_is_unclear_of_it_too() -> None:
    truth, _, log = _truth()
    told = record_of(log)
    nothing = replace(told, outcome=np.full_like(told.outcome, -1), open_case=np.zeros_like(told.open_case))
    scenario = truth.changed(replay_calendar(nothing, run_in_days=0))
    needs = [contact.need for contact in replayed(scenario, nothing, seed=9, replication=1).families.contacts]
    assert set(needs) == {0, 1, 2, 3, 4}


def test_people_are_in_post_from_their_first_day_to_their_last() -> None:
    truth, world, log = _truth()
    posts, record = _posts(), record_of(log)
    scenario = truth.changed(replay_calendar(record, posts, run_in_days=WARM_UP))
    again = replayed(scenario, record, posts, seed=9, replication=1)
    theirs = [one for one in world.people if one.role is not Role.OUT_OF_HOURS_WORKER]
    theirs = [one for one in theirs if one.leaves == STAYS or one.leaves > WARM_UP * MINUTES_PER_DAY]
    ours = [one for one in again.people if one.role is not Role.OUT_OF_HOURS_WORKER]
    assert len(ours) == len(theirs) > 60
    told = [
        sorted((one.role, one.leaves // MINUTES_PER_DAY, one.guide, one.team) for one in some)
        for some in (theirs, ours)
    ]
    assert told[0] == told[1]
    assert any(post.ends != FOREVER for post in posts)
    hours = [
        sum(len(p.calendar.starts_array) and p.calendar.open_minutes(0, world.span.end) for p in some)
        for some in (ours, theirs)
    ]
    assert hours[0] == pytest.approx(hours[1], rel=0.05)


def test_absences_that_are_noted_are_kept_and_no_others_are_drawn() -> None:
    truth, _, log = _truth()
    record = record_of(log)
    post = PostHeld(Role.FIRST_RESPONSE_WORKER, -1, 1.0, 0, FOREVER, 0, frozenset(range(7, 14)))
    scenario = truth.changed(replay_calendar(record, [post], run_in_days=28))
    people = replayed(scenario, record, [post], seed=9, replication=1).people
    (person,) = [one for one in people if one.role is Role.FIRST_RESPONSE_WORKER]
    present = np.unique(person.calendar.starts_array // MINUTES_PER_DAY) - 28
    assert not set(range(7, 14)) & set(present.tolist())
    # April 2018 begins on Easter Sunday: bank holidays on the Monday after and, on 7 May, beyond these days.
    assert len(present[(present >= 0) & (present < 28)]) == 14


def test_everybodys_time_swings_by_what_is_asked_and_not_on_average() -> None:
    truth, _, log = _truth()
    record = replace(record_of(log), days=1120)
    post = PostHeld(Role.EXPERIENCED_SOCIAL_WORKER, 0, 1.0, -200, FOREVER, 0, frozenset())
    scenario = truth.changed(replay_calendar(record, [post], run_in_days=0))
    minutes = {}
    for sd in (0.0, 0.2):
        people = replayed(scenario, record, [post], seed=9, replication=1, capacity_sd=sd).people
        (one,) = [person for person in people if person.role is Role.EXPERIENCED_SOCIAL_WORKER]
        edges = np.arange(0, 1120, 28) * MINUTES_PER_DAY
        minutes[sd] = np.array([one.calendar.open_minutes(int(e), int(e) + 28 * MINUTES_PER_DAY) for e in edges])
    ratio = minutes[0.2] / minutes[0.0]
    assert ratio.std() == pytest.approx(0.2, abs=0.06)
    assert ratio.mean() == pytest.approx(1.0, abs=0.08)


def test_a_record_of_referrals_alone_is_refused() -> None:
    log = _truth()[2]
    with pytest.raises(ReplayError, match="does not say when every contact was decided"):
        record_of(replace(log, facts=log.facts - {Fact.DECISION}))


def test_where_no_discussion_is_told_from_a_referral_the_enquiry_that_followed_tells_it() -> None:
    log = _truth()[2]
    events = log.events.copy()
    is_discussion = (events[:, 1] == EventKind.DECIDED) & (events[:, 6] == Outcome.STRATEGY_DISCUSSION)
    events[is_discussion, 6] = Outcome.REFERRAL
    found = record_of(replace(log, events=events))
    told = record_of(log)
    began = (told.outcome == Outcome.STRATEGY_DISCUSSION) & (told.to_section_47 == 1)
    assert (found.outcome[began] == Outcome.STRATEGY_DISCUSSION).mean() > 0.9
    assert (found.outcome[told.outcome == Outcome.NO_FURTHER_ACTION] == Outcome.NO_FURTHER_ACTION).all()


def test_a_part_of_a_record_is_what_came_in_its_first_days() -> None:
    told = record_of(_truth()[2])
    part = told.until(10)
    assert part.days == 10
    assert len(part) == np.count_nonzero(told.received < 10 * MINUTES_PER_DAY)


def test_another_calendar_than_the_records_is_refused() -> None:
    truth, _, log = _truth()
    record = record_of(log)
    for changes in ({"calendar.horizon_days": DAYS - 1}, {"calendar.first_day": record.first_day + timedelta(days=1)}):
        with pytest.raises(ValueError, match="not the record's"):
            replayed(truth.changed(changes), record, seed=1, replication=0)


def test_days_beyond_the_record_have_contacts_as_the_scenario_asks_for() -> None:
    truth, _, log = _truth()
    record = record_of(log).until(10)
    scenario = truth.changed(replay_calendar(record, run_in_days=7, further_days=50))
    world = replayed(scenario, record, seed=9, replication=1)
    day = np.array([contact.received // MINUTES_PER_DAY for contact in world.families.contacts])
    assert world.span.days == 67
    assert np.count_nonzero((day >= 7) & (day < 17)) == len(record)
    asked = expected_per_day(scenario, world.span.first_day, range(17, 67)).sum()
    assert np.count_nonzero(day >= 17) == pytest.approx(asked, rel=0.1)
    assert not world.families.before
