"""Scripted worlds: the second look where it is unclear whether the section 47 threshold is met."""

import pytest

from sim.events import Need, Rating
from sim.world import STAYS, Person
from tests.worlds import A_ROUND, DAY, REFERRAL, SECTION_47, Line, a_contact, a_person, at, staff, told, when, work

PEOPLE = staff("manager", "responder")
UNCLEAR = REFERRAL._replace(information_unclear=1, open_case=0, other_authority=1, rounds=(A_ROUND,))
UNSURE = SECTION_47._replace(rating=Rating.AMBER, threshold_unclear=1)


@pytest.mark.parametrize(
    ("changes", "look", "decided"),
    [
        # Information after a day; due two working days on, so what is due that day goes first.
        ({}, "1 09:51 - 1 10:21", "1 10:21"),
        ({"second_look.second_manager_on_call": True}, "1 09:31 - 1 10:01", "1 10:01"),
        ({"second_look.decide_within_hours": 2.0}, "0 11:31 - 0 12:01", "0 12:01"),
    ],
    ids=["usual", "second manager on call", "decided within two hours"],
)
def test_a_second_look_is_slower_unless_a_manager_is_on_call_or_time_is_limited(
    changes: dict[str, object], look: str, decided: str
) -> None:
    # Both are screened by 09:11; the one is decided and the other asked about until 09:31, each with a day to wait.
    other = UNCLEAR._replace(screening_minutes=1, rounds=(A_ROUND._replace(ask_minutes=20, health_reply=DAY),))
    log = told([a_contact(1, at(0, "09:00"), UNSURE), a_contact(2, at(0, "09:00"), other)], PEOPLE, changes)

    assert work(log, 1)[2] == (look, "second look", "manager 0")
    assert when(log, 1, "decided strategy discussion") == [decided]


def test_no_second_look_for_a_red_contact() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNSURE._replace(rating=Rating.RED))], PEOPLE)

    assert when(log, 1, "second look asked") == []


def test_need_decides_whether_an_unclear_contact_can_have_a_second_look() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNSURE._replace(need=Need.SIGNIFICANT_HARM, open_case=1))], PEOPLE)

    assert when(log, 1, "second look asked") == []


TWO = staff("manager", "manager", "responder")


def second_look(people: list[Person], received: int = at(0, "09:00"), **changes: bool) -> list[Line]:
    """The second look at a contact whose threshold is unclear."""
    log = told(
        [a_contact(1, received, UNSURE)], people, {f"second_look.{name}": value for name, value in changes.items()}
    )
    return [line for line in work(log, 1) if line[1] in {"deciding", "second look"}]


def test_the_second_look_is_not_by_the_manager_who_took_the_first() -> None:
    first, other, _ = TWO
    away = other._replace(calendar=other.calendar.without([(0, at(2))]))

    # A day to learn more; the first manager is free at 09:30 on day 1, the second there from day 2 on.
    assert second_look([first, away]) == [
        ("0 09:10 - 0 09:30", "deciding", "manager 0"),
        ("2 09:00 - 2 09:30", "second look", "manager 1"),
    ]


@pytest.mark.parametrize(("starts", "leaves"), [(0, at(1)), (at(5), STAYS)], ids=["left", "not yet there"])
def test_the_second_look_is_by_the_same_manager_where_there_is_no_other(starts: int, leaves: int) -> None:
    first = TWO[0]
    other = a_person(first.role, 1, starts=starts, leaves=leaves)

    assert second_look([first])[1] == ("1 09:30 - 1 10:00", "second look", "manager 0")
    assert second_look([first, other])[1] == ("1 09:30 - 1 10:00", "second look", "manager 0")


def test_the_second_look_waits_for_the_first_manager_once_the_only_other_has_left() -> None:
    first, other, _ = TWO
    away = other._replace(leaves=at(3, "12:00"), calendar=other.calendar.without([(0, at(80))]))

    assert second_look([first, away])[1] == ("4 09:00 - 4 09:30", "second look", "manager 0")


def test_a_second_manager_on_call_looks_at_once_though_the_office_is_closed() -> None:
    # Decided by 09:30 on Friday; what is learned comes a day later.
    usual = told([a_contact(1, at(4, "09:00"), UNSURE)], TWO)
    on_call = told([a_contact(1, at(4, "09:00"), UNSURE)], TWO, {"second_look.second_manager_on_call": True})

    assert when(usual, 1, "decided strategy discussion") == ["7 09:30"]
    assert when(on_call, 1, "decided strategy discussion") == ["5 10:00"]
    assert "second look" not in {line[1] for line in work(on_call, 1)}


def test_by_day_a_second_manager_on_call_takes_the_look_before_other_decisions() -> None:
    assert second_look(list(TWO), second_manager_on_call=True)[1] == ("1 09:30 - 1 10:00", "second look", "manager 1")
