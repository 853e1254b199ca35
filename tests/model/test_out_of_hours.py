"""Scripted worlds: nights, weekends and the handover in the morning."""

import pytest

from sim.events import Need, Rating
from sim.world import Contact
from tests.worlds import (
    DAY,
    EVERYBODY,
    IMMEDIATE_RISK,
    NO_ACTION,
    REFERRAL,
    a_contact,
    at,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

PEOPLE = staff("manager", "responder", "night")


def test_a_contact_at_night_is_screened_then_handed_over_when_the_office_opens() -> None:
    log = told([a_contact(1, at(0, "20:00"), NO_ACTION)], PEOPLE)

    assert story(log, 1) == [
        ("0 20:00", "received", ""),
        ("0 20:00", "out of hours screening waits", ""),
        ("0 20:00", "out of hours screening begins", "night 0"),
        ("0 20:15", "out of hours screening ends", "night 0"),
        ("0 20:15", "screened green", ""),
        ("1 09:00", "morning handover waits", ""),
        ("1 09:00", "morning handover begins", "responder 0"),
        ("1 09:05", "morning handover ends", "responder 0"),
        ("1 09:05", "handed over", ""),
        ("1 09:05", "deciding waits", ""),
        ("1 09:05", "deciding begins", "manager 0"),
        ("1 09:25", "deciding ends", "manager 0"),
        ("1 09:25", "decided no further action", ""),
        ("1 09:25", "closed at contact", ""),
    ]


def test_a_child_at_immediate_risk_is_visited_at_night() -> None:
    log = told([a_contact(1, at(0, "22:00"), IMMEDIATE_RISK)], PEOPLE)

    # One person: decided by 22:35, visited until 00:35, and only then discussed though others were ready at 23:35.
    assert steps(log, 1)[:9] == [
        ("0 22:00", "received"),
        ("0 22:15", "screened red"),
        ("0 22:35", "decided strategy discussion"),
        ("0 22:35", "strategy asked"),
        ("1 00:35", "seen child 0 out of hours"),
        ("1 01:15", "strategy held"),
        ("1 01:15", "action set"),
        ("1 01:15", "section 47 started"),
        ("1 09:05", "handed over"),
    ]
    assert {who for _, _, who in work(log, 1)} == {"night 0", "responder 0"}


def test_two_people_at_night_visit_and_discuss_at_once() -> None:
    log = told([a_contact(1, at(0, "22:00"), IMMEDIATE_RISK)], [*PEOPLE, *staff("night", "night")[1:]])

    assert when(log, 1, "strategy held") == ["1 00:15"]
    assert when(log, 1, "seen child 0 out of hours") == ["1 00:35"]


@pytest.mark.parametrize("need", [need for need in Need if need is not Need.UNKNOWN])
@pytest.mark.parametrize("rating", Rating)
def test_what_is_rated_red_is_visited_at_night_whatever_is_found_later(need: Need, rating: Rating) -> None:
    log = told([a_contact(1, at(0, "22:00"), REFERRAL._replace(need=need, rating=rating))], EVERYBODY)

    assert when(log, 1, "seen child 0 out of hours") == (["1 00:35"] if rating is Rating.RED else [])


@pytest.mark.parametrize(
    ("clock", "done"),
    [
        # Screened in 15 minutes and decided in 20 more: each is done where it ends by nine.
        ("08:45", ["screened red"]),
        ("08:25", ["screened red", "decided referral"]),
        ("06:24", ["screened red", "decided referral", "seen child 0 out of hours"]),
        ("06:26", ["screened red", "decided referral"]),
    ],
)
def test_each_step_of_the_night_is_taken_only_if_it_ends_by_the_morning(clock: str, done: list[str]) -> None:
    log = told([a_contact(1, at(1, clock), REFERRAL._replace(rating=Rating.RED))], PEOPLE)

    assert [step for moment, step in steps(log, 1) if moment <= "1 09:00"][1:] == done
    assert ("deciding", "manager 0") not in {line[1:] for line in work(log, 1)} or "decided referral" not in done


@pytest.mark.parametrize(
    ("clock", "nights"),
    [
        # Decided at 07:35; partners are ready an hour later, and forty minutes would end at 09:15.
        ("07:00", 2),
        # The one person there visits from 06:35 to 08:35; police and health were ready at 07:35.
        ("06:00", 1),
    ],
)
def test_a_discussion_that_would_not_end_by_the_morning_is_the_days_from_the_minute_the_office_opens(
    clock: str, nights: int
) -> None:
    log = told([a_contact(1, at(1, clock), IMMEDIATE_RISK)], [*EVERYBODY, *staff("night", "night")[1:nights]])

    assert ("1 09:00 - 1 09:40", "strategy discussion", "manager 0") in work(log, 1)
    assert when(log, 1, "handed over") == ["1 09:45"]


def test_what_the_night_has_decided_is_duty_and_allocation_in_the_morning() -> None:
    log = told([a_contact(1, at(1, "07:00"), IMMEDIATE_RISK._replace(strategy_delay=0))], EVERYBODY)

    # Discussed 07:35-08:15: there is no time left for the visit, which is duty's from the minute the office opens.
    assert when(log, 1, "section 47 started") == ["1 08:15"]
    assert when(log, 1, "seen child 0 duty") == ["1 10:30"]
    assert when(log, 1, "allocated within") == ["1 09:20"]


def test_an_open_case_rated_red_at_night_is_visited_and_discussed_that_night() -> None:
    log = told([a_contact(1, at(0, "22:00"), IMMEDIATE_RISK._replace(open_case=1))], EVERYBODY)

    assert when(log, 1, "seen child 0 out of hours") == ["1 00:35"]
    # Police and health are spoken to by 23:35, while the one person there is with the family.
    assert steps(log, 1)[3:] == [
        ("0 22:35", "strategy asked"),
        ("1 00:35", "seen child 0 out of hours"),
        ("1 01:15", "strategy held"),
        ("1 01:15", "action set"),
        ("1 09:05", "handed over"),
        ("1 09:05", "closed at contact"),
        ("8 01:15", "action done"),
    ]


def test_a_weekend_contact_waits_for_monday() -> None:
    log = told([a_contact(1, at(4, "17:00"), NO_ACTION), a_contact(2, at(6, "12:00"), NO_ACTION)], PEOPLE)

    assert when(log, 1, "handed over") == ["7 09:05"]
    assert when(log, 2, "handed over") == ["7 09:10"]


def test_the_minute_the_office_closes_is_out_of_hours_and_the_minute_it_opens_is_not() -> None:
    log = told([a_contact(1, at(0, "17:00"), NO_ACTION), a_contact(2, at(1, "09:00"), NO_ACTION)], PEOPLE)

    assert when(log, 1, "screened green") == ["0 17:15"]
    assert when(log, 2, "handed over") == []


def test_what_nobody_screened_at_night_is_handed_over_unscreened() -> None:
    # One person screens the first three from 08:15 to 09:00; the fourth is not begun.
    contacts = [a_contact(number, at(1, "08:15"), NO_ACTION) for number in (1, 2, 3, 4)]
    log = told(contacts, PEOPLE)

    assert [when(log, number, "screened green") for number in (1, 2, 3)] == [["1 08:30"], ["1 08:45"], ["1 09:00"]]
    assert story(log, 4)[1:6] == [
        ("1 08:15", "out of hours screening waits", ""),
        ("1 09:00", "morning handover waits", ""),
        ("1 09:15", "morning handover begins", "responder 0"),
        ("1 09:20", "morning handover ends", "responder 0"),
        ("1 09:20", "handed over", ""),
    ]
    assert ("screening", "manager 0") in {line[1:] for line in work(log, 4)}


def test_without_out_of_hours_staff_everything_is_handed_over_unscreened() -> None:
    log = told([a_contact(1, at(0, "20:00"), IMMEDIATE_RISK)], staff("manager", "responder"))

    assert steps(log, 1)[:3] == [("0 20:00", "received"), ("1 09:05", "handed over"), ("1 09:15", "screened red")]


def test_two_people_at_night_screen_at_once() -> None:
    contacts = [a_contact(number, at(0, "20:00"), NO_ACTION) for number in (1, 2)]
    log = told(contacts, staff("manager", "responder", "night", "night"))

    assert [when(log, number, "screened green") for number in (1, 2)] == [["0 20:15"], ["0 20:15"]]


def test_the_morning_handover_takes_the_first_response_workers_time() -> None:
    # Four from the night and five minutes each: what is asked of the worker that day starts at 09:20.
    contacts = [a_contact(number, at(0, "20:00"), NO_ACTION) for number in (1, 2, 3, 4)]
    log = told(contacts, PEOPLE)

    assert [when(log, number, "handed over") for number in (1, 2, 3, 4)] == [
        ["1 09:05"],
        ["1 09:10"],
        ["1 09:15"],
        ["1 09:20"],
    ]


def test_a_screening_that_does_not_fit_before_the_morning_is_left_to_the_day_service() -> None:
    log = told([a_contact(1, at(1, "08:50"), NO_ACTION)], PEOPLE)

    assert when(log, 1, "handed over") == ["1 09:05"]


def test_a_night_visit_does_not_pause_while_the_office_is_open() -> None:
    # Decided at 08:35: two hours do not end by nine, and with nobody on duty that day the next night makes the visit.
    log = told([a_contact(1, at(1, "08:00"), IMMEDIATE_RISK)], PEOPLE)

    assert ("1 17:00 - 1 19:00", "out of hours visit", "night 0") in work(log, 1)
    assert when(log, 1, "seen child 0 out of hours") == ["1 19:00"]


def test_a_failed_visit_at_night_is_tried_again_that_night() -> None:
    log = told([a_contact(1, at(0, "22:00"), IMMEDIATE_RISK._replace(retry_delays=(2 * DAY, DAY)))], PEOPLE)

    # Tried until 00:35, and again four hours later.
    assert [line for line in steps(log, 1) if line[1].startswith(("visit", "seen", "handed"))] == [
        ("1 00:35", "visit failed"),
        ("1 06:35", "seen child 0 out of hours"),
        ("1 09:05", "handed over"),
    ]


@pytest.mark.parametrize(
    "like",
    [
        IMMEDIATE_RISK._replace(retry_delays=(2 * DAY, DAY)),
        IMMEDIATE_RISK._replace(children=2, missed_children=(1,), retry_delays=(2 * DAY,)),
    ],
    ids=["failed", "a child missed"],
)
def test_a_visit_to_be_repeated_does_not_hold_up_the_decision(like: Contact) -> None:
    log = told([a_contact(1, at(1, "05:00"), like)], EVERYBODY)

    # Visited 05:35-07:35; duty goes again once four hours are over.
    assert when(log, 1, "decided strategy discussion") == ["1 05:35"]
    assert when(log, 1, "allocated within") == ["1 09:20"]
    assert ("1 11:35 - 1 13:05", "visiting", "worker 0") in work(log, 1)


def test_need_alone_does_not_make_a_visit_at_night() -> None:
    missed = IMMEDIATE_RISK._replace(rating=Rating.AMBER)
    log = told([a_contact(1, at(0, "22:00"), missed)], EVERYBODY)

    assert when(log, 1, "decided strategy discussion") == ["1 09:25"]
    # Found at the discussion, held until 11:05.
    assert [line for line in steps(log, 1) if line[1].startswith("seen")] == [("1 12:35", "seen child 0 duty")]
