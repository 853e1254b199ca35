"""What a scenario adds to the staff, and when it is there: as the people of a world say."""

import pytest

from sim.events import Role
from sim.randomness import Luck
from sim.scenario import load
from sim.working_time import MINUTES_PER_DAY
from sim.world import added_posts, span
from sim.world.people import people
from tests.worlds import BASELINE

BASE = load(BASELINE).changed(
    {
        "workforce.recruitment_days_experienced": 90,
        "workforce.recruitment_days_newly_qualified": 120,
        "workforce.recruitment_days_agency": 28,
    }
)
MORE = {
    "front_door.managers": "+2",
    "assessment.social_workers.experienced": "+3",
    "assessment.social_workers.newly_qualified": "+1",
    "assessment.social_workers.agency": "+4",
    "out_of_hours.staff": "+1",
}


def test_each_kind_of_post_is_there_after_its_own_recruitment() -> None:
    found = {role: (number, day) for role, number, day in added_posts(BASE.changed(MORE), BASE)}

    assert found == {
        Role.FRONT_DOOR_MANAGER: (2, 90),
        Role.OUT_OF_HOURS_WORKER: (1, 0),
        Role.EXPERIENCED_SOCIAL_WORKER: (3, 90),
        Role.NEWLY_QUALIFIED_SOCIAL_WORKER: (1, 120),
        Role.AGENCY_SOCIAL_WORKER: (4, 28),
    }


def test_levers_that_start_later_put_every_post_off() -> None:
    late = BASE.changed({**MORE, "levers_start_day": 50})

    assert [day for _, _, day in added_posts(late, BASE)] == [140, 50, 140, 170, 78]


def test_a_team_of_new_posts_adds_them_and_one_of_existing_posts_none() -> None:
    team = {"domestic_abuse_team.on": True, "domestic_abuse_team.managers": 1, "domestic_abuse_team.social_workers": 2}
    new = added_posts(BASE.changed({**team, "domestic_abuse_team.posts": "new"}), BASE)

    assert [tuple(posts) for posts in new] == [
        (Role.FRONT_DOOR_MANAGER, 1, 90),
        (Role.EXPERIENCED_SOCIAL_WORKER, 2, 90),
    ]
    assert added_posts(BASE.changed({**team, "domestic_abuse_team.posts": "existing"}), BASE) == ()
    assert added_posts(BASE.changed({"front_door.managers": "-1"}), BASE) == ()


@pytest.mark.parametrize("start", [0, 33])
def test_the_days_told_are_those_on_which_the_people_of_the_run_begin(start: int) -> None:
    scenario = BASE.changed({**MORE, "levers_start_day": start, "workforce.turnover_per_year": 0.0})
    there = {person.id for person in people(BASE, BASE, Luck(1, 0))}
    first = span(scenario).days * MINUTES_PER_DAY
    begun: dict[Role, int] = {}
    for person in people(scenario, BASE, Luck(1, 0)):
        if person.id not in there:
            begun[person.role] = min(begun.get(person.role, first), person.starts)

    warm_up = scenario.calendar.warm_up_days
    assert {role: minute // MINUTES_PER_DAY - warm_up for role, minute in begun.items()} == {
        role: day for role, _, day in added_posts(scenario, BASE)
    }
