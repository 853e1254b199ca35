"""Scripted worlds: being seen, by the holder or by duty."""

import pytest

from sim.events import EventLog, Need, Rating, Role, check_lifecycle
from sim.model import run
from sim.world import Contact, Person
from tests.worlds import (
    DAY,
    EVERYBODY,
    REFERRAL,
    SECTION_47,
    Line,
    a_contact,
    a_person,
    a_world,
    at,
    plain,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

MANAGERS = staff("manager", "team_manager")
WORKER = Role.EXPERIENCED_SOCIAL_WORKER
LARGE = REFERRAL._replace(children=3, missed_children=(1, 2), retry_delays=(2 * DAY,))


def visits(lines: list[Line]) -> list[Line]:
    """The visits among pieces of work."""
    return [line for line in lines if line[1] == "visiting"]


def test_a_failed_visit_is_tried_again_and_only_then_is_the_child_seen() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(retry_delays=(DAY, 2 * DAY, DAY)))])

    # Arranged at 09:55 for a day later; two visits find nobody, and another is made after one day and after two.
    assert visits(work(log, 1)) == [
        ("1 09:55 - 1 11:25", "visiting", "worker 0"),
        ("2 11:25 - 2 12:55", "visiting", "worker 0"),
        ("4 12:55 - 4 14:25", "visiting", "worker 0"),
    ]
    assert when(log, 1, "visit failed") == ["1 11:25", "2 12:55"]
    assert when(log, 1, "seen child 0 holder") == ["4 14:25"]


def test_a_failed_visit_names_who_made_it_not_who_holds_the_case() -> None:
    people = [*MANAGERS, a_person(WORKER, 0, guide=1), a_person(WORKER, 1)]
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(children=2, retry_delays=(DAY, DAY)))], people)

    assert [who for _, step, who in story(log, 1) if step.startswith("allocated")] == ["worker 1"]
    assert [who for _, step, who in story(log, 1) if step == "visit failed"] == ["worker 0"]


def test_children_missed_at_the_first_visit_are_seen_at_the_next() -> None:
    log = told([a_contact(1, at(0, "09:00"), LARGE)])

    assert [line for line in steps(log, 1) if line[1].startswith("seen")] == [
        ("1 11:25", "seen child 0 holder"),
        ("3 12:55", "seen child 1 holder"),
        ("3 12:55", "seen child 2 holder"),
    ]


def test_a_child_is_missed_at_the_first_visit_that_succeeds_not_at_one_that_failed() -> None:
    two = LARGE._replace(children=2, missed_children=(1,), retry_delays=(DAY, DAY))
    log = told([a_contact(1, at(0, "09:00"), two)])

    assert steps(log, 1)[6:10] == [
        ("1 11:25", "visit failed"),
        ("2 12:55", "seen child 0 holder"),
        ("2 12:55", "visit arranged"),
        ("3 14:25", "seen child 1 holder"),
    ]


def test_the_assessment_goes_on_only_when_every_child_has_been_seen() -> None:
    log = told([a_contact(1, at(0, "09:00"), LARGE)])

    assert [line for line in work(log, 1) if line[1] == "assessing"] == [
        ("3 12:55 - 3 14:35", "assessing", "worker 0"),
    ]


def test_a_visit_that_does_not_fit_into_the_day_waits_for_the_next() -> None:
    # Arranged at 15:55 on Monday; 65 minutes are left on Tuesday, so it is Wednesday's first work.
    log = told([a_contact(1, at(0, "15:00"))])

    assert when(log, 1, "visit arranged") == ["0 15:55"]
    assert visits(work(log, 1)) == [("2 09:00 - 2 10:30", "visiting", "worker 0")]


def test_a_visit_that_just_fits_is_made() -> None:
    log = told([a_contact(1, at(0, "14:35"))])

    assert visits(work(log, 1)) == [("1 15:30 - 1 17:00", "visiting", "worker 0")]


def test_booked_time_is_no_time_to_visit_in() -> None:
    (manager, team_manager), worker = MANAGERS, a_person(WORKER)
    # On Tuesday two meetings leave 80 minutes after 09:55, not 90.
    busy = worker._replace(
        calendar=worker.calendar.without([(at(1, "10:15"), at(1, "12:00")), (at(1, "13:00"), at(2))])
    )
    log = told([a_contact(1, at(0, "09:00"))], [manager, team_manager, busy])

    assert visits(work(log, 1)) == [("2 09:00 - 2 10:30", "visiting", "worker 0")]


def test_while_a_visit_waits_for_tomorrow_other_work_is_done() -> None:
    # The first family's visit cannot be made on Tuesday afternoon; the second is arranged meanwhile.
    log = told([a_contact(1, at(0, "15:00")), a_contact(2, at(1, "15:20"))])

    assert visits(work(log, 1)) == [("2 09:00 - 2 10:30", "visiting", "worker 0")]
    assert ("1 16:05 - 1 16:15", "arranging", "worker 0") in work(log, 2)


@pytest.mark.parametrize(
    ("back", "visited"),
    [
        # Due by the end of day 7. A holder back before that visits; on day 8 duty visits in place of one still away.
        (4, ("4 09:00 - 4 10:30", "visiting", "worker 0")),
        (9, ("8 09:00 - 8 10:30", "visiting", "worker 1")),
    ],
)
def test_a_visit_waits_for_an_absent_holder_until_it_is_overdue(back: int, visited: Line) -> None:
    (manager, team_manager), holder = MANAGERS, a_person(WORKER)
    away = holder._replace(calendar=holder.calendar.without([(at(1), at(back))]))
    log = told([a_contact(1, at(0, "09:00"))], [manager, team_manager, away, a_person(WORKER, 1)])

    assert visits(work(log, 1)) == [visited]


def test_the_children_seen_by_duty_in_place_of_an_absent_holder_are_dutys() -> None:
    (manager, team_manager), holder = MANAGERS, a_person(WORKER)
    away = holder._replace(calendar=holder.calendar.without([(at(1), at(9))]))
    log = told([a_contact(1, at(0, "09:00"))], [manager, team_manager, away, a_person(WORKER, 1)])

    assert when(log, 1, "seen child 0 duty") == ["8 10:30"]


def test_duty_visits_a_child_left_unallocated() -> None:
    full = a_person(WORKER, guide=1)
    log = told(
        [a_contact(1, at(0, "09:00"), REFERRAL._replace(outside_delay=40 * DAY)), a_contact(2, at(0, "10:00"))],
        [*MANAGERS, full],
        {"assessment.over_guide_after_days": 20, "assessment.duty_visit_after_days": 10},
    )

    # Unallocated from 10:30; seen on the tenth day by duty, allocated on the twentieth, and not visited again.
    assert [line for line in story(log, 2) if line[1].startswith(("seen", "allocated", "visit"))] == [
        ("10 10:30", "visiting waits", ""),
        ("10 10:30", "visiting begins", "worker 0"),
        ("10 12:00", "visiting ends", "worker 0"),
        ("10 12:00", "seen child 0 duty", "worker 0"),
        ("21 09:15", "allocated over after waiting", "worker 0"),
    ]


def test_a_family_allocated_in_time_is_not_visited_by_duty() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(appointment_delay=20 * DAY))])

    assert [line for line in steps(log, 1) if line[1].startswith("seen")] == [("21 10:30", "seen child 0 holder")]


def test_duty_that_has_begun_to_visit_goes_on_though_the_family_is_allocated() -> None:
    full = a_person(WORKER, guide=1)
    contacts = [
        a_contact(1, at(0, "09:00"), REFERRAL._replace(outside_delay=40 * DAY)),
        a_contact(2, at(0, "10:00"), REFERRAL._replace(retry_delays=(12 * DAY, DAY))),
    ]
    log = told(
        contacts, [*MANAGERS, full], {"assessment.over_guide_after_days": 11, "assessment.urgent_retry_hours": 240.0}
    )

    # Duty failed on day 10 and comes again after the ten days allowed; the holder makes no first visit of their own.
    assert when(log, 2, "allocated over after waiting") == ["11 10:45"]
    assert when(log, 2, "seen child 0 duty") == ["21 10:30"]
    assert when(log, 2, "visit arranged") == []


def test_the_duty_rota_turns_within_the_teams_day_by_day() -> None:
    people = [*MANAGERS, *(a_person(WORKER, k) for k in range(3))]
    log = told([a_contact(d, at(d, "09:00"), SECTION_47) for d in range(5)], people)

    assert [who for d in range(5) for _, step, who in story(log, d) if step.startswith("seen")] == [
        "worker 0", "worker 1", "worker 2", "worker 0", "worker 1",
    ]  # fmt: skip


def test_the_teams_take_the_duty_week_in_turn() -> None:
    people = [*MANAGERS, a_person(WORKER, 0, team=1), a_person(WORKER, 1, team=2)]
    contacts = [a_contact(n, at(7 * n, "09:00"), SECTION_47) for n in range(4)]
    log = told(contacts, people, {"assessment.teams": 2, "assessment.arrangement": "duty_week"})

    assert [who for n in range(4) for _, step, who in story(log, n) if step.startswith("seen")] == [
        "worker 0", "worker 1", "worker 0", "worker 1",
    ]  # fmt: skip


def test_nobody_newly_qualified_or_absent_is_on_duty() -> None:
    away = a_person(WORKER, 0)
    away = away._replace(calendar=away.calendar.without([(0, at(1))]))
    people = [*MANAGERS, a_person(Role.NEWLY_QUALIFIED_SOCIAL_WORKER), away, a_person(Role.AGENCY_SOCIAL_WORKER)]
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)], people)

    assert [who for _, step, who in story(log, 1) if step.startswith("seen")] == ["agency 0"]


def duty_with_family(*, reserved: bool) -> list[Line]:
    """What worker 0, on duty on day 0, does for their own family when no section 47 comes."""
    log = told([a_contact(1, at(0, "09:00"))], EVERYBODY, {"assessment.duty_reserved": reserved})
    return [line for line in work(log, 1) if line[2] == "worker 0"]


def test_a_reserved_duty_worker_does_nothing_else_that_day() -> None:
    assert duty_with_family(reserved=False)[0] == ("0 09:45 - 0 09:55", "arranging", "worker 0")
    # The only worker is on duty every day, and so never comes to their own family.
    assert duty_with_family(reserved=True) == []


def test_after_a_reserved_day_a_duty_worker_takes_up_their_own_work() -> None:
    people = [*MANAGERS, a_person(WORKER, 0, guide=9), a_person(WORKER, 1, guide=1)]
    log = told([a_contact(1, at(0, "09:00"))], people, {"assessment.duty_reserved": True})

    # Worker 0 holds the family and is on duty on Monday; on Tuesday it is worker 1's turn.
    begun = next(line for line in work(log, 1) if line[2] == "worker 0")
    assert begun == ("1 09:00 - 1 09:10", "arranging", "worker 0")


def test_two_on_duty_visit_at_once() -> None:
    people = [*staff("manager", "manager", "team_manager"), a_person(WORKER, 0), a_person(WORKER, 1)]
    contacts = [a_contact(n, at(0, "09:00"), SECTION_47) for n in (1, 2)]
    log = told(contacts, people, {"assessment.duty_workers": 2})

    assert [when(log, n, "seen child 0 duty") for n in (1, 2)] == [["0 11:00"], ["0 11:00"]]


def test_of_two_on_duty_the_one_with_fewer_cases_for_their_guide_goes() -> None:
    people = [*MANAGERS, a_person(WORKER, 0, guide=10), a_person(WORKER, 1, guide=10)]
    held = a_contact(1, at(0, "09:00"), REFERRAL._replace(appointment_delay=20 * DAY))
    contacts = [held, a_contact(2, at(1, "09:00"), SECTION_47)]
    log = told(contacts, people, {"assessment.duty_workers": 2})

    # Worker 0 holds the first family from day 0, and both are free when the second is to be visited.
    assert [who for _, step, who in story(log, 1) if step.startswith("allocated")] == ["worker 0"]
    assert [who for _, step, who in story(log, 2) if step == "visiting begins"] == ["worker 1"]


def test_a_family_support_worker_does_not_see() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)], [*MANAGERS, *staff("supporter")])

    assert [line for line in steps(log, 1) if line[1].startswith(("seen", "allocated"))] == []


HARMED = SECTION_47._replace(rating=Rating.AMBER)
UNFOUNDED = HARMED._replace(to_section_47=0)


@pytest.mark.parametrize(
    ("like", "visited"),
    [
        # Rated red: at the decision, whatever comes of it.
        (REFERRAL._replace(rating=Rating.RED), "0 09:30 - 0 11:00"),
        (SECTION_47._replace(to_section_47=0), "0 09:30 - 0 11:00"),
        # Found at the discussion, held until 11:10.
        (HARMED, "0 11:10 - 0 12:40"),
        (UNFOUNDED._replace(need=Need.IMMEDIATE_RISK), "0 11:10 - 0 12:40"),
        # A child in need: by the holder, a day after the call.
        (UNFOUNDED, "1 11:35 - 1 13:05"),
        (REFERRAL, "1 09:55 - 1 11:25"),
    ],
)
def test_duty_visits_at_once_what_is_red_and_from_the_discussion_what_turns_out_to_be(
    like: Contact, visited: str
) -> None:
    log = told([a_contact(1, at(0, "09:00"), like)])

    assert visits(work(log, 1)) == [(visited, "visiting", "worker 0")]
    assert (when(log, 1, "seen child 0 duty") == []) == visited.startswith("1")


def test_duty_visits_red_contacts_in_the_order_in_which_they_were_decided() -> None:
    contacts = [a_contact(n, at(0, "09:00"), REFERRAL._replace(rating=Rating.RED)) for n in (1, 2, 3)]
    log = told(contacts, [*staff("manager", "manager", "manager", "team_manager"), a_person(WORKER)])

    assert [visits(work(log, n))[0][0] for n in (1, 2, 3)] == [
        "0 09:30 - 0 11:00", "0 11:00 - 0 12:30", "0 12:30 - 0 14:00",
    ]  # fmt: skip


def test_without_duty_a_red_contact_is_visited_as_soon_as_it_is_allocated() -> None:
    late = a_person(WORKER, starts=at(1))
    log = told(
        [a_contact(1, at(0, "09:00"), REFERRAL._replace(rating=Rating.RED))],
        [*MANAGERS, late],
        {"assessment.duty_workers": 0},
    )

    assert visits(work(log, 1)) == [("1 09:15 - 1 10:45", "visiting", "worker 0")]
    assert when(log, 1, "seen child 0 holder") == ["1 10:45"]


@pytest.mark.parametrize(
    ("clock", "guide", "seen"),
    [
        # Decided at 15:15 and allocated by 15:30: ninety minutes fit until 17:00; five minutes later they do not.
        ("14:45", 10, ("seen child 0 holder", "0 17:00")),
        ("14:50", 10, ("seen child 0 out of hours", "0 19:00")),
        ("14:45", 0, ("seen child 0 out of hours", "0 19:00")),
    ],
)
def test_without_duty_what_no_holder_has_begun_in_time_is_visited_that_night(
    clock: str, guide: int, seen: tuple[str, str]
) -> None:
    people = [*MANAGERS, *staff("night"), a_person(WORKER, guide=guide)]
    red = REFERRAL._replace(rating=Rating.RED)
    log = told([a_contact(1, at(0, clock), red)], people, {"assessment.duty_workers": 0})

    assert when(log, 1, seen[0]) == [seen[1]]


def with_duty_from(day: int, before: int, after: int, people: list[Person], contacts: list[Contact]) -> EventLog:
    """A run in which the number of people on duty changes on a day."""
    baseline = plain({"assessment.duty_workers": before})
    scenario = baseline.changed({"assessment.duty_workers": after, "levers_start_day": day})
    log = run(scenario, a_world(contacts, people, levers_start=day * DAY), baseline=baseline)
    check_lifecycle(log)
    return log


def test_what_waits_for_duty_is_the_holders_when_there_is_no_duty_any_more() -> None:
    # Nobody is in on day 0 but managers; on day 1 there is no duty. The holder visits as soon as there is one.
    late = a_person(WORKER)
    late = late._replace(calendar=late.calendar.without([(0, at(1))]))
    log = with_duty_from(1, 1, 0, [*MANAGERS, late], [a_contact(1, at(0, "09:00"), SECTION_47)])

    assert when(log, 1, "seen child 0 holder") == ["1 10:30"]


def test_a_family_nobody_holds_is_dutys_when_duty_begins_and_the_visit_is_overdue() -> None:
    # No guide, no holder; the visit is due by the end of day 1 and there is somebody on duty from day 1 on.
    log = with_duty_from(1, 0, 1, [*MANAGERS, a_person(WORKER, guide=0)], [a_contact(1, at(0, "09:00"), HARMED)])

    assert when(log, 1, "seen child 0 duty") == ["2 10:30"]


def test_a_red_contact_nobody_holds_is_dutys_on_the_first_morning_of_duty() -> None:
    log = with_duty_from(1, 0, 1, [*MANAGERS, a_person(WORKER, guide=0)], [a_contact(1, at(0, "09:00"), SECTION_47)])

    assert when(log, 1, "seen child 0 duty") == ["1 10:30"]


def test_the_call_to_arrange_a_visit_is_dutys_once_overdue_and_its_holder_away() -> None:
    (manager, team_manager), holder = MANAGERS, a_person(WORKER)
    away = holder._replace(calendar=holder.calendar.without([(at(0, "09:30"), at(9))]))
    people = [manager, team_manager, away, a_person(WORKER, 1, guide=1)]
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(appointment_delay=14 * DAY))], people)

    # Allocated at 09:45 to worker 0, who has been in that morning; a day later worker 1, on duty, makes the call.
    assert ("1 09:45 - 1 09:55", "arranging", "worker 1") in work(log, 1)
    # The visit is the holder's, who is back by then.
    assert visits(work(log, 1)) == [("15 09:55 - 15 11:25", "visiting", "worker 0")]


def test_the_call_to_arrange_a_visit_waits_for_a_holder_who_is_there() -> None:
    busy = a_contact(1, at(0, "09:00"), REFERRAL._replace(work_minutes=2000, visit_minutes=480, appointment_delay=0))
    log = told([busy, a_contact(2, at(1, "09:00"))], [*MANAGERS, a_person(WORKER)])

    assert ("arranging", "worker 0") in {line[1:] for line in work(log, 2)}
