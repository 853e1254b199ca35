"""What can be said exactly of a queue: the same waits as a recursion that knows no engine, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events import Activity, EventKind, Role
from sim.model import run
from sim.working_time import Calendar
from sim.world import Known, Span, World
from tests.model.jobs import Told
from tests.strategies import Case
from tests.verification.queues import (
    Minutes,
    Queue,
    asked,
    exponential,
    kiefer_wolfowitz,
    poisson,
    told_by,
    visitor,
    waits_of,
)
from tests.worlds import DAY, DAYS, FIRST_DAY, REFERRAL, a_contact, a_person, a_world, office, plain, staff, told, when

STREAMS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 200)), min_size=1, max_size=40)


def stream(drawn: list[tuple[int, int]]) -> tuple[Minutes, Minutes]:
    """Arrivals and efforts of a drawn list of gaps and efforts."""
    gaps, efforts = zip(*drawn, strict=True)
    return np.cumsum(gaps).astype(np.int64), np.array(efforts, dtype=np.int64)


@settings(max_examples=60)
@given(STREAMS, st.integers(1, 4))
def test_every_wait_is_that_of_the_recursion(drawn: list[tuple[int, int]], servers: int) -> None:
    received, efforts = stream(drawn)
    joined = received + 1  # screened in a minute

    assert (
        waits_of(received, efforts, servers).tolist() == (kiefer_wolfowitz(joined, efforts, servers) - joined).tolist()
    )


@pytest.mark.parametrize("servers", [1, 3])
def test_every_wait_of_a_long_stream_is_that_of_the_recursion(servers: int) -> None:
    chance = np.random.default_rng(servers)
    received, efforts = poisson(servers * 0.9 / 1000, 600, chance), exponential(600, chance)

    assert (
        waits_of(received, efforts, servers).tolist()
        == (kiefer_wolfowitz(received + 1, efforts, servers) - received - 1).tolist()
    )


@settings(max_examples=30)
@given(STREAMS, st.integers(1, 3))
def test_in_office_hours_too_the_waits_are_those_of_the_recursion_in_working_time(
    drawn: list[tuple[int, int]], servers: int
) -> None:
    gaps, efforts = stream(drawn)
    hours = office()
    received = [hours.after(0, int(gap) + 1) or 0 for gap in gaps]
    open_minutes = [start - 1 for start in received]
    contacts = [visitor(k, r, [asked(int(e))]) for k, (r, e) in enumerate(zip(open_minutes, efforts, strict=True))]
    people = staff(*["manager"] * 60, *["responder"] * servers)
    queue = Queue.of(run(plain(), a_world(contacts, people)))

    joined, begun = (np.array([hours.open_minutes(0, int(t)) for t in times]) for times in (queue.joined, queue.begun))
    assert begun.tolist() == kiefer_wolfowitz(joined, efforts, servers).tolist()


@settings(max_examples=40)
@given(STREAMS, st.integers(1, 3))
def test_one_more_worker_makes_nobody_wait_longer(drawn: list[tuple[int, int]], servers: int) -> None:
    received, efforts = stream(drawn)

    assert (waits_of(received, efforts, servers + 1) <= waits_of(received, efforts, servers)).all()


@settings(max_examples=20)
@given(STREAMS, st.integers(2, 9))
def test_all_times_multiplied_multiply_all_waits(drawn: list[tuple[int, int]], factor: int) -> None:
    received, efforts = stream(drawn)
    slower = [
        visitor(k, int(r) * factor, [asked(int(e) * factor)])._replace(
            screening_minutes=factor, decision_minutes=factor
        )
        for k, (r, e) in enumerate(zip(received, efforts, strict=True))
    ]

    assert Queue.of(told_by(slower, 2)).waits.tolist() == (factor * waits_of(received, efforts, 2)).tolist()


def test_contacts_of_two_sources_are_served_as_those_of_one() -> None:
    chance = np.random.default_rng(8)
    received, efforts = poisson(2 * 0.9 / 1000, 200, chance), exponential(200, chance)
    mixed = [
        visitor(k, int(r), [asked(int(e))])._replace(source=k % 2)
        for k, (r, e) in enumerate(zip(received, efforts, strict=True))
    ]

    assert Queue.of(told_by(mixed, 2)).waits.tolist() == waits_of(received, efforts, 2).tolist()


def test_who_serves_does_not_matter_where_all_serve_alike() -> None:
    chance = np.random.default_rng(9)
    received, efforts = poisson(0.002, 60, chance), exponential(60, chance)
    contacts = [visitor(k, int(r), [asked(int(e))]) for k, (r, e) in enumerate(zip(received, efforts, strict=True))]
    always = Calendar([(0, DAYS * DAY)])

    def waits(numbers: tuple[int, ...]) -> list[int]:
        posts = [(Role.FRONT_DOOR_MANAGER, k) for k in range(12)] + [(Role.FIRST_RESPONSE_WORKER, k) for k in numbers]
        people = tuple(a_person(role, k)._replace(calendar=always) for role, k in posts)
        world = World(Span(FIRST_DAY, DAYS, 0), Known(tuple(contacts), {}, {}), people)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sim.model.service.opening_calendar", lambda *_: always)
            found: list[int] = Queue.of(run(plain(), world)).waits.tolist()
            return found

    assert waits((0, 1)) == waits((7, 3))


def test_little_s_law_holds_exactly_over_an_empty_to_empty_window() -> None:
    chance = np.random.default_rng(10)
    received, efforts = poisson(2 * 0.9 / 1000, 400, chance), exponential(400, chance)
    contacts = (visitor(k, int(r), [asked(int(e))]) for k, (r, e) in enumerate(zip(received, efforts, strict=True)))
    log = told_by(contacts, 2)
    here = log.column("detail") == Activity.ASKING
    steps = {EventKind.WORK_QUEUED: 1, EventKind.WORK_STARTED: -1}
    rows = [(row[0], steps[row[1]]) for row in log.events[here].tolist() if row[1] in steps]

    # The area under the number waiting, minute by minute, against the sum of the waits.
    times, changes = (np.array(column) for column in zip(*rows, strict=True))
    waiting = np.cumsum(changes)
    assert waiting[-1] == 0
    assert int((waiting[:-1] * np.diff(times)).sum()) == int(Queue.of(log).waits.sum())


@pytest.mark.parametrize(
    "activity",
    [
        Activity.SCREENING,
        Activity.DECIDING,
        Activity.ASKING,
        Activity.MORNING_HANDOVER,
        Activity.STRATEGY_DISCUSSION,
        Activity.ARRANGING,
        Activity.SIGNING_OFF,
    ],
)
def test_little_s_law_holds_for_each_kind_of_work_of_the_whole_model(activity: Activity) -> None:
    case = Case({"demand.family_contacts_per_year": 900.0}, {}, seed=21)
    world = case.world()
    found = Told(case.baseline, case.scenario, world, case.log(world))
    end = found.log.watched_until
    mine = [job for job in found.jobs if job.activity == activity]
    waits = [(end if job.started is None else job.started) - job.queued for job in mine]
    steps = {EventKind.WORK_QUEUED: 1, EventKind.WORK_STARTED: -1}
    events = [event for event in found.events if event.detail == activity and event.kind in steps]
    moments = [(event.time, steps[EventKind(event.kind)]) for event in events]

    times, changes = (np.array(column) for column in zip(*moments, strict=True))
    assert len(waits) > 10
    assert int((np.cumsum(changes) * np.diff(np.append(times, end))).sum()) == sum(waits) > 0


def test_an_office_an_hour_earlier_is_an_hour_earlier_in_everything() -> None:
    usual = told([a_contact(1, 600), a_contact(2, 700)])
    people = [
        person._replace(calendar=Calendar([(start - 60, end - 60) for start, end in person.calendar]))
        for person in staff("manager", "team_manager", "worker", "responder")
    ]
    hours = {"calendar.office_opens_minute": 480, "calendar.office_closes_minute": 960}
    early = run(plain(hours), a_world([a_contact(1, 540), a_contact(2, 640)], people))

    assert (early.events[:, 0] + 60).tolist() == usual.events[:, 0].tolist()
    assert early.events[:, 1:].tolist() == usual.events[:, 1:].tolist()


def test_with_no_delays_and_people_enough_every_child_is_seen_the_same_day() -> None:
    quick = REFERRAL._replace(
        screening_minutes=1, decision_minutes=1, allocation_minutes=1, appointment_delay=0, visit_minutes=1
    )
    contacts = [a_contact(n, DAY * (n // 20) + 600 + n, quick) for n in range(100)]
    people = staff(*["manager"] * 5, *["team_manager"] * 5, *["worker"] * 40)
    log = told(contacts, people, {"assessment.arrange_minutes": 1})

    for number, contact in enumerate(contacts):
        (seen,) = when(log, number, "seen child 0 holder")
        assert int(seen.split()[0]) == contact.received // DAY
