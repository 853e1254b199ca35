"""Scripted worlds: starters, leavers and the cases they leave."""

from sim.events import Ending, Role
from sim.world import Person
from tests.worlds import (
    DAY,
    REFERRAL,
    SECTION_47,
    a_contact,
    a_person,
    at,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

MANAGERS = staff("manager", "team_manager")
WORKER = Role.EXPERIENCED_SOCIAL_WORKER
FOUR_PIECES = REFERRAL._replace(work_minutes=400, outside_delay=8 * DAY)


def leaver_and_successor(leaves: int, starts: int = 0) -> tuple[Person, ...]:
    """Managers, a worker who leaves, and another whose load is never lower while the first is there."""
    return (*MANAGERS, a_person(WORKER, 0, leaves=leaves, guide=9), a_person(WORKER, 1, starts=starts, guide=9))


def test_a_leavers_cases_go_back_to_allocation_with_their_clocks_and_the_work_that_waited() -> None:
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES)], leaver_and_successor(at(4, "12:00")))

    # Worked at 11:25 on day 1 and 13:05 on day 3; the next piece is due on Saturday, when the holder has gone.
    assert [line for line in story(log, 1) if line[0] > "3 13:05"][1:11] == [
        ("3 14:45", "outside wait", "worker 0"),
        ("4 12:00", "holder left", "worker 0"),
        ("4 12:00", "allocating waits", ""),
        ("4 12:00", "allocating begins", "team_manager 0"),
        ("4 12:15", "allocating ends", "team_manager 0"),
        ("4 12:15", "allocated within", "worker 1"),
        ("4 12:15", "taking over waits", ""),
        ("4 12:15", "taking over begins", "worker 1"),
        ("4 12:40", "taking over ends", "worker 1"),
        # Two days after 14:45 on day 3.
        ("5 14:45", "assessing waits", ""),
    ]
    assert len(when(log, 1, "assessment started")) == 1
    assert work(log, 1)[-1][2] == "team_manager 0"


def test_work_waiting_in_a_leavers_diary_waits_for_the_successor() -> None:
    # The first worker is away from day 2 and leaves on day 4; a piece has been waiting since day 3.
    (_, _, leaver, successor) = leaver_and_successor(at(4))
    away = leaver._replace(calendar=leaver.calendar.without([(at(2), at(4))]))
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES)], [*MANAGERS, away, successor])

    assert [line for line in story(log, 1) if line[1].startswith(("assessing", "taking", "holder"))][3:9] == [
        ("3 13:05", "assessing waits", ""),
        ("4 00:00", "holder left", "worker 0"),
        ("4 09:15", "taking over waits", ""),
        ("4 09:15", "taking over begins", "worker 1"),
        ("4 09:40", "taking over ends", "worker 1"),
        ("4 09:40", "assessing begins", "worker 1"),
    ]


def test_somebody_leaving_begins_nothing_they_cannot_finish() -> None:
    # Leaves at 16:00 on day 1. A piece of 100 minutes is ready at 14:25: 95 are left.
    late = a_contact(1, at(0, "12:00"))
    log = told([late], leaver_and_successor(at(1, "16:00")))

    assert when(log, 1, "seen child 0 holder") == ["1 14:25"]
    assert [line for line in work(log, 1) if line[1] == "assessing"] == [("1 16:40 - 2 10:20", "assessing", "worker 1")]


def test_a_case_left_with_nobody_waits_for_a_starter() -> None:
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES)], leaver_and_successor(at(4), starts=at(8)))

    assert when(log, 1, "holder left") == ["4 00:00"]
    assert when(log, 1, "allocated within") == ["0 09:45", "8 09:15"]


def test_a_family_waiting_for_a_place_is_allocated_again_and_still_transferred() -> None:
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=10 * DAY)
    log = told([a_contact(1, at(0, "09:00"), like)], leaver_and_successor(at(4)))

    assert steps(log, 1)[-6:] == [
        ("1 13:55", "place asked"),
        ("4 00:00", "holder left"),
        ("4 09:15", "allocated within"),
        ("4 13:25", "help started"),
        ("11 13:55", "transferred"),
        ("11 13:55", "closed transfer"),
    ]


def test_a_family_that_closes_while_its_manager_allocates_it_again_is_over() -> None:
    # Accepted by the receiving team at 09:05 on day 4, while the manager is at work on the allocation until 09:15.
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=at(4, "09:05") - at(1, "13:55"))
    log = told([a_contact(1, at(0, "09:00"), like)], leaver_and_successor(at(4)))

    assert story(log, 1)[-5:] == [
        ("4 09:00", "allocating begins", "team_manager 0"),
        ("4 09:05", "transferred", ""),
        ("4 09:05", "closed transfer", ""),
        ("4 09:15", "allocating ends", "team_manager 0"),
        ("4 13:25", "help started", ""),
    ]


def test_the_room_promised_to_a_family_that_closed_is_free_again() -> None:
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=at(4, "09:05") - at(1, "13:55"))
    (_, _, leaver, successor) = leaver_and_successor(at(4))
    contacts = [a_contact(1, at(0, "09:00"), like), a_contact(2, at(4, "10:00"))]
    log = told(contacts, [*MANAGERS, leaver, successor._replace(guide=1)])

    assert when(log, 2, "allocated within") == ["4 10:45"]


def test_a_section_47_visit_goes_on_when_the_holder_leaves() -> None:
    people = leaver_and_successor(at(0, "10:30"))
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)], people)

    # Nobody can begin a visit of 90 minutes at 09:30 and leave at 10:30: duty's next is worker 1's turn on day 1.
    assert when(log, 1, "seen child 0 duty") == ["1 10:30"]


def test_a_second_leaver_passes_the_case_on_again() -> None:
    people = [
        *MANAGERS,
        a_person(WORKER, 0, leaves=at(2)),
        a_person(WORKER, 1, starts=at(2), leaves=at(4)),
        a_person(WORKER, 2, starts=at(4)),
    ]
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES)], people)

    assert when(log, 1, "holder left") == ["2 00:00", "4 00:00"]
    assert [line for line in work(log, 1) if line[1] == "taking over"] == [
        ("2 09:15 - 2 09:40", "taking over", "worker 1"),
        ("4 09:15 - 4 09:40", "taking over", "worker 2"),
    ]


def test_a_case_taken_over_by_somebody_who_leaves_before_doing_so_is_taken_over_once() -> None:
    # Worker 1 starts on day 2 and is away until leaving on day 3: the hour of taking over was never worked.
    second = a_person(WORKER, 1, starts=at(2), leaves=at(3))
    second = second._replace(calendar=second.calendar.without([(at(2, "09:10"), at(3))]))
    people = [*MANAGERS, a_person(WORKER, 0, leaves=at(2)), second, a_person(WORKER, 2, starts=at(3))]
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES)], people)

    assert when(log, 1, "allocated within") == ["0 09:45", "2 09:15", "3 09:15"]
    assert [line for line in work(log, 1) if line[1] == "taking over"] == [
        ("3 09:15 - 3 09:40", "taking over", "worker 2"),
    ]


def test_taking_over_stops_when_the_family_closes_meanwhile() -> None:
    # Allocated again by 09:15 on day 4; half of three hours' reading is under way when the family is accepted.
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=at(4, "09:30") - at(1, "13:55"))
    log = told([a_contact(1, at(0, "09:00"), like)], leaver_and_successor(at(4)), {"workforce.handover_minutes": 180})

    assert [line for line in story(log, 1) if line[1].startswith(("taking over", "closed"))] == [
        ("4 09:15", "taking over waits", ""),
        ("4 09:15", "taking over begins", "worker 1"),
        ("4 09:30", "closed transfer", "worker 1"),
        ("4 10:45", "taking over ends", "worker 1"),
    ]


def test_a_family_left_behind_has_waited_since_it_first_waited() -> None:
    # The successor is full; but the family left on day 4 first waited on day 0, longer than the three days it takes.
    full = a_contact(2, at(0, "10:00"), REFERRAL._replace(appointment_delay=40 * DAY))
    people = [*MANAGERS, a_person(WORKER, 0, leaves=at(4), guide=1), a_person(WORKER, 1, guide=1)]
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES), full], people)

    assert when(log, 2, "allocated within") == ["0 10:45"]
    assert when(log, 1, "allocated over after waiting") == ["4 09:15"]


def test_a_starter_is_given_families_from_their_first_minute() -> None:
    log = told([a_contact(1, at(0, "09:00"))], [*MANAGERS, a_person(WORKER, starts=at(2))])

    assert when(log, 1, "allocated within") == ["2 09:15"]


def test_nothing_is_done_for_a_family_before_it_has_been_taken_over() -> None:
    # Left at 11:30 on day 1, just after the visit; read by the next holder from 11:45 to 14:45, in two pieces. The
    # enquiry that the discussion of 12:25 brings about is more urgent than the second, and waits for it all the same.
    people = leaver_and_successor(at(1, "11:30"))
    like = REFERRAL._replace(section_47_at_visit=1)
    log = told([a_contact(1, at(0, "09:00"), like)], people, {"workforce.handover_minutes": 180})

    assert when(log, 1, "section 47 started") == ["1 13:05"]
    assert [span for span, activity, _ in work(log, 1) if activity in {"taking over", "enquiring"}] == [
        "1 11:45 - 1 13:15",
        "1 13:15 - 1 14:45",
        "1 14:45 - 1 15:45",
    ]


def test_a_family_left_with_nobody_that_becomes_section_47_is_allocated_at_once() -> None:
    # Left at 11:30 on day 1 with no room anywhere, until the discussion has been held.
    (_, _, leaver, successor) = leaver_and_successor(at(1, "11:30"))
    full = a_contact(2, at(1, "09:00"), REFERRAL._replace(appointment_delay=40 * DAY))
    log = told(
        [a_contact(1, at(0, "09:00"), REFERRAL._replace(section_47_at_visit=1)), full],
        [*MANAGERS, leaver._replace(guide=1, guide_after=1), successor._replace(guide=1, guide_after=1)],
    )

    assert when(log, 2, "allocated within") == ["1 09:45"]
    assert when(log, 1, "allocated over for section 47") == ["1 13:20"]
