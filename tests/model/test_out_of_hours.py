"""Scripted worlds: nights, weekends and the handover in the morning."""

import pytest

from sim.events import Need, Rating
from sim.world import Contact
from tests.worlds import (
    DAY,
    IMMEDIATE_RISK,
    NO_ACTION,
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

    assert steps(log, 1)[:5] == [
        ("0 22:00", "received"),
        ("0 22:15", "screened red"),
        ("1 00:15", "seen child 0 out of hours"),
        ("1 09:05", "handed over"),
        ("1 09:25", "decided strategy discussion"),
    ]


@pytest.mark.parametrize(
    "like",
    [
        SECTION_47,
        REFERRAL._replace(rating=Rating.RED),
        IMMEDIATE_RISK._replace(rating=Rating.AMBER),
    ],
    ids=["red, not immediate", "red, in need", "immediate, missed at screening"],
)
def test_only_immediate_risk_that_is_recognised_is_visited_at_night(like: Contact) -> None:
    log = told([a_contact(1, at(0, "22:00"), like)], PEOPLE)

    assert "out of hours visit" not in {activity for _, activity, _ in work(log, 1)}


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
    log = told([a_contact(1, at(1, "08:00"), IMMEDIATE_RISK)], PEOPLE)

    assert when(log, 1, "seen child 0 out of hours") in ([], ["1 10:15"])


def test_a_failed_visit_at_night_is_tried_again_that_night() -> None:
    log = told([a_contact(1, at(0, "22:00"), IMMEDIATE_RISK._replace(retry_delays=(2 * DAY, DAY)))], PEOPLE)

    # Tried until 00:15, and again four hours later.
    assert steps(log, 1)[2:5] == [
        ("1 00:15", "visit failed"),
        ("1 06:15", "seen child 0 out of hours"),
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
    log = told([a_contact(1, at(1, "05:00"), like)], PEOPLE)

    assert when(log, 1, "decided strategy discussion") == ["1 09:25"]


def test_need_alone_does_not_make_a_visit_at_night() -> None:
    below = NO_ACTION._replace(rating=Rating.RED, need=Need.IN_NEED)
    log = told([a_contact(1, at(0, "22:00"), below)], [*PEOPLE, a_person(PEOPLE[0].role, 1)])

    assert when(log, 1, "seen child 0 out of hours") == []
