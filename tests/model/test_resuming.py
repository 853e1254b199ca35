"""A run that begins with open work goes on as the run would have that the work was cut from."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.events import NOBODY, Ending, EventKind, EventLog, Need, Rating, check_lifecycle
from sim.experiment.snapshots import Snapshots
from sim.model import run
from sim.scenario import Scenario
from sim.world import Contact, Known, World
from tests.model.jobs import Told
from tests.model.laws import nobody_does_two_things_at_once, only_qualified_people_see
from tests.strategies import Case, cases
from tests.worlds import (
    A_ROUND,
    DAY,
    EVERYBODY,
    HOUR,
    NO_ACTION,
    REFERRAL,
    SECTION_47,
    a_contact,
    a_world,
    at,
    plain,
    staff,
    steps,
    story,
)

E = EventKind
HELD = REFERRAL._replace(need=Need.SIGNIFICANT_HARM, rating=Rating.AMBER)
EVENING = at(1, "19:00")
MORNING = at(1, "10:00")

HAS_TWIN = find_spec("numba") is not None

STORIES: Mapping[str, tuple[Contact, int]] = {
    "no action": (NO_ACTION, MORNING),
    "screened by night": (NO_ACTION, EVENING),
    "two rounds of further work": (REFERRAL._replace(information_unclear=1, rounds=(A_ROUND, A_ROUND)), MORNING),
    "consent": (REFERRAL._replace(consent_missing=1), MORNING),
    "a second look": (REFERRAL._replace(threshold_unclear=1, second_look_delay=3 * DAY), MORNING),
    "a failed visit": (REFERRAL._replace(retry_delays=(3 * DAY, DAY), appointment_delay=4 * DAY), MORNING),
    "a sibling missed": (REFERRAL._replace(children=2, missed_children=(1,), retry_delays=(3 * DAY,)), MORNING),
    "a long assessment": (REFERRAL._replace(work_minutes=400, outside_delay=16 * DAY), MORNING),
    "significant harm by day": (SECTION_47, MORNING),
    "significant harm by night": (SECTION_47, EVENING),
    "a discussion days later": (HELD._replace(strategy_delay=20 * HOUR), MORNING),
    "a conference": (HELD._replace(to_conference=1, outside_delay=6 * DAY, close_after_section_47=0), MORNING),
    "a conference last of all": (HELD._replace(to_conference=1, conference_working_days=15, work_minutes=60), MORNING),
    "section 47 at the visit": (REFERRAL._replace(section_47_at_visit=1, strategy_delay=20 * HOUR), MORNING),
    "section 47 in the assessment": (
        REFERRAL._replace(section_47_in_assessment=1, work_minutes=400, outside_delay=16 * DAY, enquiry_minutes=300),
        MORNING,
    ),
    "a step down": (REFERRAL._replace(ending=Ending.STEP_DOWN, step_down_delay=9 * DAY), MORNING),
    "brief": (REFERRAL._replace(brief=1, appointment_delay=2 * DAY), MORNING),
    "no deadline": (REFERRAL._replace(work_minutes=400, outside_delay=90 * DAY, unhurried=1), MORNING),
    "sent back at sign-off": (REFERRAL._replace(sign_off_returned=1), MORNING),
}
"""A family of each kind, and when it makes contact."""


def run_in_both(scenario: Scenario, world: World, *, baseline: Scenario | None = None) -> EventLog:
    """The log of record of a run, which is the twin's too."""
    log = run(scenario, world, baseline=baseline, engine="simpy")
    if HAS_TWIN:
        twins = run(scenario, world, baseline=baseline, engine="compiled")
        assert twins.events.tolist() == log.events.tolist()
        assert twins.contacts.tolist() == log.contacts.tolist()
        assert twins.watched_until == log.watched_until
    return log


def resumed(scenario: Scenario, world: World, log: EventLog, begins: int) -> tuple[World, EventLog]:
    """The world with what was open at a midnight, and the log of a run that begins then."""
    open_then = Snapshots(log, world, [begins])
    inherited = tuple(open_then.as_it_was(entry, begins) for entry in range(len(open_then.row)))
    later = tuple(contact for contact in world.contacts if contact.received >= begins)
    again = replace(
        world, families=Known(later, world.returns_before, world.returns_after), begins=begins, inherited=inherited
    )
    found = run_in_both(scenario, again)
    check_lifecycle(found)
    return again, found


@pytest.mark.parametrize("name", STORIES)
def test_cut_at_any_midnight_a_familys_story_goes_on_as_it_would_have(name: str) -> None:
    like, received = STORIES[name]
    scenario = plain({"assessment.review_days": (5,), "further_work.chase_after_days": 1.0})
    world = a_world([a_contact(1, received, like._replace(reviews_done=(1,)))])
    whole = run(scenario, world)
    told = steps(whole, 1)
    midnights = range(2, 2 + int(told[-1][0].split()[0]))
    cuts = [day for day in midnights if _is_at_rest(whole, at(day))]
    assert len(cuts) > 0

    for day in cuts:
        _, log = resumed(scenario, world, whole, at(day))
        if not len(log.contacts):
            continue
        assert steps(log, 1) == told, f"cut before day {day}"


def _is_at_rest(log: EventLog, minute: int) -> bool:
    """Whether nobody had a piece of work in hand at a minute: such a piece would be begun anew."""
    before = log.events[log.column("time") < minute]
    kinds = before[:, 1].tolist()
    return bool(kinds.count(E.WORK_STARTED) == kinds.count(E.WORK_ENDED))


def test_an_inherited_case_takes_its_workers_room() -> None:
    held = a_contact(1, MORNING, REFERRAL._replace(children=2, work_minutes=400, outside_delay=30 * DAY))
    waits = a_contact(2, at(8, "10:00"), REFERRAL._replace(children=9))
    people = staff("manager", "responder", "night", "team_manager", "worker")
    scenario = plain({"assessment.over_guide_after_days": 60})
    world = a_world([held, waits], people)
    _, log = resumed(scenario, world, run(scenario, world), at(7))

    assert ("7 00:00", "assessing waits", "worker 0") not in story(log, 1)
    allocated = [when for when, step in steps(log, 2) if step.startswith("allocated")]
    closed = [when for when, step in steps(log, 1) if step.startswith("closed")]
    assert allocated[0] >= closed[0], "nine children were given to a worker with two, whose guide is ten"


def test_an_inherited_case_whose_worker_leaves_goes_back_to_the_list() -> None:
    people = (*staff("manager", "responder", "night", "team_manager", "worker"), *staff("worker", "worker")[1:])
    held = a_contact(1, MORNING, REFERRAL._replace(work_minutes=400, outside_delay=30 * DAY))
    scenario = plain()
    world = a_world([held], people)
    open_then = Snapshots(whole := run(scenario, world), world, [at(7)])
    holder = open_then.holder(0)
    leaving = tuple(person._replace(leaves=at(9)) if person.id == holder else person for person in people)
    _, log = resumed(scenario, replace(world, people=leaving), whole, at(7))

    assert "holder left" in [step for _, step in steps(log, 1)]
    assert log.of_kind(E.ALLOCATED)[-1, 4] not in {holder, NOBODY}


RED_AND_UNSEEN_WITHOUT_DUTY = Case(
    {},
    {
        "assessment.duty_workers": 0,
        "assessment.family_support_minutes": 0,
        "assessment.family_support_workers": 0,
        "assessment.arrangement": "pooled",
        "assessment.brief_share": 0.0,
        "assessment.long_supervision_days": 0,
        "assessment.failed_visit_share": 0.1,
        "assessment.caseload_guide": 1,
    },
    5,
)
"""A family rated red, in an enquiry, is inherited after a failed visit: it is visited again by night."""


@settings(max_examples=25)
@example(RED_AND_UNSEEN_WITHOUT_DUTY, 9)
@given(cases(at_most=30), st.integers(5, 30))
def test_families_inherited_are_conserved_and_the_log_is_lawful(case: Case, day: int) -> None:
    world = case.world()
    whole = case.log(world)
    begins = day * DAY
    assume(begins < world.span.end and begins >= world.span.levers_start)
    open_then = Snapshots(whole, world, [begins])
    inherited = tuple(open_then.as_it_was(entry, begins) for entry in range(len(open_then.row)))
    later = tuple(contact for contact in world.contacts if contact.received >= begins)
    again = replace(
        world, families=Known(later, world.returns_before, world.returns_after), begins=begins, inherited=inherited
    )
    log = run_in_both(case.scenario, again, baseline=case.baseline)

    check_lifecycle(log)
    came = log.contacts[log.contact_column("received") < begins]
    assert sorted(came[:, 0].tolist()) == sorted(one.contact.id for one in inherited)
    assert {row[0]: row[4] for row in came.tolist()} == {one.contact.id: one.contact.children for one in inherited}
    first = log.of_kind(E.RECEIVED)
    assert len(first) == len(log.contacts)
    found = Told(case.baseline, case.scenario, again, log)
    for law in (nobody_does_two_things_at_once, only_qualified_people_see):
        law(found)


def test_of_nobody_inherited_nothing_is_taken_down() -> None:
    scenario, world = plain(), a_world([a_contact(1, MORNING)], EVERYBODY)

    assert run(scenario, replace(world, inherited=())).events.tolist() == run(scenario, world).events.tolist()
