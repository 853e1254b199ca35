"""Scripted worlds: the social work team co-located with the police, and a lever's dated start."""

from collections.abc import Mapping

import pytest

from sim.events import EventLog, Role, check_lifecycle
from sim.model import run
from sim.scenario import Source
from sim.world import DOMESTIC_ABUSE_TEAM, NO_TEAM, Contact, Person
from tests.worlds import (
    A_ROUND,
    DAY,
    EVERYBODY,
    HOUR,
    NO_ACTION,
    REFERRAL,
    SECTION_47,
    Line,
    a_contact,
    a_person,
    a_world,
    at,
    plain,
    staff,
    story,
    when,
    work,
)

MANAGER, WORKER = Role.FRONT_DOOR_MANAGER, Role.EXPERIENCED_SOCIAL_WORKER
NOTIFIED = NO_ACTION._replace(domestic_abuse=1, source=list(Source).index(Source.POLICE))
ABUSE = REFERRAL._replace(domestic_abuse=1, source=list(Source).index(Source.POLICE))
ON: dict[str, object] = {
    "domestic_abuse_team.on": True,
    "domestic_abuse_team.managers": 1,
    "domestic_abuse_team.social_workers": 1,
    "domestic_abuse_team.posts": "existing",
    "domestic_abuse_team.batching_removed": True,
}


def a_team(*, from_existing: bool = False) -> tuple[Person, Person]:
    """Its manager and its worker, numbered 1: from the start, or moved from elsewhere when the levers start."""
    team = None if from_existing else DOMESTIC_ABUSE_TEAM
    return tuple(  # type: ignore[return-value]
        a_person(role, 1, team=team, team_after=DOMESTIC_ABUSE_TEAM) for role in (MANAGER, WORKER)
    )


def told_with_team(
    contacts: list[Contact],
    people: tuple[Person, ...],
    changes: Mapping[str, object] | None = None,
    *,
    start_day: int = 0,
) -> EventLog:
    """The log with the team on from a day, against a baseline without it."""
    baseline = plain(changes)
    scenario = baseline.changed({**ON, "levers_start_day": start_day})
    log = run(scenario, a_world(contacts, people, levers_start=start_day * DAY), baseline=baseline)
    check_lifecycle(log)
    return log


def doers(log: EventLog, number: int) -> set[str]:
    """Who worked for a contact."""
    return {who for _, _, who in work(log, number)}


def test_the_team_takes_what_the_police_notify_about_domestic_abuse_and_nothing_else() -> None:
    elsewhere = NOTIFIED._replace(source=list(Source).index(Source.SCHOOLS))
    contacts = [a_contact(n, at(0, "09:00"), like) for n, like in enumerate((NOTIFIED, NO_ACTION, elsewhere), start=1)]
    log = told_with_team(contacts, (*EVERYBODY, *a_team()))

    assert [doers(log, n) for n in (1, 2, 3)] == [{"manager 1"}, {"manager 0"}, {"manager 0"}]


def test_its_workers_ask_visit_and_assess() -> None:
    like = ABUSE._replace(rounds=(A_ROUND,))
    log = told_with_team([a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, *a_team()))

    assert doers(log, 1) == {"manager 1", "worker 1", "team_manager 0"}


def test_police_information_is_not_batched_for_it() -> None:
    like = ABUSE._replace(rounds=(A_ROUND._replace(health_reply=-1),))
    batched = {"further_work.police_batch_days": 7}
    log = told_with_team([a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, *a_team()), batched)
    kept = told_with_team([a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, *a_team()), batched, start_day=1)

    # Asked until 09:40 and answered a day later; before the team began, on the next release day.
    assert when(log, 1, "information ready") == ["1 09:40"]
    assert when(kept, 1, "information ready") == ["7 09:00"]


def test_a_family_goes_to_the_ordinary_teams_when_the_team_has_no_room() -> None:
    manager, worker = a_team()
    log = told_with_team(
        [a_contact(1, at(0, "09:00"), ABUSE)], (*EVERYBODY, manager, worker._replace(guide=0, guide_after=0))
    )

    assert [who for _, step, who in story(log, 1) if step.startswith("allocated")] == ["worker 0"]


def test_its_workers_take_no_other_families() -> None:
    (manager, _, _, team_manager, _) = EVERYBODY
    log = told_with_team([a_contact(1, at(0, "09:00"))], (manager, team_manager, *a_team()))

    assert [step for _, step, _ in story(log, 1) if step.startswith("allocat")] == []


def test_its_section_47_visits_are_dutys() -> None:
    like = ABUSE._replace(need=SECTION_47.need, rating=SECTION_47.rating)
    log = told_with_team([a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, *a_team()))

    lines = [(step, who) for _, step, who in story(log, 1)]
    assert ("strategy discussion ends", "manager 1") in lines
    assert ("seen child 0 duty", "worker 0") in lines
    assert ("allocated within", "worker 1") in lines


def test_until_the_levers_start_its_people_work_where_they_did() -> None:
    people = (*EVERYBODY, *a_team(from_existing=True))
    contacts = [a_contact(n, at(day, "09:00"), NOTIFIED) for n, day in ((1, 0), (2, 0), (3, 7), (4, 7))]
    log = told_with_team(contacts, people, start_day=7)

    # Two managers share the first two; from day 7 the second is the team's.
    assert [doers(log, n) for n in (1, 2, 3, 4)] == [{"manager 0"}, {"manager 1"}, {"manager 1"}, {"manager 1"}]


def test_a_moved_worker_keeps_the_families_they_hold() -> None:
    holder = a_person(WORKER, 1, team_after=DOMESTIC_ABUSE_TEAM)
    long = a_contact(1, at(0, "09:00"), REFERRAL._replace(appointment_delay=9 * DAY))
    people = (*staff("manager", "team_manager"), holder, a_person(MANAGER, 1, team_after=DOMESTIC_ABUSE_TEAM))
    log = told_with_team([long], people, start_day=7)

    assert {who for _, activity, who in work(log, 1) if activity in {"visiting", "assessing"}} == {"worker 1"}


@pytest.mark.parametrize("role", [MANAGER, WORKER])
def test_a_successor_in_a_moved_post_joins_the_team(role: Role) -> None:
    leaver = a_person(role, 1, team_after=DOMESTIC_ABUSE_TEAM, leaves=at(10))
    successor = a_person(role, 2, team_after=DOMESTIC_ABUSE_TEAM, starts=at(14))
    others = [person for person in a_team() if person.role is not role]
    log = told_with_team([a_contact(1, at(15, "09:00"), ABUSE)], (*EVERYBODY, leaver, successor, *others), start_day=7)

    assert ("manager 2" if role is MANAGER else "worker 2") in doers(log, 1)


def test_who_leaves_before_the_levers_start_never_joins_the_team() -> None:
    leaver = a_person(WORKER, 1, team_after=DOMESTIC_ABUSE_TEAM, leaves=at(3))
    log = told_with_team([a_contact(1, at(0, "09:00"))], (*EVERYBODY, leaver), start_day=7)

    assert when(log, 1, "closed no further action") != []


def test_the_staff_of_new_posts_take_contacts_when_they_have_been_recruited() -> None:
    baseline = plain()
    scenario = baseline.changed(
        {**ON, "domestic_abuse_team.posts": "new", "workforce.recruitment_days_experienced": 14}
    )
    team = [person._replace(starts=at(14)) for person in a_team()]
    contacts = [a_contact(1, at(11, "09:00"), NOTIFIED), a_contact(2, at(14, "09:00"), NOTIFIED)]
    log = run(scenario, a_world(contacts, [*EVERYBODY, *team]), baseline=baseline)

    assert [doers(log, n) for n in (1, 2)] == [{"manager 0"}, {"manager 1"}]


def away(person: Person, *spans: tuple[int, int]) -> Person:
    """Somebody who is not there for some time."""
    return person._replace(calendar=person.calendar.without(list(spans)))


def test_the_managers_of_the_day_cover_while_the_teams_own_is_away() -> None:
    manager, worker = a_team()
    people = (*EVERYBODY, away(manager, (0, at(2))), worker)
    log = told_with_team([a_contact(day + 1, at(day, "09:00"), NOTIFIED) for day in range(3)], people)

    # Away on Monday and Tuesday: by Tuesday the team's own is expected the next day, but only for what comes at night.
    assert [doers(log, n) for n in (1, 2, 3)] == [{"manager 0"}, {"manager 0"}, {"manager 1"}]


def test_what_waits_for_the_team_goes_to_the_managers_of_the_day_when_its_own_goes_away() -> None:
    manager, worker = a_team()
    people = (*EVERYBODY, away(manager, (at(0, "09:10"), at(7))), worker)
    log = told_with_team([a_contact(1, at(0, "09:00"), NOTIFIED)], people)

    # Screened by 09:10, when the team's own is in no more that day, nor on the next: not the team's decision.
    assert work(log, 1)[1] == ("0 09:10 - 0 09:30", "deciding", "manager 0")


def test_what_still_waits_for_the_team_goes_to_the_managers_of_the_day_the_next_morning() -> None:
    # The team's manager screens until noon on day 0 and is then away for a week. The first decision has waited since
    # 09:10 and goes over in the morning; the second comes when nobody of the team is expected.
    manager, worker = a_team()
    people = (*EVERYBODY, away(manager, (at(0, "12:00"), at(7))), worker)
    long = NOTIFIED._replace(screening_minutes=170)
    contacts = [a_contact(1, at(0, "09:00"), NOTIFIED), a_contact(2, at(0, "09:10"), long)]
    log = told_with_team(contacts, people)

    assert work(log, 2)[0] == ("0 09:10 - 0 12:00", "screening", "manager 1")
    assert [(work(log, n)[1][0], work(log, n)[1][2]) for n in (1, 2)] == [
        ("1 09:00 - 1 09:20", "manager 0"),
        ("0 12:00 - 0 12:20", "manager 0"),
    ]


def test_what_the_team_has_not_screened_at_closing_is_the_nights_and_the_teams_again_in_the_morning() -> None:
    long = NOTIFIED._replace(screening_minutes=60)
    contacts = [a_contact(1, at(0, "16:00"), long), a_contact(2, at(0, "16:50"), NOTIFIED)]
    log = told_with_team(contacts, (*EVERYBODY, *a_team()))

    assert work(log, 2) == [
        ("0 17:00 - 0 17:15", "out of hours screening", "night 0"),
        ("1 09:00 - 1 09:05", "morning handover", "responder 0"),
        ("1 09:20 - 1 09:40", "deciding", "manager 1"),
    ]


def test_the_first_response_workers_ask_where_the_team_has_no_worker() -> None:
    manager, worker = a_team()
    like = ABUSE._replace(rounds=(A_ROUND,))
    log = told_with_team([a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, manager, away(worker, (0, at(4)))))

    assert ("0 09:10 - 0 09:40", "asking", "responder 0") in work(log, 1)


def test_its_green_decisions_are_delegated_where_delegation_is_on() -> None:
    people = (*EVERYBODY, *staff("senior"), *a_team())
    log = told_with_team([a_contact(1, at(0, "09:00"), NOTIFIED)], people, {"front_door.delegate_green": True})

    assert work(log, 1) == [
        ("0 09:00 - 0 09:10", "screening", "manager 1"),
        ("0 09:10 - 0 09:30", "deciding", "manager 0"),
    ]


def test_a_team_that_is_no_more_leaves_nothing_behind() -> None:
    # On day 1 its manager and worker go elsewhere. Each is at something long, and a decision and a question wait.
    on = plain(ON)
    off = on.changed({"domestic_abuse_team.on": False, "levers_start_day": 1})
    manager = a_person(MANAGER, 1, team=DOMESTIC_ABUSE_TEAM, team_after=NO_TEAM)
    worker = a_person(WORKER, 1, team=DOMESTIC_ABUSE_TEAM, team_after=1)
    long = ABUSE._replace(rounds=(A_ROUND._replace(ask_minutes=480),))
    contacts = [
        a_contact(1, at(0, "09:00"), long),
        a_contact(2, at(0, "09:05"), ABUSE._replace(rounds=(A_ROUND,))),
        a_contact(3, at(0, "09:30"), NOTIFIED._replace(screening_minutes=450)),
    ]
    log = run(off, a_world(contacts, [*EVERYBODY, manager, worker], levers_start=DAY), baseline=on)
    check_lifecycle(log)

    assert ("0 09:10 - 1 09:10", "asking", "worker 1") in work(log, 1)
    assert ("1 09:00 - 1 09:30", "asking", "responder 0") in work(log, 2)
    assert work(log, 3) == [
        ("0 09:30 - 0 17:00", "screening", "manager 1"),
        ("1 09:00 - 1 09:20", "deciding", "manager 0"),
    ]


def test_who_joins_the_team_after_a_reserved_day_of_duty_keeps_the_families_they_hold() -> None:
    moved = a_person(WORKER, 0, team_after=DOMESTIC_ABUSE_TEAM)
    people = (*staff("manager", "team_manager"), moved, a_person(MANAGER, 1, team_after=DOMESTIC_ABUSE_TEAM))
    held = a_contact(1, at(0, "09:00"), REFERRAL)
    log = told_with_team([held], people, {"assessment.duty_reserved": True}, start_day=1)

    # The only worker is on duty on day 0 and then in the team: their own family comes first on day 1.
    assert ("1 09:00 - 1 09:10", "arranging", "worker 0") in work(log, 1)


def test_a_discussion_is_chaired_by_whoever_is_in_when_it_is_held() -> None:
    # The team's manager goes at 09:30 for a week, between the decision and the hour at which all are free.
    manager, worker = a_team()
    like = ABUSE._replace(need=SECTION_47.need, strategy_delay=9 * HOUR)
    log = told_with_team(
        [a_contact(1, at(0, "09:00"), like)], (*EVERYBODY, away(manager, (at(0, "09:30"), at(7))), worker)
    )

    assert ("1 10:30 - 1 11:10", "strategy discussion", "manager 0") in work(log, 1)


@pytest.mark.parametrize(
    ("delay", "held"),
    [
        # Decided at 09:30 by the team's manager, who is there on day 0 only.
        (1, ("0 10:30 - 0 11:10", "strategy discussion", "manager 1")),
        # What cannot wait is discussed at any hour, and by whoever is at work then.
        (9, ("0 18:30 - 0 19:10", "strategy discussion", "night 0")),
        (24, ("1 09:30 - 1 10:10", "strategy discussion", "manager 0")),
    ],
)
def test_a_red_discussion_is_chaired_by_the_teams_manager_by_day_and_by_the_night_at_night(
    delay: int, held: Line
) -> None:
    manager, worker = a_team()
    like = ABUSE._replace(need=SECTION_47.need, rating=SECTION_47.rating, strategy_delay=delay * HOUR)
    people = (*EVERYBODY, away(manager, (at(1), at(7))), worker)
    log = told_with_team([a_contact(1, at(0, "09:00"), like)], people)

    assert held in work(log, 1)
