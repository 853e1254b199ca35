"""Scripted worlds: the unallocated list, the soft caseload guide, and the teams."""

import pytest

from sim.events import Role
from sim.model import run
from sim.policies import RETURN_BITS
from sim.world import Contact
from tests.worlds import (
    DAY,
    REFERRAL,
    SECTION_47,
    a_contact,
    a_person,
    a_world,
    at,
    contact_number,
    plain,
    staff,
    story,
    told,
    when,
    work,
)

MANAGERS = staff("manager", "team_manager")
WORKER = Role.EXPERIENCED_SOCIAL_WORKER
NEWLY_QUALIFIED = Role.NEWLY_QUALIFIED_SOCIAL_WORKER
LONG = REFERRAL._replace(outside_delay=60 * DAY)
"""A family that stays on the caseload for two months."""


def allocated(log_of: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The allocations in a story."""
    return [line for line in log_of if line[1].startswith("allocated")]


def test_a_family_within_the_guide_is_allocated_as_soon_as_a_manager_is_free() -> None:
    log = told([a_contact(1, at(0, "09:00"))], [*MANAGERS, a_person(WORKER, guide=1)])

    assert allocated(story(log, 1)) == [("0 09:45", "allocated within", "worker 0")]


def test_a_family_larger_than_the_room_left_waits_until_there_is_room() -> None:
    # The first is closed at 13:25 on day 1: decided 09:30, allocated 09:45, arranged 09:55, seen 11:25 next day,
    # assessed until 13:05 and signed off. Then the manager allocates the second.
    log = told(
        [a_contact(1, at(0, "09:00")), a_contact(2, at(0, "10:00"), REFERRAL._replace(children=3))],
        [*MANAGERS, a_person(WORKER, guide=3)],
    )

    assert when(log, 1, "closed no further action") == ["1 13:25"]
    assert allocated(story(log, 2)) == [("1 13:40", "allocated within", "worker 0")]


def test_the_guide_is_exceeded_for_section_47_at_once() -> None:
    log = told(
        [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "10:00"), SECTION_47)],
        [*MANAGERS, a_person(WORKER, guide=1)],
    )

    # Decided 10:30, free together an hour later, held until 12:10, allocated 15 minutes later.
    assert allocated(story(log, 2)) == [("0 12:25", "allocated over for section 47", "worker 0")]


def test_the_guide_is_exceeded_after_waiting() -> None:
    log = told(
        [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "10:00"))],
        [*MANAGERS, a_person(WORKER, guide=1)],
    )

    # Waiting since 10:30 on Monday; three days later the guide may be exceeded.
    assert allocated(story(log, 2)) == [("3 10:45", "allocated over after waiting", "worker 0")]


def test_a_family_larger_than_the_guide_may_exceed_it_alone() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(children=4))], [*MANAGERS, a_person(WORKER, guide=3)])

    assert allocated(story(log, 1)) == [("0 09:45", "allocated large family alone", "worker 0")]


def test_a_family_larger_than_the_guide_waits_for_an_empty_caseload() -> None:
    log = told(
        [a_contact(1, at(0, "09:00")), a_contact(2, at(0, "10:00"), REFERRAL._replace(children=4))],
        [*MANAGERS, a_person(WORKER, guide=3)],
    )

    assert allocated(story(log, 2)) == [("1 13:40", "allocated large family alone", "worker 0")]


def test_the_worker_with_the_fewest_cases_for_their_guide_takes_the_next() -> None:
    workers = [a_person(WORKER, 0, guide=4), a_person(WORKER, 1, guide=8), a_person(WORKER, 2, guide=8)]
    log = told([a_contact(n, at(0, f"{8 + n:02}:00"), LONG) for n in (1, 2, 3, 4, 5)], [*MANAGERS, *workers])

    # 0/4, 0/8, 0/8: the lowest id; then the two empty ones; then 1/8 before 1/4, and again.
    assert [allocated(story(log, n))[0][2] for n in (1, 2, 3, 4, 5)] == [
        "worker 0", "worker 1", "worker 2", "worker 1", "worker 2",
    ]  # fmt: skip


def test_room_within_the_guide_comes_before_a_lighter_load_above_it() -> None:
    # One of 2 against 1 of 3, for two children: only the second has room, though the first is no fuller.
    workers = [a_person(WORKER, 0, guide=2), a_person(WORKER, 1, guide=6)]
    contacts = [
        a_contact(1, at(0, "09:00"), LONG),
        a_contact(2, at(0, "10:00"), LONG._replace(children=4)),
        a_contact(3, at(0, "13:00"), SECTION_47._replace(children=2)),
    ]
    log = told(contacts, [*MANAGERS, *workers])

    assert [allocated(story(log, n))[0][1:] for n in (1, 2, 3)] == [
        ("allocated within", "worker 0"),
        ("allocated within", "worker 1"),
        ("allocated within", "worker 1"),
    ]


def test_a_newly_qualified_worker_is_not_given_section_47() -> None:
    workers = [a_person(NEWLY_QUALIFIED, guide=9), a_person(WORKER, guide=1)]
    contacts = [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "10:00"), SECTION_47)]
    log = told([contacts[0], contacts[1]], [*MANAGERS, *workers])
    (kept,) = allocated(story(log, 2))

    assert kept[2] == "worker 0"
    alone = told([contacts[1]], [*MANAGERS, workers[0]])
    assert allocated(story(alone, 2)) == []


def test_allocating_becomes_work_only_when_there_is_room_and_reserves_it() -> None:
    # Two families for one place: the second waits on the list, not on the manager.
    contacts = [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "09:00"), LONG)]
    log = told(contacts, [*staff("manager", "manager", "team_manager"), a_person(WORKER, guide=1)])

    assert [line for line in story(log, 1) if line[1] == "allocating waits"] == [("0 09:30", "allocating waits", "")]
    assert [line for line in story(log, 2) if line[1] == "allocating waits"] == [("3 09:30", "allocating waits", "")]


def test_section_47_is_allocated_before_families_who_have_waited_longer() -> None:
    contacts = [
        a_contact(1, at(0, "09:00"), LONG._replace(children=2, outside_delay=20 * DAY)),
        a_contact(2, at(0, "10:00"), LONG._replace(children=2)),
        a_contact(3, at(0, "11:00"), SECTION_47._replace(children=2)),
    ]
    log = told(contacts, [*MANAGERS, a_person(WORKER, guide=2)], {"assessment.over_guide_after_days": 90})

    assert when(log, 3, "allocated over for section 47") == ["0 13:25"]
    assert min(when(log, 2, "allocated within")) > "0 13:25"


def test_of_families_who_wait_for_room_the_first_gets_it() -> None:
    contacts = [a_contact(1, at(0, "09:00")), *(a_contact(n, at(0, f"{15 - n}:00"), LONG) for n in (2, 3))]
    log = told(contacts, [*MANAGERS, a_person(WORKER, guide=1)], {"assessment.over_guide_after_days": 90})

    # The third came an hour before the second and keeps the place until it closes at 09:20 on day 63.
    assert when(log, 3, "allocated within") == ["1 13:40"]
    assert when(log, 2, "allocated within") == ["63 09:35"]


def test_nobody_away_for_days_is_given_a_family() -> None:
    away = a_person(WORKER, 0)
    away = away._replace(calendar=away.calendar.without([(0, at(5))]))
    both = [*MANAGERS, away, a_person(WORKER, 1)]

    # The first is back on day 7, a Monday: the office's next day from Friday on, and not before.
    takers = [allocated(story(told([a_contact(1, at(day, "09:00"))], both), 1))[0][2] for day in (0, 3, 4)]
    assert takers == ["worker 1", "worker 1", "worker 0"]


def test_who_has_been_at_work_today_may_be_given_a_family_though_gone_for_days() -> None:
    # Worker 0 goes at noon on day 0 for a week; a family of that afternoon may be theirs all the same, whether anybody
    # has looked at the list that morning or not.
    gone = a_person(WORKER, 0)
    gone = gone._replace(calendar=gone.calendar.without([(at(0, "12:00"), at(7))]))
    people = [*MANAGERS, gone, a_person(WORKER, 1, guide=2)]
    early, late = a_contact(1, at(0, "09:00"), LONG._replace(children=2)), a_contact(2, at(0, "14:00"), LONG)
    next_day = a_contact(3, at(1, "09:00"), LONG)

    assert allocated(story(told([late], people), 2))[0][2] == "worker 0"
    assert allocated(story(told([early, late], people), 2))[0][2] == "worker 1"
    assert allocated(story(told([next_day], people), 3))[0][2] == "worker 1"


def test_a_family_waits_for_somebody_who_starts_later() -> None:
    log = told([a_contact(1, at(0, "09:00"))], [*MANAGERS, a_person(WORKER, starts=at(2, "12:00"))])

    assert allocated(story(log, 1)) == [("2 12:15", "allocated within", "worker 0")]


def two_teams(arrangement: str) -> dict[str, object]:
    return {"assessment.teams": 2, "assessment.arrangement": arrangement, "assessment.over_guide_after_days": 90}


def holders(contacts: list[Contact], arrangement: str, teams: int = 2) -> list[str]:
    """Who each contact is allocated to when team 1 has worker 0, team 2 worker 1 and so on."""
    people = [*MANAGERS, *(a_person(WORKER, k, team=1 + k) for k in range(teams))]
    log = told(contacts, people, {**two_teams(arrangement), "assessment.teams": teams})
    numbers = range(1, len(contacts) + 1)
    return [(allocated(story(log, n)) or [("", "", "nobody")])[0][2] for n in numbers]


def test_the_duty_week_decides_which_team_takes_a_family() -> None:
    contacts = [a_contact(1, at(0, "09:00")), a_contact(2, at(4, "09:00")), a_contact(3, at(7, "09:00"))]

    assert holders(contacts, "duty_week") == ["worker 0", "worker 0", "worker 1"]


def test_pooled_teams_share_one_list() -> None:
    contacts = [a_contact(n, at(0, f"{8 + n:02}:00"), LONG) for n in (1, 2, 3)]

    assert holders(contacts, "pooled") == ["worker 0", "worker 1", "worker 0"]


def test_specialist_teams_take_section_47_and_the_others_the_rest() -> None:
    # Of three teams the first is the specialist; the other two share by the contact's number.
    contacts = [a_contact(1, at(0, "09:00"), SECTION_47), a_contact(2, at(0, "10:00")), a_contact(3, at(0, "11:00"))]
    by_number = [f"worker {1 + (contact_number(n) >> RETURN_BITS) % 2}" for n in (2, 3)]

    assert holders(contacts, "specialist", teams=3) == ["worker 0", *by_number]


def test_one_specialist_team_is_simply_a_team() -> None:
    contacts = [a_contact(1, at(0, "09:00"), SECTION_47), a_contact(2, at(0, "10:00"))]

    assert holders(contacts, "specialist", teams=1) == ["worker 0", "worker 0"]


def test_specialist_teams_share_families_evenly() -> None:
    contacts = [a_contact(n, at(0, "09:00"), REFERRAL) for n in range(1, 9)]

    assert set(holders(contacts, "specialist", teams=3)) == {"worker 1", "worker 2"}


def test_a_reservation_for_somebody_who_leaves_meanwhile_goes_back_to_the_list() -> None:
    # The manager is away until 10:30; the first worker leaves at 10:00.
    manager, team_manager = MANAGERS
    late = team_manager._replace(calendar=team_manager.calendar.without([(0, at(0, "10:30"))]))
    workers = [a_person(WORKER, 0, leaves=at(0, "10:00")), a_person(WORKER, 1)]
    log = told([a_contact(1, at(0, "09:00"))], [manager, late, *workers])

    # The manager's work on the first allocation is lost.
    assert work(log, 1)[2:4] == [
        ("0 10:30 - 0 10:45", "allocating", "team_manager 0"),
        ("0 10:45 - 0 11:00", "allocating", "team_manager 0"),
    ]
    assert allocated(story(log, 1)) == [("0 11:00", "allocated within", "worker 1")]


@pytest.mark.parametrize("teams", [2, 6])
def test_changing_the_number_of_teams_leaves_no_list_without_workers(teams: int) -> None:
    few = plain({"assessment.teams": 4, "assessment.arrangement": "duty_week"})
    people = [*MANAGERS, *(a_person(WORKER, k, team=1 + k % 4, team_after=1 + k % teams) for k in range(8))]
    contacts = [a_contact(n, at(7 * n, "09:00")) for n in range(6)]
    log = run(few.changed({"assessment.teams": teams}), a_world(contacts, people), baseline=few)

    # Each week's families go to that week's team, and in it to the first of its workers: the one before has closed.
    assert [allocated(story(log, n))[0][2] for n in range(6)] == [f"worker {n % teams}" for n in range(6)]


def test_families_on_the_list_of_a_team_that_is_no_more_are_taken_by_one_of_those_there_are() -> None:
    # In the fourth week of four teams, worker 3 is full; from day 28 on there are two, and team 4's list is team 2's.
    four = plain({"assessment.teams": 4, "assessment.arrangement": "duty_week", "assessment.over_guide_after_days": 90})
    people = [*MANAGERS, *(a_person(WORKER, k, team=1 + k, team_after=1 + k % 2, guide=1) for k in range(4))]
    contacts = [a_contact(n, at(21 + n, "09:00"), LONG) for n in (0, 1)]
    log = run(
        four.changed({"assessment.teams": 2, "levers_start_day": 28}),
        a_world(contacts, people, levers_start=28 * DAY),
        baseline=four,
    )

    assert allocated(story(log, 0)) == [("21 09:45", "allocated within", "worker 3")]
    assert allocated(story(log, 1)) == [("28 09:15", "allocated within", "worker 1")]


def test_caseload_places_are_counted_by_child() -> None:
    two = LONG._replace(children=2)
    log = told(
        [a_contact(1, at(0, "09:00"), two), a_contact(2, at(0, "10:00"), two), a_contact(3, at(0, "11:00"), LONG)],
        [*MANAGERS, a_person(WORKER, guide=4)],
        {"assessment.over_guide_after_days": 90},
    )

    assert [when(log, n, "allocated within") for n in (1, 2)] == [["0 09:45"], ["0 10:45"]]
    assert min(when(log, 3, "allocated within")) > min(when(log, 1, "closed no further action"))


def test_a_larger_guide_makes_room_from_the_day_it_holds() -> None:
    # One place until day 2, two from then on: the first minute of a manager's that day gives out the second.
    world = a_world(
        [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "10:00"), LONG)],
        [*MANAGERS, a_person(WORKER, guide=1)._replace(guide_after=2)],
        levers_start=2 * DAY,
    )
    before = plain({"assessment.over_guide_after_days": 90})
    log = run(before.changed({"levers_start_day": 2}), world, baseline=before)

    assert allocated(story(log, 2)) == [("2 09:15", "allocated within", "worker 0")]


def test_a_shorter_wait_before_the_guide_may_be_exceeded_counts_from_the_minute_it_holds() -> None:
    # There is no room for the second family, waiting since 10:30 on day 0; two days are enough from 09:00 on day 1 on.
    contacts = [a_contact(1, at(0, "09:00"), LONG), a_contact(2, at(0, "10:00"), LONG)]
    world = a_world(contacts, [*MANAGERS, a_person(WORKER, guide=1)], levers_start=at(1, "09:00"))
    before = plain({"assessment.over_guide_after_days": 90})
    after = before.changed({"levers_start_day": 1, "assessment.over_guide_after_days": 2})
    log = run(after, world, baseline=before)

    assert allocated(story(log, 2)) == [("2 10:45", "allocated over after waiting", "worker 0")]
